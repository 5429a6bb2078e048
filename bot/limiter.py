"""The limit of acts of one account: a token bucket with a burst and a rate.

An act counts at the moment at which it was said, in whatever order acts arrive: what a platform delivers late and all
at once was said over hours, and is no flood. What was really said at once is one, however late it comes.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import msgspec

MINUTE = 60_000
HORIZON = 24 * 60 * MINUTE  # no platform delivers what is older; what claims to be counts as of then
KEPT = 8  # spans that are remembered; the oldest is what all that were before it add up to


class Limits(msgspec.Struct, frozen=True):
    """So many acts at once, and so many in a minute of those that follow."""

    burst: int = 30
    per_minute: int = 30

    @property
    def interval(self) -> int:
        """Milliseconds until a token comes back."""
        return max(1, MINUTE // self.per_minute)

    @property
    def rest(self) -> int:
        """How long nothing is taken once the bucket is empty: until half of it is full, a minute at most."""
        return min(MINUTE, max(1, self.burst // 2) * self.interval)


class Span(msgspec.Struct, frozen=True, array_like=True):
    """From `since` to before `until` tokens were missing, in milliseconds since the epoch; `spent` is what all its acts
    have taken, as the time in which it comes back.

    Of a span that is exact everything has come back at its end. Others have been put together: of them is known how
    much was spent, and not when.
    """

    since: int
    until: int
    spent: int

    @property
    def is_exact(self) -> bool:
        return self.spent == self.until - self.since

    def holds(self, moment: int) -> bool:
        return self.since <= moment < self.until


class Bucket(msgspec.Struct, frozen=True, omit_defaults=True):
    """When tokens were missing, the oldest first. What is said from `closed_since` to `closed_until` is refused; `told`
    is when somebody was last told so."""

    spans: tuple[Span, ...] = ()
    closed_since: int = 0
    closed_until: int = 0
    told: int = 0


class Spent(msgspec.Struct, frozen=True):
    """The bucket after an act. `refused`: the seconds for which nothing is taken; 0: it was taken. `tell`: nobody has
    been told yet."""

    bucket: Bucket
    refused: int = 0
    tell: bool = False


def spend(bucket: Bucket, said: datetime.datetime, now: datetime.datetime, limits: Limits) -> Spent:
    """One more act, that was said then."""
    latest = _milliseconds(now)
    at = max(min(_milliseconds(said), latest), latest - HORIZON)
    if bucket.closed_since <= at < bucket.closed_until:
        return Spent(bucket, _seconds(bucket.closed_until - at))
    interval = limits.interval
    spans = _with(bucket.spans, at, interval, limits.burst * interval)
    if spans is not None:
        kept = _compact(spans, latest - HORIZON)
        return Spent(msgspec.structs.replace(bucket, spans=kept))
    tell = abs(latest - bucket.told) >= limits.rest
    told = latest if tell else bucket.told
    closed = msgspec.structs.replace(bucket, closed_since=at, closed_until=at + limits.rest, told=told)
    return Spent(closed, _seconds(limits.rest), tell)


def is_idle(bucket: Bucket, now: datetime.datetime) -> bool:
    """Whether a new bucket would say the same, also to what a platform may still deliver."""
    earliest = _milliseconds(now) - HORIZON
    return bucket.closed_until <= earliest and all(span.until <= earliest for span in bucket.spans)


def _with(spans: Sequence[Span], at: int, interval: int, burst: int) -> list[Span] | None:
    """The spans with one more act; None: the bucket was empty then. `interval` comes back for each, `burst` is all that
    may be missing, in milliseconds."""
    if not spans or spans[-1].until <= at:  # as nearly always
        return [*spans, Span(at, at + interval, interval)]
    before = [span for span in spans if span.until <= at]
    after = [span for span in spans if span.since > at]
    within = next((span for span in spans if span.holds(at)), Span(at, at, 0))
    spent = within.spent + interval
    if not within.is_exact:
        fits = spent <= burst + within.until - within.since
        return [*before, Span(within.since, within.until, spent), *after] if fits else None
    until = within.until + interval
    if until - at > burst:
        return None
    while after and after[0].since <= until and after[0].is_exact:  # they must wait longer for what is missing here
        following = after.pop(0)
        until, spent = until + following.spent, spent + following.spent
    return [*before, Span(within.since, until, spent), *after]


def _compact(spans: list[Span], earliest: int) -> tuple[Span, ...]:
    """The oldest are put together: exact is only what was lately, and no state grows with what somebody does."""
    if spans[0].until <= earliest:
        spans = [span for span in spans if span.until > earliest]
    while len(spans) > KEPT:
        first, second = spans[:2]
        spans[:2] = [Span(first.since, second.until, first.spent + second.spent)]
    return tuple(spans)


def _seconds(milliseconds: int) -> int:
    return -(-milliseconds // 1000)


def _milliseconds(moment: datetime.datetime) -> int:
    return round(moment.timestamp() * 1000)
