"""The control addresses: settings on demand, writes in bulk, and the whole truth for tests."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from aiohttp import web
from msgspec import UNSET, Struct, UnsetType

from sandbox.confluence.page import Page
from sandbox.confluence.paging import CURSORS, LIMITS
from sandbox.confluence.people import Readers
from sandbox.confluence.state import BadContentError, Edit, State, UnknownContentError
from sandbox.confluence.synthetic import fill
from sandbox.confluence.wire import CALLS, STATE, Json

T = TypeVar("T")
SETTINGS_PATH, PAGES_PATH, CALLS_PATH = "/_sandbox/settings", "/_sandbox/pages", "/_sandbox/calls"


class Settings(Struct, forbid_unknown_fields=True):
    """What is not named stays. `search_lag`, `cursor_lifetime`: seconds; `plain_limit`, `body_limit`: results at most.

    `expire_cursors`: those that were given out are no good any more.
    """

    search_lag: float | UnsetType = UNSET
    cursor_lifetime: float | UnsetType = UNSET
    plain_limit: int | UnsetType = UNSET
    body_limit: int | UnsetType = UNSET
    expire_cursors: bool = False


class NewPage(Struct, forbid_unknown_fields=True):
    """A space that is not there is added."""

    space: str
    title: str
    body: str = ""
    parent: str | None = None
    labels: tuple[str, ...] = ()
    readers: Readers = Readers()


class Change(Struct, forbid_unknown_fields=True):
    """What is named happens, in this order. `parent` moves, empty to the top; `state` is trash, restore or purge."""

    id: str
    title: str | UnsetType = UNSET
    body: str | UnsetType = UNSET
    labels: tuple[str, ...] | UnsetType = UNSET
    readers: Readers | UnsetType = UNSET
    parent: str | UnsetType = UNSET
    state: str | UnsetType = UNSET


class Bulk(Struct, forbid_unknown_fields=True):
    """All at once: pages to make, changes of others, and how many synthetic pages to add to the space SYN."""

    create: tuple[NewPage, ...] = ()
    change: tuple[Change, ...] = ()
    synthetic: int = 0
    seed: int = 7


async def _read(request: web.Request, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except msgspec.DecodeError as error:
        raise web.HTTPBadRequest(text=str(error)) from error


async def show_settings(request: web.Request) -> web.Response:
    limits = request.app[LIMITS]
    return web.json_response(
        {
            "search_lag": request.app[STATE].search_lag,
            "cursor_lifetime": limits.cursor_lifetime,
            "plain_limit": limits.plain,
            "body_limit": limits.with_bodies,
        }
    )


async def set_settings(request: web.Request) -> web.Response:
    wanted, limits = await _read(request, Settings), request.app[LIMITS]
    if wanted.search_lag is not UNSET:
        request.app[STATE].search_lag = wanted.search_lag
    if wanted.cursor_lifetime is not UNSET:
        limits.cursor_lifetime = wanted.cursor_lifetime
    if wanted.plain_limit is not UNSET:
        limits.plain = wanted.plain_limit
    if wanted.body_limit is not UNSET:
        limits.with_bodies = wanted.body_limit
    if wanted.expire_cursors:
        request.app[CURSORS].expire()
    return await show_settings(request)


async def show_pages(request: web.Request) -> web.Response:
    """Every page as it is now, whoever may read it, without its body."""
    return web.json_response({"pages": [_shown(page) for page in request.app[STATE].pages.values()]})


def _shown(page: Page) -> Json:
    return {
        "id": page.id,
        "space": page.space,
        "title": page.title,
        "version": page.version,
        "parent": page.parent,
        "status": page.status,
        "readers": {"users": page.readers.users, "groups": page.readers.groups},
        "modified": page.modified.isoformat(),
    }


async def write_pages(request: web.Request) -> web.Response:
    """Gives the ids of what was made, and the version of each page that was changed (0: it is gone)."""
    bulk, state = await _read(request, Bulk), request.app[STATE]
    try:
        made = [_made(state, page) for page in bulk.create] + fill_more(state, bulk)
        changed = {change.id: _changed(state, change) for change in bulk.change}
    except UnknownContentError as unknown:
        raise web.HTTPNotFound(text=f"there is no {unknown}") from unknown
    except BadContentError as wrong:
        raise web.HTTPBadRequest(text=str(wrong)) from wrong
    return web.json_response({"created": made, "changed": changed})


def fill_more(state: State, bulk: Bulk) -> list[str]:
    return fill(state, bulk.synthetic, seed=bulk.seed) if bulk.synthetic else []


def _made(state: State, wanted: NewPage) -> str:
    if wanted.space not in state.spaces:
        state.add_space(wanted.space, wanted.space)
    page = state.create(
        wanted.space,
        wanted.title,
        wanted.body,
        parent=wanted.parent,
        labels=wanted.labels,
        readers=wanted.readers,
    )
    return page.id


def _changed(state: State, change: Change) -> int:
    if change.title is not UNSET or change.body is not UNSET:
        state.edit(change.id, Edit(title=change.title, body=change.body))
    if change.labels is not UNSET:
        state.label(change.id, change.labels)
    if change.readers is not UNSET:
        state.restrict(change.id, change.readers)
    if change.parent is not UNSET:
        state.move(change.id, change.parent or None)
    match change.state:
        case "trash":
            state.trash(change.id)
        case "restore":
            state.restore(change.id)
        case "purge":
            state.purge(change.id)
            return 0
    return state.any_page(change.id).version


async def show_calls(request: web.Request) -> web.Response:
    """How often each address was asked, failures included."""
    return web.json_response({"calls": dict(request.app[CALLS].received)})


def routes() -> list[web.RouteDef]:
    return [
        web.get(SETTINGS_PATH, show_settings),
        web.post(SETTINGS_PATH, set_settings),
        web.get(PAGES_PATH, show_pages),
        web.post(PAGES_PATH, write_pages),
        web.get(CALLS_PATH, show_calls),
    ]
