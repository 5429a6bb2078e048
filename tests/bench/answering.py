"""Answers out of 20,000 pages: how long a question takes on one core, a start, and a change of the FAQ.

Vectors of that many passages would take hours to make; chance ones cost a search just as much, and each question is
embedded for real. Without the extra `dense` it is measured by words alone.
"""

import shutil
import time
from pathlib import Path
from statistics import median, quantiles

import msgspec

from adapters.store.connect import connect
from adapters.store.embedded import EmbeddedServer
from adapters.store.redis_store import RedisStore
from bot import shelf
from bot.answers.document import Document
from bot.answers.embedder import nano_e5
from bot.answers.passages import faq_passage, passages_of
from bot.answers.vector_cache import VectorCache
from bot.answers.vectors import missing
from bot.faq_file import load_faq
from bot.library import Library
from bot.people import Policy
from bot.work import Company, Work
from tests.bench import wiki
from tests.bench.answer_door import ORGANISATION, Measured, Order
from tests.bench.children import answer
from tests.bench.figures import Figure, Section, Tell
from tests.made_up import unit_vectors
from wiring.index_folder import VECTORS
from wiring.parts import utc_now

PAGES, QUICK = 20_000, 4_000
ASKED = 300
AT_ONCE = 250
SLOWEST, RESTART, CHANGE = 0.150, 5.0, 2.0  # seconds


async def measure(folder: Path, quick: bool, tell: Tell) -> list[Section]:
    count = QUICK if quick else PAGES
    found = list(wiki.pages(count))
    scenarios = folder / "scenarios"
    shutil.copytree(wiki.FAQ.parent, scenarios)
    async with EmbeddedServer(folder / "store", appendfsync="everysec") as server:
        tell(f"  {count:,} pages on the shelf")
        await _lay(server.url, found)
        order = Order(server.url, str(folder), str(scenarios), 0.0, found[0].sections[0].text[:80])
        if dense := nano_e5() is not None:
            _give_vectors(folder / "answers" / ORGANISATION / VECTORS, found)
        tell("  the first start: the index is built")
        built = await _answered(order)
        tell("  a start where there is an index; questions; changes")
        served = await _answered(msgspec.structs.replace(order, questions=wiki.questions(ASKED, found)))
    how = "words and vectors" if dense else "words alone"
    return [Section(f"Answers out of {count:,} pages, {how}, one core", tuple(_figures(built, served)))]


def _figures(built: Measured, served: Measured) -> list[Figure]:
    times = sorted(served.times)
    return [
        Figure(name="a question, median", value=median(times) * 1000, unit="ms", shaky=True),
        Figure(
            name="a question, p95",
            value=quantiles(times, n=20)[-1] * 1000,
            unit="ms",
            at_most=SLOWEST * 1000,
            shaky=True,
        ),
        Figure(name="memory of the process that answers", value=served.memory, unit="MB"),
        Figure(name="first start: to an answer out of the wiki", value=built.first, unit="s", shaky=True),
        Figure(name="restart: to an answer out of the wiki", value=served.first, unit="s", at_most=RESTART, shaky=True),
        Figure(
            name="an entry written in a chat is found after", value=served.written, unit="s", at_most=CHANGE, shaky=True
        ),
        Figure(
            name="an entry written in a file is found after", value=served.edited, unit="s", at_most=CHANGE, shaky=True
        ),
    ]


def _give_vectors(path: Path, found: list[Document]) -> None:
    passages = [*(one for page in found for one in passages_of(page)), *map(faq_passage, load_faq(wiki.FAQ))]
    cache = VectorCache(path)
    keys = [text.key for text in missing(passages, cache)]
    cache.append(keys, unit_vectors(len(keys), wiki.SEED))


async def _lay(url: str, found: list[Document]) -> None:
    async with connect(url) as client:
        store = RedisStore(client, ORGANISATION)
        company = Company(store=store, library=Library(store, {}), policy=Policy(), channels=(), tracker=None)
        for start in range(0, len(found), AT_ONCE):
            work = Work(company, utc_now())
            await shelf.put(work, shelf.PAGES, {one.id: one for one in found[start : start + AT_ONCE]})
            await store.commit(work.commit())


async def _answered(order: Order) -> Measured:
    now = msgspec.structs.replace(order, began=time.time())
    said = await answer("-m", "tests.bench.answer_door", given=msgspec.json.encode(now))
    return msgspec.json.decode(said, type=Measured)
