"""The library behind an asyncio door: threads of its own, a pace, a timeout on everything, and no retries."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from atlassian.confluence.base import ConfluenceBase
from requests import Response

from adapters.confluence.errors import FAILURES, delivery_error, denied
from adapters.confluence.session import BoundedSession
from adapters.confluence.settings import ConfluenceSettings
from bot import payload
from bot.errors import Retry, Unauthorized
from bot.payload import Json

T = TypeVar("T")


def _library(settings: ConfluenceSettings) -> ConfluenceBase:
    """The library's client; making it speaks to nobody.

    Of its classes the base: those above it ask different addresses for the same thing on Cloud and on Data Center.
    """
    # It writes the bodies of answers into its log.
    logging.getLogger("atlassian").setLevel(logging.CRITICAL)
    return ConfluenceBase(  # type: ignore[no-untyped-call]
        settings.base,
        username=settings.user,
        password=None if settings.token is None else settings.token.get_secret_value(),
        token=None if settings.pat is None else settings.pat.get_secret_value(),
        cloud=settings.deployment == "cloud",
        session=BoundedSession(settings.timeout),
        # It would sleep in our thread as long as Retry-After says, up to half an hour.
        retry_with_header=False,
        backoff_and_retry=False,
    )


class ConfluenceClient:
    """Runs calls of the library outside the event loop, `slots` at a time and `requests_per_second` at most."""

    def __init__(self, settings: ConfluenceSettings) -> None:
        self._timeout = settings.timeout
        self._gap = 1 / settings.requests_per_second
        self._next = 0.0
        self._slots = asyncio.Semaphore(settings.slots)
        self._threads = ThreadPoolExecutor(settings.slots, thread_name_prefix="confluence")
        self._confluence = _library(settings)

    async def get(self, path: str, params: Mapping[str, object] | None = None) -> Json:
        """The object that Confluence answers with. `path` is below the address of the wiki. Raises DeliveryErrors,
        never Unknown."""
        async with self._slots:
            await self._turn()
            return await self._called(path, dict(params or {}))

    async def apart(self, work: Callable[[], T]) -> T:
        """What `work` returns, which needs the processor for long."""
        return await asyncio.wrap_future(self._threads.submit(work))

    async def close(self) -> None:
        """What waits is cancelled; what is on its way is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._confluence.close()

    async def _called(self, path: str, params: dict[str, object]) -> Json:
        job = self._threads.submit(self._asked, path, params)
        try:
            async with asyncio.timeout(self._timeout):
                return await asyncio.wrap_future(job)
        except TimeoutError as error:
            raise Retry("no free slot in time" if job.cancel() else "no answer in time") from error
        except FAILURES as error:
            raise delivery_error(error) from error

    async def _turn(self) -> None:
        """Waits until a request is due."""
        now = asyncio.get_running_loop().time()
        due = max(self._next, now)
        self._next = due + self._gap
        if due > now:
            await asyncio.sleep(due - now)

    def _asked(self, path: str, params: dict[str, object]) -> Json:
        # The response itself: the library else gives the text of what is no JSON, and nothing for what is empty.
        response: Any = self._confluence.get(path, params=params, advanced_mode=True)
        return self._object(response)

    def _object(self, response: Response) -> Json:
        self._confluence.raise_for_status(response)  # type: ignore[no-untyped-call]
        if denied(response.headers):
            raise Unauthorized("taken for a stranger")
        found = payload.as_object(response.content)
        if found is None:
            raise ValueError("no JSON object")
        return found


async def together(asks: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """What all of them return. The first error ends the others."""
    tasks = [asyncio.create_task(ask) for ask in asks]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
