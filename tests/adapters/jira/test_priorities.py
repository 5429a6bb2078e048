"""Our five priorities beside those of a site."""

import pytest

from adapters.jira.priorities import Level, Priorities, priorities_of
from bot.priority import PRIORITIES


def site(*names: str, **chosen: str) -> Priorities:
    return priorities_of(tuple(Level(str(number), name) for number, name in enumerate(names, 1)), chosen)


def ids(known: Priorities) -> list[str | None]:
    """The id of each of ours, from the highest to the lowest."""
    found = [known.theirs(word) for word in PRIORITIES]
    return [None if level is None else level.id for level in found]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (site("Highest", "High", "Medium", "Low", "Lowest"), ["1", "2", "3", "4", "5"]),
        (site("Критический", "ВЫСОКИЙ", "Обычный", "Низкий"), ["1", "2", "3", "4", None]),
        (site("Blocker", "Highest", "Low"), ["2", None, None, "3", None]),
        (site("P0", "P1", "P2", "P3", "P4"), ["1", "2", "3", "4", "5"]),
        (site("P1", "P2", "P3"), [None] * 5),
        (site("P1", "P2", "High", "P4", "P5"), [None, "3", None, None, None]),
        (site("P1", "P2", "P3", high="p1", low="P3"), [None, "1", None, "3", None]),
        (site("High", "Urgent", "Low", high="Urgent"), [None, "2", None, "3", None]),
        (site("High", "Low", high="Gone"), [None, None, None, "2", None]),
    ],
)
def test_names_decide_then_the_rank_and_a_setting_before_both(known: Priorities, expected: list[str | None]) -> None:
    assert ids(known) == expected


@pytest.mark.parametrize(
    ("known", "name", "ours"),
    [
        (Priorities(), "Highest", "highest"),
        (Priorities(), "P1", "P1"),
        (site("P0", "P1", "P2", "P3", "P4"), "P1", "high"),
        (site("Blocker", "Highest"), "Blocker", "highest"),
        (site("P1", "High", high="P1"), "p1", "high"),
        (site("P1", "High", high="P1"), "High", "High"),
        (site("P1", "Medium", high="P1"), "Medium", "medium"),
    ],
)
def test_a_name_of_the_site_is_one_of_ours_or_stays_what_it_is(known: Priorities, name: str, ours: str) -> None:
    assert known.ours(name) == ours


@pytest.mark.parametrize("chosen", [{}, {"high": "Urgent"}, {"low": "Highest"}, {"lowest": "nope", "medium": "p1"}])
@pytest.mark.parametrize(
    "names", [("Highest", "High", "Urgent", "Low"), ("P0", "P1", "P2", "P3", "P4"), ("P1", "High")]
)
def test_what_was_written_is_read_back_as_the_same(names: tuple[str, ...], chosen: dict[str, str]) -> None:
    known = site(*names, **chosen)
    for word in PRIORITIES:
        level = known.theirs(word)
        assert level is None or known.ours(level.name) == word


def test_a_name_of_the_site_is_taken_as_well_as_ours() -> None:
    level = site("P1", "Right now").theirs("right NOW")
    assert level == Level("2", "Right now")
