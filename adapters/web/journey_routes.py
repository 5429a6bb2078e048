"""The addresses of the pages of journeys. They stand without a session: the link itself is the permission to read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from adapters.web.journey_links import PATH, JourneyLinks, looks_old
from adapters.web.journey_page import journey_page, notice_page
from bot.errors import StoreError
from bot.ports import Clock, Speaker
from bot.texts import LANGUAGES
from bot.work import Company, Work

ASSETS = {
    name: Path(__file__).parent / "assets" / name for name in ("base.css", "message.css", "journey.css", "butter.svg")
}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # the address is the permission, so it is told to nobody
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
UNCACHED = {**HEADERS, "Cache-Control": "no-store"}
AGAIN = {"Retry-After": "5", "Refresh": "5"}


class JourneyPages:
    """Journeys of `company` for whoever holds one of `links`."""

    def __init__(self, company: Company, links: JourneyLinks, clock: Clock, speaker: Speaker) -> None:
        self._company, self._links, self._clock, self._speaker = company, links, clock, speaker

    def mount(self, app: web.Application) -> None:
        app.add_routes([web.get(f"{PATH}/{{token}}", self._show)])

    async def _show(self, request: web.Request) -> web.StreamResponse:
        """A link that never was one, and one to what is forgotten, get the same answer."""
        asked = language_of(request)
        try:
            return await self._page(request.match_info["token"], asked)
        except StoreError:
            return self._notice(503, "web-journey-away", asked, AGAIN)

    async def _page(self, token: str, asked: str) -> web.StreamResponse:
        permit = self._links.permit(token)
        if permit is None and looks_old(token):
            return self._notice(410, "web-journey-expired", asked)
        work = Work(self._company, self._clock())
        journey = None if permit is None else await work.journey(permit.journey)
        person = None if journey is None else await work.person(journey.person)
        if permit is None or journey is None or person is None:
            return self._notice(404, "web-journey-missing", asked)
        if not permit.opens(journey, work.now):
            return self._notice(410, "web-journey-expired", asked)
        scenario = await work.scenario(journey)
        return _html(journey_page(journey, person, scenario, work.now, asked, self._speaker(asked)))

    def _notice(self, status: int, key: str, asked: str, more: Mapping[str, str] | None = None) -> web.Response:
        return _html(notice_page(key, asked, self._speaker(asked)), status, more)


def mount_assets(app: web.Application) -> None:
    """The styles of all pages for reading; before the pages of journeys, whose addresses are beside them."""
    app.add_routes([web.get(f"{PATH}/assets/{{name}}", _asset)])


def _html(text: str, status: int = 200, more: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html", headers={**UNCACHED, **(more or {})})


def language_of(request: web.Request) -> str:
    """The one that the page was asked for in, else the first of ours that the browser accepts, else Russian."""
    asked = request.query.get("lang", "")
    if asked in LANGUAGES:
        return asked
    accepted = (one.strip()[:2].casefold() for one in request.headers.get("Accept-Language", "").split(","))
    return next((one for one in accepted if one in LANGUAGES), LANGUAGES[0])


async def _asset(request: web.Request) -> web.StreamResponse:
    path = ASSETS.get(request.match_info["name"])
    if path is None:
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={**HEADERS, "Cache-Control": "no-cache"})
