"""Who has sent an activity: Microsoft's own checks of its tokens, and ours around them. With another SDK this file is
replaced, and `credentials.py`; no other knows of it.

Microsoft's library is out of support and believes too much. What it leaves open is looked at before it is asked:
README.md lists it.
"""

from __future__ import annotations

import hashlib
import re
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable
from types import SimpleNamespace

import msgspec
from botbuilder.integration.aiohttp import ConfigurationBotFrameworkAuthentication
from botbuilder.schema import Activity
from botframework.connector.auth.jwt_token_extractor import JwtTokenExtractor

from adapters.teams.classify import CHANNEL_ID
from adapters.teams.signing_keys import KeysUnavailable, SigningKey, SigningKeys

ALGORITHM = "RS256"
LEEWAY = 300.0  # seconds between the clocks of Microsoft and ours
LONGEST_TOKEN = 8_000
MOST_KEPT = 1_000
BEARER = "Bearer "
TOKEN = re.compile(rf"{BEARER}[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)  # no empty signature, as of a token that has none


class NotAuthentic(Exception):
    """A token that is missing, or is none of Microsoft's for this bot and this activity. The text is for logs."""


class Vouched(msgspec.Struct, frozen=True):
    """What a token that Microsoft has signed for us vouches for: where its activity comes from, over which channels."""

    service_url: str
    channels: frozenset[str]

    def confirm(self, channel: str, service_url: str) -> None:
        """Return when the activity says the same of itself. Raises NotAuthentic."""
        if channel not in self.channels:
            raise NotAuthentic("signed with a key that does not speak for this channel")
        if service_url != self.service_url:
            raise NotAuthentic("for another service URL")


class _Header(msgspec.Struct, frozen=True):
    alg: str
    kid: str


class _Claims(msgspec.Struct, frozen=True):
    """Strict: one text each, and times that are numbers. `aud` as a list is nothing that Microsoft writes."""

    iss: str
    aud: str
    exp: int | float
    serviceurl: str
    nbf: int | float = 0


class _Token(msgspec.Struct, frozen=True):
    """What a token says of itself."""

    kid: str
    claims: _Claims


_headers = msgspec.json.Decoder(_Header)
_claims = msgspec.json.Decoder(_Claims)


class Authentication:
    """Microsoft's tokens for one bot. `clock` is the time of day, in seconds since the epoch.

    A token is used for many activities. That it was once signed by a key need not be computed again: the same bytes
    under the same key give the same answer. Its claims and its times are compared for each activity, and a key that
    Microsoft no longer tells, or tells anew, counts as another.
    """

    def __init__(self, app_id: str, issuer: str, keys: SigningKeys, clock: Callable[[], float] = time.time) -> None:
        """Raises ValueError without an app id or an issuer: for the library that means that everybody is believed."""
        if not app_id or not issuer:
            raise ValueError("no app id or no issuer: nobody could be told from anybody else")
        self._app_id, self._issuer, self._keys, self._clock = app_id.lower(), issuer, keys, clock
        self._library = _Library(app_id, issuer, keys)
        self._verified: dict[bytes, tuple[_Token, SigningKey]] = {}

    async def check(self, authorization: str) -> Vouched:
        """What the header proves, of itself alone: nothing of an activity need be read for it.

        Raises:
            NotAuthentic: not that Microsoft has sent it, and to us, and lately.
            KeysUnavailable: that cannot be found out now.
        """
        text = _token(authorization)
        digest = hashlib.blake2b(text.encode(), digest_size=32).digest()
        token, verified_by = self._verified.get(digest) or (_read(text), None)
        self._compare(token.claims)
        key = await self._keys.find(token.kid)
        if key is None:
            raise NotAuthentic("signed with a key that Microsoft does not know")
        if CHANNEL_ID not in key.endorsements:
            raise NotAuthentic("signed with a key that does not speak for our channel")
        if key is not verified_by:
            await self._library.check(authorization, token.claims.serviceurl)
            self._keep(digest, token, key)
        return Vouched(token.claims.serviceurl, key.endorsements)

    def _compare(self, claims: _Claims) -> None:
        """Everything in a token but its signature, and what its activity must confirm."""
        now = self._clock()
        if claims.iss != self._issuer:
            raise NotAuthentic("from another issuer")
        if claims.aud.lower() != self._app_id:
            raise NotAuthentic("for another bot")
        if not claims.serviceurl:
            raise NotAuthentic("for no service URL")
        if claims.exp <= now - LEEWAY or claims.nbf > now + LEEWAY:
            raise NotAuthentic("expired, or not valid yet")

    def _keep(self, digest: bytes, token: _Token, key: SigningKey) -> None:
        if len(self._verified) >= MOST_KEPT:
            del self._verified[next(iter(self._verified))]  # the oldest, which is the first to expire
        self._verified[digest] = (token, key)


class _Library:
    """Microsoft's checks, on keys of ours: of itself the library would fetch them with a blocking request that has no
    timeout, and stumble over a key that it does not find."""

    def __init__(self, app_id: str, issuer: str, keys: SigningKeys) -> None:
        self._keys = keys
        # To the library this is an address. It is only ever the name under which it finds our keys.
        name = f"signing keys {id(self)} of {app_id}"
        JwtTokenExtractor.metadataCache[name] = self
        configuration = SimpleNamespace(
            TO_BOT_FROM_CHANNEL_TOKEN_ISSUER=issuer, TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL=name
        )
        self._checks = ConfigurationBotFrameworkAuthentication(configuration, credentials_factory=_Application(app_id))

    async def get(self, kid: str) -> SigningKey | None:
        """What the library asks its cache of keys for."""
        return await self._keys.find(kid)

    async def check(self, authorization: str, service_url: str) -> None:
        """Raises NotAuthentic, whatever the library itself raises for what it does not like: it reads claims of which
        we know nothing, and has many ways to stumble over them."""
        activity = Activity(channel_id=CHANNEL_ID, service_url=service_url)
        try:
            result = await self._checks.authenticate_request(activity, authorization)
        except KeysUnavailable:
            raise
        except Exception as error:
            raise NotAuthentic(f"refused by the library: {type(error).__name__}") from error
        if not result.claims_identity.is_authenticated:
            raise NotAuthentic("not vouched for by the library")


class _Application:
    """Our app, as far as the library asks for it (its ServiceClientCredentialsFactory). Authentication is never off."""

    def __init__(self, app_id: str) -> None:
        self._app_id = app_id.lower()

    async def is_valid_app_id(self, app_id: str) -> bool:
        return app_id.lower() == self._app_id

    async def is_authentication_disabled(self) -> bool:
        return False


def looks_signed(authorization: str) -> bool:
    """Whether there is a token to look at: asked before anything of a body is read."""
    return len(authorization) <= LONGEST_TOKEN and TOKEN.fullmatch(authorization) is not None


def _token(authorization: str) -> str:
    if not looks_signed(authorization):
        raise NotAuthentic("no token")
    return authorization.removeprefix(BEARER)


def _read(token: str) -> _Token:
    """Of a token that nobody has vouched for yet."""
    first, second, _ = token.split(".")
    try:
        header, claims = _headers.decode(_unpacked(first)), _claims.decode(_unpacked(second))
    except (ValueError, RecursionError) as error:
        raise NotAuthentic("not shaped like a token of Microsoft") from error
    if header.alg != ALGORITHM:
        raise NotAuthentic("signed in another way")
    return _Token(header.kid, claims)


def _unpacked(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
