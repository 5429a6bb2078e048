"""Who may come in: Cloud's email and API token, Data Center's personal access token, and only from here."""

import base64
import hmac
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from msgspec import Struct

from sandbox.jira.wire import ACTOR, fault

_HERE = frozenset({"127.0.0.1", "localhost", "::1"})


class Access(Struct, frozen=True):
    """`user` with `token` is basic auth, `pat` alone is bearer auth; None means that there is none.

    `time_zone` is that of the user, in which times of a query are meant; None leaves what the user has.
    """

    user: str
    token: str
    pat: str | None = None
    time_zone: str | None = None

    def admits(self, header: str) -> bool:
        """Whether an Authorization header carries these credentials."""
        scheme, _, secret = header.partition(" ")
        if scheme.casefold() == "bearer":
            return self.pat is not None and _equal(secret, self.pat)
        return scheme.casefold() == "basic" and _equal(_opened(secret), f"{self.user}:{self.token}")


def _opened(secret: str) -> str:
    """The "user:token" of a basic header, empty when it is none."""
    try:
        return base64.b64decode(secret, validate=True).decode()
    except ValueError:  # no base64, no ASCII, no UTF-8
        return ""


def _equal(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())


def auth_middleware(access: Access, actor: str) -> Middleware:
    """Lets requests of the API in as the user named `actor`; the page and the control address need none."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith("/rest/"):
            if not access.admits(request.headers.get("Authorization", "")):
                return fault(401, "Client must be authenticated to access this resource.")
            request[ACTOR] = actor
        return await handler(request)

    return middleware


def _is_from_here(request: web.Request) -> bool:
    origin = request.headers.get("Origin")
    try:
        host = urlsplit(f"//{request.host}")
        return host.hostname in _HERE and (origin is None or urlsplit(origin).netloc == host.netloc)
    except ValueError:  # half an address is not here
        return False


@web.middleware
async def only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Without sign-in, a strange site open in the same browser could move issues: it is turned away here."""
    if not _is_from_here(request):
        return fault(403, "This stand-in answers on loopback, to its own page and to programs only.")
    return await handler(request)
