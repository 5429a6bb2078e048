"""Every address of the web chat, and what stands behind it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import msgspec
from aiohttp import web

from adapters.web import pages, stream
from adapters.web.chat import NAME
from adapters.web.pages import PageLink
from adapters.web.rooms import Rooms
from adapters.web.session import COOKIE, LASTS, Sessions
from adapters.web.wire import SAFE_HEADERS, UNCACHED, Handler, Picked, PressedBody, Problem, SaidBody, read
from bot.errors import StoreError
from bot.incoming import Account, Incoming, Opened, Place, Pressed, Said, Wrote
from bot.locales import language
from bot.message import Phrase
from bot.people import Person
from bot.ports import Clock, Inbox, Say, Speaker
from bot.speech import MAX_TEXT
from bot.texts import LANGUAGES

Links = Callable[[], Awaitable[Sequence[PageLink]]]
People = Callable[[], Awaitable[Sequence[Person]]]
ASSETS = {path.name: path for path in (Path(__file__).parent / "assets").iterdir()}
DONE = b'{"ok":true}'
READER = web.RequestKey("reader", Person)


class WebChat:
    """The pages and their addresses. `people`: whom one may be, with the roles that they have in effect.
    `links`: what runs beside the bot, asked whenever the start page is shown.

    `key` signs the cookies. Whoever can ask can be anybody: the app that it is mounted to lets in this machine alone.
    """

    def __init__(
        self,
        inbox: Inbox,
        rooms: Rooms,
        speaker: Speaker,
        clock: Clock,
        key: bytes,
        people: People,
        links: Links | None = None,
    ) -> None:
        self._inbox, self._rooms, self._speaker, self._clock = inbox, rooms, speaker, clock
        self._people, self._links = people, links
        self._sessions = Sessions(key, clock)

    def mount(self, app: web.Application, *, enabled: bool) -> None:
        """Add the addresses to an app, and let the open streams go when it stops. Not enabled: there is nothing."""
        if enabled:
            app.add_routes(self.routes())
            app.on_shutdown.append(self._leave)

    async def _leave(self, _: web.Application) -> None:
        self._rooms.bells.close()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self._page(self._start)),
            web.get("/chat", self._page(self._chat)),
            web.get("/chat/assets/{name}", _asset),
            web.get("/chat/log", self._guarded(self._log)),
            web.get("/chat/events", self._guarded(self._events)),
            web.post("/chat/session", self._guarded(self._pick)),
            web.post("/chat/say", self._guarded(self._say)),
            web.post("/chat/press", self._guarded(self._press)),
        ]

    # --- pages

    async def _start(self, request: web.Request) -> web.StreamResponse:
        asked = _language(request)
        say = self._speaker(asked)
        links = () if self._links is None else await self._links()
        text = pages.start_page(await self._people(), links, self._clock(), asked, say)
        return web.Response(text=text, content_type="text/html", headers=UNCACHED)

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        """The conversation of the person that `as` names, or of the one who was picked last."""
        picked = self._sessions.people(request.cookies.get(COOKIE))
        if picked and "as" not in request.query:
            raise web.HTTPFound(request.rel_url.with_query({"as": picked[0]}))
        try:
            person, people = await self._reader(request)
        except Problem as problem:
            raise web.HTTPFound("/") from problem
        say = self._speaker(person.locale)
        text = pages.chat_page(person, people, self._clock(), language(person.locale), say)
        return web.Response(text=text, content_type="text/html", headers=UNCACHED)

    # --- reading

    async def _log(self, request: web.Request) -> web.StreamResponse:
        person, _ = await self._reader(request)
        return _json(stream.log(await self._rooms.read(person.id)))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        person, _ = await self._reader(request)
        return await stream.stream(request, self._rooms, person.id)

    # --- acting

    async def _pick(self, request: web.Request) -> web.StreamResponse:
        """From now on this browser may be that person too; their plan is kept up to date beside the conversation."""
        body = await read(request, Picked)
        person = next((one for one in await self._people() if one.id == body.person), None)
        if person is None:
            raise Problem(400, "nobody", Phrase("web-error-nobody"))
        request[READER] = person
        await self._receive(person, str(body.id), Opened())
        before = self._sessions.people(request.cookies.get(COOKIE))
        response = _json(DONE)
        value = self._sessions.cookie(before, person.id)
        response.set_cookie(COOKIE, value, max_age=LASTS, httponly=True, samesite="Strict", secure=request.secure)
        return response

    async def _say(self, request: web.Request) -> web.StreamResponse:
        """What was written stands in the conversation before anything that answers it."""
        person, _ = await self._reader(request)
        body = await read(request, SaidBody)
        text = body.text.replace("\0", "")
        if not text.strip():
            raise Problem(400, "empty", Phrase("web-error-empty"))
        if len(text) > MAX_TEXT:
            raise Problem(400, "too-long", Phrase("text-too-long", {"most": MAX_TEXT}))
        await self._rooms.typed(person.id, str(body.id), text)
        await self._receive(person, str(body.id), Wrote(text))
        return _json(DONE)

    async def _press(self, request: web.Request) -> web.StreamResponse:
        person, _ = await self._reader(request)
        body = await read(request, PressedBody)
        await self._receive(person, str(body.id), Pressed(body.action, body.value), body.ref or None)
        return _json(DONE)

    async def _receive(self, person: Person, event: str, said: Said, pressed: str | None = None) -> None:
        """Answers come as messages, so there is no Reply to show."""
        incoming = Incoming(
            id=f"{NAME}:{person.id}:{event}",
            account=Account(NAME, person.id),
            place=Place(NAME, person.id),
            said=said,
            at=self._clock(),
            pressed=pressed,
        )
        await self._inbox.receive(incoming)

    # --- who asks, and what they hear when it cannot be done

    async def _reader(self, request: web.Request) -> tuple[Person, Sequence[Person]]:
        """The person that this tab is, and everybody.

        Raises:
            Problem: the browser has not picked this person, or they are no longer in the directory.
        """
        wanted = request.query.get("as", "")
        if wanted in self._sessions.people(request.cookies.get(COOKIE)):
            people = await self._people()
            for person in people:
                if person.id == wanted:
                    request[READER] = person
                    return person, people
        raise Problem(401, "signed-out", Phrase("web-error-signed-out"))

    def _voice(self, request: web.Request) -> Say:
        reader = request.get(READER)
        return self._speaker(reader.locale if reader else _language(request))

    def _guarded(self, handler: Handler) -> Handler:
        """A request that cannot be carried out is answered in JSON, in the person's language."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except Problem as problem:
                return self._error(request, problem)
            except StoreError:
                return self._error(request, Problem(503, "unavailable", Phrase("web-error-unavailable")))

        return guarded

    def _error(self, request: web.Request, problem: Problem) -> web.Response:
        text = self._voice(request)(problem.text)
        body = msgspec.json.encode({"error": {"code": problem.code, "text": text}})
        return _json(body, problem.status)

    def _page(self, handler: Handler) -> Handler:
        """A page that cannot be shown says so in one line; loading it again is all that can be done."""

        async def page(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except Problem as problem:
                return web.Response(status=problem.status, text=self._voice(request)(problem.text), headers=UNCACHED)
            except StoreError:
                text = self._voice(request)(Phrase("web-error-unavailable"))
                return web.Response(status=503, text=text, headers={**UNCACHED, "Retry-After": "1", "Refresh": "2"})

        return page


def _json(body: bytes, status: int = 200) -> web.Response:
    headers = {**UNCACHED, "Retry-After": "1"} if status == 503 else UNCACHED
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)


def _language(request: web.Request) -> str:
    """The one that the page was asked for in, else the browser's first, else Russian."""
    asked = request.query.get("lang", "")
    return asked if asked in LANGUAGES else language(request.headers.get("Accept-Language", ""))


async def _asset(request: web.Request) -> web.StreamResponse:
    path = ASSETS.get(request.match_info["name"])
    if path is None:
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={**SAFE_HEADERS, "Cache-Control": "no-cache"})
