"""A directory that a start does not wait for, in Slack: the bot works meanwhile, and takes it whole or not at all."""

import os
from pathlib import Path

import pytest

import wiring.directory
import wiring.run
from bot.work import Work
from tests.walks.kit import PEOPLE, Stage, said, stage, until, until_known
from wiring.directory import take_large_directory
from wiring.directory_process import Order
from wiring.store import url_beside

MANY = 3000


@pytest.fixture
def all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring.directory, "LARGE", -1)


def order(on_stage: Stage, file: Path) -> Order:
    url = url_beside(on_stage.settings)
    assert url is not None
    return Order(str(file), url, on_stage.settings.main.organisation)


def many(folder: Path) -> Path:
    file = folder / "many.csv"
    rows = "".join(f"p{number}@company.example;Имя{number} Фамилия;pavel@company.example\n" for number in range(MANY))
    own = (
        "pavel@company.example;Павел Орлов;\nanna@company.example;Анна Новикова;pavel@company.example\n"
        "emma@company.example;Emma Clarke;\ngrace@company.example;Grace Miller;\n"
        "irina@company.example;Ирина Соколова;\nadmin@company.example;Семён Админов;\n"
    )
    file.write_text(f"Почта;ФИО;Руководитель\n{own}{rows}", "cp1251")
    return file


async def everybody(on_stage: Stage) -> int:
    runner = on_stage.running.bot.runner
    return len(await Work(runner.company, runner.now()).everybody())


async def knows_anna(on_stage: Stage) -> bool:
    return await everybody(on_stage) > 0


@pytest.mark.usefixtures("all_are_large")
async def test_a_start_does_not_wait_for_it_and_then_everybody_is_there(
    tmp_path: Path, store_url: str, organisation: str
) -> None:
    async with stage(tmp_path, store_url, organisation) as on_stage:
        await until_known(lambda: knows_anna(on_stage), "the directory")
        await on_stage.users["anna"].say("кто я")
        await until(lambda: said(on_stage.users["anna"], "Вот что я о вас знаю"), "the answer")
        await take_large_directory(on_stage.running.bot.runner, order(on_stage, many(tmp_path)), print)
        assert await everybody(on_stage) == MANY + 6


@pytest.mark.usefixtures("all_are_large")
async def test_a_bot_answers_and_ends_while_a_directory_is_not_read_yet(
    tmp_path: Path, store_url: str, organisation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody ever writes into this pipe: whoever waits for the file waits for ever."""
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    monkeypatch.setattr(
        wiring.run, "_large_directory", lambda settings: Order(str(pipe), settings.main.redis_url, organisation)
    )
    async with stage(tmp_path, store_url, organisation) as on_stage:
        await on_stage.users["anna"].say("кто я")
        await until(lambda: said(on_stage.users["anna"], "в справочнике не нахожу"), "the answer")


async def test_one_with_an_error_or_without_too_many_is_left_aside_and_the_administrators_hear_of_it(
    tmp_path: Path, store_url: str, organisation: str
) -> None:
    wrong, short = tmp_path / "wrong.csv", tmp_path / "short.yaml"
    wrong.write_text("email,name\nanna@company.example,Anna\nnobody,Nobody\n", "utf-8")
    short.write_text("\n".join(PEOPLE.splitlines()[:3]), "utf-8")
    async with stage(tmp_path, store_url, organisation) as on_stage:
        heard: list[str] = []
        for file in (wrong, wrong, short):
            await take_large_directory(on_stage.running.bot.runner, order(on_stage, file), heard.append)
        assert heard[0] == f"PEOPLE_FILE was not taken.\n{wrong}:3: row 3, email: must be an e-mail address [email]"
        assert "4 of the 6 active people" in heard[2]
        admin = on_stage.users["admin"]
        await until(lambda: said(admin, "в нём нет 4 человек из 6"), "the second alert")
        assert len(said(admin, "в нём есть ошибки")) == 1
        assert await everybody(on_stage) == 6
