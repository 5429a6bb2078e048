"""The knowledge of a running bot: the indexes of the FAQ and of the wiki, kept up to date for as long as it runs."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec

from adapters.llm.settings import LlmSettings
from bot.answers import embed, items
from bot.answers.build import ITEMS
from bot.answers.embedder import nano_e5
from bot.answers.items import Kind
from bot.answers.service import Answers, Serving
from bot.composer import Composer
from bot.errors import StoreError
from bot.faq_file import FaqEntry
from bot.ports import Store
from bot.problem import ProblemsError
from bot.shelf import ENTRIES, PAGES, digests, fetch, versions
from wiring.background import ended
from wiring.child import ChildFailed, child
from wiring.faq_files import FaqFiles
from wiring.index_folder import VECTORS, index_folder
from wiring.indexing import Index, Tools
from wiring.settings import AllSettings

log = logging.getLogger(__name__)
LOOK_EVERY = 0.2  # seconds between two looks for changes
AGAIN = 30.0  # seconds until what has failed is tried again
SHORT = 2.0  # seconds: a build of the wiki that took longer is followed by a rest of
REST = 3.0  # times as long: one that changes all the time takes a quarter of one core
THREADS = 2


class Shelf:
    """A shelf of the store as a source of `wiring.indexing`."""

    def __init__(self, store: Store, shelf: str) -> None:
        self._store, self._shelf = store, shelf

    async def digests(self) -> Mapping[str, str]:
        return await digests(self._store, self._shelf)

    def items(self, ids: list[str]) -> AsyncIterator[tuple[str, bytes]]:
        return fetch(self._store, self._shelf, ids)


class Kept(msgspec.Struct):
    """An index, and a `stamp` that differs when it has to be brought up to its sources. `anew`: in any case. `learning`
    goes on beside it. `busy`: a new one is being built, or rests after that."""

    index: Index
    stamp: Callable[[], Awaitable[object]]
    seen: object = None
    anew: bool = False
    learning: asyncio.Task[None] | None = None
    busy: bool = False


class Indexing:
    """Both indexes of a process, in `folder`, serving `answers`."""

    def __init__(
        self,
        store: Store,
        answers: Answers,
        scenarios: Path,
        folder: Path,
        spaces: tuple[str, ...] | None = None,
    ) -> None:
        self._answers = answers
        embedder = nano_e5()
        self._vectors = None if embedder is None else folder.parent / VECTORS
        tools = Tools(synonyms=scenarios / "synonyms.yaml", vectors=self._vectors, embedder=embedder)
        files, of_wiki = FaqFiles(scenarios / "faq"), msgspec.structs.replace(tools, spaces=spaces)
        faq = Index("faq", folder / "faq", (files, Shelf(store, ENTRIES)), tools, self._serve_faq)
        pages = Index("page", folder / "page", (Shelf(store, PAGES),), of_wiki, self._serve_pages)

        async def of_faq() -> object:
            return await files.stamp(), await tools.stamp(), await versions(store, [ENTRIES])

        async def of_pages() -> object:
            return await tools.stamp(), await versions(store, [PAGES])

        self._kept = (Kept(faq, of_faq), Kept(pages, of_pages))
        self._entries: dict[str, FaqEntry] = {}
        self._faq_of: Path | None = None
        self._to_embed = asyncio.Event()
        self._to_embed.set()  # the last process may have been stopped in the middle of it

    def _serve_faq(self, serving: Serving, generation: Path) -> None:
        if generation != self._faq_of:
            every = items.read(generation / ITEMS)
            self._entries = {line.id: msgspec.json.decode(line.item, type=FaqEntry) for line in every}
            self._faq_of = generation
        entries = {one: entry for one, entry in self._entries.items() if one not in serving.hidden}
        self._answers.served = msgspec.structs.replace(self._answers.served, faq=serving, entries=entries)

    def _serve_pages(self, serving: Serving, generation: Path) -> None:  # noqa: ARG002
        self._answers.served = msgspec.structs.replace(self._answers.served, pages=serving)

    async def open(self) -> None:
        """Serve what the last process has left behind, without what has left since."""
        for kept in self._kept:
            if await kept.index.open_newest():
                await kept.index.notice()

    async def take_up(self, kind: Kind) -> None:
        """Bring an index up to its sources. Raises what `Index.take_up` does."""
        for kept in self._kept:
            if kept.index.kind == kind:
                kept.seen = await kept.stamp()
                await kept.index.take_up()

    async def run(self) -> None:
        """Keep both up to their sources, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for kept in self._kept:
                group.create_task(self._keep(kept))
                group.create_task(_watch(kept))
            if self._vectors is not None:
                group.create_task(self._embed(self._vectors))

    async def _keep(self, kept: Kept) -> None:
        try:
            await self._keep_on(kept)
        finally:
            await _stop_learning(kept)

    async def _keep_on(self, kept: Kept) -> None:
        kept.learning = asyncio.create_task(_learn(kept.index))
        while True:
            began = time.monotonic()
            well = await self._look(kept)
            took = time.monotonic() - began
            rest = REST * took if took > SHORT and kept.index.kind == "page" else LOOK_EVERY
            await asyncio.sleep(rest if well else AGAIN)
            kept.busy = False

    async def _look(self, kept: Kept) -> bool:
        """False: it has failed for now, and what served before goes on serving."""
        anew, kept.anew = kept.anew, False
        try:
            now = await kept.stamp()
            if now == kept.seen and not anew:
                return True
            await _stop_learning(kept)
            kept.busy = True
            kept.seen = now  # what is wrong in a file stays wrong until it is written again
            if await kept.index.take_up(anew=anew):
                log.info("index ready", extra={"kind": kept.index.kind, "items": kept.index.size})
                self._to_embed.set()
            kept.learning = asyncio.create_task(_learn(kept.index))
        except ProblemsError as error:
            log.error("index not built", extra={"kind": kept.index.kind, "problem": str(error.problems[0])})
        except (StoreError, ChildFailed, OSError, ValueError) as error:
            log.error("index not built", extra={"kind": kept.index.kind, "error": f"{type(error).__name__}: {error}"})
            kept.seen = None
            return False
        return True

    async def _embed(self, vectors: Path) -> None:
        """Vectors of what has come in, made in the background; then an index with them."""
        while True:
            await self._to_embed.wait()
            self._to_embed.clear()
            for kept in self._kept:
                generation = kept.index.generation
                if generation is None or not kept.index.lacking:
                    continue
                order = embed.Order(kind=kept.index.kind, generation=str(generation), vectors=str(vectors))
                try:
                    kept.anew |= int(await child("bot.answers.embed", order)) != kept.index.vectors
                except (ChildFailed, OSError, ValueError) as error:
                    if generation != kept.index.generation:
                        continue  # a newer one has taken its place, and its files are gone
                    log.error("vectors not made", extra={"kind": kept.index.kind, "error": str(error)})


async def _watch(kept: Kept) -> None:
    """What leaves while a new index is being built, or rests after that, is out of sight all the same."""
    seen: object = None
    while True:
        await asyncio.sleep(LOOK_EVERY)
        if not kept.busy:
            continue
        try:
            now = await kept.stamp()
            if now != seen:
                await kept.index.hide()
            seen = now
        except (StoreError, ProblemsError, OSError):
            seen = None  # whoever builds says so; here it is tried again


async def _learn(index: Index) -> None:
    try:
        await index.learn()
    except (ChildFailed, OSError, ValueError) as error:
        log.error("index not calibrated", extra={"kind": index.kind, "error": f"{type(error).__name__}: {error}"})


async def _stop_learning(kept: Kept) -> None:
    if kept.learning is not None:
        await ended(kept.learning)
        kept.learning = None


@asynccontextmanager
async def opened(
    settings: AllSettings, store: Store, spaces: tuple[str, ...] | None
) -> AsyncIterator[tuple[Answers, Indexing]]:
    """Answers out of what the last process has left behind; nothing keeps them up to date yet. `spaces` of the wiki are
    searched, None: all that are in the store."""
    async with AsyncExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(THREADS, thread_name_prefix="answers"))
        folder = stack.enter_context(index_folder(settings.main.data_dir, settings.main.organisation))
        answers = Answers(threads, await _composer(stack, settings.llm))
        indexing = Indexing(store, answers, settings.main.scenarios_dir, folder, spaces)
        await indexing.open()
        yield answers, indexing


async def _composer(stack: AsyncExitStack, settings: LlmSettings) -> Composer | None:
    """Imported only where a model is set up: its client takes a fifth of a second, and most commands need none."""
    if not settings.configured:
        return None
    from adapters.llm.composer import llm_composer

    return await stack.enter_async_context(llm_composer(settings))


async def wire_answers(
    stack: AsyncExitStack, store: Store, settings: AllSettings, spaces: tuple[str, ...] | None
) -> tuple[Answers, asyncio.Task[None]]:
    """The knowledge, and the task that keeps it up to date for as long as `stack` lasts; one that ends before has met
    what nobody expected. The FAQ is there when this returns.

    Raises ProblemsError: a file of the FAQ, or that of the synonyms, has an error in it.
    """
    answers, indexing = await stack.enter_async_context(opened(settings, store, spaces))
    await indexing.take_up("faq")
    keeping = asyncio.create_task(indexing.run(), name="indexes")
    stack.push_async_callback(ended, keeping)
    return answers, keeping
