"""Issues that carry our label and are not ours: a newcomer makes one, and it must not speak for the manager's."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

import pytest

from bot.work import Work
from sandbox.faults import Kind, Rule
from sandbox.jira import WebhookFaults
from tests.walks.kit import Clock, Stage, said, until, until_known, value_of
from tests.walks.test_jira_walk import begin, checklist, clock, issue, moves, on_stage, theatre
from wiring.parts import utc_now

__all__ = ["clock", "on_stage", "theatre"]

HERS, CHECK = "Моя задача", "Проверить: Анна"
STEP = "read-docs"
TOLD = "несёт мою метку"


async def labels_of(at: Stage) -> tuple[str, ...]:
    """The best that somebody could put on an issue who wants it to be taken for the manager's: a label as anybody can
    compute it, and the right one, as if it had leaked."""
    effect = f"{(await journey(at)).id}:issue:{STEP}"
    (leaked,) = await at.running.bot.company.store.lookup([f"label-of:{effect}"])
    computed = "bb-" + hashlib.blake2b(effect.encode(), digest_size=10).hexdigest()
    return ("butterboard", computed, *([leaked] if leaked else []))


async def journey(at: Stage) -> Any:
    work = Work(at.running.bot.company, utc_now())
    return (await work.journeys_of(at.person("anna")))[0]


async def is_approved(at: Stage) -> bool:
    return bool((await journey(at)).step(STEP).approved)


def makes(at: Stage, project: str, labels: tuple[str, ...] = ()) -> str:
    """Anna makes an issue; its key."""
    kind = at.jira.site.issue_types[0].id
    values = {"project": project, "issuetype": kind, "summary": HERS, "labels": labels, "assignee": "anna"}
    return at.jira.create(values, "anna").key


def category(at: Stage, key: str) -> str:
    status = at.jira.issue(key).status
    return next(one.category.key for one in at.jira.site.statuses if one.id == status)


async def done(at: Stage) -> None:
    """Anna says that her step is done; the manager has to look at it."""
    await at.users["anna"].press(checklist(at), "done", value=value_of(checklist(at), STEP))
    await until_known(lambda: _is_done(at), "the step that is done")


async def _is_done(at: Stage) -> bool:
    return bool((await journey(at)).step(STEP).status == "done")


async def quiet(at: Stage, clock: Clock) -> None:
    """All news are told, what was in doubt has been looked at again, and all that follows is done."""
    await at.webhooks.settled()
    clock.set(clock() + datetime.timedelta(minutes=30))
    at.running.bot.delivery.nudge()

    async def is_quiet() -> bool:
        return (await at.running.bot.company.store.waiting()).get("jira", 0) <= 1  # the next reconciliation

    await until_known(is_quiet, "the lanes of Jira")


async def the_manager_alone_approves(at: Stage, hers: str) -> None:
    """The check is open and the step not approved, until the manager has looked; administrators know of `hers`."""
    check = issue(at, CHECK)
    assert not await is_approved(at)
    assert (category(at, check.key), check.labels.count("bb-duplicate")) == ("new", 0)
    (told,) = said(at.users["admin"], TOLD)
    assert hers in str(told)
    assert (await journey(at)).step(STEP).issue.key == check.key
    moves(at, "pavel", CHECK, "Finish")
    await until_known(lambda: is_approved(at), "the approval")


@pytest.mark.parametrize("project", ["ONB", "IT"])
async def test_an_issue_that_a_newcomer_labels_before_the_managers_is_made_approves_nothing(
    on_stage: Stage, clock: Clock, project: str
) -> None:
    await begin(on_stage)
    hers = makes(on_stage, project)
    on_stage.jira_faults.add(Rule(kind=Kind.ERROR, match="POST /rest/api/2/issue", times=2))
    await done(on_stage)
    on_stage.jira.edit(hers, {"labels": await labels_of(on_stage)}, "anna")
    moves(on_stage, "anna", HERS, "Finish")
    await until(lambda: [one for one in on_stage.issues() if CHECK in one.summary], "the manager's issue")
    await until(lambda: said(on_stage.users["admin"], TOLD), "the alert")
    moves(on_stage, "anna", HERS, "Reopen")
    moves(on_stage, "anna", HERS, "Finish")
    await quiet(on_stage, clock)
    await the_manager_alone_approves(on_stage, hers)


async def test_where_no_webhook_tells_the_comparison_takes_no_such_issue_either(on_stage: Stage, clock: Clock) -> None:
    await begin(on_stage)
    on_stage.webhooks.faults = WebhookFaults(drop=1.0)
    on_stage.jira_faults.add(Rule(kind=Kind.ERROR, match="POST /rest/api/2/issue", times=3))
    hers = makes(on_stage, "ONB")
    await done(on_stage)
    on_stage.jira.edit(hers, {"labels": await labels_of(on_stage)}, "anna")
    moves(on_stage, "anna", HERS, "Finish")
    pavel = on_stage.users["pavel"]
    for times in (1, 2):
        await pavel.command("/onboarding", "sync")
        await until(lambda times=times: len(said(pavel, "Сверка с Jira закончена")) == times, "the result")  # type: ignore[misc]
    assert not await is_approved(on_stage)
    await until(lambda: [one for one in on_stage.issues() if CHECK in one.summary], "the manager's issue")
    on_stage.webhooks.faults = WebhookFaults()
    await until_known(lambda: _has_issue(on_stage), "the manager's issue in the plan")
    await quiet(on_stage, clock)
    await the_manager_alone_approves(on_stage, hers)


async def _has_issue(at: Stage) -> bool:
    return (await journey(at)).step(STEP).issue is not None


async def test_a_clone_of_the_managers_issue_closes_and_approves_nothing(on_stage: Stage, clock: Clock) -> None:
    await begin(on_stage)
    await done(on_stage)
    await until_known(lambda: _has_issue(on_stage), "the manager's issue")
    clone = makes(on_stage, "ONB", issue(on_stage, CHECK).labels)
    moves(on_stage, "anna", HERS, "Finish")
    await until(lambda: said(on_stage.users["admin"], TOLD), "the alert")
    await quiet(on_stage, clock)
    await the_manager_alone_approves(on_stage, clone)
    assert category(on_stage, clone) == "done", "it is left alone"
    assert on_stage.jira.issue(clone).comments == ()


async def test_the_label_of_a_check_on_another_issue_of_ours_makes_it_no_check(on_stage: Stage, clock: Clock) -> None:
    await begin(on_stage)
    await done(on_stage)
    await until_known(lambda: _has_issue(on_stage), "the manager's issue")
    check = issue(on_stage, CHECK)
    on_stage.jira.edit(issue(on_stage, "Пропуск").key, {"labels": check.labels}, "anna")
    on_stage.jira.edit(check.key, {"labels": (*check.labels, "bb-duplicate")}, "anna")
    await quiet(on_stage, clock)
    moves(on_stage, "anna", "Пропуск", "Finish")
    await until(lambda: "2 / 4" in str(checklist(on_stage)), "her own step that is done")
    await quiet(on_stage, clock)
    assert not await is_approved(on_stage)
    assert category(on_stage, check.key) == "new"
    on_stage.jira.edit(check.key, {"labels": check.labels}, "pavel")
    moves(on_stage, "pavel", CHECK, "Finish")
    await until_known(lambda: is_approved(on_stage), "the approval")
