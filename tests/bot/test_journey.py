"""What happens on a journey: steps open, are done, are reminded of; one ends. Decided by the core alone."""

import msgspec
import pytest

from bot import commands, events
from bot.errors import Misunderstood
from bot.journey.decide import decide
from bot.journey.evolve import evolve
from bot.message import Phrase
from tests.bot.kit import (
    ANNA,
    BORIS,
    HELGA,
    NEWCOMER,
    Events,
    Story,
    day,
    moment,
    scenario,
    statuses,
    step,
)

NOON_BEFORE = "2026-11-30 09:00"  # Monday, noon in Moscow; the first day is Tuesday
FIRST_MORNING = "2026-12-01 06:00"  # nine in Moscow


def kinds(happened: Events) -> list[str]:
    return [f"{type(event).__name__} {getattr(event, 'step', '')}".strip() for event in happened]


def refused(story: Story, command: commands.Command, at: str) -> str:
    with pytest.raises(Misunderstood) as refusal:
        story.does(command, moment(at))
    assert isinstance(refusal.value.text, Phrase)
    return refusal.value.text.key


@pytest.fixture
def begun() -> Story:
    """Anna's first morning."""
    story = Story()
    story.starts(NOON_BEFORE, "2026-12-01")
    story.wakes(FIRST_MORNING)
    return story


# --- opening


def test_before_the_first_day_only_what_comes_before_it_is_open() -> None:
    story = Story()
    assert kinds(story.starts(NOON_BEFORE, "2026-12-01")) == ["JourneyStarted", "StepOpened laptop"]
    assert story.next_wake(NOON_BEFORE) == moment(FIRST_MORNING)


def test_steps_open_at_nine_where_the_newcomer_lives() -> None:
    story = Story(newcomer=msgspec.structs.replace(ANNA, timezone="Asia/Vladivostok"))
    story.starts(NOON_BEFORE, "2026-12-01")
    assert kinds(story.wakes("2026-11-30 22:59")) == []
    assert kinds(story.wakes("2026-11-30 23:00")) == ["StepOpened papers", "StepOpened reading"]


def test_a_step_waits_for_its_day_and_for_the_steps_before_it(begun: Story) -> None:
    assert statuses(begun.now_standing)["meeting"] == "waiting"
    assert "StepOpened meeting" not in kinds(begun.wakes("2026-12-02 06:00"))
    assert kinds(begun.completes("papers", "2026-12-02 08:00")) == ["StepCompleted papers", "StepOpened meeting"]


def test_a_step_without_a_day_opens_with_the_act_it_waited_for() -> None:
    story = Story(scenario(step("a"), step("b", after=("a",), due=1)))
    story.starts(NOON_BEFORE, "2026-12-01")
    assert kinds(story.completes("a", "2026-12-01 20:00")) == ["StepCompleted a", "StepOpened b"]


def test_whoever_works_ahead_is_not_hurried() -> None:
    story = Story(scenario(step("a"), step("b", after=("a",), due=1)))
    story.starts("2026-11-20 09:00", "2026-12-01")
    story.completes("a", "2026-11-20 10:00")
    assert story.now_standing.step("b").due == day("2026-12-02")


def test_a_start_on_a_weekend_has_its_days_counted_from_monday() -> None:
    story = Story(scenario(step("a"), step("b", day=1)))
    story.starts(NOON_BEFORE, "2026-12-05")
    assert kinds(story.wakes("2026-12-07 06:00")) == ["StepOpened a"]
    assert kinds(story.wakes("2026-12-08 06:00")) == ["StepOpened b"]


def test_a_start_in_the_russian_holidays_begins_after_them() -> None:
    story = Story(scenario(step("before", day=-1), step("a", due=1)))
    story.starts("2026-12-20 09:00", "2027-01-04")
    assert story.next_wake("2026-12-20 09:00") == moment("2026-12-30 06:00")
    story.wakes("2026-12-30 06:00")
    assert story.next_wake("2026-12-30 06:00") == moment("2027-01-11 06:00")
    story.wakes("2027-01-11 06:00")
    assert story.now_standing.step("a").due == day("2027-01-12")


def test_a_journey_that_is_begun_late_opens_at_once_whatever_is_past() -> None:
    story = Story()
    opened = [event for event in story.starts("2026-12-02 20:00", "2026-12-01") if isinstance(event, events.StepOpened)]
    assert [event.step for event in opened] == ["laptop", "papers", "reading"]
    assert {event.opened for event in opened} == {day("2026-12-02")}


def test_a_step_that_opens_on_a_saturday_counts_from_monday(begun: Story) -> None:
    begun.completes("papers", "2026-12-05 10:00")
    meeting = begun.now_standing.step("meeting")
    assert (meeting.opened, meeting.due) == (day("2026-12-07"), day("2026-12-08"))


def test_the_clocks_change_and_nine_stays_nine() -> None:
    berliner = msgspec.structs.replace(ANNA, timezone="Europe/Berlin", country="DE")
    story = Story(scenario(step("a"), step("b", day=1)), newcomer=berliner)
    story.starts("2026-03-26 09:00", "2026-03-27")
    story.wakes("2026-03-27 08:00")
    assert story.next_wake("2026-03-27 08:00") == moment("2026-03-30 07:00")


# --- acts


def test_a_step_may_be_done_before_it_opens() -> None:
    story = Story()
    story.starts(NOON_BEFORE, "2026-12-01")
    assert kinds(story.completes("papers", "2026-11-30 12:00")) == ["StepCompleted papers"]


def test_a_step_may_not_be_done_before_those_it_waits_for(begun: Story) -> None:
    assert refused(begun, commands.CompleteStep("meeting", ANNA.id), "2026-12-01 08:00") == "step-not-yet"


def test_a_step_is_done_once(begun: Story) -> None:
    begun.completes("papers", "2026-12-01 08:00")
    assert begun.completes("papers", "2026-12-01 09:00", by=BORIS) == ()
    assert begun.now_standing.step("papers").done_by == ANNA.id


def test_a_newcomer_does_not_tick_off_what_is_the_managers(begun: Story) -> None:
    assert refused(begun, commands.CompleteStep("laptop", ANNA.id), "2026-12-01 08:00") == "step-of-manager"
    assert kinds(begun.completes("laptop", "2026-12-01 08:00", by=HELGA)) == ["StepCompleted laptop"]


def test_somebody_who_is_their_own_manager_ticks_off_both() -> None:
    story = Story(newcomer=BORIS, manager=BORIS)
    story.starts(NOON_BEFORE, "2026-12-01")
    assert kinds(story.completes("laptop", "2026-11-30 10:00")) == ["StepCompleted laptop"]


def test_an_unknown_step_is_said_to_be_one(begun: Story) -> None:
    assert refused(begun, commands.CompleteStep("dance", ANNA.id), "2026-12-01 08:00") == "step-unknown"


def test_a_command_to_no_journey_is_not_understood() -> None:
    assert refused(Story(), commands.CompleteStep("papers", ANNA.id), NOON_BEFORE) == "journey-none"


def test_a_journey_does_not_begin_twice(begun: Story) -> None:
    assert begun.starts("2026-12-01 08:00", "2026-12-01") == ()


def test_a_skipped_step_lets_the_next_one_open(begun: Story) -> None:
    skip = commands.SkipStep("papers", BORIS.id)
    assert kinds(begun.does(skip, moment("2026-12-02 08:00"))) == ["StepSkipped papers", "StepOpened meeting"]
    assert begun.does(skip, moment("2026-12-02 08:01")) == ()


def test_the_last_step_ends_the_journey(begun: Story) -> None:
    for name in ("papers", "reading", "meeting"):
        begun.completes(name, "2026-12-02 08:00")
    assert kinds(begun.completes("laptop", "2026-12-02 08:00", by=BORIS)) == ["StepCompleted laptop", "JourneyFinished"]
    assert begun.now_standing.ended_at == moment("2026-12-02 08:00")
    assert begun.next_wake("2026-12-02 08:00") is None
    assert refused(begun, commands.CompleteStep("dance", ANNA.id), "2026-12-03 08:00") == "step-unknown"
    assert begun.wakes("2026-12-20 08:00") == ()


def test_a_stopped_journey_takes_nothing_more(begun: Story) -> None:
    stop = commands.StopJourney(BORIS.id)
    assert kinds(begun.does(stop, moment("2026-12-01 09:00"))) == ["JourneyStopped"]
    assert begun.does(stop, moment("2026-12-01 09:01")) == ()
    assert begun.wakes("2026-12-20 09:00") == ()
    assert begun.next_wake("2026-12-20 09:00") is None
    assert refused(begun, commands.CompleteStep("papers", ANNA.id), "2026-12-01 10:00") == "journey-over"


# --- reminders


def reminders(happened: Events) -> list[tuple[str, int, str]]:
    return [(event.step, event.offset, event.how) for event in happened if isinstance(event, events.RemindersDue)]


def test_a_reminder_comes_at_ten_on_its_day(begun: Story) -> None:
    begun.wakes("2026-12-01 07:00")  # the laptop's
    assert begun.next_wake("2026-12-01 07:00") == moment("2026-12-02 07:00")
    assert reminders(begun.wakes("2026-12-02 06:59")) == []
    assert reminders(begun.wakes("2026-12-02 07:00")) == [("papers", 0, "said")]
    assert reminders(begun.wakes("2026-12-02 07:00")) == []


def test_what_is_done_is_not_reminded_of(begun: Story) -> None:
    begun.completes("papers", "2026-12-01 08:00")
    assert "papers" not in [name for name, _, _ in reminders(begun.wakes("2026-12-20 08:00"))]


@pytest.mark.parametrize(("late", "how"), [("send", "sent_late"), ("skip", "skipped"), ("digest", "digested")])
def test_of_reminders_missed_in_an_outage_the_last_is_handled_once_by_the_steps_policy(late: str, how: str) -> None:
    story = Story(scenario(step("a", due=1, remind=(0, 1, 2), late=late)))
    story.starts(NOON_BEFORE, "2026-11-30")
    assert reminders(story.wakes("2026-12-09 09:00")) == [("a", 2, how)]
    assert story.wakes("2026-12-10 09:00") == ()
    assert story.next_wake("2026-12-10 09:00") is None


def test_later_on_the_same_day_is_not_late() -> None:
    story = Story(scenario(step("a", due=1, remind=(0,), late="skip")))
    story.starts(NOON_BEFORE, "2026-11-30")
    assert reminders(story.wakes("2026-12-01 19:00")) == [("a", 0, "said")]


def test_a_step_is_never_reminded_of_for_a_day_before_it_opened() -> None:
    story = Story(scenario(step("a", due=1, remind=(-5, -2, 0))))
    story.starts(NOON_BEFORE, "2026-11-30")
    assert story.next_wake(NOON_BEFORE) == moment("2026-12-01 07:00")
    assert reminders(story.wakes("2026-11-30 10:00")) == []
    assert reminders(story.wakes("2026-12-01 07:00")) == [("a", 0, "said")]


def test_an_overdue_step_is_escalated_once(begun: Story) -> None:
    assert "StepEscalated papers" in kinds(begun.wakes("2026-12-04 07:00"))
    assert kinds(begun.wakes("2026-12-08 07:00")) == []


def test_somebody_who_moves_is_woken_by_their_new_clock(begun: Story) -> None:
    begun.wakes("2026-12-01 07:00")
    begun.moves(timezone="Asia/Vladivostok")
    assert begun.next_wake("2026-12-01 07:00") == moment("2026-12-02 00:00")


# --- issues


def recorded(story: Story) -> tuple[str, str] | None:
    issue = story.now_standing.step("reading").issue
    return None if issue is None else (issue.key, issue.url)


def test_an_issue_is_recorded_once(begun: Story) -> None:
    record = commands.RecordIssue(step="reading", key="ONB-1", url="https://jira.example/ONB-1")
    assert kinds(begun.does(record, moment("2026-12-01 09:00"))) == ["IssueRecorded reading"]
    assert begun.does(record, moment("2026-12-01 09:01")) == ()
    assert recorded(begun) == ("ONB-1", "https://jira.example/ONB-1")


def test_another_issue_of_the_same_step_takes_its_place(begun: Story) -> None:
    begun.does(commands.RecordIssue(step="reading", key="ONB-2", url="u"), moment("2026-12-01 09:00"))
    begun.does(commands.RecordIssue(step="reading", key="ONB-1", url="u"), moment("2026-12-01 09:10"))
    assert recorded(begun) == ("ONB-1", "u")


def test_a_refused_issue_leaves_the_step_done(begun: Story) -> None:
    begun.completes("reading", "2026-12-01 08:00")
    refusal = commands.RecordRefusal("reading", "project-unknown")
    assert kinds(begun.does(refusal, moment("2026-12-01 08:01"))) == ["IssueRefused reading"]
    assert begun.now_standing.step("reading").status == "done"


# --- folding


def test_a_decision_changes_nothing_by_itself(begun: Story) -> None:
    before = msgspec.json.encode(begun.now_standing)
    decide(begun.journey, commands.CompleteStep("papers", ANNA.id), begun.world(moment("2026-12-01 08:00")))
    assert msgspec.json.encode(begun.now_standing) == before


def test_a_log_that_does_not_begin_with_the_start_is_broken() -> None:
    with pytest.raises(ValueError, match="cannot begin"):
        evolve(None, events.JourneyStopped(at=moment(NOON_BEFORE), by=BORIS.id))


def test_the_scenario_is_pinned_by_its_version(begun: Story) -> None:
    assert begun.now_standing.version == NEWCOMER.version
