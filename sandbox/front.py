"""The front page of a stand-in that has no other for people: what it is, and what it has been told."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from aiohttp import web

from sandbox.loopback import is_from_here

_MOST = 100
_LONGEST = 2000
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "ru": {
        "last": "Последнее, новое сверху",
        "none": "Пока ничего не было. Обновите страницу позже.",
        "more": "Подробнее, как JSON",
    },
    "en": {"last": "The latest, newest first", "none": "Nothing yet. Reload the page later.", "more": "More, as JSON"},
}


class Line(NamedTuple):
    """One thing that happened: where, and what was said."""

    where: str
    text: str


class Front(NamedTuple):
    """What the page says. `about`: in a sentence, by language. `lines`: what happened so far, the oldest first. `more`:
    addresses of the stand-in that tell more."""

    name: str
    about: Mapping[str, str]
    lines: Callable[[], Sequence[Line]]
    more: Sequence[str]


def front_route(front: Front) -> web.RouteDef:
    async def show(request: web.Request) -> web.Response:
        if not is_from_here(request):
            raise web.HTTPForbidden
        text = _page(front, _language(request))
        return web.Response(text=text, content_type="text/html", headers=_HEADERS)

    return web.get("/", show)


def _language(request: web.Request) -> str:
    asked: str = request.query.get("lang", request.headers.get("Accept-Language", ""))
    return "en" if asked.casefold().startswith("en") else "ru"


def _page(front: Front, language: str) -> str:
    words, name = _WORDS[language], html.escape(front.name)
    lines = [_item(line) for line in reversed(front.lines()[-_MOST:])]
    shown = f"<ul>{''.join(lines)}</ul>" if lines else f"<p>{words['none']}</p>"
    more = ", ".join(f'<a href="{html.escape(one)}">{html.escape(one)}</a>' for one in front.more)
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{name}</title></head>'
        f"<body><h1>{name}</h1><p>{html.escape(front.about[language])}</p>"
        f"<h2>{words['last']}</h2>{shown}<p>{words['more']}: {more}</p></body></html>"
    )


def _item(line: Line) -> str:
    return f"<li><b>{html.escape(line.where)}</b><br>{html.escape(line.text[:_LONGEST])}</li>"
