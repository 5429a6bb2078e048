"""Both indexes of a process, kept up to the files and the shelves for as long as it runs: real store, real builders."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot import shelf
from bot.answers.document import Document, Section
from bot.answers.service import Answers
from bot.answers.vector_cache import VectorCache
from bot.faq_file import FaqEntry
from bot.message import Local
from bot.work import Work
from tests.bot.answers.asking import first
from tests.bot.office import Office, open_office
from wiring.answering import Indexing
from wiring.background import ended
from wiring.index_folder import VECTORS, index_folder

SOON = 60.0  # seconds, however much others have to do on this machine; `make bench` tells how soon
PAGE = """
source: {title: {ru: Памятка, en: Notes}}
entries:
"""
ENTRY = """
  - id: %(id)s
    question: {ru: "Где взять %(ru)s?", en: "Where do I get %(en)s?"}
    answer: {ru: "На стойке: %(ru)s.", en: "At the desk: %(en)s."}
"""
BADGE = ENTRY % {"id": "badge", "ru": "пропуск", "en": "a badge"}
PARKING = ENTRY % {"id": "parking", "ru": "место на парковке", "en": "a parking place"}
SECRET = "Где лежит отчёт о слиянии?"
OWLS = FaqEntry(
    id="chat-owls",
    question=Local("Где живут совы?", "Where do the owls live?"),
    answer=Local("В сарае.", "In the barn."),
    source_title=Local("Памятка", "Notes"),
)


def page(one: str, title: str, text: str, *above: str, restricted: bool = False, space: str = "HB") -> Document:
    return Document(
        id=one,
        title=title,
        url=f"https://wiki.example.com/{one}",
        version=1,
        sections=() if restricted else (Section("", "", text),),
        restricted=restricted,
        ancestors=above,
        space=space,
    )


TOP = page("top", "Техника", "Здесь собрано всё о технике.")
SCREEN = page("screen", "Экраны", "Разбитый экран меняют за неделю в мастерской.", "top")
TICKETS = page("tickets", "Билеты", "Билеты на поезд покупает офис-менеджер.")


class House:
    """Files and shelves that people change, and the folder in which the indexes of one process lie."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.folder = office, folder
        self.scenarios = folder / "scenarios"
        (self.scenarios / "faq").mkdir(parents=True)
        self.writes(BADGE)
        self.answers = Answers()

    def writes(self, *entries: str) -> None:
        (self.scenarios / "faq" / "office.yaml").write_text(PAGE + "".join(entries), "utf-8")

    async def lays(self, *pages: Document) -> None:
        await self._changes(lambda work: shelf.put(work, shelf.PAGES, {one.id: one for one in pages}))

    async def takes_off(self, *ids: str) -> None:
        await self._changes(lambda work: shelf.take_off(work, shelf.PAGES, ids))

    async def publishes(self, entry: FaqEntry) -> None:
        await self._changes(lambda work: shelf.put(work, shelf.ENTRIES, {entry.id: entry}))

    async def _changes(self, change: Callable[[Work], Awaitable[int]]) -> None:
        async def decision(work: Work) -> None:
            await change(work)

        await self.office.bot.runner.run("test", decision)

    def opened(self, name: str = "0", spaces: tuple[str, ...] | None = None) -> Indexing:
        """As another process would have it that begins now."""
        self.answers = Answers()
        return Indexing(self.office.store, self.answers, self.scenarios, self.folder / "main" / name, spaces)

    async def finds(self, question: str) -> str | None:
        return first(await self.answers.find(question, "ru"))

    async def until_found(self, question: str, expected: str | None) -> None:
        """Wait until it is answered so."""
        async with asyncio.timeout(SOON):
            while await self.finds(question) != expected:  # noqa: ASYNC110  -- it is another process that works
                await asyncio.sleep(0.02)

    def generations(self, kind: str, name: str = "0") -> list[str]:
        return sorted(one.name for one in (self.folder / "main" / name / kind).glob("[0-9]*"))


@pytest.fixture
async def house(redis_client: Redis, organisation: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_office(redis_client, organisation) as office:
        yield House(office, tmp_path)


@asynccontextmanager
async def running(indexing: Indexing) -> AsyncIterator[None]:
    await indexing.open()
    await indexing.take_up("faq")
    task = asyncio.create_task(indexing.run())
    try:
        yield
        assert not task.done()
    finally:
        await ended(task)


async def test_the_first_start_builds_what_there_is(house: House) -> None:
    await house.lays(TOP, SCREEN)
    async with running(house.opened()):
        assert await house.finds("где взять пропуск") == "badge"
        await house.until_found("за сколько меняют экран", "screen")


async def test_where_there_is_no_page_there_is_no_index_of_pages(house: House) -> None:
    indexing = house.opened()
    await indexing.open()
    await indexing.take_up("page")
    assert house.generations("page") == []
    assert house.answers.served.pages is None


async def test_a_restart_answers_out_of_the_last_index_before_any_builder_runs(house: House) -> None:
    await house.lays(SCREEN)
    before = house.opened()
    await before.take_up("faq")
    await before.take_up("page")
    built = house.generations("faq"), house.generations("page")
    again = house.opened()
    assert await house.finds("где взять пропуск") is None
    await again.open()
    assert await house.finds("где взять пропуск") == "badge"
    assert await house.finds("за сколько меняют экран") == "screen"
    await again.take_up("faq")
    await again.take_up("page")
    assert (house.generations("faq"), house.generations("page")) == built


async def test_what_changes_on_the_shelf_is_seen(house: House) -> None:
    await house.lays(TOP, SCREEN)
    async with running(house.opened()):
        await house.until_found("за сколько меняют экран", "screen")
        await house.lays(TICKETS, page("screen", "Экраны", "Новый экран выдают в кабинете связи."))
        await house.until_found("кто покупает билеты на поезд", "tickets")
        read = await house.answers.read("screen", "экран", "ru")
        assert read is not None
        assert read.text == "Новый экран выдают в кабинете связи."
        await house.takes_off("tickets")
        await house.until_found("кто покупает билеты на поезд", None)
        assert await house.answers.read("tickets", "билеты", "ru") is None


async def test_what_was_restricted_while_the_bot_was_down_is_not_served_by_the_old_index_for_a_moment(
    house: House,
) -> None:
    await house.lays(TOP, SCREEN, TICKETS)
    before = house.opened()
    await before.take_up("page")
    await house.lays(page("top", "Техника", "", restricted=True))
    await house.takes_off("tickets")
    again = house.opened()
    await again.open()
    assert house.answers.served.pages is not None  # the old index, and no new one yet
    for question in ("за сколько меняют экран", "всё о технике", "кто покупает билеты на поезд"):
        assert await house.finds(question) is None
    assert await house.answers.search("экран техника билеты", "ru") == ()


async def test_a_page_that_is_restricted_is_hidden_with_all_below_it_and_comes_back(house: House) -> None:
    await house.lays(TOP, SCREEN, TICKETS)
    async with running(house.opened()):
        await house.until_found("за сколько меняют экран", "screen")
        await house.lays(page("top", "Техника", "", restricted=True))
        await house.until_found("за сколько меняют экран", None)
        assert await house.finds("кто покупает билеты на поезд") == "tickets"
        await house.lays(TOP)
        await house.until_found("за сколько меняют экран", "screen")


async def test_only_the_spaces_that_the_settings_name_are_searched(house: House) -> None:
    await house.lays(SCREEN, page("plans", "Планы", "Слияние объявят в понедельник.", space="BOARD"))
    indexing = house.opened(spaces=("HB",))
    await indexing.take_up("page")
    assert await house.finds("за сколько меняют экран") == "screen"
    assert await house.finds("когда объявят слияние") is None
    assert "plans" not in [one.id for one in await house.answers.search("слияние", "ru")]
    wider = house.opened(spaces=("HB", "BOARD"))
    await wider.open()
    await wider.take_up("page")
    assert await house.finds("когда объявят слияние") == "plans"


async def test_a_broken_file_leaves_the_old_answers_and_is_logged_without_its_text_and_a_mended_one_is_taken_up(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(house.opened()):
        with caplog.at_level(logging.ERROR):
            house.writes(BADGE, f'  - id: plans\n    question: {{ru: "{SECRET}"}}\n    answer: [{SECRET}]\n')
            async with asyncio.timeout(SOON):
                while not caplog.records:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
        assert await house.finds("где взять пропуск") == "badge"
        told = " ".join(f"{one.getMessage()} {one.__dict__.get('problem')}" for one in caplog.records)
        assert "office.yaml" in told
        assert "слиянии" not in told
        house.writes(BADGE, PARKING)
        await house.until_found("где взять место на парковке", "parking")


async def test_a_synonym_is_known_as_soon_as_it_is_written(house: House) -> None:
    def known() -> float:
        """How much of the question the words of the FAQ are."""
        assert house.answers.served.faq is not None
        return house.answers.served.faq.engine._lexical.search("ксива").coverage

    async with running(house.opened()):
        assert known() == 0
        (house.scenarios / "synonyms.yaml").write_text("groups:\n  - [пропуск, ксива]\n", "utf-8")
        async with asyncio.timeout(SOON):
            while not known():  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert await house.finds("где взять ксива") == "badge"


async def test_a_generation_whose_builder_was_killed_is_passed_over(house: House) -> None:
    first_one = house.opened()
    await first_one.take_up("faq")
    half = house.folder / "main" / "0" / "faq" / "99"
    half.mkdir()
    (half / "items.jsonl").write_bytes(b'{"id": "bad')
    again = house.opened()
    await again.open()
    assert await house.finds("где взять пропуск") == "badge"
    house.writes(BADGE, PARKING)
    await again.take_up("faq")
    assert await house.finds("где взять место на парковке") == "parking"
    assert not half.exists()


async def test_what_hr_publishes_and_what_stands_in_a_file_are_answered_soon(house: House) -> None:
    async with running(house.opened()):
        await house.publishes(OWLS)
        await house.until_found("где живут совы", "chat-owls")
        house.writes(BADGE, PARKING)
        await house.until_found("где взять место на парковке", "parking")
        assert await house.finds("где живут совы") == "chat-owls"


@pytest.mark.usefixtures("model")
async def test_vectors_are_made_in_the_background_and_the_index_is_built_again_with_them(house: House) -> None:
    words = ("стол", "стул", "лампа", "кресло", "доска", "ковёр", "шкаф", "экран", "книга", "часы", "ваза", "полка")
    await house.lays(*(page(f"p{at}", word, f"Это {word} из общего зала.") for at, word in enumerate(words)), SCREEN)
    question = "How long does it take to repair a broken display?"
    async with running(house.opened()):
        await house.until_found("за сколько меняют экран", "screen")
        async with asyncio.timeout(60):
            while (await house.answers.find(question, "en")).band == "unknown":  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert await house.finds(question) == "screen"
    kept = VectorCache(house.folder / "main" / VECTORS)
    assert len(kept._at) >= len(words)


def test_two_processes_with_one_folder_of_data_have_folders_of_their_own(tmp_path: Path) -> None:
    with index_folder(tmp_path, "main") as one, index_folder(tmp_path, "main") as other:
        assert one != other
        assert one.parent == other.parent
        with index_folder(tmp_path, "guests") as elsewhere:
            assert elsewhere.parent != one.parent
    with index_folder(tmp_path, "main") as again:
        assert again == one


def test_where_data_cannot_be_written_the_indexes_go_with_the_process(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "answers").write_text("a file where a folder has to be")
    with index_folder(tmp_path, "main") as passing:
        assert (passing / "x").write_text("there is room") > 0
    assert not passing.exists()
    assert any("indexes are not kept" in one.getMessage() for one in caplog.records)
