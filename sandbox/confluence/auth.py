"""Who may come in: Cloud's email and API token, Data Center's personal access token, and only from here."""

from __future__ import annotations

import base64
import hmac
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from msgspec import Struct

from sandbox.confluence.people import User
from sandbox.confluence.wire import ACTOR, STATE, fault, is_api

_HERE = frozenset({"127.0.0.1", "localhost", "::1"})


class Access(Struct, frozen=True):
    """`user` with `token` is basic auth (on Data Center a password); `pat` alone is bearer auth, on Data Center.

    `groups` are those of the account, `time_zone` is its, in which times of a query are meant. Who is not `licensed`
    signs in and is then told that they may not use Confluence.
    """

    user: str
    token: str
    pat: str | None = None
    groups: tuple[str, ...] = ()
    time_zone: str = "Europe/Moscow"
    licensed: bool = True

    def admits(self, header: str, *, cloud: bool) -> bool:
        """Whether an Authorization header carries these credentials."""
        scheme, _, secret = header.partition(" ")
        if scheme.casefold() == "bearer":
            return not cloud and self.pat is not None and _equal(secret, self.pat)
        return scheme.casefold() == "basic" and _equal(_opened(secret), f"{self.user}:{self.token}")

    def account(self) -> User:
        name, _, domain = self.user.partition("@")
        email = self.user if domain else ""
        return User(name=name, display_name="Butterboard", email=email, groups=self.groups, time_zone=self.time_zone)


def _opened(secret: str) -> str:
    """The "user:token" of a basic header, empty when it is none."""
    try:
        return base64.b64decode(secret, validate=True).decode()
    except ValueError:  # no base64, no ASCII, no UTF-8
        return ""


def _equal(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())


def auth_middleware(access: Access) -> Middleware:
    """Lets requests of the API in; the pages for people and the control addresses need no sign-in."""
    account = access.account()

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if is_api(request.path):
            cloud = request.app[STATE].is_cloud
            if not access.admits(request.headers.get("Authorization", ""), cloud=cloud):
                return fault(request, 401, "Client must be authenticated to access this resource.")
            if not access.licensed:
                return fault(request, 403, "Current user not permitted to use Confluence")
            request[ACTOR] = account
        return await handler(request)

    return middleware


@web.middleware
async def only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Without sign-in, a strange site open in the same browser could write: it is turned away here."""
    if not _is_from_here(request):
        return web.json_response({"message": "This stand-in answers on loopback only."}, status=403)
    return await handler(request)


def _is_from_here(request: web.Request) -> bool:
    origin = request.headers.get("Origin")
    try:
        host = urlsplit(f"//{request.host}")
        return host.hostname in _HERE and (origin is None or urlsplit(origin).netloc == host.netloc)
    except ValueError:  # half an address is not here
        return False
