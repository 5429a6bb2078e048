"""Jira's rate limits: how a 429 looks, and Cloud's limit on the writes to one issue."""

import math
from collections import defaultdict, deque
from datetime import datetime, timedelta

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from msgspec import Struct

from sandbox.jira.state import State
from sandbox.jira.wire import STATE

BURST = "jira-burst-based"
PER_ISSUE = "jira-per-issue-on-write"
_LIMIT = 100  # what X-RateLimit-Limit says of a burst; nothing here counts it


class Window(Struct, frozen=True):
    """At most `writes` in `seconds`."""

    writes: int
    seconds: float


CLOUD_WINDOWS = (Window(20, 2), Window(100, 30))


class WriteLimits:
    """How often one issue may be written to; only Cloud asks. `is_on` may be switched at any time."""

    def __init__(self, windows: tuple[Window, ...] = CLOUD_WINDOWS, *, is_on: bool = True) -> None:
        self.windows = windows
        self.is_on = is_on
        self._written: dict[str, deque[datetime]] = defaultdict(lambda: deque(maxlen=max(w.writes for w in windows)))

    def take(self, issue_id: str, now: datetime) -> tuple[Window, float] | None:
        """Count one write, or say which window is full and in how many seconds there is room again."""
        written = self._written[issue_id]
        for window in self.windows:
            wait = _wait(written, window, now)
            if wait > 0:
                return window, wait
        written.append(now)
        return None


def _wait(written: deque[datetime], window: Window, now: datetime) -> float:
    """Seconds until the oldest of the writes that fill the window has left it; none when there is room."""
    if len(written) < window.writes:
        return 0.0
    return (written[-window.writes] + timedelta(seconds=window.seconds) - now).total_seconds()


def too_many(state: State, retry_after: int, reason: str, limit: int = _LIMIT) -> web.Response:
    """A 429 as this Jira words it: `retry_after` in seconds; only Cloud gives the reason."""
    headers = {"Retry-After": str(retry_after), "X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": "0"}
    if state.site.is_cloud:
        reset = state.clock() + timedelta(seconds=retry_after)
        headers |= {"X-RateLimit-Reset": f"{reset:%Y-%m-%dT%H:%M:%SZ}", "X-RateLimit-NearLimit": "true"}
        headers["RateLimit-Reason"] = reason
    else:
        headers |= {"X-RateLimit-Interval-Seconds": "1", "X-RateLimit-FillRate": str(limit)}
    answer = {"errorMessages": ["Rate limit exceeded."], "errors": {}}
    return web.json_response(answer, status=429, headers=headers)


def write_limits_middleware(limits: WriteLimits) -> Middleware:
    """Stands behind sign-in: only writes that would be carried out are counted."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        refusal = _refusal(limits, request)
        return await handler(request) if refusal is None else refusal

    return middleware


def _refusal(limits: WriteLimits, request: web.Request) -> web.Response | None:
    state = request.app[STATE]
    if not (limits.is_on and state.site.is_cloud and _is_write(request)):
        return None
    issue = state.find(request.match_info["issue"])
    full = limits.take(issue.id, state.clock()) if issue else None
    if full is None:
        return None
    window, wait = full
    return too_many(state, math.ceil(wait), PER_ISSUE, window.writes)


def _is_write(request: web.Request) -> bool:
    is_api = request.path.startswith("/rest/")
    return is_api and request.method not in ("GET", "HEAD") and "issue" in request.match_info


WRITE_LIMITS = web.AppKey("write_limits", WriteLimits)
