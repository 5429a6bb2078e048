"""How many acts are taken: a burst, then a rate, by the moment at which they were said."""

import datetime
import itertools
import random
from collections.abc import Iterable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.limiter import HORIZON, KEPT, Bucket, Limits, spend
from tests.bot.kit import moment

NOW = moment("2026-11-30 09:00")
LIMITS = Limits(burst=30, per_minute=30)


def seconds(number: float) -> datetime.timedelta:
    return datetime.timedelta(seconds=number)


def taken(acts: Iterable[tuple[datetime.datetime, datetime.datetime]], limits: Limits = LIMITS) -> list[bool]:
    """Of acts, each with when it was said and when it came."""
    bucket, found = Bucket(), []
    for said, now in acts:
        spent = spend(bucket, said, now, limits)
        bucket = msgspec.json.decode(msgspec.json.encode(spent.bucket), type=Bucket)  # as it is kept
        found.append(spent.refused == 0)
    return found


def live(every: float, count: int, limits: Limits = LIMITS) -> list[bool]:
    moments = [NOW + seconds(every * number) for number in range(count)]
    return taken(zip(moments, moments, strict=True), limits)


def test_a_burst_is_taken_and_nothing_after_it() -> None:
    assert live(0.03, 150) == [True] * 30 + [False] * 120


def test_the_rate_is_taken_for_ever() -> None:
    assert all(live(2, 3000))


def test_nothing_is_taken_until_half_of_the_burst_is_there_again_and_then_as_much() -> None:
    found = live(0.5, 200)
    assert found.count(True) < 30 + 100 / 2 + 15
    stretches = [(is_taken, len(list(group))) for is_taken, group in itertools.groupby(found)]
    assert [is_taken for is_taken, _ in stretches[:4]] == [True, False, True, False]
    assert stretches[1][1] == 60


def test_what_was_said_over_hours_is_taken_at_once_in_any_order() -> None:
    said = [NOW - seconds(20 * number) for number in range(1000)]
    random.Random(7).shuffle(said)
    assert all(taken((one, NOW) for one in said))


def test_what_was_said_at_once_is_a_flood_however_late_it_comes() -> None:
    then = NOW - datetime.timedelta(hours=3)
    flood = [(then + seconds(number / 30), NOW) for number in range(150)]
    live_acts = [(NOW + seconds(number * 2), NOW + seconds(number * 2)) for number in range(20)]
    found = taken([*flood, *live_acts])
    assert found[:150].count(True) == 30
    assert all(found[150:])


@pytest.mark.parametrize("away", [-HORIZON * 100, -HORIZON - 1, HORIZON, HORIZON * 100])
def test_a_moment_that_cannot_be_is_no_free_pass(away: int) -> None:
    said = NOW + datetime.timedelta(milliseconds=away)
    assert taken((said, NOW) for _ in range(150)).count(True) == 30


def test_different_days_of_long_ago_are_one_moment() -> None:
    acts = [(NOW - datetime.timedelta(days=2 + number), NOW) for number in range(150)]
    assert taken(acts).count(True) == 30


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 600), min_size=1, max_size=120),
    st.integers(1, 40),
    st.integers(1, 120),
)
def test_in_no_time_more_is_taken_than_the_burst_and_the_rate(moments: list[int], burst: int, per_minute: int) -> None:
    limits = Limits(burst, per_minute)
    said = [NOW - seconds(600 - one) for one in moments]
    found = taken(((one, NOW) for one in said), limits)
    times = sorted(one for one, is_taken in zip(moments, found, strict=True) if is_taken)
    for first, last in itertools.combinations(range(len(times)), 2):
        allowed = burst + (times[last] - times[first] + 1) * 1000 / limits.interval
        assert last - first + 1 <= allowed + 1


def test_one_is_told_once_for_all_that_is_refused_and_how_long_to_wait() -> None:
    bucket, told = Bucket(), []
    for number in range(150):
        spent = spend(bucket, NOW, NOW + seconds(number / 30), LIMITS)
        bucket = spent.bucket
        told.append((spent.tell, spent.refused))
    assert told[30] == (True, 30)
    assert [tell for tell, _ in told].count(True) == 1


def test_what_is_kept_is_small_however_much_somebody_does() -> None:
    bucket = Bucket()
    for number in range(2000):
        now = NOW + seconds(61 * number)
        bucket = spend(bucket, now, now, LIMITS).bucket
    assert len(bucket.spans) == KEPT
    assert len(msgspec.json.encode(bucket)) < 600


def test_a_clock_that_was_ahead_locks_nobody_out() -> None:
    year = NOW + datetime.timedelta(days=365)
    bucket = Bucket()
    for _ in range(40):
        bucket = spend(bucket, year, year, LIMITS).bucket
    assert spend(bucket, NOW, NOW, LIMITS).refused == 0
