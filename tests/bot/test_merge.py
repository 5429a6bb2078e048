"""Three-way merge: who has changed a field is told by what both sides last agreed on."""

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.journey.merge import FIELDS, Fields, Merged, Rule, merge

FRIDAY, MONDAY = datetime.date(2026, 12, 4), datetime.date(2026, 12, 7)
VALUES: dict[str, Any] = {
    "status": st.sampled_from(["new", "underway", "done"]),
    "priority": st.sampled_from([None, "high", "low"]),
    "assignee": st.sampled_from([None, "anna", "jira:x"]),
    "due": st.sampled_from([None, FRIDAY, MONDAY]),
}
ANY = st.builds(Fields, **VALUES)
RULES: tuple[Rule, Rule] = ("onboarding", "tracker")


def test_nothing_differs_and_nothing_follows() -> None:
    same = Fields(status="underway", due=FRIDAY)
    assert merge(same, same, same, "tracker") == Merged(same)


def test_an_echo_of_our_own_change_is_agreed_on_and_moves_nothing() -> None:
    before, after = Fields(), Fields(status="done")
    assert merge(before, after, after, "tracker") == Merged(after)


def test_a_step_done_while_the_tracker_was_down_survives_a_due_date_edited_there() -> None:
    merged = merge(Fields(due=FRIDAY), Fields(status="done", due=FRIDAY), Fields(due=MONDAY), "tracker")
    assert (merged.push, merged.pull, merged.contested) == (("status",), ("due",), ())


@pytest.mark.parametrize(("rule", "pushed"), [("onboarding", ("status",)), ("tracker", ())])
def test_whose_status_stands_when_both_changed_it_is_the_scenarios_choice(rule: Rule, pushed: tuple[str, ...]) -> None:
    merged = merge(Fields(), Fields(status="done"), Fields(status="underway"), rule)
    assert merged.push == pushed
    assert merged.contested == ("status",)


@pytest.mark.parametrize("rule", RULES)
def test_of_every_other_field_the_trackers_value_stands(rule: Rule) -> None:
    merged = merge(Fields(due=FRIDAY), Fields(due=MONDAY), Fields(due=None), rule)
    assert (merged.pull, merged.push, merged.contested) == (("due",), (), ("due",))


def resolved(merged: Merged, ours: Fields, theirs: Fields) -> tuple[Fields, Fields]:
    """Both sides after what the merge says was done."""
    mine = {name: getattr(theirs if name in merged.pull else ours, name) for name in FIELDS}
    other = {name: getattr(ours if name in merged.push else theirs, name) for name in FIELDS}
    return Fields(**mine), Fields(**other)


@given(ANY, ANY, ANY, st.sampled_from(RULES))
def test_both_sides_are_equal_after_a_merge(agreed: Fields, ours: Fields, theirs: Fields, rule: Rule) -> None:
    mine, other = resolved(merge(agreed, ours, theirs, rule), ours, theirs)
    assert mine == other


@given(ANY, ANY, ANY, st.sampled_from(RULES))
def test_what_only_one_side_changed_is_never_lost(agreed: Fields, ours: Fields, theirs: Fields, rule: Rule) -> None:
    mine, _ = resolved(merge(agreed, ours, theirs, rule), ours, theirs)
    for name in FIELDS:
        base, here, there = getattr(agreed, name), getattr(ours, name), getattr(theirs, name)
        if here == base:
            assert getattr(mine, name) == there
        elif there == base:
            assert getattr(mine, name) == here


@given(ANY, ANY, ANY, st.sampled_from(RULES))
def test_a_merge_that_was_done_is_not_done_again(agreed: Fields, ours: Fields, theirs: Fields, rule: Rule) -> None:
    merged = merge(agreed, ours, theirs, rule)
    mine, other = resolved(merged, ours, theirs)
    again = merge(merged.agreed, mine, other, rule)
    assert (again.pull, again.push) == ((), ())
