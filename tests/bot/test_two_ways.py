"""What happens in the tracker happens in the onboarding, and the other way round."""

import datetime
from collections.abc import AsyncIterator
from typing import Any

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from bot.effects import CreateIssue, RaiseTicket
from bot.errors import Retry, Unknown
from bot.incoming import Wrote
from bot.journey.state import Journey
from bot.message import Day
from bot.results import Issue
from bot.scenario import IssueTemplate
from bot.tracker.snapshot import Change, Changed, Comment, Observed, TrackerUser
from tests.bot.kit import ADAM, ANNA, BORIS, HELGA, moment, scenario, step
from tests.bot.office import Office, open_office
from tests.bot.platform import FINE, LOST
from tests.bot.test_runner import phrases
from tests.bot.two_ways_kit import FRIDAY, LAPTOP, READING, SUMMARY, begun, key_of, state

MIRRORED = step("badge", due=2, jira=IssueTemplate(on="open", summary=SUMMARY, assignee="manager", priority="High"))
TRACKED = scenario(MIRRORED, READING, LAPTOP)


@pytest.fixture
async def office(redis_client: Redis, organisation: str) -> AsyncIterator[Office]:
    async with begun(redis_client, organisation, TRACKED) as opened:
        yield opened


def equal(office: Office, journey: Journey, step_id: str) -> None:
    """Both sides hold the same of the issue of a step."""
    issue = journey.step(step_id).issue
    assert issue is not None
    there = office.tracker.issue(issue.key)
    assert issue.agreed.status == there.status
    assert issue.agreed.due == there.due
    assert issue.agreed.priority == there.priority


# --- from the tracker


async def test_an_issue_that_is_done_completes_its_step_and_the_checklist_shows_it(office: Office) -> None:
    await office.tells(await key_of(office, "badge"), BORIS, status="done")
    assert (await state(office, "badge")).status == "done"
    assert (await state(office, "badge")).done_by == BORIS.id
    checklists = [one for one in office.chat.to(ANNA) if "badge" in one.lines]
    assert checklists[-1].lines["badge"] == "done"
    assert "tracker-done" in phrases(office, ANNA)


async def test_an_issue_made_for_a_done_step_approves_it(office: Office) -> None:
    await office.writes(ANNA, "done reading")
    assert not (await state(office, "reading")).approved
    await office.tells(await key_of(office, "reading"), BORIS, status="done")
    assert (await state(office, "reading")).approved
    assert "step-approved" in phrases(office, ANNA)


async def test_a_day_that_is_moved_again_and_again_is_told_once(office: Office) -> None:
    key = await key_of(office, "laptop")
    for day in (4, 7, 8):
        await office.tells(key, HELGA, due=datetime.date(2026, 12, day))
    await office.passes(minutes=1)
    assert phrases(office, BORIS).count("due-changed") == 1
    assert Day(datetime.date(2026, 12, 8)) in [fact.value for fact in office.chat.to(BORIS)[-1].message.facts]


async def test_who_is_to_check_a_step_hears_when_it_is_done_again(office: Office) -> None:
    await office.writes(ANNA, "done reading")
    await office.tells(await key_of(office, "reading"), BORIS, status="done")
    await office.tells(await key_of(office, "reading"), BORIS, status="new")
    assert "step-done-again" not in phrases(office, BORIS)
    await office.writes(ANNA, "done reading")
    assert phrases(office, BORIS)[-1] == "step-done-again"
    assert office.tracker.issue(await key_of(office, "reading")).status == "new"


@pytest.mark.parametrize("step_id", ["badge", "reading"])
async def test_an_issue_that_is_reopened_reopens_its_step(office: Office, step_id: str) -> None:
    await office.writes(ANNA, f"done {step_id}")
    key = await key_of(office, step_id)
    await office.tells(key, BORIS, status="done")
    await office.tells(key, BORIS, status="underway")
    now = await state(office, step_id)
    assert (now.status, now.approved, now.underway) == ("open", False, True)
    assert "step-reopened" in phrases(office, ANNA)


async def test_a_journey_that_was_finished_goes_on_when_an_issue_is_reopened(office: Office) -> None:
    for step_id in ("badge", "reading"):
        await office.writes(ANNA, f"done {step_id}")
    await office.writes(BORIS, "done @anna laptop")
    assert (await office.journey_of(ANNA)).status == "finished"
    await office.tells(await key_of(office, "laptop"), BORIS, status="new")
    assert (await office.journey_of(ANNA)).status == "active"
    assert [one.id for one in await office.work().journeys_of(ANNA.id) if one.status == "active"]


async def test_due_date_priority_and_assignee_come_over(office: Office) -> None:
    key = await key_of(office, "laptop")
    helga = office.tracker.users[HELGA.email]
    # Her account is known from another issue; of e-mails the tracker says nothing.
    await office.bot.runner.run("test", lambda work: _know(work, helga.identity))
    await office.tells(key, BORIS, due=FRIDAY, priority="low", assignee=helga)
    now = await state(office, "laptop")
    assert (now.due, now.priority, now.assignee) == (FRIDAY, "low", HELGA.id)
    assert "task-given" in phrases(office, HELGA)


async def _know(work: Any, identity: str) -> None:
    work.name(f"account:tracker:{identity}", f"person:{HELGA.id}")


async def test_whose_e_mail_was_seen_once_is_known_by_the_account_alone(office: Office) -> None:
    """A webhook shows nobody's e-mail, and a read does: nobody is given the same step again and again."""
    key, helga = await key_of(office, "laptop"), office.tracker.users[HELGA.email]
    await office.tells(key, BORIS, assignee=replace(helga, email=HELGA.email))
    for priority in ("low", "high"):
        await office.tells(key, BORIS, assignee=helga, priority=priority)
        assert (await state(office, "laptop")).assignee == HELGA.id
        await office.tells(key, BORIS, assignee=replace(helga, email=HELGA.email))
    assert phrases(office, HELGA).count("task-given") == 1


@pytest.mark.parametrize("hidden", [False, True])
async def test_who_gets_an_issue_for_the_first_time_is_asked_for_when_news_do_not_say_it(
    office: Office, hidden: bool
) -> None:
    """A webhook of Cloud shows nobody's e-mail, and a read does, unless they hide it."""
    key, helga = await key_of(office, "laptop"), office.tracker.users[HELGA.email]
    shown = replace(helga, email=None if hidden else HELGA.email)
    there = office.tracker.edit(key, assignee=shown)
    reads = office.tracker.calls.count("read")
    for _ in range(3):
        await office.hears(replace(there, assignee=helga), BORIS)
    assert office.tracker.calls.count("read") == reads + 1
    assert ((await state(office, "laptop")).assignee == HELGA.id) is not hidden
    assert phrases(office, HELGA).count("task-given") == (0 if hidden else 1)
    assert office.tracker.writes == []


async def test_a_day_that_the_issue_has_in_common_with_its_step_moves_both(
    redis_client: Redis, organisation: str
) -> None:
    template = IssueTemplate(on="open", summary=SUMMARY, assignee="manager", due=1)
    together = scenario(step("laptop", who="manager", due=1, jira=template))
    async with open_office(redis_client, organisation, (together,)) as office:
        await office.writes(BORIS, "start @anna newcomer 2026-11-30")
        await office.tells(await key_of(office, "laptop"), HELGA, due=FRIDAY)
        assert (await state(office, "laptop")).due == FRIDAY
        await office.passes(minutes=1)
        assert "due-changed" in phrases(office, BORIS)


async def test_a_stranger_who_gets_an_issue_takes_nothing_from_the_people_of_the_step(office: Office) -> None:
    await office.tells(await key_of(office, "laptop"), BORIS, assignee=TrackerUser("acc-nobody", "Nobody"))
    journey = await office.journey_of(ANNA)
    assert journey.step("laptop").assignee == "tracker:acc-nobody"
    assert journey.executor(LAPTOP) == BORIS.id


async def test_late_doubled_and_shuffled_news_leave_the_newest_state(office: Office) -> None:
    key = await key_of(office, "laptop")
    first = office.tracker.edit(key, due=FRIDAY)
    second = office.tracker.edit(key, due=datetime.date(2026, 12, 8))
    third = office.tracker.edit(key, status="done")
    for snapshot, mark in ((third, "c"), (first, "a"), (third, "c"), (second, "b"), (first, "a"), (first, "d")):
        await office.hears(snapshot, BORIS, mark)
    now = await state(office, "laptop")
    assert (now.status, now.due) == ("done", datetime.date(2026, 12, 8))
    assert office.tracker.writes == []


async def test_a_comment_reaches_the_people_of_the_step_once_and_not_its_author(office: Office) -> None:
    key = await key_of(office, "badge")
    author = TrackerUser("acc-pavel", "Pavel")
    said = Comment(id="7", author=author, text="Which floor?", at=office.clock())
    for mark in ("a", "b"):
        await office.tells(key, mark=mark, comments=(said,))
    assert phrases(office, ANNA).count("comment-heard") == 1
    assert phrases(office, BORIS).count("comment-heard") == 1
    assert any("Pavel" in text and "Which floor?" in text for text in office.chat.texts(ANNA))
    own = replace(said, id="8", author=office.tracker.users[BORIS.email])
    await office.bot.runner.run("test", lambda work: _boris(work))
    await office.tells(key, comments=(said, own))
    assert phrases(office, BORIS).count("comment-heard") == 1
    assert phrases(office, ANNA).count("comment-heard") == 2


async def _boris(work: Any) -> None:
    work.name("account:tracker:acc-boris", f"person:{BORIS.id}")


async def test_our_own_comments_are_told_to_nobody(office: Office) -> None:
    said = Comment(id="7", author=TrackerUser("bot"), text="duplicate", at=office.clock(), ours=True)
    await office.tells(await key_of(office, "badge"), comments=(said,))
    assert "comment-heard" not in phrases(office, ANNA)


async def test_a_deleted_issue_is_told_to_the_manager_and_made_again_when_they_want_it(office: Office) -> None:
    journey, old = await office.journey_of(ANNA), await key_of(office, "badge")
    last = office.tracker.issue(old)
    await office.hears_of_deletion(old)
    assert (await state(office, "badge")).issue is None
    assert "issue-lost" in phrases(office, BORIS)
    await office.hears(last, BORIS)  # news from before the deletion
    assert (await state(office, "badge")).issue is None
    await office.presses(BORIS, "remake", f"{journey.id} badge")
    assert await key_of(office, "badge") != old


async def test_news_that_overtake_the_create_take_the_issue_from_nobody(
    redis_client: Redis, organisation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They name an account, and only the answer to the create says whose it is."""
    async with open_office(redis_client, organisation, (TRACKED,)) as office:
        create = office.tracker.create

        async def slowly(effect: str, act: CreateIssue | RaiseTicket, parent: str | None = None) -> Issue:
            made = await create(effect, act, parent)
            there = office.tracker.issue(made.key)
            for mark in ("first", "second"):
                name = f"{made.key}:{mark}"
                await office.bot.tracked.observe(Observed(mark=name, issue=there.id, snapshot=there))
            return made

        monkeypatch.setattr(office.tracker, "create", slowly)
        await office.writes(BORIS, "start @anna newcomer 2026-11-30")
        await office.writes(BORIS, 'task @anna "Read the rules"')
        await office.reconciles()
        assert (await state(office, "laptop")).assignee == BORIS.id
        assert "task-given" not in phrases(office, BORIS)
        assert phrases(office, ANNA).count("task-for-you") == 1
        assert office.tracker.writes == []


async def test_an_issue_under_our_label_is_adopted_before_its_create_is_answered(office: Office) -> None:
    await office.writes(ANNA, "done reading")
    key = await key_of(office, "reading")
    await office.hears_of_deletion(key)
    journey = await office.journey_of(ANNA)
    office.tracker.meets(ConnectionError("down"))
    await office.presses(BORIS, "remake", f"{journey.id} reading")
    assert (await state(office, "reading")).issue is None
    (_, asked), (label, _) = office.tracker.made[-1], (f"{journey.id}:issue:reading:1", None)
    office.tracker._make(label, asked, None)
    adopted = office.tracker.issue(f"ONB-{len(office.tracker.made)}")
    await office.hears(adopted)
    assert await key_of(office, "reading") == adopted.key
    await office.passes(minutes=30)
    assert len(office.tracker.keys_of(label)) == 1


# --- to the tracker


@pytest.mark.parametrize("step_id", ["badge", "laptop"])
async def test_completing_and_reopening_a_step_moves_its_issue(office: Office, step_id: str) -> None:
    key = await key_of(office, step_id)
    await office.writes(BORIS, f"done @anna {step_id}")
    assert office.tracker.issue(key).status == "done"
    await office.writes(BORIS, f"reopen @anna {step_id}")
    assert office.tracker.issue(key).status == "new"
    assert office.tracker.writes == [(key, "status"), (key, "status")]
    equal(office, await office.journey_of(ANNA), step_id)


async def test_skipping_changing_and_reassigning_reach_the_issue(office: Office) -> None:
    key = await key_of(office, "laptop")
    await office.writes(BORIS, "change @anna laptop due 2026-12-04 priority low for @helga")
    there = office.tracker.issue(key)
    assert (there.due, there.priority, there.assignee) == (FRIDAY, "low", office.tracker.users[HELGA.email])
    await office.writes(BORIS, "skip @anna laptop")
    assert office.tracker.issue(key).status == "done"


async def test_the_echo_of_our_own_change_is_no_change(office: Office) -> None:
    key = await key_of(office, "badge")
    created = office.tracker.issue(key)
    await office.writes(ANNA, "done badge")
    echo = office.tracker.issue(key)
    told = phrases(office, ANNA)
    for snapshot in (created, echo, echo, created):
        await office.hears(snapshot)
    assert (await state(office, "badge")).status == "done"
    assert phrases(office, ANNA) == told
    assert office.tracker.writes == [(key, "status")]


@pytest.mark.parametrize("told", [False, True])
async def test_a_step_reopened_while_its_completion_is_being_written_stays_open(
    office: Office, monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    key, change = await key_of(office, "badge"), office.tracker.change

    async def meanwhile(issue: str, wanted: Change) -> Changed:
        changed = await change(issue, wanted)
        monkeypatch.undo()
        await office.bot.runner.receive(office.incoming(ANNA, Wrote("reopen badge")))
        if told:
            news = Observed(mark="echo", issue=office.tracker.issue(key).id, snapshot=office.tracker.issue(key))
            await office.bot.tracked.observe(news)
        return changed

    monkeypatch.setattr(office.tracker, "change", meanwhile)
    await office.writes(ANNA, "done badge")
    assert (await state(office, "badge")).status == "open"
    assert office.tracker.issue(key).status == "new"
    assert "tracker-done" not in phrases(office, ANNA)


async def test_of_two_days_given_one_after_the_other_the_second_stands(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, change = await key_of(office, "badge"), office.tracker.change

    async def meanwhile(issue: str, wanted: Change) -> Changed:
        changed = await change(issue, wanted)
        monkeypatch.undo()
        await office.bot.runner.receive(office.incoming(BORIS, Wrote("change @anna badge due 2026-12-10")))
        return changed

    monkeypatch.setattr(office.tracker, "change", meanwhile)
    await office.writes(BORIS, "change @anna badge due 2026-12-04")
    assert (await state(office, "badge")).due == office.tracker.issue(key).due == datetime.date(2026, 12, 10)
    await office.tells(key, BORIS, due=FRIDAY)
    assert (await state(office, "badge")).due == FRIDAY, "what somebody chooses there later counts"


async def test_both_sides_changed_while_the_tracker_was_away_and_nothing_is_lost(office: Office) -> None:
    key = await key_of(office, "badge")
    office.tracker.meets(*(ConnectionError("down") for _ in range(3)))
    await office.writes(ANNA, "done badge")
    office.tracker.edit(key, due=FRIDAY)
    for _ in range(4):
        await office.passes(minutes=1)
    assert office.tracker.issue(key).status == "done"
    now = await state(office, "badge")
    assert (now.status, now.due) == ("done", FRIDAY)


async def test_a_workflow_without_a_way_is_told_to_the_administrators_once(office: Office) -> None:
    key = await key_of(office, "badge")
    office.tracker.refuses = {"status": "no-transition"}
    await office.writes(ANNA, "done badge")
    await office.passes(hours=2)
    await office.tells(key, BORIS, priority="low")
    assert phrases(office, ADAM).count("alert-not-taken") == 1
    assert office.tracker.calls.count("change") == 1
    office.tracker.refuses = {}
    await office.writes(BORIS, "reopen @anna badge")
    await office.writes(ANNA, "done badge")
    assert office.tracker.issue(key).status == "done"


async def test_what_an_automation_undoes_is_not_written_for_ever(office: Office) -> None:
    key = await key_of(office, "badge")
    before = office.tracker.issue(key)

    def undo(snapshot: Any) -> None:
        if snapshot.due != before.due:
            office.tracker.edit(key, due=before.due)

    office.tracker.told = undo
    await office.writes(BORIS, "change @anna badge due 2026-12-10")
    await office.passes(hours=5)
    assert office.tracker.writes == [(key, "due")]
    assert "alert-not-taken" in phrases(office, ADAM)


async def test_an_assignee_whom_the_tracker_does_not_know_leaves_the_issue_to_nobody(office: Office) -> None:
    del office.tracker.users[BORIS.email]
    await office.writes(ANNA, "done reading")
    key = await key_of(office, "reading")
    assert office.tracker.issue(key).assignee is None
    assert "alert-unassigned" in phrases(office, ADAM)


async def test_a_stopped_journey_closes_its_issues_and_hears_nothing_more(office: Office) -> None:
    key = await key_of(office, "badge")
    await office.stops(BORIS)
    assert office.tracker.issue(key).status == "done"
    await office.tells(key, BORIS, status="new")
    assert (await state(office, "badge")).status == "open"
    assert office.tracker.issue(key).status == "new"


async def test_a_choice_made_before_the_issue_was_there_is_newer_than_the_tracker_s_default(office: Office) -> None:
    office.tracker.default_priority = "medium"
    office.tracker.meets(*(ConnectionError("down") for _ in range(2)))
    await office.writes(ANNA, "done reading")
    await office.writes(BORIS, "change @anna reading priority high")
    for _ in range(4):
        await office.passes(minutes=1)
    assert (await state(office, "reading")).priority == "high"
    assert office.tracker.issue(await key_of(office, "reading")).priority == "high"


@pytest.mark.parametrize("ours", [False, True])
async def test_an_issue_that_is_adopted_late_keeps_what_was_changed_meanwhile(office: Office, ours: bool) -> None:
    """The answer to its create was lost, and so was the news that it is there."""
    office.tracker.default_priority = "medium"
    office.tracker.meets(ConnectionError("down"))
    await office.writes(BORIS, 'task @anna "Order a chair" due 2026-12-08')
    (task,) = (await office.journey_of(ANNA)).tasks
    (_, asked), label = office.tracker.made[-1], f"{(await office.journey_of(ANNA)).id}:issue:{task.id}"
    office.tracker._make(label, replace(asked, step=task.id), None)
    key = f"ONB-{len(office.tracker.made)}"
    office.tracker.edit(key, due=datetime.date(2026, 12, 8), assignee=office.tracker.users[ANNA.email])
    if ours:
        await office.writes(BORIS, "change @anna chair due 2026-12-04")
        await office.hears(office.tracker.issue(key))
    else:
        await office.hears(office.tracker.edit(key, due=FRIDAY, priority="low"))
    for _ in range(4):
        await office.passes(minutes=1)
    assert (await state(office, task.id)).due == office.tracker.issue(key).due == FRIDAY
    assert (await state(office, task.id)).priority == ("medium" if ours else "low")


async def test_an_overdue_step_is_told_to_the_manager_with_its_issue(redis_client: Redis, organisation: str) -> None:
    late = scenario(replace(MIRRORED, escalate=1))
    async with open_office(redis_client, organisation, (late,)) as office:
        await office.writes(BORIS, "start @anna newcomer 2026-11-30")
        await office.comes(moment("2026-12-03 10:00"))
        told = next(one.message for one in office.chat.to(BORIS) if getattr(one.message.text, "key", "") == "overdue")
        assert [link.label for link in told.links] == [await key_of(office, "badge")]


# --- reconciliation


async def test_missed_news_are_repaired_and_reported(office: Office) -> None:
    key = await key_of(office, "badge")
    office.tracker.edit(key, status="done")
    office.tracker.edit(await key_of(office, "laptop"), due=FRIDAY)
    await office.reconciles()
    assert (await state(office, "badge")).status == "done"
    assert (await state(office, "laptop")).due == FRIDAY
    assert len(await office.store.log("drift")) == 2


async def test_a_deletion_that_nobody_told_is_found(office: Office) -> None:
    office.tracker.delete(await key_of(office, "badge"))
    await office.reconciles()
    assert (await state(office, "badge")).issue is None
    assert "issue-lost" in phrases(office, BORIS)


@pytest.mark.parametrize("twin", [True, False])
async def test_a_deletion_that_nobody_told_is_found_beside_twins_and_copies(office: Office, twin: bool) -> None:
    """As many issues carry our label as before."""
    key = await key_of(office, "badge")
    copy = replace(office.tracker.issue(key), id="90001", key="ONB-901", twin=twin)
    office.tracker.kept[copy.key] = replace(office.tracker.kept[key], snapshot=copy)
    await office.reconciles()
    office.tracker.delete(key)
    await office.reconciles()
    assert (await state(office, "badge")).issue is None
    office.tracker.delete(copy.key)
    office.tracker.delete(await key_of(office, "laptop"))
    await office.reconciles()
    assert (await state(office, "laptop")).issue is None
    assert await office.store.members("strays") == []


async def test_issues_that_vanish_all_at_once_are_a_lost_permission_and_no_deletion(office: Office) -> None:
    async def many(work: Any) -> None:
        for number in range(30):
            work.member("issues", f"9{number:04}")

    await office.bot.runner.run("test", many)
    await office.reconciles()
    assert "alert-invisible" in phrases(office, ADAM)
    assert len(await office.store.members("issues")) == 32


async def test_a_run_without_differences_writes_nothing(office: Office) -> None:
    await office.writes(ANNA, "done reading")
    await office.reconciles()
    calls, log = list(office.tracker.writes), await office.store.log("drift")
    await office.reconciles()
    assert office.tracker.writes == calls
    assert await office.store.log("drift") == log


async def test_a_label_that_was_taken_away_comes_back(office: Office) -> None:
    key = await key_of(office, "badge")
    office.tracker.edit(key, labels=())
    await office.reconciles()
    assert "butterboard" in office.tracker.issue(key).labels
    assert (await state(office, "badge")).issue is not None


async def test_the_echo_of_our_own_assignment_is_no_stranger_who_takes_the_step(office: Office) -> None:
    key = await key_of(office, "laptop")
    office.tracker.meets(FINE, LOST)  # the issue is read, then written without an answer
    await office.writes(BORIS, "change @anna laptop for @helga")
    await office.hears(office.tracker.issue(key))  # of an account that nobody has been joined to yet
    await office.passes(minutes=2)
    assert (await state(office, "laptop")).assignee == HELGA.id
    assert office.tracker.issue(key).assignee == office.tracker.users[HELGA.email]


async def test_who_a_stranger_turns_out_to_be_is_no_change_that_undoes_ours(office: Office) -> None:
    key = await key_of(office, "laptop")
    helga = office.tracker.users[HELGA.email]
    await office.tells(key, BORIS, assignee=helga)
    assert (await state(office, "laptop")).assignee == "tracker:acc-helga"
    office.tracker.meets(FINE, Retry("busy", after=60.0))  # the issue is read, and not written
    await office.writes(BORIS, "change @anna laptop for @boris")
    await office.bot.runner.run("test", lambda work: _know(work, helga.identity))
    await office.tells(key, BORIS, due=FRIDAY)
    await office.passes(minutes=3)
    assert (await state(office, "laptop")).assignee == BORIS.id
    assert office.tracker.issue(key).assignee == office.tracker.users[BORIS.email]


async def test_an_older_twin_that_turns_up_gets_what_was_chosen_meanwhile(office: Office) -> None:
    office.tracker.meets(Unknown("lost"))  # what was asked for lands only later, and once more
    await office.writes(ANNA, "done reading")
    label = f"{(await office.journey_of(ANNA)).id}:issue:reading"
    (_, act) = next(one for one in office.tracker.made if one[0].endswith(":issue:badge"))
    draft = replace(act.draft, priority=None, summary="twin")
    office.tracker._make(label, CreateIssue((await office.journey_of(ANNA)).id, "reading", draft), None)
    older = office.tracker.issue(f"ONB-{len(office.tracker.made)}")
    office.tracker.edit(older.key, priority="medium")
    await office.writes(BORIS, "change @anna reading priority low")
    await office.passes(minutes=1)
    await office.passes(minutes=5)
    assert (await state(office, "reading")).priority == "low"
    assert office.tracker.issue(await key_of(office, "reading")).priority == "low"
