"""Indexes of one process: built of the shelves and the FAQ files in processes of their own, opened, and swapped whole.

Each generation of an index is a folder that never changes; the newest one is opened at the next start, so that a bot
answers at once and then takes up what has changed meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec.structs import replace

from bot.answers import calibrate, items
from bot.answers.build import (
    CALIBRATED,
    CATALOGUE,
    Catalogue,
    Known,
    Order,
    catalogue_of,
    known,
    made_with,
    open_engine,
)
from bot.answers.embedder import Embedder
from bot.answers.engine import Engine
from bot.answers.items import Kind, Line
from bot.answers.service import Serving
from bot.answers.synonyms import FILE, load_synonyms
from bot.answers.visible import hidden
from bot.problem import ProblemsError
from bot.shelf import digest
from wiring.child import child

log = logging.getLogger(__name__)
CHANGES = "changes.jsonl"
HANGS = 3600.0  # seconds: the largest wikis take minutes; a process that hangs would else hold up every change for good


class Source(Protocol):
    """Where the items of a collection come from. Both may raise StoreError or ProblemsError."""

    async def digests(self) -> Mapping[str, str]:
        """The digest of every item that there is, by id."""

    def items(self, ids: list[str]) -> AsyncIterator[tuple[str, bytes]]:
        """Items as JSON; those that are gone by now are left out."""


class Tools(msgspec.Struct, frozen=True):
    """What an index is built with: the list of synonyms, vectors where there is something to make them, and the spaces
    of the wiki that are searched (None: all)."""

    synonyms: Path | None = None
    vectors: Path | None = None
    embedder: Embedder | None = None
    spaces: tuple[str, ...] | None = None

    async def stamp(self) -> tuple[int, int]:
        """What changes when the list of synonyms does."""
        return await asyncio.to_thread(_stamp, self.synonyms)


class Index:
    """The index of one collection, kept up to its sources. `serve` is handed each one that is ready."""

    def __init__(
        self,
        kind: Kind,
        folder: Path,
        sources: Sequence[Source],
        tools: Tools,
        serve: Callable[[Serving, Path], None],
    ) -> None:
        self.kind = kind
        self._folder, self._sources, self._tools, self._serve = folder, sources, tools, serve
        self._catalogue = Catalogue()
        self._there: Mapping[str, Known] = {}
        self._met: dict[str, Known] = {}  # what was seen of items that no index has taken up yet
        self._engine: Engine | None = None
        self.generation: Path | None = None

    @property
    def size(self) -> int:
        return len(self._catalogue.items)

    @property
    def vectors(self) -> int:
        """With how many it was built."""
        return self._catalogue.vectors

    @property
    def lacking(self) -> int:
        """How many texts had no vector then."""
        return self._catalogue.lacking

    async def open_newest(self) -> bool:
        """Open what an earlier process has left behind; False: there is nothing whole. It serves once `notice` has
        seen what has left meanwhile."""
        for generation in sorted(self._generations(), key=lambda path: int(path.name), reverse=True):
            try:
                await self._open(generation)
            except (OSError, ValueError) as error:  # an older version's, or half of one
                log.warning("index is not used", extra={"kind": self.kind, "error": type(error).__name__})
                continue
            return True
        return False

    async def take_up(self, *, anew: bool = False) -> bool:
        """Bring the index up to its sources; False: it was. `anew`: build it again whatever has changed.

        Raises StoreError, ProblemsError, ChildFailed, OSError: what served before goes on serving.
        """
        if not await self.notice() and not anew:
            return False
        await self._tidy()  # also what builders have left behind that did not come to their end
        generation = self._folder / str(self._last_number() + 1)
        order = Order(
            kind=self.kind,
            changes=str(self._folder / CHANGES),
            out=str(generation),
            before=None if self.generation is None or self._is_lost() else str(self.generation),
            synonyms=_named(await self._usable_synonyms()),
            vectors=_named(self._tools.vectors),
            spaces=self._tools.spaces,
        )
        await child("bot.answers.build", order, HANGS)
        await self._open(generation)
        await self.hide()
        await self._tidy()
        return True

    async def learn(self) -> None:
        """Let the index that serves learn how sure it may be, if it has not. Raises ChildFailed, OSError, ValueError.

        It may be cancelled at any time: a new index is not to wait for it.
        """
        generation = self.generation
        if generation is None or (generation / CALIBRATED).exists():
            return
        dense = self._tools.embedder is not None and self.vectors > 0
        await child("bot.answers.calibrate", calibrate.Order(generation=str(generation), dense=dense), HANGS)
        await self._open(generation)
        self._show(self._there)

    async def hide(self) -> None:
        """Show from now on nothing that has left or is no longer for everybody, also while an index is being built.

        Raises StoreError, ProblemsError.
        """
        there = [await source.digests() for source in self._sources]
        self._show(await self._standing(there))

    async def _standing(self, there: Sequence[Mapping[str, str]]) -> dict[str, Known]:
        """What is known of every item that there is; of what has changed, too, without taking it up."""
        standing: dict[str, Known] = {}
        met: dict[str, Known] = {}
        for source, those in zip(self._sources, there, strict=True):
            for mine in (self._catalogue.items, self._met):
                standing |= {one: mine[one] for one, found in those.items() if _digest(mine, one) == found}
            async for one, item in source.items([one for one in those if one not in standing]):
                met[one] = known(self.kind, Line(one, digest(item), msgspec.Raw(item)))
            standing |= met
        self._met = {one: mine for one, mine in self._met.items() if standing.get(one) is mine} | met
        return standing

    async def notice(self) -> bool:
        """See what has changed, and show from now on nothing that has left or is no longer for everybody: no need to
        wait for the new index. True: there has to be one. Raises as `take_up` does."""
        there = [await source.digests() for source in self._sources]
        built_of = {} if self._is_lost() else self._catalogue.items
        wanted = [[one for one, found in those.items() if _digest(built_of, one) != found] for those in there]
        gone = self._catalogue.items.keys() - {one for those in there for one in those}
        if self._engine is None and not any(there):
            return False
        try:
            self._show(await self._write_changes(self._folder / CHANGES, built_of, wanted, gone))
        except OSError:
            self._show_unchanged(there)
            raise
        with_this = await asyncio.to_thread(made_with, self._tools.synonyms, self._tools.spaces)
        return bool(gone) or any(wanted) or self._catalogue.made_with != with_this

    async def _usable_synonyms(self) -> Path | None:
        """Those that the last index has a copy of, while there is an error in the file: answers do not wait for it.
        Raises ProblemsError where there is no such index."""
        written = self._tools.synonyms
        try:
            if written is not None:
                await asyncio.to_thread(load_synonyms, written)
        except ProblemsError as error:
            if self.generation is None or self._is_lost():
                raise
            log.error("synonyms not read", extra={"problem": str(error.problems[0])})
            return self.generation / FILE
        return written

    def _is_lost(self) -> bool:
        """Whether somebody has deleted what is served: it goes on serving, and the next is built of everything."""
        return self.generation is None or not (self.generation / CATALOGUE).exists()

    async def _write_changes(
        self, path: Path, built_of: Mapping[str, Known], wanted: Sequence[list[str]], gone: Collection[str]
    ) -> dict[str, Known]:
        """Write what the builder needs to be told; what will be known of the items."""
        after = {one: mine for one, mine in built_of.items() if one not in gone}
        self._folder.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            for one in gone:
                file.write(items.encoded(Line(one)))
            for source, ids in zip(self._sources, wanted, strict=True):
                async for one, item in source.items(ids):
                    line = Line(one, digest(item), msgspec.Raw(item))
                    after[one] = known(self.kind, line)
                    file.write(items.encoded(line))
        return after

    def _show(self, there: Mapping[str, Known]) -> None:
        """Serve what is open, but nothing that is not `there` or is hidden."""
        self._there = there
        if self._engine is not None and self.generation is not None:
            out_of_sight = hidden(there, self._tools.spaces) | (self._catalogue.items.keys() - there.keys())
            self._serve(Serving(self._engine, frozenset(out_of_sight)), self.generation)

    def _show_unchanged(self, there: Sequence[Mapping[str, str]]) -> None:
        """Nobody can tell what has become of the others: one may be restricted by now, and all below it with it."""
        now = {one: found for those in there for one, found in those.items()}
        known = self._catalogue.items
        doubtful = {one: replace(mine, restricted=True) for one, mine in known.items() if now.get(one) != mine.digest}
        self._show({**known, **doubtful})

    async def _open(self, generation: Path) -> None:
        catalogue = await asyncio.to_thread(catalogue_of, generation)
        self._engine = await asyncio.to_thread(open_engine, generation, self._tools.embedder)
        self._catalogue, self.generation = catalogue, generation

    async def _tidy(self) -> None:
        """Older generations go; whoever still answers from one has its files open."""
        for old in self._generations():
            if old != self.generation:
                await asyncio.to_thread(shutil.rmtree, old, ignore_errors=True)

    def _generations(self) -> list[Path]:
        return [path for path in self._folder.glob("*") if path.name.isdecimal()]

    def _last_number(self) -> int:
        return max((int(path.name) for path in self._generations()), default=0)


def _digest(known: Mapping[str, Known], item: str) -> str | None:
    return known[item].digest if item in known else None


def _stamp(path: Path | None) -> tuple[int, int]:
    if path is None or not path.exists():
        return 0, 0
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def _named(path: Path | None) -> str | None:
    return None if path is None else str(path)
