"""`/privacy` and `/terms`: what becomes of people's data, and on what terms the bot is used. Open to everybody."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from adapters.web.about_data import About, Section, privacy, terms
from adapters.web.journey_links import PATH as JOURNEYS
from adapters.web.journey_page import leaf_page
from adapters.web.journey_routes import HEADERS, language_of
from adapters.web.own_words import blocks, paragraph
from adapters.web.templates import Html, fill
from bot.message import Phrase
from bot.ports import Say, Speaker

PRIVACY = "/privacy"
TERMS = "/terms"
CACHED = {**HEADERS, "Cache-Control": "no-cache", "Vary": "Accept-Language"}


class AboutPages:
    """Both pages. `own_privacy` and `own_terms`: what the company says instead, by language; None: what is said of
    `about`."""

    def __init__(
        self,
        about: About,
        speaker: Speaker,
        own_privacy: Mapping[str, str] | None = None,
        own_terms: Mapping[str, str] | None = None,
    ) -> None:
        self._about, self._speaker = about, speaker
        self._own_privacy, self._own_terms = own_privacy, own_terms

    def mount(self, app: web.Application) -> None:
        app.add_routes([web.get(PRIVACY, self._privacy), web.get(TERMS, self._terms)])

    async def _privacy(self, request: web.Request) -> web.StreamResponse:
        return self._page(request, "web-privacy", "web-terms", self._own_privacy, privacy(self._about))

    async def _terms(self, request: web.Request) -> web.StreamResponse:
        return self._page(request, "web-terms", "web-privacy", self._own_terms, terms(self._about))

    def _page(
        self,
        request: web.Request,
        title: str,
        other: str,
        own: Mapping[str, str] | None,
        sections: tuple[Section, ...],
    ) -> web.StreamResponse:
        asked = language_of(request)
        say = self._speaker(asked)
        shown = _said(f"{title}-intro", sections, say) if own is None else "".join(blocks(own[asked]))
        address = (PRIVACY if other == "web-privacy" else TERMS).removeprefix("/")
        values = {
            "heading": say(Phrase(title)),
            "content": Html(shown),
            "other-page": f"{address}?lang={asked}",
            "other-name": say(Phrase(other)),
        }
        assets = f"{JOURNEYS.removeprefix('/')}/assets"
        text = leaf_page(values["heading"], fill("about.html", values), asked, say, assets)
        return web.Response(text=text, content_type="text/html", headers=CACHED)


def _said(intro: str, sections: tuple[Section, ...], say: Say) -> str:
    parts = [paragraph(say(Phrase(intro)))]
    for section in sections:
        parts.append(fill("heading.html", {"text": say(section.heading)}))
        parts += [paragraph(say(one)) for one in section.paragraphs]
    return "".join(parts)
