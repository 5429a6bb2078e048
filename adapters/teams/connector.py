"""The REST API of the connector, through which a bot writes in Teams: over one session, and to Microsoft only."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any
from urllib.parse import quote

import aiohttp
import msgspec

from adapters.teams.credentials import Credentials
from adapters.teams.errors import NOT_FOUND, Answer, answer_error, seconds, translated
from adapters.teams.hosts import Hosts
from adapters.teams.limits import Pace
from adapters.teams.reference import Conversation, Sent
from adapters.teams.settings import TeamsSettings
from bot.errors import Refused, Retry
from bot.payload import Json, text

CONNECT_SECONDS = 5.0
MOST_BYTES = 1_000_000
PAGE = 200
JSON = "application/json; charset=utf-8"


class Member(msgspec.Struct, frozen=True):
    """Somebody in a conversation, as Teams knows them. `object_id` is that of the directory, in small letters; what
    Teams does not tell is empty."""

    id: str
    object_id: str = ""
    name: str = ""
    email: str = ""
    principal_name: str = ""
    tenant: str = ""
    role: str = ""


@contextlib.asynccontextmanager
async def http_session(settings: TeamsSettings) -> AsyncIterator[aiohttp.ClientSession]:
    """The session of everything that goes to Microsoft; no cookie of one answer goes with the next request."""
    timeout = aiohttp.ClientTimeout(total=settings.timeout_seconds, sock_connect=CONNECT_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


class Connector:
    """Every method raises only DeliveryErrors. `credentials` None: the sandbox, which takes no token, and where nothing
    but this machine is called. A message is never sent again by itself, except once when a token was refused: the lanes
    know what may be. (aiohttp does so with reads and replacements, where a connection has broken that was kept.)
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        settings: TeamsSettings,
        credentials: Credentials | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session, self._credentials, self._clock = session, credentials, clock
        self._bot = {"id": f"28:{settings.app_id or 'sandbox'}"}
        self._service_url = settings.service_url
        self._hosts = Hosts(settings, tokens=credentials is not None)
        self._pace = Pace()

    def rest(self, conversation: Conversation) -> float:
        """Seconds until the conversation takes another message."""
        return self._pace.rest(conversation.whole.text, self._clock())

    async def send(self, conversation: Conversation, thread: str | None, body: Mapping[str, Any]) -> str:
        """Write a message; its id, which is empty where Teams has not told it."""
        return text(await self._write("POST", conversation.in_thread(thread), "", body), "id")

    async def replace(self, sent: Sent, body: Mapping[str, Any]) -> None:
        """Put another message in the place of one. Refused("not-found"): it is no longer there."""
        await self._write("PUT", sent.conversation, f"/{_quoted(sent.id)}", body)

    async def open(self, account: str, tenant: str | None) -> Conversation:
        """The private conversation with somebody; opened twice it is the same one."""
        body: dict[str, Any] = {"bot": self._bot, "members": [{"id": account}], "isGroup": False}
        if tenant is not None:
            body |= {"tenantId": tenant, "channelData": {"tenant": {"id": tenant}}}
        url = self._url(self._service_url, "/v3/conversations")
        said = await self._call("POST", url, body, repeatable=True, rested=True)
        if not text(said, "id"):
            raise Retry("a conversation without an id")
        return Conversation(self._service_url, text(said, "id"))

    async def member(self, conversation: Conversation, account: str) -> Member:
        """Somebody in a conversation, by either of their ids. Refused("not-found"): they are not there.

        Microsoft's own Agents Playground finds nobody by the id of the directory, but lists them with it.
        """
        try:
            return _member(await self._read(conversation, f"members/{_quoted(account)}"))
        except Refused as refused:
            found = await self._listed(conversation, account) if refused.code == NOT_FOUND else None
            if found is None:
                raise
            return found

    async def _listed(self, conversation: Conversation, account: str) -> Member | None:
        """Among the first of the conversation's members; in a private one there is only one."""
        said = await self._read(conversation, f"pagedmembers?pageSize={PAGE}")
        listed = said.get("members")
        members = [_member(one) for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        return next((one for one in members if account.lower() in (one.object_id, one.id.lower())), None)

    async def _read(self, conversation: Conversation, what: str) -> Json:
        url = self._url(conversation.service_url, f"/v3/conversations/{_quoted(conversation.whole.id)}/{what}")
        return await self._call("GET", url, None, repeatable=True)

    async def _write(self, method: str, conversation: Conversation, under: str, body: Mapping[str, Any]) -> Json:
        """Only a replacement may be repeated: what is written twice stands there twice."""
        where, now = conversation.whole.text, self._clock()
        wait = self._pace.rest(where, now)
        if wait > 0:
            raise Retry("the conversation rests", wait)
        rested = self._pace.is_rested(where, now)
        url = self._url(conversation.service_url, f"/v3/conversations/{_quoted(conversation.id)}/activities{under}")
        activity = {**body, "from": self._bot, "conversation": {"id": conversation.id}}
        self._pace.spend(where, now)
        return await self._call(method, url, activity, repeatable=method == "PUT", rested=rested)

    async def _call(
        self, method: str, url: str, body: Mapping[str, Any] | None, *, repeatable: bool, rested: bool = False
    ) -> Json:
        answer = await self._authorized(method, url, body, repeatable=repeatable)
        said = answer.said if 200 <= answer.status < 300 else None
        if said is not None:
            return said
        raise answer_error(answer, repeatable=repeatable, rested=rested)

    async def _authorized(self, method: str, url: str, body: Mapping[str, Any] | None, *, repeatable: bool) -> Answer:
        """The answer; when it is that the token is refused, which may have been withdrawn, that to a fresh one."""
        if self._credentials is None:
            return await self._request(method, url, body, {}, repeatable=repeatable)
        token = await self._credentials.token()
        answer = await self._request(method, url, body, _bearer(token), repeatable=repeatable)
        if answer.status != 401:
            return answer
        self._credentials.drop(token)
        token = await self._credentials.token()
        return await self._request(method, url, body, _bearer(token), repeatable=repeatable)

    async def _request(
        self, method: str, url: str, body: Mapping[str, Any] | None, headers: dict[str, str], *, repeatable: bool
    ) -> Answer:
        data = None if body is None else msgspec.json.encode(body)
        told = {**headers, "Accept": "application/json"} | ({} if data is None else {"Content-Type": JSON})
        with translated(repeatable=repeatable):
            async with self._session.request(method, url, data=data, headers=told, allow_redirects=False) as answer:
                after = seconds(answer.headers.get("Retry-After"))
                return Answer(answer.status, await _bounded(answer.content), after)

    def _url(self, service_url: str, path: str) -> str:
        if not self._hosts.allow(service_url):
            raise Refused("untrusted-address", "the address is not known to be Microsoft's: see TEAMS_SERVICE_URL")
        return f"{service_url}{path}"


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _quoted(id_: str) -> str:
    """Ids have colons, semicolons and slashes in them."""
    return quote(id_, safe="")


async def _bounded(content: aiohttp.StreamReader) -> bytes:
    read = bytearray()
    while len(read) < MOST_BYTES and (chunk := await content.read(MOST_BYTES - len(read))):
        read += chunk
    return bytes(read)


def _member(said: Json) -> Member:
    """Teams calls the object id by two names."""
    return Member(
        id=text(said, "id"),
        object_id=(text(said, "aadObjectId") or text(said, "objectId")).lower(),
        name=text(said, "name"),
        email=text(said, "email"),
        principal_name=text(said, "userPrincipalName"),
        tenant=text(said, "tenantId").lower(),
        role=text(said, "userRole").lower(),
    )
