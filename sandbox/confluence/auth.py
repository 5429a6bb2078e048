"""Who may come in: Cloud's email and API token, Data Center's personal access token."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from msgspec import Struct

from sandbox.confluence.people import User
from sandbox.confluence.wire import ACTOR, STATE, fault, is_api
from sandbox.credentials import is_basic, is_bearer


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
        return is_basic(header, self.user, self.token) or (not cloud and is_bearer(header, self.pat))

    def account(self) -> User:
        name, _, domain = self.user.partition("@")
        email = self.user if domain else ""
        return User(name=name, display_name="Butterboard", email=email, groups=self.groups, time_zone=self.time_zone)


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
