"""Workflows that are far from the common one: other names, other ways, and a way without return.

site = default_site(("ONB", "IT")).with_workflow("IT", issuing())
"""

from collections.abc import Callable, Mapping

from sandbox.jira.site import DONE, IN_PROGRESS, TO_DO, Status, Transition, Workflow


def issuing(*, needs_resolution: bool = False) -> Workflow:
    """How a store of equipment works, in Russian: what is asked for must be accepted before it can be handed out.

    From the first status no step leads to "done"; there are two statuses in progress, and the last step has a
    screen that takes a resolution (or needs one).
    """
    asked, accepted, awaited = (
        Status("10100", "В очереди", TO_DO),
        Status("10101", "На стороне склада", IN_PROGRESS),
        Status("10102", "Ждём поставку", IN_PROGRESS),
    )
    handed_out, withdrawn = Status("10103", "Выдано", DONE), Status("10104", "Отозвано", DONE)
    working, ended = frozenset({accepted.id, awaited.id}), frozenset({handed_out.id, withdrawn.id})
    return Workflow(
        (asked, accepted, awaited, handed_out, withdrawn),
        (
            Transition("101", "Принять", frozenset({asked.id}), accepted.id),
            Transition("111", "Заказать у поставщика", frozenset({accepted.id}), awaited.id),
            Transition("121", "Привезли", frozenset({awaited.id}), accepted.id),
            Transition("131", "Выдать на руки", working, handed_out.id, "10000", True, needs_resolution),
            Transition("141", "Отозвать", working, withdrawn.id, "10001"),
            Transition("151", "Открыть заново", ended, asked.id),
        ),
    )


def signing() -> Workflow:
    """How a paper is signed: one way, and what is signed cannot be unsigned."""
    draft, review, signed = (
        Status("10200", "Draft", TO_DO),
        Status("10201", "Under review", IN_PROGRESS),
        Status("10202", "Signed", DONE),
    )
    return Workflow(
        (draft, review, signed),
        (
            Transition("201", "Send for review", frozenset({draft.id}), review.id),
            Transition("211", "Send back", frozenset({review.id}), draft.id),
            Transition("221", "Sign", frozenset({review.id}), signed.id, "10000"),
        ),
    )


WORKFLOWS: Mapping[str, Callable[[], Workflow]] = {"issuing": issuing, "signing": signing}
