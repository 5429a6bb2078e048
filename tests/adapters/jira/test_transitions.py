"""Which way an issue is sent: by categories, and by names only where several ways lead into one category."""

import msgspec
import pytest

from adapters.jira.transitions import Move, Transition, toward
from bot.journey.merge import Stage

DUPLICATE = {"id": "3", "name": "Дубликат"}
FIXED, REFUSED = {"id": "1", "name": "Готово"}, {"id": "2", "name": "Не будет сделано"}


def step(id_: str, category: str, status: str = "Готово", name: str = "Далее", **fields: object) -> Transition:
    to = {"id": f"s{id_}", "name": status, "statusCategory": {"id": 3, "key": category}}
    return msgspec.convert({"id": id_, "name": name, "to": to, "fields": fields}, Transition)


def resolution(*values: dict[str, str], required: bool = False) -> dict[str, object]:
    return {"required": required, "allowedValues": list(values)}


def chosen(stage: Stage, *steps: Transition, declined: bool = False) -> tuple[str, str | None] | None:
    move = toward(stage, steps, declined=declined)
    return None if move is None else (move.step.id, None if move.resolution is None else move.resolution.id)


@pytest.mark.parametrize(("stage", "id_"), [("new", "1"), ("underway", "2"), ("done", "3")])
def test_the_category_decides(stage: Stage, id_: str) -> None:
    steps = (step("1", "new"), step("2", "indeterminate"), step("3", "done"))
    assert chosen(stage, *steps) == (id_, None)
    assert chosen(stage, *(one for one in steps if one.id != id_)) is None


def test_a_category_that_jira_leaves_undefined_is_one_in_which_nothing_has_begun() -> None:
    assert chosen("new", step("1", "undefined")) == ("1", None)


@pytest.mark.parametrize("stage", ["new", "underway", "done"])
def test_among_equals_the_workflow_has_an_order(stage: Stage) -> None:
    category = {"underway": "indeterminate"}.get(stage, stage)
    assert chosen(stage, step("7", category), step("5", category)) == ("7", None)


@pytest.mark.parametrize("stage", ["new", "underway", "done"])
def test_a_way_that_demands_what_we_cannot_say_is_the_last_choice(stage: Stage) -> None:
    category = {"underway": "indeterminate"}.get(stage, stage)
    asking = step("1", category, worklog={"required": True}, reviewer={"required": True, "hasDefaultValue": True})
    assert Move(asking).unanswered == 1
    assert chosen(stage, asking, step("2", category)) == ("2", None)
    assert chosen(stage, asking) == ("1", None)


@pytest.mark.parametrize(
    "declining",
    [
        step("1", "done", status="Отклонено"),
        step("1", "done", status="Cancelled"),
        step("1", "done", name="Won't do"),
        step("1", "done", resolution=resolution(REFUSED)),
    ],
)
def test_what_is_done_and_what_is_declined_end_in_different_ways(declining: Transition) -> None:
    finishing = step("2", "done", name="Завершить")
    for steps in ((declining, finishing), (finishing, declining)):
        done, declined = chosen("done", *steps), chosen("done", *steps, declined=True)
        assert (done and done[0], declined and declined[0]) == ("2", "1")
    assert chosen("done", declining) is not None
    assert chosen("done", finishing, declined=True) == ("2", None)


def test_a_resolution_is_given_wherever_one_is_taken() -> None:
    closing = step("1", "done", resolution=resolution(REFUSED, DUPLICATE, FIXED, required=True))
    assert chosen("done", closing) == ("1", "1")
    assert chosen("done", closing, declined=True) == ("1", "2")


def test_nothing_is_ever_closed_as_a_duplicate() -> None:
    only = step("1", "done", resolution=resolution(DUPLICATE))
    assert chosen("done", only, step("2", "done", status="Дубликат"), step("3", "done", name="Close as duplicate")) == (
        "1",
        None,
    )
    assert chosen("done", step("2", "done", status="Duplicate")) is None
