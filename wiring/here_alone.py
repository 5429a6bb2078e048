"""With the sandbox on, who is let in to anything at all: whoever sits at this machine, and nobody else."""

from __future__ import annotations

from aiohttp import web

from bot.locales import language
from bot.message import Phrase
from bot.texts import speaker
from sandbox.loopback import guard


def _refused(request: web.Request) -> web.StreamResponse:
    say = speaker(language(request.headers.get("Accept-Language", "")))
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return web.Response(status=403, text=say(Phrase("web-error-not-here")), headers=headers)


here_alone = guard(_refused)
