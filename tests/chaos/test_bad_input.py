"""Thousands of requests, all well signed: always an answer, never a 500, never a traceback in front of anybody."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.chaos.evidence import effects_shown
from tests.chaos.figures import PAYLOADS, Counts
from tests.chaos.inside import CHANNEL, STAFF, Inside, inside
from tests.chaos.payloads import Make, Request, requests
from tests.store_server import new_organisation, running_store

TOGETHER = 10
FEW = 500
KNOWN = frozenset(one.slack for one in STAFF.everybody)
FORBIDDEN = ("Traceback (most", 'File "/', ".py:", "Exception:", "msgspec.", "redis.", "{?", "{$")


class Sent:
    """What was sent, and which of it must be answered with a message: by the id of the act."""

    def __init__(self) -> None:
        self.shapes: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.asking: dict[str, Request] = {}
        self._numbers = itertools.count(1)

    async def send(self, bot: Inside, make: Make) -> None:
        request = make(next(self._numbers))
        if request.shape == "mentioned":  # the answer goes into the thread of what was said
            said = {"ts": json.loads(request.body)["event"]["ts"], "user": request.who, "text": ""}
            bot.workspace.messages.add(CHANNEL, said)
        status, answer = await bot.send_raw(request.body, request.content_type)
        self.shapes[request.shape] += 1
        self.statuses[status] += 1
        self._check(request, status, answer)

    def _check(self, request: Request, status: int, answer: str) -> None:
        malformed = request.shape in ("raw", "broken")
        assert status == 200 or (malformed and 400 <= status < 500), (status, request)
        assert not _forbidden([answer]), (answer, request)
        if request.shape == "commanded":
            assert json.loads(answer)["text"], request
        elif request.id and request.who in KNOWN:
            self.asking[request.id] = request


def _forbidden(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if any(word in text for word in FORBIDDEN)]


@asynccontextmanager
async def _stage(folder: Path) -> AsyncIterator[Inside]:
    async with running_store(folder / "store") as url, inside(folder, url, new_organisation()) as bot:
        yield bot


@pytest.mark.parametrize("many", [FEW, pytest.param(PAYLOADS, marks=pytest.mark.chaos)])
def test_whatever_comes_in_is_answered(
    tmp_path: Path, counts: Counts, caplog: pytest.LogCaptureFixture, many: int
) -> None:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        bot = runner.run(stack.enter_async_context(_stage(tmp_path)))
        try:
            sent = _attack(runner, bot, many)
            runner.run(_judge(bot, sent))
        finally:
            runner.run(stack.aclose())
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    counts("requests", dict(sent.shapes))
    counts("answers", dict(sent.statuses))


def _attack(runner: asyncio.Runner, bot: Inside, many: int) -> Sent:
    sent = Sent()

    async def all_together(batch: list[Make]) -> None:
        await asyncio.gather(*(sent.send(bot, make) for make in batch))

    @settings(
        max_examples=many // TOGETHER,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],  # a smaller example would be another act: nothing is asked twice
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(requests, min_size=TOGETHER, max_size=TOGETHER))
    def attack(batch: list[Make]) -> None:
        runner.run(all_together(batch))

    attack()
    return sent


async def _judge(bot: Inside, sent: Sent) -> None:
    """No handler has raised, nothing was given up but answers in threads that never were, nobody was left out."""
    await bot.rest()
    letters = await bot.store.dead()
    wrong = [
        (one.id, one.code, one.payload) for one in letters if (one.kind, one.code) != ("effect", "thread_not_found")
    ]
    assert wrong == []
    assert len(letters) <= sent.shapes["broken"]
    assert _forbidden(bot.shown()) == []
    shown = effects_shown(bot.workspace.posts)
    unanswered = [request for act, request in sent.asking.items() if not any(act in effect for effect in shown)]
    assert unanswered == []
