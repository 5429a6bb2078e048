"""What holds for every scenario and every course of events: acts, wake-ups in time, and outages, in any order."""

import datetime
from collections import Counter
from typing import Any

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot import commands, events
from bot.calendar import CLOSES, OPENS, calendar_of
from bot.effects import Effect, ShowChecklist, ShowHome, SyncIssue
from bot.errors import Misunderstood
from bot.journey import views
from bot.journey.evolve import fold
from bot.journey.schedule import next_wake
from bot.journey.state import Journey
from bot.people import Person
from bot.scenario import IssueTemplate, Scenario, Step
from tests.bot.kit import ANNA, BORIS, HELGA, ISSUE, Story, scenario, step
from tests.generated import examples

ZONES = ("Europe/Moscow", "America/New_York", "Asia/Kathmandu", "Pacific/Chatham", "Europe/Berlin")
COUNTRIES = ("RU", "DE", "US", "IL")
ACTS = (events.JourneyStarted, events.StepCompleted, events.StepSkipped)
FIRST = datetime.datetime(2026, 9, 1, tzinfo=datetime.UTC)

issues = st.none() | st.sampled_from([ISSUE, replace(ISSUE, on="open", due=None)])


@st.composite
def steps(draw: st.DrawFn, number: int) -> Step:
    due = draw(st.none() | st.integers(0, 6))
    timed: dict[str, Any] = {}
    if due is not None:
        timed["due"] = due
        timed["remind"] = tuple(sorted(draw(st.sets(st.integers(-4, 5), max_size=3))))
        timed["escalate"] = draw(st.none() | st.integers(0, 5))
    jira: IssueTemplate | None = draw(issues)
    before = [f"s{earlier}" for earlier in range(number)]
    return step(
        f"s{number}",
        who=draw(st.sampled_from(["newcomer", "manager"])),
        day=draw(st.none() | st.integers(-6, 12)),
        after=tuple(draw(st.sets(st.sampled_from(before), max_size=2))) if before else (),
        late=draw(st.sampled_from(["send", "skip", "digest"])),
        jira=jira,
        **timed,
    )


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    return scenario(*(draw(steps(number)) for number in range(draw(st.integers(1, 6)))))


def living(someone: Person) -> st.SearchStrategy[Person]:
    places = st.tuples(st.sampled_from(ZONES), st.sampled_from(COUNTRIES))
    return places.map(lambda place: replace(someone, timezone=place[0], country=place[1]))


who = st.sampled_from([ANNA.id, BORIS.id, HELGA.id])
names = st.integers(0, 5).map("s{}".format)
some_command: st.SearchStrategy[commands.Command] = st.one_of(
    st.builds(commands.CompleteStep, names, who),
    st.builds(commands.CompleteStep, names, who),
    st.builds(commands.SkipStep, names, who),
    st.builds(commands.Wake),
    st.builds(commands.StopJourney, who),
)


class Course(msgspec.Struct, frozen=True):
    """What people do, each act some hours after the one before; during `outages` (by number) nothing is woken."""

    of: Scenario
    newcomer: Person
    manager: Person | None
    start_after: int
    acts: list[tuple[float, commands.Command]]
    outages: set[int]


courses = st.builds(
    Course,
    scenarios(),
    living(ANNA),
    st.none() | living(BORIS),
    st.integers(-20, 150),
    st.lists(st.tuples(st.floats(0, 200), some_command), max_size=14),
    st.sets(st.integers(0, 14)),
)


class Told(msgspec.Struct, frozen=True):
    """One command of a course, its moment, and what came of it."""

    at: datetime.datetime
    command: commands.Command
    events: tuple[events.JourneyEvent, ...]
    effects: tuple[Effect, ...]
    after: Journey
    in_time: bool


def run(course: Course) -> tuple[Story, list[Told]]:
    """The course as it comes about: what the core wants to be woken for is woken, but for outages."""
    story = Story(course.of, course.newcomer, course.manager)
    told: list[Told] = []
    now = FIRST

    def does(command: commands.Command, at: datetime.datetime, in_time: bool = False) -> None:
        before = len(story.effects)
        try:
            happened = story.does(command, at)
        except Misunderstood:
            return
        told.append(Told(at, command, happened, tuple(story.effects[before:]), story.now_standing, in_time))

    def wake_until(end: datetime.datetime) -> None:
        while (wake := next_wake(story.now_standing, story.world(now))) is not None and wake <= end:
            does(commands.Wake(), max(wake, now), in_time=wake >= now)
            after = next_wake(story.now_standing, story.world(max(wake, now)))
            assert after is None or after > max(wake, now), "a wake-up that asks to be woken at once never ends"

    start = FIRST.date() + datetime.timedelta(days=course.start_after)
    manager = course.manager.id if course.manager else None
    does(commands.StartJourney(journey="j", person=ANNA.id, manager=manager, by=manager or HELGA.id, start=start), now)
    for number, (hours, command) in enumerate(course.acts):
        following = now + datetime.timedelta(hours=hours)
        if number not in course.outages:
            wake_until(following)
        now = following
        does(command, now)
        for effect in told[-1].effects if told[-1].at == now else ():
            if effect.id.startswith("j:issue:s") and number % 3:
                step_id = effect.id.removeprefix("j:issue:")
                back = commands.RecordIssue(step=step_id, key="ONB-1", url="u") if number % 2 else None
                does(back or commands.RecordRefusal(step_id, "invalid"), now)
    wake_until(now + datetime.timedelta(days=400))
    return story, told


def of_kind(told: list[Told], kind: type[events.Event]) -> list[Any]:
    return [event for one in told for event in one.events if isinstance(event, kind)]


WEEKEND_START = Course(
    scenario(step("s0", due=1, remind=(-4, 0, 1), escalate=1), step("s1", after=("s0",), due=0, remind=(0,))),
    ANNA,
    BORIS,
    120,
    [(4000.0, commands.CompleteStep("s0", ANNA.id)), (0.0, commands.Wake())],
    {0},
)


@examples(150)
@given(courses)
@example(WEEKEND_START)
def test_whatever_happens_the_laws_of_a_journey_hold(course: Course) -> None:
    story, told = run(course)
    assert fold(None, story.happened) == story.journey
    _ends_with_every_step_settled(story)
    _opens_by_acts_or_in_working_hours(course, told)
    _says_each_thing_once(told)
    _handles_lateness_by_policy(course, told)
    _gives_each_effect_one_meaning(told)
    _is_silent_after_a_stop(told)
    _shows_itself_at_any_moment(story, told)


def _ends_with_every_step_settled(story: Story) -> None:
    settled = [story.now_standing.step(one.id).settled for one in story.scenario.steps]
    if story.now_standing.status == "active":
        assert not all(settled)
    if story.now_standing.status == "finished":
        assert all(settled)
    ends = [event for event in story.happened if isinstance(event, events.JourneyFinished | events.JourneyStopped)]
    assert len(ends) == (story.now_standing.status != "active")


def _opens_by_acts_or_in_working_hours(course: Course, told: list[Told]) -> None:
    calendar = calendar_of(course.newcomer.timezone, course.newcomer.country)
    for one in told:
        for event in one.events:
            if not isinstance(event, events.StepOpened):
                continue
            assert calendar.is_working(event.opened)
            assert event.due is None or (calendar.is_working(event.due) and event.due >= event.opened)
            if one.in_time:
                local = one.at.astimezone(calendar.zone)
                assert event.opened == local.date()
                assert OPENS <= local.time() < CLOSES
    opened = Counter(event.step for event in of_kind(told, events.StepOpened))
    assert max(opened.values(), default=0) <= 1


def _says_each_thing_once(told: list[Told]) -> None:
    reminded = Counter((event.step, event.offset) for event in of_kind(told, events.RemindersDue))
    assert max(reminded.values(), default=0) <= 1
    escalated = Counter(event.step for event in of_kind(told, events.StepEscalated))
    assert max(escalated.values(), default=0) <= 1
    settled = Counter(
        event.step for kind in (events.StepCompleted, events.StepSkipped) for event in of_kind(told, kind)
    )
    assert max(settled.values(), default=0) <= 1
    for one in told:
        steps_reminded = [event.step for event in one.events if isinstance(event, events.RemindersDue)]
        assert len(steps_reminded) == len(set(steps_reminded))


def _handles_lateness_by_policy(course: Course, told: list[Told]) -> None:
    late = {"send": "sent_late", "skip": "skipped", "digest": "digested"}
    for one in told:
        for event in one.events:
            if isinstance(event, events.RemindersDue):
                policy = next(which for which in course.of.steps if which.id == event.step).late
                assert event.how in ("said", late[policy])
                assert not one.in_time or event.how == "said"


def _gives_each_effect_one_meaning(told: list[Told]) -> None:
    meanings: dict[str, Effect] = {}
    for one in told:
        for effect in one.effects:
            same = meanings.setdefault(effect.id, effect)
            assert effect.replaces == isinstance(effect.act, ShowChecklist | ShowHome | SyncIssue)
            assert same == effect, f"{effect.id} stands for two things"
        ids = [effect.id for effect in one.effects]
        assert len(ids) == len(set(ids))
    once = Counter(effect.id for one in told for effect in one.effects if not effect.replaces)
    assert max(once.values(), default=0) <= 1


def _is_silent_after_a_stop(told: list[Told]) -> None:
    stopped = False
    for one in told:
        assert not (stopped and one.effects)
        stopped = stopped or one.after.status == "stopped"


def _shows_itself_at_any_moment(story: Story, told: list[Told]) -> None:
    calendar = story.world(FIRST).calendar(ANNA.id)
    for one in told:
        shown = views.checklist(one.after, story.scenario, calendar, one.at)
        buttons = [line.id for line in shown.items if line.button]
        assert all(one.after.status == "active" and not one.after.step(name).settled for name in buttons)
        views.standing(one.after, story.newcomer, story.scenario, calendar, one.at)
        assert shown.progress is not None
        assert 0 <= shown.progress.done <= shown.progress.total
