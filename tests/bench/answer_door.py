"""`python -m tests.bench.answer_door`: a process that answers, for figures. It is told what to do by one line of JSON.

On one core: what builds beside it has to share it.
"""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec

from adapters.confluence.settings import ConfluenceSettings
from adapters.jira.settings import JiraSettings
from adapters.llm.settings import LlmSettings
from adapters.slack.settings import SlackSettings
from adapters.store.connect import connect
from adapters.store.redis_store import RedisStore
from adapters.teams.settings import TeamsSettings
from bot import shelf
from bot.answers.service import Answers
from bot.faq_file import FaqEntry
from bot.library import Library
from bot.message import Local
from bot.people import Policy
from bot.work import Company, Work
from tests.bench.machine import resident_mb
from wiring.answering import wire_answers
from wiring.parts import utc_now
from wiring.settings import AllSettings, Settings

ORGANISATION = "main"
PATIENCE = 900.0
LOOK_EVERY = 0.2  # seconds: whoever asks all the time leaves the builder nothing of the one core


class Order(msgspec.Struct, frozen=True):
    """`began`: when the process was started, by `time.time()`. `question` is asked until it is answered, then the
    others one by one. `folder` is the DATA_DIR, `scenarios` a copy that may be written to."""

    store: str
    folder: str
    scenarios: str
    began: float
    question: str
    questions: list[str] = []


class Measured(msgspec.Struct, frozen=True):
    """`first`: seconds from the start to the first answer out of the wiki. `times` of each question, in seconds.
    `written`, `edited`: seconds from a change in chat, and in a file, to the first answer out of it."""

    first: float
    memory: float
    times: list[float] = []
    written: float = 0.0
    edited: float = 0.0


async def measured(order: Order) -> Measured:
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(connect(order.store))
        store = RedisStore(client, ORGANISATION)
        scenarios = Path(order.scenarios)
        answers, _ = await wire_answers(stack, store, _settings(order), None)

        async def pages_serve() -> bool:
            return any(one.kind == "page" for one in await answers.search(order.question, "ru"))

        await _until(pages_serve)
        first = time.time() - order.began
        if not order.questions:
            return Measured(first, resident_mb(os.getpid()))
        times = [await _timed(answers, question) for question in order.questions]
        memory = resident_mb(os.getpid())
        return Measured(first, memory, times, await _written(answers, store), await _edited(answers, scenarios))


def _settings(order: Order) -> AllSettings:
    return AllSettings(
        main=Settings(data_dir=Path(order.folder), scenarios_dir=Path(order.scenarios), _env_file=None),
        slack=SlackSettings(_env_file=None),
        teams=TeamsSettings(_env_file=None),
        jira=JiraSettings(_env_file=None),
        confluence=ConfluenceSettings(_env_file=None),
        llm=LlmSettings(_env_file=None),
    )


async def _timed(answers: Answers, question: str) -> float:
    start = time.perf_counter()
    await answers.find(question, "ru")
    return time.perf_counter() - start


async def _written(answers: Answers, store: RedisStore) -> float:
    """HR publishes an entry in a chat."""
    question = "Куда сообщить о перегоревшей лампе?"
    text = "Скажите об этом коменданту."
    entry = FaqEntry(
        id="chat-1", question=Local(question, question), answer=Local(text, text), source_title=Local("FAQ", "FAQ")
    )
    company = Company(store=store, library=Library(store, {}), policy=Policy(), channels=(), tracker=None)
    work = Work(company, utc_now())
    start = time.perf_counter()
    await shelf.put(work, shelf.ENTRIES, {entry.id: entry})
    await store.commit(work.commit())
    await _until(lambda: _answers_so(answers, question, text))
    return time.perf_counter() - start


async def _edited(answers: Answers, scenarios: Path) -> float:
    """HR changes a file."""
    question, text = "Где взять стремянку?", "Стремянка стоит в кладовой у лифта."
    entry = f"""
  - id: ladder
    question: {{ru: "{question}", en: "Where do I get a ladder?"}}
    answer: {{ru: "{text}", en: "In the closet beside the lift."}}
"""
    start = time.perf_counter()
    with (scenarios / "faq" / "office.yaml").open("a", encoding="utf-8") as file:
        file.write(entry)
    await _until(lambda: _answers_so(answers, question, text))
    return time.perf_counter() - start


async def _answers_so(answers: Answers, question: str, text: str) -> bool:
    best = (await answers.find(question, "ru")).best
    return best is not None and best.text == text


async def _until(come: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await come():  # noqa: ASYNC110  -- what is waited for happens in files and processes
            await asyncio.sleep(LOOK_EVERY)


if __name__ == "__main__":
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    given = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(measured(given))))
