"""The library's HTTP, with the borders that it does not draw itself: time, size, and no way to another host."""

from __future__ import annotations

import time
from typing import Any, Final

import requests

from adapters.confluence.errors import Redirected, TooLarge, TooSlow

# Markup takes up to a second for a megabyte: what comes in one answer is also to be read while its call lasts, or the
# crawl would ask for the same pages for ever.
LARGEST_ANSWER: Final = 16 * 1024 * 1024
_CHUNK: Final = 64 * 1024
# Together less than the whole, so that a request normally ends by itself and says how far it came.
_CONNECT_SHARE: Final = 0.2
_READ_SHARE: Final = 0.7


class BoundedSession(requests.Session):
    """A session whose requests end: `timeout` is in seconds, for one as a whole."""

    def __init__(self, timeout: float) -> None:
        super().__init__()
        self._timeout = timeout

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """As its parent, with the body read. Raises what requests does, Redirected, TooLarge and TooSlow."""
        ends = time.monotonic() + self._timeout
        # The library knows whole seconds only, and follows any redirection.
        kwargs |= {
            "timeout": (self._timeout * _CONNECT_SHARE, self._timeout * _READ_SHARE),
            "allow_redirects": False,
            "stream": True,
        }
        response = super().request(*args, **kwargs)
        try:
            if response.is_redirect:
                raise Redirected(response.headers.get("Location", ""))
            # The library reads the text of everything, whatever its size, and has no hook for it.
            response._content = _read(response, ends)
        finally:
            response.close()
        return response


def _read(response: requests.Response, ends: float) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(_CHUNK):
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise TooLarge("too many bytes")
        if time.monotonic() > ends:
            raise TooSlow("too long")
    return bytes(body)
