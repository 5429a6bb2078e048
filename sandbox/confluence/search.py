"""Search by CQL: `content/search` gives bare content, `search` the same in an envelope of title and excerpt."""

from __future__ import annotations

import html
import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import web

from sandbox.confluence.cql import And, Call, Clause, Condition, Not, Or, Query, parse
from sandbox.confluence.expand import Tree, tree_of
from sandbox.confluence.page import CURRENT, Page
from sandbox.confluence.paging import sliced
from sandbox.confluence.terms import Asker, rank_of, test_of
from sandbox.confluence.view import View
from sandbox.confluence.wire import ACTOR, STATE, BadRequestError, Json, results_of
from sandbox.confluence.words import plain, words

Found = tuple[Sequence[Page], Callable[[Page], Any]]
_KEPT = 16
_EXCERPT = 300


class Kept:
    """What was found lately: a crawl asks for the same again with the next cursor, and nothing has changed."""

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[object, ...], Found] = OrderedDict()

    def get(self, key: tuple[object, ...], find: Callable[[], Found]) -> Found:
        if key not in self._found:
            self._found[key] = find()
            if len(self._found) > _KEPT:
                self._found.popitem(last=False)
        return self._found[key]


KEPT = web.AppKey("kept", Kept)


def _find(query: Query, asker: Asker) -> Found:
    """As in Confluence the index tells which pages, and what is shown of them is what they are now."""
    state = asker.state
    test, rank = test_of(query.where, asker), rank_of(query.order)
    hits = sorted((page for page in state.indexed() if test(page)), key=rank)
    return [page for page in hits if _is_shown(state.pages.get(page.id), asker)], rank


def _is_shown(page: Page | None, asker: Asker) -> bool:
    return page is not None and page.status == CURRENT and asker.state.may_read(asker.user, page)


def _found(request: web.Request) -> Found:
    cql = request.query.get("cql")
    if not cql:
        raise BadRequestError("The query parameter cql is required")
    state = request.app[STATE]
    asker = Asker(state, request[ACTOR], state.now())
    query = parse(cql)
    if state.search_lag > 0 or _tells_time(query.where):
        return _find(query, asker)
    return request.app[KEPT].get((cql, state.revision, asker.user), lambda: _find(query, asker))


def _tells_time(condition: Condition) -> bool:
    """Whether time alone changes what is found."""
    match condition:
        case And(parts) | Or(parts):
            return any(_tells_time(part) for part in parts)
        case Not(inner):
            return _tells_time(inner)
        case Clause(_, _, values):
            return any(isinstance(value, Call) for value in values)


def _has_bodies(wanted: Tree) -> bool:
    return bool(wanted.get("body"))


async def content_search(request: web.Request) -> web.Response:
    view, wanted = View.of(request), tree_of(request.query.get("expand", ""))
    pages, rank = _found(request)
    part = sliced(request, pages, rank, bodies=_has_bodies(wanted))
    results = [view.page(view.state.pages[page.id], wanted) for page in part.items]
    return results_of(results, part.envelope)


async def search(request: web.Request) -> web.Response:
    """What is expanded of a page begins with `content.`; words that were looked for stand between marks."""
    view, wanted = View.of(request), tree_of(request.query.get("expand", "")).get("content", {})
    pages, rank = _found(request)
    part = sliced(request, pages, rank, bodies=_has_bodies(wanted))
    kind = request.query.get("excerpt", "highlight")
    marked = _looked_for(parse(request.query["cql"]).where) if kind == "highlight" else set()
    results = [_enveloped(view, view.state.pages[page.id], wanted, kind, marked) for page in part.items]
    count = {"totalSize": len(pages), "cqlQuery": request.query["cql"], "searchDuration": 12, "archivedResultCount": 0}
    return results_of(results, {**part.envelope, **count})


def _enveloped(view: View, page: Page, wanted: Tree, excerpt: str, marked: set[str]) -> Json:
    space = view.state.spaces[page.space]
    text = "" if excerpt == "none" else plain(page.body)[:_EXCERPT]
    return {
        "content": view.page(page, wanted),
        "title": _mark(page.title, marked),
        "excerpt": _mark(text, marked),
        "url": view.webui(page),
        "resultGlobalContainer": {"title": space.name, "displayUrl": view.space(space)["_links"]["webui"]},
        "breadcrumbs": [],
        "entityType": "content",
        "iconCssClass": "aui-icon content-type-page",
        "lastModified": view.moment(page.modified),
        "friendlyLastModified": f"{page.modified:%b %d, %Y}",
        "score": 0.0,
    }


def _looked_for(condition: Condition) -> set[str]:
    match condition:
        case And(parts) | Or(parts):
            return {word for part in parts for word in _looked_for(part)}
        case Not():
            return set()
        case Clause(_, "~", values):
            return set(words(str(values[0]).rstrip("*")))
        case Clause():
            return set()


def _mark(text: str, marked: set[str]) -> str:
    """Escaped, as Confluence gives it, with its marks around the words."""

    def around(found: re.Match[str]) -> str:
        return f"@@@hl@@@{found[0]}@@@endhl@@@" if found[0].casefold() in marked else found[0]

    return html.escape(re.sub(r"\w+", around, text) if marked else text, quote=False)


def routes(api: str) -> list[web.RouteDef]:
    return [web.get(f"{api}/content/search", content_search), web.get(f"{api}/search", search)]
