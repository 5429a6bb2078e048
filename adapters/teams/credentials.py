"""The bot's own token, with which it calls the connector. With another SDK this file is replaced, and
`authentication.py`; no other knows of msal."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

import msal
import msgspec
import requests
from requests.adapters import HTTPAdapter

from adapters.teams.errors import TOKEN_FAILURES, token_error, token_refusal
from adapters.teams.settings import TeamsSettings, is_loopback
from bot.errors import DeliveryError, Retry

RENEW_SECONDS = 300.0  # before its end a new one is fetched
BETWEEN_SECONDS = 5.0  # between two attempts to renew one that still works; a machine may give the same one again
CONNECT_SECONDS = 5.0
log = logging.getLogger(__name__)

# msal raises or gives back whatever it knows; what it writes down itself may be a whole answer, token and all.
logging.getLogger("msal").setLevel(logging.CRITICAL)


class _Token(msgspec.Struct, frozen=True):
    """`ends` on our own clock."""

    text: str
    ends: float


class Credentials:
    """The token of the app that `settings` name. `clock` counts seconds, never back.

    msal blocks, so it is asked in a thread; whoever needs the token meanwhile waits for the same answer, and nobody
    longer than a call may last.
    """

    def __init__(self, settings: TeamsSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._clock = settings, clock
        self._kept: _Token | None = None
        self._asked = 0.0
        self._flight: asyncio.Task[_Token] | None = None

    async def token(self) -> str:
        """A token that has not expired; one that soon will is renewed beside the calls.

        Raises:
            Unauthorized: Entra ID refuses the app, its secret or its tenant.
            Retry: nobody could be asked.
        """
        kept, now = self._kept, self._clock()
        if kept is not None and now < kept.ends:
            if kept.ends - now <= RENEW_SECONDS and now - self._asked >= BETWEEN_SECONDS:
                self._take_off()
            return kept.text
        flight = self._take_off()
        try:
            async with asyncio.timeout(self._settings.timeout_seconds):
                return (await asyncio.shield(flight)).text
        except TimeoutError as error:
            raise Retry("login has not answered in time") from error

    def drop(self, token: str) -> None:
        """The connector has refused this one; a newer one stays."""
        if self._kept is not None and self._kept.text == token:
            self._kept = None

    def _take_off(self) -> asyncio.Task[_Token]:
        """The request that is under way, or a new one. It belongs to no call, so that none can end it."""
        if self._flight is None:
            self._flight = asyncio.create_task(self._fetch(), name="teams token")
            self._flight.add_done_callback(self._landed)
        return self._flight

    def _landed(self, flight: asyncio.Task[_Token]) -> None:
        """Also when nobody waits for it any more."""
        self._flight = None
        error = None if flight.cancelled() else flight.exception()
        if isinstance(error, DeliveryError):
            log.warning("teams token not fetched", extra={"error": error.detail})

    async def _fetch(self) -> _Token:
        asked = self._asked = self._clock()
        try:
            result = await asyncio.to_thread(self._ask)
            lasts = float(result.get("expires_in") or 0)
        except TOKEN_FAILURES as error:
            raise token_error(error) from error
        text = result.get("access_token")
        if not isinstance(text, str) or not text:
            raise token_refusal(result)
        self._kept = _Token(text, asked + lasts)
        return self._kept

    def _ask(self) -> Mapping[str, Any]:
        """What msal gives back; in a thread. It starts afresh each time: what it would keep by itself, tokens that were
        dropped and refusals that are over, is wrong by now."""
        given = self._settings
        with _Session(given) as session:
            if given.app_type == "UserAssignedMSI":
                identity = msal.UserAssignedManagedIdentity(client_id=given.app)
                machine = msal.ManagedIdentityClient(identity, http_client=session)
                found = machine.acquire_token_for_client(resource=given.token_issuer)
            else:
                application = msal.ConfidentialClientApplication(
                    given.app,
                    client_credential=given.password,
                    authority=f"{_https(given.login_url)}/{given.tenant}",
                    instance_discovery=False,  # nobody but the login that the settings name is asked about it
                    http_client=session,
                )
                found = application.acquire_token_for_client([given.scope])
        return found if isinstance(found, dict) else {}


class _Session(requests.Session):
    """How msal calls: never for ever, never elsewhere, and never with an answer that says "later"."""

    def __init__(self, settings: TeamsSettings) -> None:
        super().__init__()
        self._seconds = settings.timeout_seconds
        if is_loopback(settings.login_url):
            self.trust_env = False
            self.mount(_https(settings.login_url), _InPlain())

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        limits = {"timeout": (min(CONNECT_SECONDS, self._seconds), self._seconds), "allow_redirects": False}
        answer = super().request(*args, **{**kwargs, **limits})
        if answer.status_code == 429 or answer.status_code >= 500:
            raise requests.HTTPError(f"{answer.status_code}", response=answer)
        return answer


class _InPlain(HTTPAdapter):
    """msal takes no address but https. On loopback, and only there, that is spoken as http."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        request.url = f"http://{(request.url or '').partition('://')[2]}"
        return super().send(request, *args, **kwargs)


def _https(url: str) -> str:
    return f"https://{url.partition('://')[2]}"
