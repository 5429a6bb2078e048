"""The keys that Microsoft signs its tokens with, as its OpenID metadata tells them, and for which channels each speaks.

They are kept for a day, and longer when nobody can tell new ones. One request is under way at a time, and however many
tokens name a key that does not exist, Microsoft is asked about that every few minutes only.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWTError
from jwt.algorithms import RSAAlgorithm

from adapters.teams.settings import is_safe_url

FRESH_SECONDS = 24 * 3600.0  # as long as Microsoft's own library keeps them
BETWEEN_SECONDS = 300.0  # between two looks for a key that is not known
AFTER_FAILURE_SECONDS = 5.0
FETCH_SECONDS = 5.0  # both documents; whoever writes waits at most so long, and Teams gives us 10
MOST_BYTES = 1_000_000
log = logging.getLogger(__name__)


class KeysUnavailable(Exception):
    """It cannot be said now whether a token is genuine: nobody could tell its key. The token may well be good."""


class SigningKey(msgspec.Struct, frozen=True, eq=False):
    """`endorsements`: the channels that a token of this key may speak for."""

    public_key: RSAPublicKey
    endorsements: frozenset[str]


class _Metadata(msgspec.Struct, frozen=True):
    jwks_uri: str


class _Jwk(msgspec.Struct, frozen=True):
    kty: str
    kid: str = ""
    n: str = ""
    e: str = ""
    endorsements: list[str] = []


class _Jwks(msgspec.Struct, frozen=True):
    keys: list[_Jwk]


class SigningKeys:
    """The keys that the metadata at `url` leads to, fetched over `session`. `clock` counts seconds, never back."""

    def __init__(
        self,
        session: ClientSession,
        url: str,
        clock: Callable[[], float] = time.monotonic,
        fetch_seconds: float = FETCH_SECONDS,
    ) -> None:
        self._session, self._url, self._clock = session, url, clock
        self._timeout = ClientTimeout(total=fetch_seconds)
        self._keys: dict[str, SigningKey] = {}
        self._fetched: float | None = None
        self._tried: float | None = None
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> SigningKey | None:
        """The key of that name; None: there is none.

        A key that is known is never waited for: old keys are renewed beside the requests.

        Raises:
            KeysUnavailable: it is not known, and Microsoft cannot be asked.
        """
        key = self._keys.get(kid)
        if key is not None:
            if self._since(self._fetched) >= FRESH_SECONDS and self._may_ask(AFTER_FAILURE_SECONDS):
                self._fetch_once()
            return key
        if self._fetching is not None or self._may_ask(self._pause()):
            await asyncio.shield(self._fetch_once())
        if self._failed():
            raise KeysUnavailable("the signing keys of Teams cannot be fetched")
        return self._keys.get(kid)

    async def refresh(self) -> Mapping[str, SigningKey]:
        """Ask now; all the keys, by name. Raises KeysUnavailable."""
        await asyncio.shield(self._fetch_once())
        if self._failed():
            raise KeysUnavailable("the signing keys of Teams cannot be fetched")
        return self._keys

    def _since(self, moment: float | None) -> float:
        return float("inf") if moment is None else self._clock() - moment

    def _pause(self) -> float:
        return AFTER_FAILURE_SECONDS if self._failed() else BETWEEN_SECONDS

    def _may_ask(self, pause: float) -> bool:
        return self._since(self._tried) >= pause

    def _failed(self) -> bool:
        """Whether the last attempt has brought nothing, or there was none."""
        return self._fetched is None or self._fetched != self._tried

    def _fetch_once(self) -> asyncio.Task[None]:
        """The request that is under way, or a new one; it belongs to nobody's request, so that none can end it."""
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch(), name="teams signing keys")
        return self._fetching

    async def _fetch(self) -> None:
        try:
            keys = await self._asked()
        except (ClientError, TimeoutError, ValueError) as error:
            keys = {}
            log.warning("teams signing keys not fetched", extra={"error": type(error).__name__})
        finally:
            self._tried = self._clock()
            self._fetching = None
        if keys:
            self._keys, self._fetched = keys, self._tried

    async def _asked(self) -> dict[str, SigningKey]:
        """Raises ValueError (msgspec's errors are such) for what is no metadata."""
        metadata = msgspec.json.decode(await self._document(self._url), type=_Metadata)
        told = msgspec.json.decode(await self._document(metadata.jwks_uri), type=_Jwks)
        return {jwk.kid: key for jwk in told.keys if (key := _key(jwk)) is not None}

    async def _document(self, url: str) -> bytes:
        if not is_safe_url(url):
            raise ValueError("keys must come over https")
        async with self._session.get(url, timeout=self._timeout, allow_redirects=False) as answer:
            answer.raise_for_status()
            document = await answer.content.read(MOST_BYTES)
            while not answer.content.at_eof() and len(document) < MOST_BYTES:
                document += await answer.content.read(MOST_BYTES)
            return document


def _key(jwk: _Jwk) -> SigningKey | None:
    """None for what no token of ours can be signed with."""
    if jwk.kty != "RSA" or not jwk.kid:
        return None
    told: dict[str, Any] = {"kty": "RSA", "n": jwk.n, "e": jwk.e}
    try:
        public_key = RSAAlgorithm.from_jwk(told)
    except (PyJWTError, ValueError):
        return None
    if not isinstance(public_key, RSAPublicKey):
        return None
    return SigningKey(public_key, frozenset(jwk.endorsements))
