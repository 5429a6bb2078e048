"""`people import` and `people remove`, as an operator runs them: who leaves, who is spared, and what is said of it."""

from pathlib import Path

import pytest

from adapters.teams.settings import TeamsSettings
from bot.directory import Imported, TooManyLeave
from tests.wiring.forked import Commanded
from tests.wiring.test_check import settings
from wiring.console import everybody, import_file, remove
from wiring.settings import AllSettings

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
