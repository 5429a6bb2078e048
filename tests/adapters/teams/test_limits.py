"""One bucket keeps every window that Microsoft counts in; shown by counting in all of them."""

import random
from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.limits import BURST, EVERY, WINDOWS, Pace
from tests.generated import examples

CHAT = "https://smba.example.com#a:1"
gaps = st.lists(st.floats(0, 20) | st.just(0.0), max_size=300)


def most_within(moments: list[float], window: float) -> int:
    """By counting: the most that fall into any stretch of so many seconds, both of its ends taken in."""
    return max((at - bisect_left(moments, moment - window) + 1 for at, moment in enumerate(moments)), default=0)


def written(pauses: list[float]) -> list[float]:
    """When each is written that wants to be so long after the last one: as soon as the conversation has rested."""
    pace, now, moments = Pace(), 0.0, []
    for pause in pauses:
        now += pause
        now += pace.rest(CHAT, now)
        pace.spend(CHAT, now)
        moments.append(now)
    return moments


@given(gaps)
def test_whenever_something_is_to_be_said_no_window_overflows(pauses: list[float]) -> None:
    moments = written(pauses)
    assert all(most_within(moments, window) <= most for window, most in WINDOWS)


@examples(10)
@given(st.integers(), st.floats(0, 6))
def test_nor_does_the_longest_when_hours_are_full(seed: int, longest: float) -> None:
    draw = random.Random(seed)
    moments = written([draw.random() * longest for _ in range(4_000)])
    assert all(most_within(moments, window) <= most for window, most in WINDOWS)


def test_seven_go_at_once_and_then_one_every_two_seconds() -> None:
    moments = written([0.0] * 10)
    assert moments[:BURST] == [0.0] * BURST
    assert moments[BURST:] == pytest.approx([EVERY, 2 * EVERY, 3 * EVERY])


def test_the_hour_is_used_almost_to_the_full() -> None:
    assert most_within(written([0.0] * 4_000), 3600.0) >= 1_790


def test_a_conversation_that_was_silent_for_long_is_rested() -> None:
    pace = Pace()
    assert pace.is_rested(CHAT, 0.0)
    pace.spend(CHAT, 0.0)
    assert not pace.is_rested(CHAT, 1.0)
    assert pace.rest(CHAT, 1.0) == 0.0
    assert pace.is_rested(CHAT, EVERY)


def test_conversations_do_not_hold_each_other_up() -> None:
    pace = Pace()
    for _ in range(BURST):
        pace.spend(CHAT, 0.0)
    assert pace.rest(CHAT, 0.0) > 0
    assert pace.rest("another", 0.0) == 0


def test_only_what_has_not_recovered_is_kept() -> None:
    pace = Pace()
    for second in range(2_000):
        for one in range(50):
            pace.spend(f"{second}:{one}", float(second))
    assert len(pace) <= 50 * (BURST * EVERY + 1)


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0, 10)), max_size=200))
def test_forgetting_changes_no_answer(writes: list[tuple[int, float]]) -> None:
    """Beside a bucket of its own for every conversation, which therefore forgets none of the others."""
    shared, now, alone = Pace(), 0.0, [Pace() for _ in range(6)]
    for conversation, pause in writes:
        now += pause
        assert shared.rest(str(conversation), now) == alone[conversation].rest(str(conversation), now)
        shared.spend(str(conversation), now)
        alone[conversation].spend(str(conversation), now)
