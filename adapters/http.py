"""What every HTTP endpoint needs: a request body that is bounded in size and in time."""

from __future__ import annotations

import asyncio

from aiohttp import web

PLAIN = ("", "identity")


async def read_body(request: web.Request, most: int, seconds: float) -> bytes:
    """The raw body: at most `most` bytes, within `seconds`, and not to be unfolded. Call it once it is known who asks.

    A body that says of itself that it is too large is refused before a byte of it is read.
    Raises HTTPException with an empty body: 400, 408, 413, 415.
    """
    if request.headers.get("Content-Encoding", "").strip().lower() not in PLAIN:
        raise web.HTTPUnsupportedMediaType(text="")
    if (told := request.content_length) is not None and told > most:
        raise _too_large(most, told)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > most:
                    raise _too_large(most, len(body))
    except TimeoutError as error:
        raise web.HTTPRequestTimeout(text="") from error
    except (web.RequestPayloadError, ConnectionError) as error:  # chunks that are none, or who is gone in the middle
        raise web.HTTPBadRequest(text="") from error
    return bytes(body)


def _too_large(most: int, found: int) -> web.HTTPException:
    return web.HTTPRequestEntityTooLarge(max_size=most, actual_size=found, text="")
