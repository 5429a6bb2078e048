"""A wiki as the crawl sees it: what has changed, what there is, and who may read it. An adapter implements `Wiki`."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Protocol

import msgspec

from bot.answers.document import Document


class WikiPage(msgspec.Struct, frozen=True):
    """A page with the moment of its last change. `document.restricted`: it has read restrictions of its own."""

    document: Document
    modified: datetime.datetime


class WikiPages(msgspec.Struct, frozen=True):
    """Some pages, and where to go on; None: that was all."""

    pages: tuple[WikiPage, ...]
    cursor: str | None = None


class Listed(msgspec.Struct, frozen=True):
    """A page that exists, without its text."""

    id: str
    version: int
    restricted: bool
    ancestors: tuple[str, ...] = ()


class WikiList(msgspec.Struct, frozen=True):
    """Pages that exist, and where to go on; None: that was all."""

    pages: tuple[Listed, ...]
    cursor: str | None = None


class Wiki(Protocol):
    """The chosen spaces of a wiki. Every method raises only the DeliveryErrors of `bot.errors`."""

    name: str

    async def changed(self, since: datetime.datetime | None, cursor: str | None) -> WikiPages:
        """Pages changed at `since` or later (None: all), the longest unchanged first, some at a time.

        Times of a query have minutes, in somebody's time zone: `since` is taken back a little, so some come twice. A
        page that changes meanwhile comes again at the end; none is left out. Refused("cursor"): the cursor is too old;
        ask again from the last `modified` that came.
        """

    async def listed(self, cursor: str | None) -> WikiList:
        """Every page that exists and that we may see, some hundreds at a time."""

    async def read(self, ids: Sequence[str]) -> tuple[WikiPage, ...]:
        """Some pages as they are now, at most 25; those that are gone, in the trash, in other spaces, or that we may
        not see are left out. Asked without the search, which lags behind."""
