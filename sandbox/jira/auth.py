"""Who may come in: Cloud's email and API token, Data Center's personal access token."""

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from msgspec import Struct

from sandbox.credentials import is_basic, is_bearer
from sandbox.jira.wire import ACTOR, fault


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
        return is_basic(header, self.user, self.token) or is_bearer(header, self.pat)


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
