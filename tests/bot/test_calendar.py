"""Working days, time zones, quiet hours."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import CLOSES, ONE_DAY, OPENS, Calendar, calendar_of
from tests.bot.kit import day, moment

ZONES = ("Europe/Moscow", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Pacific/Chatham", "America/St_Johns")
COUNTRIES = ("RU", "DE", "US", "IL", "AE")
calendars = st.builds(calendar_of, st.sampled_from(ZONES), st.sampled_from(COUNTRIES))
days = st.dates(datetime.date(2020, 1, 1), datetime.date(2035, 12, 31))
moments = st.integers(1_577_900_000, 2_050_000_000).map(lambda at: datetime.datetime.fromtimestamp(at, datetime.UTC))

MOSCOW = Calendar("Europe/Moscow", "RU")


def test_nobody_works_in_the_first_days_of_a_russian_january() -> None:
    assert MOSCOW.on_or_after(day("2027-01-01")) == day("2027-01-11")
    assert MOSCOW.shift(day("2026-12-30"), 1) == day("2027-01-11")


def test_a_russian_saturday_that_was_made_a_working_day_counts() -> None:
    assert MOSCOW.is_working(day("2024-12-28"))
    assert not MOSCOW.is_working(day("2024-12-31"))


def test_weekends_are_those_of_the_country() -> None:
    friday, sunday = day("2026-06-05"), day("2026-06-07")
    assert not Calendar("Asia/Jerusalem", "IL").is_working(friday)
    assert Calendar("Asia/Jerusalem", "IL").is_working(sunday)
    assert MOSCOW.is_working(friday)
    assert not MOSCOW.is_working(sunday)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2026-12-01", 0, "2026-12-01"),
        ("2026-12-01", 3, "2026-12-04"),
        ("2026-12-04", 1, "2026-12-07"),
        ("2026-12-05", 0, "2026-12-07"),
        ("2026-12-05", 1, "2026-12-07"),
        ("2026-12-07", -1, "2026-12-04"),
        ("2026-12-05", -1, "2026-12-04"),
    ],
)
def test_days_are_counted_over_weekends_in_both_directions(start: str, count: int, expected: str) -> None:
    assert MOSCOW.shift(day(start), count) == day(expected)


def test_nine_in_the_morning_is_another_moment_when_the_clocks_change() -> None:
    berlin = Calendar("Europe/Berlin", "DE")
    assert berlin.opens(day("2026-03-27")) == moment("2026-03-27 08:00")
    assert berlin.opens(day("2026-03-30")) == moment("2026-03-30 07:00")
    assert berlin.opens(day("2026-10-26")) == moment("2026-10-26 08:00")


def test_a_time_that_the_clocks_skip_moves_with_them() -> None:
    berlin = Calendar("Europe/Berlin", "DE")
    assert berlin.moment(day("2026-03-29"), datetime.time(2, 30)) == moment("2026-03-29 01:30")


def test_a_time_that_comes_twice_is_the_first_of_the_two() -> None:
    berlin = Calendar("Europe/Berlin", "DE")
    assert berlin.moment(day("2026-10-25"), datetime.time(2, 30)) == moment("2026-10-25 00:30")


@pytest.mark.parametrize(
    ("now", "waking"),
    [
        ("2026-12-01 06:00", "2026-12-01 06:00"),  # nine in Moscow
        ("2026-12-01 05:59", "2026-12-01 06:00"),
        ("2026-12-01 14:59", "2026-12-01 14:59"),
        ("2026-12-01 15:00", "2026-12-02 06:00"),
        ("2026-12-04 15:00", "2026-12-07 06:00"),
        ("2026-12-05 09:00", "2026-12-07 06:00"),
        ("2026-12-31 09:00", "2027-01-11 06:00"),
    ],
)
def test_quiet_hours_end_with_the_next_working_morning(now: str, waking: str) -> None:
    assert MOSCOW.waking(moment(now)) == moment(waking)


@given(calendars, moments)
def test_waking_never_lies_in_the_past_and_always_within_working_hours(
    calendar: Calendar, now: datetime.datetime
) -> None:
    waking = calendar.waking(now)
    local = waking.astimezone(calendar.zone)
    assert waking >= now
    assert calendar.is_working(local.date())
    assert OPENS <= local.time() < CLOSES
    assert calendar.waking(waking) == waking


@given(calendars, days, st.integers(-60, 60))
def test_a_shift_lands_on_a_working_day_and_passes_exactly_so_many(
    calendar: Calendar, start: datetime.date, count: int
) -> None:
    landed = calendar.shift(start, count)
    assert calendar.is_working(landed)
    first, last = (start + ONE_DAY, landed) if count > 0 else (landed, start - ONE_DAY)
    between = (first + ONE_DAY * number for number in range((last - first).days + 1))
    if count:
        assert sum(map(calendar.is_working, between)) == abs(count)


@given(calendars, days)
def test_each_day_opens_on_itself(calendar: Calendar, when: datetime.date) -> None:
    assert calendar.opens(when) < calendar.opens(when + 2 * ONE_DAY)
    assert calendar.today(calendar.opens(when)) == when
