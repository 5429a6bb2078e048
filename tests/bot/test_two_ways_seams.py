"""Where two things of both ways meet at the same moment, and what must not come of it."""

import datetime
from collections.abc import AsyncIterator, Sequence

import msgspec
import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from adapters.store.keys import lane_name
from bot.effects import CreateIssue, Effect, IssueDraft, Lane, LinkIssue
from bot.errors import Refused, Retry
from bot.journey.state import Journey
from bot.message import Local, Phrase
from bot.ports import Claim
from bot.results import Issue
from bot.scenario import IssueTemplate, ParentTemplate, make_scenario
from bot.tracker.issues import IssueRecorder
from bot.tracker.labels import DUPLICATE
from bot.tracker.news import Target, follow
from bot.tracker.runs import lane, plan_next
from bot.tracker.snapshot import Observed, Page, Snapshot, TrackerUser
from bot.work import Work
from tests.bot.kit import ADAM, ANNA, BORIS, HELGA, scenario, step
from tests.bot.office import Office, open_office
from tests.bot.platform import LOST, NOT_SENT, Kept, Trouble
from tests.bot.test_runner import phrases
from tests.bot.two_ways_kit import LAPTOP, READING, SUMMARY, begun, key_of, state

BADGE = step("badge", due=2, remind=(0, 1), jira=IssueTemplate(on="open", summary=SUMMARY, assignee="manager"))
TRACKED = scenario(BADGE, READING, LAPTOP)


@pytest.fixture
async def office(redis_client: Redis, organisation: str) -> AsyncIterator[Office]:
    async with begun(redis_client, organisation, TRACKED) as opened:
        yield opened


def copy(office: Office, key: str, number: int) -> Snapshot:
    """Somebody clones an issue, labels and all."""
    kept = office.tracker.kept[key]
    cloned = replace(kept.snapshot, id=f"7{number:04}", key=f"COPY-{number}", updated=office.tracker._now())
    office.tracker.kept[cloned.key] = Kept(label="", act=kept.act, snapshot=cloned)
    return cloned


async def recorded(office: Office, issue: Issue, step_id: str) -> None:
    """A create is answered now."""
    journey = await office.journey_of(ANNA)
    act = CreateIssue(journey.id, step_id, IssueDraft(summary="", description="", type="Task"))
    effect = Effect(id=f"{journey.id}:issue:{step_id}", lane=Lane("tracker", journey.id), act=act)
    claim = Claim(
        lane="", destination="tracker", token="", attempts=0, doubt=False, doubt_age=-1, doubt_over=0, effect=effect
    )
    await office.bot.runner.run(journey.id, lambda work: IssueRecorder()(work, claim, issue))
    await office.idle()


# --- what was deleted stays deleted


async def test_news_that_wait_beside_the_deletion_do_not_bring_the_issue_back(office: Office) -> None:
    journey, key = await office.journey_of(ANNA), await key_of(office, "badge")
    last = office.tracker.issue(key)
    await office.hears_of_deletion(key)
    target = Target(journey.id, "badge")  # as it was found before the deletion was committed
    late = Observed(mark="late", issue=last.id, snapshot=last)
    await office.bot.runner.observed("late", journey.id, lambda work: follow(work, target, late))
    assert (await state(office, "badge")).issue is None
    assert last.id not in await office.store.members("issues")


async def test_a_create_that_is_answered_after_the_deletion_records_nothing(office: Office) -> None:
    key = await key_of(office, "badge")
    there = office.tracker.issue(key)
    await office.hears_of_deletion(key)
    await recorded(office, Issue(key, there.url, there.id), "badge")
    assert (await state(office, "badge")).issue is None


async def test_what_is_deleted_under_our_hands_is_lost_and_no_dead_letter(office: Office) -> None:
    key = await key_of(office, "badge")
    office.tracker.told = lambda snapshot: office.tracker.delete(snapshot.key)
    office.tracker.meets(None, Trouble(Refused("not-found", "no such issue"), lands=True))
    await office.writes(ANNA, "done badge")
    assert await office.dead() == []
    assert (await state(office, "badge")).issue is None
    assert "issue-lost" in phrases(office, BORIS)
    assert key not in [one.key for one in office.tracker._ours()]


async def test_a_link_to_what_is_deleted_meanwhile_is_a_loss_and_no_dead_letter(
    redis_client: Redis, organisation: str
) -> None:
    async with open_office(redis_client, organisation, (TRACKED,), page=lambda one: f"https://bot/{one}") as office:
        await office.writes(BORIS, "start @anna newcomer 2026-11-30")
        key = await key_of(office, "badge")
        assert office.tracker.kept[key].links
        journey = await office.journey_of(ANNA)
        office.tracker.delete(key)
        office.tracker.meets(Refused("not-found", "no such issue"))
        act = LinkIssue(journey.id, "badge")
        await office.does(Effect(id="link again", lane=Lane("tracker", journey.id), act=act))
        assert (await state(office, "badge")).issue is None
        assert "issue-lost" in phrases(office, BORIS)
        assert await office.dead() == []


async def test_a_link_that_is_refused_for_an_issue_that_is_there_is_no_loss(
    redis_client: Redis, organisation: str
) -> None:
    async with open_office(redis_client, organisation, (TRACKED,), page=lambda one: f"https://bot/{one}") as office:
        await office.writes(BORIS, "start @anna newcomer 2026-11-30")
        journey = await office.journey_of(ANNA)
        office.tracker.meets(Refused("forbidden", "no"))
        act = LinkIssue(journey.id, "badge")
        await office.does(Effect(id="link again", lane=Lane("tracker", journey.id), act=act))
        assert (await state(office, "badge")).issue is not None
        assert await office.dead() == [("link again", "forbidden")]


@pytest.mark.parametrize("told", [True, False])
async def test_the_issue_of_a_journey_that_was_deleted_is_told_and_made_again(
    redis_client: Redis, organisation: str, told: bool
) -> None:
    parent = ParentTemplate(type="Epic", summary=SUMMARY)
    under_one = make_scenario("newcomer", Local("Newcomer", "Newcomer"), (BADGE, READING), parent)
    async with open_office(redis_client, organisation, (under_one,)) as office:
        await office.writes(BORIS, "start @anna newcomer 2026-11-30")
        journey = await office.journey_of(ANNA)
        assert journey.issue is not None
        if told:
            await office.hears_of_deletion(journey.issue.key)
        else:
            office.tracker.delete(journey.issue.key)
            await office.reconciles()
        assert (await office.journey_of(ANNA)).issue is None
        (lost,) = [one.message for one in office.chat.to(BORIS) if "parent-lost" in str(one.message.text)]
        (button,) = lost.buttons
        await office.presses(ANNA, button.action, button.value)
        assert phrases(office, ANNA)[-1] == "outdated"
        await office.presses(BORIS, button.action, button.value)
        await office.presses(BORIS, button.action, button.value)
        anew = (await office.journey_of(ANNA)).issue
        assert anew is not None
        assert anew.key != journey.issue.key
        assert (phrases(office, BORIS)[-2:]) == ["remaking-parent", "outdated"]
        await office.writes(ANNA, "done reading")
        assert office.tracker.kept[await key_of(office, "reading")].parent == anew.key
        await office.writes(ANNA, "done badge")
        assert office.tracker.issue(anew.key).status == "done"
        await office.hears_of_deletion(anew.key)
        assert phrases(office, BORIS).count("parent-lost") == 1, "an onboarding that is over misses nothing"


# --- twins


async def test_an_issue_that_we_close_as_a_duplicate_completes_nothing(office: Office) -> None:
    key = await key_of(office, "badge")
    labels = (*office.tracker.issue(key).labels, DUPLICATE)
    await office.tells(key, labels=labels, status="done", twin=True)
    assert (await state(office, "badge")).status == "open"
    assert "look" in office.tracker.calls


async def test_many_copies_of_an_issue_are_looked_into_together(office: Office) -> None:
    key = await key_of(office, "badge")
    copies = [copy(office, key, number) for number in range(20)]
    before = len(office.tracker.calls)

    async def all_at_once(work: Work) -> None:
        journey = await office.journey_of(ANNA)
        for one in copies:
            await follow(work, Target(journey.id, "badge"), Observed(mark="", issue=one.id, snapshot=one))

    await office.bot.runner.run("test", all_at_once)
    await office.idle()
    assert office.tracker.calls[before:].count("look") == 1


async def test_what_was_asked_for_in_doubt_is_closed_when_the_journey_was_stopped_meanwhile(office: Office) -> None:
    office.tracker.meets(LOST)
    await office.writes(ANNA, "done reading")
    await office.stops(BORIS)
    await office.passes(minutes=1)
    await office.passes(minutes=30)
    assert [one.status for one in office.tracker._ours()] == ["done"] * 3


async def test_a_create_that_never_happened_is_not_made_up_for_when_the_journey_was_stopped(office: Office) -> None:
    office.tracker.meets(NOT_SENT)
    await office.writes(ANNA, "done reading")
    await office.stops(BORIS)
    await office.passes(minutes=30)
    assert len(office.tracker.made) == 2


# --- values that nobody would choose


@pytest.mark.parametrize("due", [datetime.date.max, datetime.date.min])
async def test_a_day_beyond_the_calendar_is_no_day(office: Office, due: datetime.date) -> None:
    key = await key_of(office, "badge")
    await office.tells(key, BORIS, due=due)
    await office.tells(key, BORIS, priority="low")
    now = await state(office, "badge")
    assert (now.due, now.priority) == (None, "low")
    assert await office.dead() == []


async def test_a_change_from_the_future_does_not_hide_those_that_follow(office: Office) -> None:
    key = await key_of(office, "badge")
    wrong = replace(office.tracker.issue(key), updated=datetime.datetime.max.replace(tzinfo=datetime.UTC))
    await office.hears(wrong)
    await office.passes(days=8)
    news = office.tracker.edit(key, priority="low")
    await office.hears(replace(news, updated=office.clock()))
    assert (await state(office, "badge")).priority == "low"


async def test_a_stranger_who_had_the_issue_does_not_take_the_next_one_from_its_assignee(office: Office) -> None:
    key = await key_of(office, "laptop")
    journey = await office.journey_of(ANNA)
    await office.tells(key, BORIS, assignee=TrackerUser("acc-nobody", "Nobody"))
    await office.hears_of_deletion(key)
    await office.presses(BORIS, "remake", f"{journey.id} laptop")
    anew = office.tracker.issue(await key_of(office, "laptop"))
    assert anew.assignee == office.tracker.users[BORIS.email]


# --- who is over stays over


async def test_people_may_go_on_with_the_issue_of_a_journey_that_was_stopped(office: Office) -> None:
    key = await key_of(office, "badge")
    await office.stops(BORIS)
    await office.tells(key, BORIS, status="underway")
    for _ in range(2):
        await begins_by_itself(office)
        await office.passes(minutes=20)
    assert office.tracker.issue(key).status == "underway"


async def test_news_of_a_finished_journey_do_not_free_the_place_of_the_one_that_followed(office: Office) -> None:
    for words in ("done badge", "done reading"):
        await office.writes(ANNA, words)
    await office.writes(BORIS, "done @anna laptop")
    key = await key_of(office, "badge")
    await office.writes(BORIS, "start @anna newcomer 2026-12-01")
    active = next(one for one in await office.work().journeys_of(ANNA.id) if one.status == "active")
    await office.tells(key, BORIS, priority="low")
    assert await office.store.lookup([f"active:{ANNA.id}:newcomer"]) == [active.id]


async def test_newcomers_do_not_open_again_what_their_manager_has_done(office: Office) -> None:
    await office.writes(BORIS, "done @anna laptop")
    await office.writes(ANNA, "done badge")
    await office.writes(ANNA, "reopen")
    (choice,) = [one.message for one in office.chat.to(ANNA) if one.message.text == Phrase("reopen-which")]
    assert [item.id for item in choice.items] == ["badge"]
    await office.writes(ANNA, "reopen laptop")
    assert (await state(office, "laptop")).status == "done"
    assert "step-of-manager" in phrases(office, ANNA)


async def test_an_end_that_the_tracker_brings_at_night_is_told_in_the_morning(office: Office) -> None:
    for words in ("done badge", "done reading"):
        await office.writes(ANNA, words)
    await office.comes(office.clock.now.replace(hour=20))
    await office.tells(await key_of(office, "laptop"), BORIS, status="done")
    assert (await office.journey_of(ANNA)).status == "finished"
    assert "finished" not in phrases(office, ANNA)
    await office.passes(hours=12)
    assert "finished" in phrases(office, ANNA)


async def test_people_may_go_on_with_the_epic_of_a_journey_that_is_finished(
    redis_client: Redis, organisation: str
) -> None:
    parent = ParentTemplate(type="Epic", summary=SUMMARY)
    one_issue = make_scenario("newcomer", Local("Newcomer", "Newcomer"), (BADGE,), parent)
    async with open_office(redis_client, organisation, (one_issue,)) as office:
        await office.writes(BORIS, "start @anna newcomer 2026-11-30")
        await office.writes(ANNA, "done badge")
        epic = (await office.journey_of(ANNA)).issue
        assert epic is not None
        assert office.tracker.issue(epic.key).status == "done"
        await office.tells(epic.key, BORIS, status="underway")
        for _ in range(2):
            await begins_by_itself(office)
            await office.passes(minutes=20)
        await office.reconciles()
        assert office.tracker.issue(epic.key).status == "underway"
        assert (await office.journey_of(ANNA)).status == "finished"
        await office.writes(ANNA, "reopen badge")
        await office.writes(ANNA, "done badge")
        assert office.tracker.issue(epic.key).status == "done", "the journey went on, and has finished again"


async def test_whoever_has_left_the_directory_is_not_nobody(office: Office) -> None:
    """An assignee of whom we have no address is never written."""
    key = await key_of(office, "laptop")
    office.tracker.meets(*(ConnectionError("down") for _ in range(3)))
    await office.writes(BORIS, "change @anna laptop for @helga priority low")

    async def leaves(work: Work) -> None:
        await work.person(HELGA.id)
        work.put(f"person:{HELGA.id}", None)

    await office.bot.runner.run("test", leaves)
    for _ in range(4):
        await office.passes(minutes=1)
    await office.reconciles()
    there = office.tracker.issue(key)
    assert (there.priority, there.assignee) == ("low", office.tracker.users[BORIS.email])
    assert (key, "assignee") not in office.tracker.writes


# --- from before both ways


async def from_before(office: Office, *step_ids: str) -> None:
    """The issues are known as the version before knew them: by their keys alone."""
    journey = await office.journey_of(ANNA)

    async def decision(work: Work) -> None:
        stored = msgspec.json.decode(await work.state(f"journey:{journey.id}") or b"")
        for step_id in step_ids:
            issue = stored["steps"][step_id]["issue"]
            stored["steps"][step_id]["issue"] = {"key": issue["key"], "url": issue["url"]}
            work.name(f"issue-id:{issue['id']}", None)
            work.member("issues", issue["id"], present=False)
        work.put(f"journey:{journey.id}", msgspec.json.encode(stored))

    await office.bot.runner.run("test", decision)


async def test_an_issue_from_before_is_not_closed_because_its_step_was_done(office: Office) -> None:
    await office.writes(ANNA, "done reading")
    key = await key_of(office, "reading")
    await from_before(office, "reading")
    await office.writes(ANNA, "done badge")
    await office.passes(days=3)
    assert office.tracker.issue(key).status == "new"


async def test_an_issue_from_before_is_taken_up_with_the_first_news_of_it(office: Office) -> None:
    await office.writes(ANNA, "done reading")
    key, told = await key_of(office, "reading"), phrases(office, BORIS).count("step-done-issue")
    await from_before(office, "reading")
    await office.tells(key, BORIS, priority="low")
    issue = (await state(office, "reading")).issue
    assert issue is not None
    assert issue.approves
    assert phrases(office, BORIS).count("step-done-issue") == told
    await office.tells(key, BORIS, status="done")
    assert (await state(office, "reading")).approved
    await office.hears_of_deletion(key)
    assert (await state(office, "reading")).issue is None


# --- reconciliation goes on


async def begins_by_itself(office: Office) -> None:
    await plan_next(office.bot.runner)
    await office.idle()


def runs(office: Office) -> int:
    return office.tracker.calls.count("changed")


async def test_a_page_that_fails_for_good_does_not_end_the_runs_that_come_by_themselves(office: Office) -> None:
    office.tracker.meets(*(ZeroDivisionError() for _ in range(5)))
    await begins_by_itself(office)
    for _ in range(5):
        await office.passes(minutes=1)
    assert len(await office.dead()) == 1
    failed = runs(office)
    for _ in range(3):
        await office.passes(minutes=16)
    assert runs(office) >= failed + 2


async def test_a_start_in_the_middle_of_a_run_does_not_double_it(office: Office) -> None:
    office.tracker.page_size = 1
    office.tracker.meets(None, Retry("busy", after=60.0))
    await begins_by_itself(office)
    await begins_by_itself(office)
    await office.passes(minutes=2)
    for _ in range(12):
        await office.passes(minutes=5)
        assert await office._client.llen(f"{office._keys.prefix}q:{lane_name(lane('tracker'))}") == 1


async def test_one_issue_that_cannot_be_followed_does_not_hold_up_the_others(office: Office) -> None:
    await office.writes(HELGA, "start @olga newcomer 2026-11-30")
    badge = await key_of(office, "badge")
    annas = office.tracker.kept[badge].act.journey
    hers = next(key for key, kept in office.tracker.kept.items() if kept.act.journey != annas)
    office.tracker.edit(hers, status="done")
    office.tracker.edit(badge, status="done")
    journey = office.tracker.kept[hers].act.journey

    async def breaks(work: Work) -> None:
        stored = msgspec.json.decode(await work.state(f"journey:{journey}") or b"", type=Journey)
        work.put(f"journey:{journey}", msgspec.json.encode(replace(stored, person="nobody")))

    await office.bot.runner.run("test", breaks)
    await office.reconciles()
    assert (await state(office, "badge")).status == "done"
    assert await office.dead() == []


async def test_news_that_cannot_be_followed_are_no_error_of_the_tracker(office: Office) -> None:
    key = await key_of(office, "badge")
    journey = await office.journey_of(ANNA)

    async def breaks(work: Work) -> None:
        await work.state(f"journey:{journey.id}")
        work.put(f"journey:{journey.id}", msgspec.json.encode(replace(journey, person="nobody")))

    await office.bot.runner.run("test", breaks)
    await office.tells(key, BORIS, status="done")


async def test_copies_do_not_hide_a_deletion_and_are_no_drift(office: Office) -> None:
    badge, laptop = await key_of(office, "badge"), await key_of(office, "laptop")
    copied = copy(office, laptop, 1)
    office.tracker.edit(copied.key, priority="low", status="done")
    office.tracker.delete(badge)
    await office.reconciles()
    assert (await state(office, "badge")).issue is None
    assert [one["field"] for one in map(msgspec.json.decode, await office.store.log("drift"))] == ["gone"]


async def test_a_tracker_that_shows_nothing_at_all_has_lost_nothing(office: Office) -> None:
    await office.writes(HELGA, "start @olga newcomer 2026-11-30")
    for key in office.tracker.kept:
        office.tracker.delete(key)
    await office.reconciles()
    assert "alert-invisible" in phrases(office, ADAM)
    assert (await state(office, "badge")).issue is not None


async def test_an_issue_that_may_not_be_labelled_hides_no_deletion(office: Office) -> None:
    badge, laptop = await key_of(office, "badge"), await key_of(office, "laptop")
    office.tracker.edit(badge, labels=())
    office.tracker.delete(laptop)

    async def refused(key: str, labels: Sequence[str]) -> None:
        del key, labels
        raise Refused("forbidden", "no")

    office.tracker.relabel = refused  # type: ignore[method-assign]
    await office.reconciles()
    assert (await state(office, "laptop")).issue is None
    assert await office.dead() == []


async def test_a_change_of_ours_that_was_given_up_arrives_with_the_next_run(office: Office) -> None:
    key = await key_of(office, "badge")
    office.tracker.meets(*(ZeroDivisionError() for _ in range(5)))
    await office.writes(ANNA, "done badge")
    for _ in range(5):
        await office.passes(minutes=1)
    assert len(await office.dead()) == 1
    assert office.tracker.issue(key).status == "new"

    async def nothing_changed(since: datetime.datetime | None, cursor: str | None) -> Page:
        del since, cursor
        return Page(())

    office.tracker.changed = nothing_changed  # type: ignore[method-assign]
    await begins_by_itself(office)
    assert office.tracker.issue(key).status == "done"
    assert "alert-dead" in phrases(office, ADAM)
