"""The `jira` library behind an asyncio door: threads of its own, a timeout on everything, and no retries."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from jira import JIRA

from adapters.jira.errors import FAILURES, delivery_error, in_doubt
from adapters.jira.settings import JiraSettings
from bot.errors import Retry

P = ParamSpec("P")
T = TypeVar("T")

# Together less than the whole, so that a request normally ends by itself and says how far it came.
CONNECT_SHARE = 0.2
READ_SHARE = 0.7


def _library(settings: JiraSettings) -> JIRA:
    """The library's client; making it speaks to nobody."""
    basic = None
    if settings.user is not None and settings.token is not None:
        basic = (settings.user, settings.token.get_secret_value())
    return JIRA(
        settings.base,
        basic_auth=basic,
        token_auth=None if settings.pat is None else settings.pat.get_secret_value(),
        get_server_info=False,
        # The library would send any request again on a broken connection, 429 and 503, a POST too, and sleep
        # in between: one lost answer makes two issues. Whether to try again is decided by the delivery.
        max_retries=0,
        timeout=(settings.timeout * CONNECT_SHARE, settings.timeout * READ_SHARE),
        # Its log would quote the bodies of answers, and with them what people wrote.
        logging=False,
    )


class JiraClient:
    """Runs calls of the library outside the event loop, `slots` at a time.

    A thread cannot be cancelled. When a call takes longer than `timeout`, its caller hears of it, and the thread goes
    on: a write may still land late, which is why it counts as Unknown, and why a label is looked for twice. Such a
    thread keeps its slot until the server is silent for longer than the request may wait, and no longer.
    """

    def __init__(self, settings: JiraSettings) -> None:
        self._timeout = settings.timeout
        self._threads = ThreadPoolExecutor(settings.slots, thread_name_prefix="jira")
        self._jira = _library(settings)

    async def read(self, ask: Callable[Concatenate[JIRA, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What `ask` returns, called with the library's client. Raises DeliveryErrors, never Unknown."""
        return await self._call(partial(ask, self._jira, *args, **kwargs), write=False)

    async def write(self, ask: Callable[Concatenate[JIRA, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """As `read`, for what changes something: Unknown wherever it may have happened."""
        return await self._call(partial(ask, self._jira, *args, **kwargs), write=True)

    async def is_cloud(self) -> bool:
        """Whether this Jira is Cloud; asked once, then known. Raises as `read`."""
        if self._jira.deploymentType is None:
            info = await self.read(JIRA.server_info)
            # The library refuses Cloud's search to a client that does not know where it is.
            self._jira.deploymentType = info.get("deploymentType", "Server")
        return bool(self._jira.deploymentType == "Cloud")

    async def close(self) -> None:
        """What waits is cancelled; what is on its way is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._jira.close()  # type: ignore[no-untyped-call]

    async def _call(self, work: Callable[[], T], *, write: bool) -> T:
        job = self._threads.submit(work)
        try:
            async with asyncio.timeout(self._timeout):
                return await asyncio.wrap_future(job)
        except TimeoutError as error:
            if job.cancel():  # it still waited for a thread
                raise Retry("no free slot in time") from error
            raise in_doubt("no answer in time", write=write) from error
        except FAILURES as error:
            raise delivery_error(error, write=write) from error
