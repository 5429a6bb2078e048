"""Which onboardings somebody who looks at many should see first. Pure."""

from __future__ import annotations

import datetime

from bot.journey.state import Journey

ONBOARDINGS = "onboardings"  # the ordered index of all journeys of people who are here
NO_DATE = datetime.date.max.toordinal()


def attention(journey: Journey) -> int:
    """The lowest first: active ones by the earliest date of an open step, so that what is late comes first and what
    has no date last; then those that are over, the latest first."""
    if journey.status != "active":
        ended = journey.ended_at or journey.started_at
        return 2 * NO_DATE - ended.date().toordinal()
    dates = (state.due for state in journey.steps.values() if state.status == "open" and state.due is not None)
    return min((day.toordinal() for day in dates), default=NO_DATE - 1)
