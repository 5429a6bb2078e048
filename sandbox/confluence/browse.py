"""The wiki in a browser: every page at its own address, with the headings where links lead to."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from pathlib import Path
from urllib.parse import quote, unquote_plus

from aiohttp import web
from lxml import etree, html

from sandbox.confluence.addresses import cloud_path, server_path
from sandbox.confluence.page import CURRENT, Page, Space
from sandbox.confluence.people import User
from sandbox.confluence.render import Rendering
from sandbox.confluence.state import State
from sandbox.confluence.storage import Element, writable
from sandbox.confluence.wire import STATE

_CSS = (Path(__file__).parent / "assets" / "page.css").read_text(encoding="utf-8")
_HASH = b64encode(hashlib.sha256(_CSS.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_PASSER_BY = User(name="", display_name="")
_MOST_LISTED = 500
_WIKI, _CHANGED, _BELOW = "База знаний", "Изменена", "Внутри"
_LOCKED = "Эта страница открыта не всем. Попросите доступ у её владельца."
_MISSING = "Такой страницы нет. Возможно, её удалили или в адресе опечатка."


def address(state: State, page: Page) -> str:
    """From the root of the site."""
    return f"/wiki{cloud_path(page)}" if state.is_cloud else server_path(page)


def _space_address(state: State, space: Space) -> str:
    return f"/wiki/spaces/{quote(space.key)}" if state.is_cloud else f"/display/{quote(space.key)}"


def _document(title: str) -> tuple[Element, Element, Element]:
    """The document with its header and main part."""
    root = etree.Element("html", lang="ru")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "meta", charset="utf-8")
    etree.SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    etree.SubElement(head, "title").text = title
    etree.SubElement(head, "style").text = _CSS
    body = etree.SubElement(root, "body")
    return root, etree.SubElement(body, "header"), etree.SubElement(body, "main")


def _sent(root: Element, status: int = 200) -> web.Response:
    text = "<!DOCTYPE html>\n" + html.tostring(root, encoding="unicode")
    return web.Response(text=text, content_type="text/html", status=status, headers=_HEADERS)


def _a(out: Element, address: str, text: str) -> None:
    etree.SubElement(out, "a", href=address).text = writable(text)


def _crumbs(header: Element, state: State, page: Page) -> None:
    space = state.spaces[page.space]
    places = [("/", _WIKI), (_space_address(state, space), space.name)]
    places += [(address(state, above), above.title) for above in state.ancestors(page)]
    for at, (place, name) in enumerate(places):
        _a(header, place, name)
        if at < len(places) - 1:
            header[-1].tail = " / "


def _page(state: State, page: Page) -> web.Response:
    if not state.may_read(_PASSER_BY, page):
        return _notice(_LOCKED, 403)
    root, header, main = _document(writable(page.title))
    _crumbs(header, state, page)
    etree.SubElement(main, "h1").text = writable(page.title)
    editor = state.people.named(page.editor).display_name
    etree.SubElement(main, "p", {"class": "by"}).text = writable(f"{_CHANGED} {page.modified:%d.%m.%Y} · {editor}")
    rendered = Rendering(state, page, lambda other: address(state, other)).html()
    main.append(html.fragment_fromstring(rendered))
    foot = etree.SubElement(main, "div", {"class": "below"})
    for label in page.labels:
        etree.SubElement(foot, "span", {"class": "label"}).text = writable(label)
    if below := _open(state, state.children(page.id)):
        etree.SubElement(foot, "p").text = f"{_BELOW}:"
        _listed(foot, state, below)
    return _sent(root)


def _open(state: State, pages: list[Page]) -> list[Page]:
    return [page for page in pages if state.may_read(_PASSER_BY, page)][:_MOST_LISTED]


def _listed(out: Element, state: State, pages: list[Page]) -> Element:
    listing = etree.SubElement(out, "ul", {"class": "tree"})
    for page in pages:
        _a(etree.SubElement(listing, "li"), address(state, page), page.title)
    return listing


def _notice(text: str, status: int) -> web.Response:
    root, header, main = _document(_WIKI)
    _a(header, "/", _WIKI)
    etree.SubElement(main, "p").text = text
    return _sent(root, status)


async def show_page(request: web.Request) -> web.Response:
    """By its id, from the path or the query."""
    state = request.app[STATE]
    page = state.pages.get(request.match_info.get("id") or request.query.get("pageId", ""))
    if page is None or page.status != CURRENT:
        return _notice(_MISSING, 404)
    return _page(state, page)


async def show_titled(request: web.Request) -> web.Response:
    state = request.app[STATE]
    title = unquote_plus(request.rel_url.raw_path.rpartition("/")[2])
    page = state.titled(request.match_info["key"], title)
    return _notice(_MISSING, 404) if page is None else _page(state, page)


async def show_tiny(request: web.Request) -> web.Response:
    """The short address of a page leads to its long one."""
    state, name = request.app[STATE], request.match_info["id"]
    page = state.pages.get(str(int(name, 16))) if len(name) < 16 else None
    if page is None or page.status != CURRENT:
        return _notice(_MISSING, 404)
    raise web.HTTPFound(address(state, page))


async def show_space(request: web.Request) -> web.Response:
    state = request.app[STATE]
    space = state.spaces.get(request.match_info["key"])
    if space is None or not space.readers.admit(_PASSER_BY):
        return _notice(_MISSING, 404)
    root, header, main = _document(writable(space.name))
    _a(header, "/", _WIKI)
    etree.SubElement(main, "h1").text = writable(space.name)
    pages = [page for page in state.pages.values() if page.space == space.key and page.status == CURRENT]
    _listed(main, state, _open(state, sorted(pages, key=lambda page: page.title.casefold())))
    return _sent(root)


async def show_all(request: web.Request) -> web.Response:
    state = request.app[STATE]
    root, header, main = _document(_WIKI)
    header.text = _WIKI
    etree.SubElement(main, "h1").text = _WIKI
    listing = etree.SubElement(main, "ul", {"class": "tree"})
    for space in state.spaces.values():
        if space.readers.admit(_PASSER_BY):
            _a(etree.SubElement(listing, "li"), _space_address(state, space), space.name)
    return _sent(root)


def routes(state: State) -> list[web.RouteDef]:
    if state.is_cloud:
        one = "/wiki/spaces/{key}/pages/{id}"
        own = [
            web.get(one, show_page),
            web.get(f"{one}/{{title}}", show_page),
            web.get("/wiki/spaces/{key}", show_space),
            web.get("/wiki/x/{id:[0-9a-f]+}", show_tiny),
        ]
    else:
        own = [
            web.get("/pages/viewpage.action", show_page),
            web.get("/display/{key}/{title}", show_titled),
            web.get("/display/{key}", show_space),
            web.get("/x/{id:[0-9a-f]+}", show_tiny),
        ]
    return [web.get("/", show_all), *own]
