"""Working days, time zones and quiet hours of one person. Dates are local, moments are aware datetimes in UTC."""

from __future__ import annotations

import datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

import holidays

OPENS = datetime.time(9)
REMINDS = datetime.time(10)
CLOSES = datetime.time(18)
ONE_DAY = datetime.timedelta(days=1)


@cache
def timezones() -> frozenset[str]:
    """The names of all time zones. Python reads its folders anew each time, and a directory has thousands of people."""
    return frozenset(available_timezones())


@lru_cache(maxsize=256)
def _public_holidays(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)


@lru_cache(maxsize=65536)
def _is_working(country: str, day: datetime.date) -> bool:
    """`holidays` takes its time over every day, and one decision looks at dozens, again and again the same."""
    return bool(_public_holidays(country).is_working_day(day))


@lru_cache(maxsize=65536)
def _on_or_after(country: str, day: datetime.date) -> datetime.date:
    while not _is_working(country, day):
        day += ONE_DAY
    return day


@lru_cache(maxsize=65536)
def _shifted(country: str, day: datetime.date, working_days: int) -> datetime.date:
    if working_days == 0:
        return _on_or_after(country, day)
    step = ONE_DAY if working_days > 0 else -ONE_DAY
    left = abs(working_days)
    while left:
        day += step
        left -= _is_working(country, day)
    return day


@lru_cache(maxsize=65536)
def _moment(zone: ZoneInfo, day: datetime.date, at: datetime.time) -> datetime.datetime:
    return datetime.datetime.combine(day, at, zone).astimezone(datetime.UTC)


class Calendar:
    """The working calendar of a country, in a time zone. Weekends are those of the country (`holidays` package)."""

    def __init__(self, timezone: str, country: str) -> None:
        self.zone = ZoneInfo(timezone)
        self._country = country
        _public_holidays(country)  # a country that it does not know is refused here

    def today(self, now: datetime.datetime) -> datetime.date:
        return now.astimezone(self.zone).date()

    def is_working(self, day: datetime.date) -> bool:
        return _is_working(self._country, day)

    def on_or_after(self, day: datetime.date) -> datetime.date:
        """The day itself if people work on it, else the next day on which they do."""
        return _on_or_after(self._country, day)

    def shift(self, day: datetime.date, working_days: int) -> datetime.date:
        """`working_days` after (or, if negative, before) `day`; 0 is the day itself or the next working one."""
        return _shifted(self._country, day, working_days)

    def moment(self, day: datetime.date, at: datetime.time) -> datetime.datetime:
        """That local time as a moment in UTC. A time that the clocks skip moves with them (PEP 495)."""
        return _moment(self.zone, day, at)

    def opens(self, day: datetime.date) -> datetime.datetime:
        return self.moment(day, OPENS)

    def waking(self, now: datetime.datetime) -> datetime.datetime:
        """`now` within working hours, else the moment at which the next ones begin."""
        local = now.astimezone(self.zone)
        day = local.date()
        if self.is_working(day) and OPENS <= local.time() < CLOSES:
            return now
        if local.time() >= OPENS:
            day += ONE_DAY
        return self.opens(self.on_or_after(day))


@lru_cache(maxsize=4096)
def calendar_of(timezone: str, country: str) -> Calendar:
    """Calendars are immutable and slow to build: one for every pair in use."""
    return Calendar(timezone, country)
