"""Whatever moves the days of steps, a wake-up that fires decides something, or is set for later."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from bot import commands
from bot.errors import Misunderstood
from bot.journey.decide import decide
from bot.journey.evolve import fold
from bot.journey.merge import Fields
from bot.journey.schedule import next_wake
from bot.journey.state import Journey
from bot.journey.world import World
from bot.rules import Condition, Rule, Rules
from bot.scenario import IssueTemplate
from tests.bot.kit import ANNA, BORIS, day, local, moment, scenario, step
from tests.generated import examples

OPEN = IssueTemplate(on="open", summary=local("Do"))
STEPS = scenario(
    step("badge", due=1, remind=(-1, 0, 2), escalate=1, jira=OPEN),
    step("desk", who="manager", day=2, due=0, remind=(0,), late="skip"),
    step("talk", after=("badge",), due=3, remind=(0,), late="send", escalate=0),
)
RULES = Rules((Rule(id="late", event="step-overdue", when=Condition(days=2), issue=OPEN),))
NAMES = st.sampled_from(["badge", "desk", "talk"])
DAYS = st.none() | st.dates(day("2026-10-01"), day("2027-02-01"))
SEEN = st.builds(Fields, status=st.sampled_from(["new", "underway", "done"]), due=DAYS)
WHO = st.sampled_from([ANNA.id, BORIS.id])
ACTS = st.one_of(
    st.builds(commands.CompleteStep, NAMES, WHO),
    st.builds(commands.ReopenStep, NAMES, WHO),
    st.builds(commands.SkipStep, NAMES, WHO),
    st.builds(
        commands.ObserveIssue,
        step=st.just("badge"),
        id=st.just("1"),
        key=st.just("ONB-1"),
        url=st.just(""),
        updated=st.just(moment("2026-11-30 09:00")),
        fields=SEEN,
        by=WHO,
        via=st.just("tracker"),
    ),
)


def world(now: datetime.datetime) -> World:
    people = {ANNA.id: ANNA, BORIS.id: BORIS}
    return World(scenario=STEPS, now=now, people=people, channels=("chat",), tracker="tracker", rules=RULES)


def after(journey: Journey | None, command: commands.Command, now: datetime.datetime) -> Journey:
    try:
        journey = fold(journey, decide(journey, command, world(now)))
    except Misunderstood:
        assert journey is not None
    assert journey is not None
    return journey


@examples(300)
@given(st.lists(st.tuples(ACTS, st.integers(0, 200)), max_size=12))
def test_no_wake_up_fires_for_nothing(acts: list[tuple[commands.Command, int]]) -> None:
    now = moment("2026-11-30 09:00")
    start = commands.StartJourney(journey="j", person=ANNA.id, manager=BORIS.id, by=BORIS.id, start=day("2026-11-30"))
    record = commands.RecordIssue(step="badge", key="ONB-1", url="", id="1")
    journey = after(after(None, start, now), record, now)
    for command, hours in acts:
        journey = after(journey, command, now)
        now += datetime.timedelta(hours=hours)
        for _ in range(30):
            due = next_wake(journey, world(now))
            if due is None or due > now:
                break
            woken = after(journey, commands.Wake(), now)
            assert woken != journey
            journey = woken
        else:
            raise AssertionError("it is woken again and again")
