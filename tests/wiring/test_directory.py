"""`people import` and `people remove`, as an operator runs them: who leaves, who is spared, and what is said of it."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from adapters.store.redis_store import RedisStore
from adapters.teams.settings import TeamsSettings
from bot.directory import Imported, TooManyLeave
from bot.ports import Commit, Verdict
from tests.wiring.forked import Commanded
from tests.wiring.test_check import settings
from wiring.console import everybody, import_file, remove
from wiring.progress import Progress
from wiring.settings import AllSettings

MANY = 1500
HEAD = "email,name,roles\n"
ROWS = [f"p{number}@company.example,Person {number},\n" for number in range(6)]


def file_of(folder: Path, people: int) -> Path:
    file = folder / f"{people}.csv"
    file.write_text(HEAD + "".join(ROWS[:people]), encoding="utf-8")
    return file


@pytest.fixture
def ours(store_url: str, organisation: str) -> AllSettings:
    return settings(store_url, TeamsSettings(_env_file=None), organisation=organisation)


async def left(ours: AllSettings) -> list[str]:
    return [person.name for person in await everybody(ours) if not person.is_active]


async def test_a_file_without_too_many_people_is_taken_only_when_somebody_is_sure(
    tmp_path: Path, ours: AllSettings
) -> None:
    assert await import_file(ours, file_of(tmp_path, 6)) == Imported(new=6)
    with pytest.raises(TooManyLeave):
        await import_file(ours, file_of(tmp_path, 4))
    assert await left(ours) == []
    assert await import_file(ours, file_of(tmp_path, 4), sure=True) == Imported(same=4, left=2)
    assert await left(ours) == ["Person 4", "Person 5"]


async def test_one_person_is_removed_without_a_file_and_comes_back_with_one(tmp_path: Path, ours: AllSettings) -> None:
    await import_file(ours, file_of(tmp_path, 6))
    assert await remove(ours, "nobody@company.example") is None
    assert await remove(ours, "P1@company.example") is not None
    assert await left(ours) == ["Person 1"]
    assert await import_file(ours, file_of(tmp_path, 6)) == Imported(same=5, back=1)
    assert await left(ours) == []


def test_the_command_line_says_what_to_do(tmp_path: Path, store_url: str, organisation: str, forked: Commanded) -> None:
    store = {"REDIS_URL": store_url, "ORGANISATION": organisation}
    forked(tmp_path, "people", "import", str(file_of(tmp_path, 6)), **store)
    refused = forked(tmp_path, "people", "import", str(file_of(tmp_path, 4)), **store)
    assert refused.returncode == 2
    assert "2 of the 6 active people" in refused.stderr
    assert "--yes" in refused.stderr
    assert "Traceback" not in refused.stderr
    removed = forked(tmp_path, "people", "remove", "p1@company.example", **store)
    assert removed.returncode == 0
    assert "brings them back" in removed.stdout


def many(folder: Path, people: int = MANY) -> Path:
    file = folder / "many.csv"
    rows = "".join(f"p{number}@company.example,Person {number},slack:U{number:05}\n" for number in range(people))
    file.write_text("email,name,accounts\n" + rows, encoding="utf-8")
    return file


async def test_an_import_that_was_killed_in_the_middle_is_whole_after_the_next_one(
    tmp_path: Path, ours: AllSettings
) -> None:
    await import_file(ours, file_of(tmp_path, 6))

    class Killed(Progress):
        async def taken(self, count: int) -> None:
            await super().taken(count)
            if await known(ours) >= MANY / 2:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await import_file(ours, many(tmp_path), progress=Killed(lambda _: None, lambda: 0.0, terminal=False))
    there = await known(ours)
    assert MANY / 2 <= there < MANY
    assert await import_file(ours, many(tmp_path)) == Imported(new=MANY - there, same=there)
    assert await import_file(ours, many(tmp_path)) == Imported(same=MANY)


async def known(ours: AllSettings) -> int:
    return len(await everybody(ours))


async def test_a_commit_is_small_and_accounts_are_looked_up_together(
    tmp_path: Path, ours: AllSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever talks to a running bot waits behind one commit, and every read of its own is a wait for an import."""
    writes, lookups = list[int](), list[int]()
    commit, lookup = RedisStore.commit, RedisStore.lookup

    async def committed(store: RedisStore, wanted: Commit) -> Verdict:
        writes.append(len(wanted.writes))
        return await commit(store, wanted)

    async def looked_up(store: RedisStore, names: Sequence[str]) -> list[str | None]:
        lookups.append(len(names))
        return await lookup(store, names)

    monkeypatch.setattr(RedisStore, "commit", committed)
    monkeypatch.setattr(RedisStore, "lookup", looked_up)
    await import_file(ours, many(tmp_path, 1000))
    assert sum(writes) == 1000
    assert max(writes) <= 50
    assert len(lookups) <= len(writes) + 5


async def test_progress_tells_rate_and_rest_and_at_the_end_the_memory() -> None:
    now, said = [0.0], list[str]()
    progress = Progress(said.append, lambda: now[0], terminal=False)
    progress.read(1000)
    assert said == [], "what is quick is not worth a line"
    now[0] = 2.0
    progress.read(40_000)
    progress.begin(200_000)
    now[0] = 12.0
    await progress.taken(50_000)
    await progress.taken(50)
    assert said == [
        "reading: 40,000 people\n",
        "50,000 of 200,000 people (25 %), 5,000 a second, about 30 s left\n",
    ]
    now[0] = 42.0
    await progress.taken(149_950)
    progress.end()
    assert said[2] == "200,000 of 200,000 people (100 %), 5,000 a second, about 0 s left\n"
    assert re.fullmatch(r"200,000 people in 42 s, \d+ MB of memory at most\n", said[3])


def test_a_wrong_file_changes_nothing_and_is_told_by_row_and_column(
    tmp_path: Path, store_url: str, organisation: str, forked: Commanded
) -> None:
    store = {"REDIS_URL": store_url, "ORGANISATION": organisation}
    forked(tmp_path, "people", "import", str(file_of(tmp_path, 6)), **store)
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("Почта;ФИО;Дата выхода\r\np7@company.example;Седьмой;12/01/2026\r\n", "cp1251")
    refused = forked(tmp_path, "people", "import", str(wrong), **store)
    assert refused.returncode == 2
    assert f"{wrong}:2: row 2, Дата выхода: must be a date such as 2026-12-01 or 01.12.2026" in refused.stderr
    listed = forked(tmp_path, "people", "list", **store).stdout
    assert listed.count("@company.example") == 6
