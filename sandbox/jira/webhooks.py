"""Tells other programs what happens, as Jira does: signed and repeated on Cloud, once and plainly on Data Center.

    hooks = Webhooks(state, url="http://127.0.0.1:8080/jira/webhook", secret="shh")
    async with serving(make_app(state, access=access, webhooks=hooks)):
        ...
        await hooks.settled()

The way there can be made bad on demand, see `WebhookFaults`.
"""

import asyncio
import hashlib
import hmac
import random
import uuid
from collections.abc import AsyncIterator, Iterable

import aiohttp
import msgspec
from aiohttp import web
from msgspec import Struct

from sandbox.jira.issue import Event, Happened
from sandbox.jira.notice import notice_of
from sandbox.jira.state import State

RETRIES = 5
RETRIED = frozenset({408, 409, 425, 429})


class Hook(Struct, frozen=True, kw_only=True):
    """One address that wants to hear of `events`, of all when there are none."""

    id: str
    url: str
    secret: str | None = None
    events: frozenset[Event] = frozenset()

    def wants(self, event: Event) -> bool:
        return not self.events or event in self.events


class WebhookFaults(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How bad the way to the hooks is. Chances are from 0 to 1, times in seconds.

    `drop`: the chance that a delivery is never sent. `double`: that it is sent twice, under one identifier.
    `shuffle`: each delivery is held back for a random time up to this, so that they arrive out of order.
    `delay`: each begins this much later. `bare_comments`: comments come without their issue.
    `retry_delay`: between the attempts of one delivery. `timeout`: how long an answer is waited for.
    `seed`: of the chance; the same seed and the same writes fail in the same way.
    """

    drop: float = 0.0
    double: float = 0.0
    shuffle: float = 0.0
    delay: float = 0.0
    bare_comments: bool = False
    retry_delay: float = 1.0
    timeout: float = 30.0
    seed: int = 0


class Counts(Struct):
    """What became of the deliveries. `sent` were taken with a 2xx, `gave_up` were not, after all attempts.

    `retried` counts attempts after the first, `doubled` the second copies, `dropped` those that were never sent.
    """

    sent: int = 0
    dropped: int = 0
    doubled: int = 0
    retried: int = 0
    gave_up: int = 0


class Delivery(Struct, frozen=True, kw_only=True):
    """One body on its way to one hook; `due` is a time of the event loop."""

    hook: Hook
    identifier: str
    body: bytes
    due: float


class Webhooks:
    """The hooks of one Jira. It delivers while the app that it was given to runs, and hears nothing before.

    Deliveries of one hook go one after another unless they are shuffled; hooks do not wait for each other.
    """

    def __init__(
        self,
        state: State,
        url: str | None = None,
        secret: str | None = None,
        *,
        events: Iterable[Event] = (),
        faults: WebhookFaults | None = None,
        base_url: str = "http://127.0.0.1",
    ) -> None:
        self.base_url = base_url  # where links in the bodies lead to; `serving` sets its own address
        self.counts = Counts()
        self.hooks: dict[str, Hook] = {}
        self._state = state
        self._session: aiohttp.ClientSession | None = None
        self._tasks: dict[asyncio.Task[None], str] = {}
        self._last: dict[str, asyncio.Task[None]] = {}
        self.faults = faults or WebhookFaults()
        if url is not None:
            self.add(url, secret, events=events)
        state.listen(self._hear)

    @property
    def faults(self) -> WebhookFaults:
        return self._faults

    @faults.setter
    def faults(self, wanted: WebhookFaults) -> None:
        """From the next event on; the chance begins anew from the seed."""
        self._faults = wanted
        self._random = random.Random(wanted.seed)

    @property
    def under_way(self) -> int:
        return len(self._tasks)

    def add(self, url: str, secret: str | None = None, *, events: Iterable[Event] = ()) -> Hook:
        hook = Hook(id=uuid.uuid4().hex[:8], url=url, secret=secret, events=frozenset(events))
        self.hooks[hook.id] = hook
        return hook

    def remove(self, hook_id: str) -> bool:
        """Forget a hook and what is on its way there; False when there is none."""
        for task, owner in self._tasks.items():
            if owner == hook_id:
                task.cancel()
        return self.hooks.pop(hook_id, None) is not None

    async def settled(self) -> None:
        """Returns when nothing is on its way any more, retries and held back deliveries included."""
        while self._tasks:
            await asyncio.wait(list(self._tasks))

    async def running(self, _: web.Application) -> AsyncIterator[None]:
        """For `app.cleanup_ctx`."""
        async with aiohttp.ClientSession() as session:
            self._session = session
            yield
            self._session = None
            await self._stop()

    async def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await self.settled()

    # from an event to deliveries

    def _hear(self, happened: Happened) -> None:
        """The body is made at once: the next write may change what it shows."""
        wanted = [hook for hook in self.hooks.values() if hook.wants(happened.event)]
        if self._session is None or not wanted:
            return
        bare = self._faults.bare_comments
        body = msgspec.json.encode(notice_of(happened, self._state, self.base_url, bare_comments=bare))
        for hook in wanted:
            self._dispatch(hook, body)

    def _dispatch(self, hook: Hook, body: bytes) -> None:
        if self._random.random() < self._faults.drop:
            self.counts.dropped += 1
            return
        identifier = str(uuid.uuid4())
        self._begin(hook, identifier, body)
        if self._random.random() < self._faults.double:
            self.counts.doubled += 1
            self._begin(hook, identifier, body)

    def _begin(self, hook: Hook, identifier: str, body: bytes) -> None:
        held_back = self._random.uniform(0, self._faults.shuffle)
        due = asyncio.get_running_loop().time() + self._faults.delay + held_back
        delivery = Delivery(hook=hook, identifier=identifier, body=body, due=due)
        before = None if self._faults.shuffle else self._last.get(hook.id)
        task = asyncio.create_task(self._deliver(delivery, before))
        self._tasks[task] = hook.id
        self._last[hook.id] = task
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        hook_id = self._tasks.pop(task)
        if self._last.get(hook_id) is task:
            del self._last[hook_id]

    # one delivery

    async def _deliver(self, delivery: Delivery, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        await asyncio.sleep(delivery.due - asyncio.get_running_loop().time())
        retries = RETRIES if self._state.site.is_cloud else 0
        for attempt in range(retries + 1):
            if attempt:
                await asyncio.sleep(self._faults.retry_delay)
                self.counts.retried += 1
            status = await self._attempt(delivery, attempt)
            if not _is_retried(status):
                break
        if 200 <= status < 300:
            self.counts.sent += 1
        else:
            self.counts.gave_up += 1

    async def _attempt(self, delivery: Delivery, attempt: int) -> int:
        """The status of the answer, 0 when there was none."""
        session, timeout = self._session, aiohttp.ClientTimeout(total=self._faults.timeout)
        if session is None:
            return 0
        headers = self._headers(delivery, attempt)
        try:
            async with session.post(
                delivery.hook.url, data=delivery.body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return 0

    def _headers(self, delivery: Delivery, attempt: int) -> dict[str, str]:
        headers = {"Content-Type": "application/json; charset=UTF-8", "User-Agent": "Atlassian Webhook HTTP Client"}
        if not self._state.site.is_cloud:
            return headers
        headers |= {"X-Atlassian-Webhook-Identifier": delivery.identifier, "X-Atlassian-Webhook-Flow": "Primary"}
        if attempt:
            headers["X-Atlassian-Webhook-Retry"] = str(attempt)
        if delivery.hook.secret:
            headers["X-Hub-Signature"] = signature(delivery.hook.secret, delivery.body)
        return headers


def signature(secret: str, body: bytes) -> str:
    """What Cloud puts into X-Hub-Signature for a hook with a secret."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _is_retried(status: int) -> bool:
    return status == 0 or status >= 500 or status in RETRIED


WEBHOOKS = web.AppKey("webhooks", Webhooks)
