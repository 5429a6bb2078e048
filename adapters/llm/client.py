"""The API of a language model: chat completions over one session, each with a hard limit of time and size."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import aiohttp
import msgspec

from adapters.llm.breaker import Breaker
from adapters.llm.errors import ModelError
from adapters.llm.prompts import Turn
from adapters.llm.reply import completion, refusal
from adapters.llm.settings import ENDPOINT, LlmSettings

CONNECT_SECONDS = 2.0
MOST_BYTES = 256_000
CONNECTIONS = 16
# These are about the one question, and come from an API that works.
OF_THE_QUESTION = frozenset({"refused"})

log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def http_session() -> AsyncIterator[aiohttp.ClientSession]:
    """No cookie of one answer goes with the next request, and nothing is sent by way of a proxy of the environment."""
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(
        timeout=timeout, connector=connector, cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        yield session


class ModelClient:
    """`settings` are those of a configured model."""

    def __init__(
        self, session: aiohttp.ClientSession, settings: LlmSettings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._session, self._settings = session, settings
        self._breaker = Breaker(clock)

    async def complete(self, turns: Sequence[Turn], *, tokens: int, seconds: float, purpose: str) -> str | None:
        """What the model says; None when it fails, or rests after failures. `purpose` is for the log."""
        if not self._breaker.admit():
            log.debug("the language model rests: %s", purpose)
            return None
        try:
            said = await self.ask(turns, tokens=tokens, seconds=seconds)
        except ModelError as error:
            self._note(error, purpose)
            return None
        self._breaker.succeed()
        return said

    async def ask(self, turns: Sequence[Turn], *, tokens: int, seconds: float) -> str:
        """What the model says, however often it has failed before. Raises ModelError."""
        body = {
            "model": self._settings.model,
            "messages": msgspec.to_builtins(turns),
            "temperature": 0,
            "max_tokens": tokens,
        }
        return completion(await self._request("POST", ENDPOINT, body, seconds))

    async def models(self, *, seconds: float) -> bytes:
        """The body of the list of models. Raises ModelError; not every API has one."""
        return await self._request("GET", "/models", None, seconds)

    def _note(self, error: ModelError, purpose: str) -> None:
        if error.code in OF_THE_QUESTION:
            self._breaker.succeed()
            log.warning("the language model refused: %s, %s", purpose, error)
            return
        rests = self._breaker.fail(error.after)
        log.warning("the language model failed%s: %s, %s", " and is left alone" if rests else "", purpose, error)

    async def _request(self, method: str, path: str, body: dict[str, Any] | None, seconds: float) -> bytes:
        data = None if body is None else msgspec.json.encode(body)
        if self._session.closed:
            raise ModelError("unreachable", "closed")
        try:
            async with (
                asyncio.timeout(seconds),
                self._session.request(
                    method, self._settings.base + path, data=data, headers=self._headers(), allow_redirects=False
                ) as answer,
            ):
                raw = await _bounded(answer.content)
                if 200 <= answer.status < 300:
                    return raw
                raise refusal(answer.status, raw, answer.headers.get("Retry-After"))
        except TimeoutError as error:
            raise ModelError("timeout") from error
        except (aiohttp.ClientError, OSError) as error:
            raise ModelError("unreachable", type(error).__name__) from error

    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", "Content-Type": "application/json"}
        key = self._settings.key
        return headers if key is None else {**headers, "Authorization": f"Bearer {key.get_secret_value()}"}


async def _bounded(content: aiohttp.StreamReader) -> bytes:
    """All of it. Raises ModelError when it is more than any answer."""
    read = bytearray()
    while chunk := await content.readany():
        read += chunk
        if len(read) > MOST_BYTES:
            raise ModelError("too-long")
    return bytes(read)
