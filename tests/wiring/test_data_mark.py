"""Data of a sandbox is no real bot's, and the other way round: neither starts on the other's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest
from redis.asyncio import Redis

from adapters.store.redis_store import RedisStore
from bot.people import Person, person_id
from bot.ports import Commit, Membership, Write
from tests.wiring.forked import Commanded
from tests.wiring.test_process import running
from wiring.data_mark import OthersData, claim_data, demand_data
from wiring.sandbox_files import PORTS
from wiring.settings import KINDS, AllSettings, Settings

PEOPLE = "people:\n  - {email: anna@company.example, name: Анна}\n"


@pytest.fixture
def store(redis_client: Redis, organisation: str) -> RedisStore:
    return RedisStore(redis_client, organisation)


def settings(sandbox: Literal["auto", "on", "off"], **main: Any) -> AllSettings:
    others = {name: kind(_env_file=None) for name, kind in KINDS.items()}
    return AllSettings.model_validate({**others, "main": Settings(sandbox=sandbox, _env_file=None, **main)})


SANDBOX, REAL = settings("on"), settings("off")


def silent(said: str) -> None:
    raise AssertionError(said)


async def put(store: RedisStore, emails: Sequence[str]) -> None:
    """People as a version of before the marks has left them."""
    people = [Person(id=person_id(email), email=email, name="Анна") for email in emails]
    writes = tuple(Write(f"person:{one.id}", 0, msgspec.json.encode(one)) for one in people)
    await store.commit(Commit(writes=writes, memberships=tuple(Membership("people", one.id) for one in people)))


@pytest.mark.parametrize(("own", "other"), [(SANDBOX, REAL), (REAL, SANDBOX)])
async def test_whoever_starts_first_on_empty_data_keeps_it(
    store: RedisStore, own: AllSettings, other: AllSettings
) -> None:
    for _ in range(2):
        await claim_data(store, own, silent)
        await demand_data(store, own)
    for refused in (claim_data(store, other, silent), demand_data(store, other)):
        with pytest.raises(OthersData):
            await refused


async def test_a_sub_command_marks_nothing(store: RedisStore) -> None:
    await demand_data(store, SANDBOX)
    await demand_data(store, REAL)
    await claim_data(store, REAL, silent)


async def test_an_operator_without_the_settings_of_the_bot_may_still_look(store: RedisStore) -> None:
    await claim_data(store, REAL, silent)
    await demand_data(store, settings("auto"))
    with pytest.raises(OthersData):
        await claim_data(store, settings("auto"), silent)


async def test_data_of_the_fictional_company_alone_was_a_sandboxs(store: RedisStore) -> None:
    await put(store, ["newcomer@butterboard.example", "manager@butterboard.example"])
    with pytest.raises(OthersData, match="was written by the sandbox"):
        await claim_data(store, REAL, silent)
    with pytest.raises(OthersData):
        await demand_data(store, REAL)
    await claim_data(store, SANDBOX, silent)


async def test_data_with_anybody_else_in_it_is_a_real_bots(store: RedisStore) -> None:
    await put(store, ["newcomer@butterboard.example", "anna@company.example"])
    with pytest.raises(OthersData, match="that of a bot with real people"):
        await claim_data(store, SANDBOX, silent)
    await claim_data(store, REAL, silent)


async def test_that_a_sandbox_has_run_on_real_data_before_is_told_once(store: RedisStore, tmp_path: Path) -> None:
    (tmp_path / PORTS).write_text("{}", encoding="utf-8")
    await put(store, ["anna@company.example"])
    said: list[str] = []
    here = settings("off", data_dir=tmp_path)
    await claim_data(store, here, said.append)
    await claim_data(store, here, silent)
    assert len(said) == 1
    assert "A sandbox has run on this data before" in said[0]


async def test_in_a_shared_store_the_keys_to_delete_are_named(store: RedisStore) -> None:
    await claim_data(store, SANDBOX, silent)
    shared = settings("off", redis_url="redis://127.0.0.1/0", organisation="acme")
    with pytest.raises(OthersData, match=r"delete its keys \(bb:\{acme\}:\*\) or set ORGANISATION"):
        await claim_data(store, shared, silent)


def test_a_bot_with_people_does_not_start_on_what_the_sandbox_has_left_nor_the_sandbox_on_its_data(
    tmp_path: Path, forked: Commanded
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    people = tmp_path / "people.yaml"
    people.write_text(PEOPLE, encoding="utf-8")
    with running(data) as bot:
        assert bot.get("/")[0] == 200
        bot.end()
    for args in ((), ("people", "import", str(people)), ("dead", "list"), ("check",)):
        refused = forked(data, *args, PEOPLE_FILE=str(people))
        said = refused.stdout + refused.stderr
        assert refused.returncode == (1 if args == ("check",) else 2), said
        assert f"was written by the sandbox, where anybody can act as anybody: delete the folder {data}" in said
        assert "Traceback" not in said
    other = tmp_path / "other"
    other.mkdir()
    with running(other, PEOPLE_FILE=str(people)) as bot:
        assert bot.get("/")[0] == 404
        bot.end()
        assert bot.process.stdout is not None
        assert "The sandbox is off, because PEOPLE_FILE is set." in bot.process.stdout.read()
    refused = forked(other)
    assert refused.returncode == 2
    assert "in the sandbox anybody could act as any of them" in refused.stderr
    listed = forked(other, "people", "list")  # from a shell without the settings of the bot
    assert "anna@company.example" in listed.stdout, listed.stderr
