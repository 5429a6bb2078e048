"""When to try again, and when no more."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DeliveryError, Retry, Unauthorized, Unknown
from bot.retry import CAP, FIRST, LONGEST_WISH, RETRY_LIMIT, UNKNOWN_LIMIT, UNMAPPED_LIMIT, backoff, next_attempt

draws = st.integers().map(random.Random)


@given(st.integers(0, 100_000), draws)
def test_a_pause_is_never_shorter_than_the_first_half_nor_longer_than_the_cap(
    attempts: int, draw: random.Random
) -> None:
    assert FIRST / 2 <= backoff(attempts, draw) <= CAP


@given(st.integers(0, 9), draws)
def test_pauses_double_within_their_jitter(attempts: int, draw: random.Random) -> None:
    assert FIRST * 2**attempts / 2 <= backoff(attempts, draw) <= FIRST * 2**attempts


@given(st.integers(0, 30))
def test_many_who_failed_at_once_do_not_come_back_at_once(attempts: int) -> None:
    draw = random.Random(attempts)
    assert len({backoff(attempts, draw) for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("error", "tries"),
    [
        (Retry("busy"), RETRY_LIMIT),
        (Unknown("lost"), UNKNOWN_LIMIT),
        (Unauthorized("expired"), RETRY_LIMIT),
        (KeyError("a slip of ours"), UNMAPPED_LIMIT),
    ],
)
def test_each_kind_of_error_is_tried_so_many_times(error: Exception, tries: int) -> None:
    draw = random.Random(1)
    assert next_attempt(error, tries - 2, draw) is not None
    assert next_attempt(error, tries - 1, draw) is None


@given(st.floats(0, LONGEST_WISH), draws)
def test_a_destination_that_names_a_time_is_not_asked_before_it(after: float, draw: random.Random) -> None:
    next_try = next_attempt(Retry("busy", after=after), 0, draw)
    assert next_try is not None
    assert after <= next_try <= after + 1


def test_an_outage_of_a_day_is_survived() -> None:
    draw, error = random.Random(7), DeliveryError("away")
    pauses = [next_attempt(error, attempts, draw) or 0.0 for attempts in range(RETRY_LIMIT)]
    assert sum(pauses) > 24 * 3600
