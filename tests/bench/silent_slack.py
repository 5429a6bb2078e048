"""A Slack that does nothing, a process of its own: it says yes to every call of the Web API, and knows the company."""

import asyncio
import json
from collections.abc import Mapping
from itertools import count
from typing import Any

from aiohttp import web

from bot.people import Person
from tests.bench.children import say_ready, until_stdin_ends
from tests.bench.company import EVERYBODY

TEAM = "T0BENCH0001"
CONVERSATION = "D0BENCH00001"
numbers = count(1)


def _member(person: Person) -> dict[str, Any]:
    return {
        "id": person.accounts["slack"],
        "team_id": TEAM,
        "name": person.handle,
        "tz": person.timezone,
        "is_email_confirmed": True,
        "profile": {"email": person.email, "real_name": person.name},
    }


MEMBERS = {person.accounts["slack"]: _member(person) for person in EVERYBODY}
BY_EMAIL = {member["profile"]["email"]: member for member in MEMBERS.values()}
WHOLE = json.dumps({"ok": True, "members": list(MEMBERS.values()), "response_metadata": {"next_cursor": ""}})
SELF = {"ok": True, "team_id": TEAM, "user_id": "U0BENCHBOT1", "bot_id": "B0BENCH0001", "user": "butterboard"}


def _found(member: dict[str, Any] | None) -> str:
    return json.dumps({"ok": True, "user": member} if member else {"ok": False, "error": "user_not_found"})


def _answer(method: str, asked: Mapping[str, Any]) -> str:
    match method:
        case "chat.postMessage" | "chat.update":
            return f'{{"ok":true,"channel":"{CONVERSATION}","ts":"1764057601.{next(numbers):06d}"}}'
        case "users.list":
            return WHOLE
        case "users.info":
            return _found(MEMBERS.get(asked.get("user", "")))
        case "users.lookupByEmail":
            return _found(BY_EMAIL.get(asked.get("email", "")))
        case _:
            return json.dumps({**SELF, "channel": {"id": CONVERSATION}})


async def call(request: web.Request) -> web.Response:
    body = await request.read()
    method = request.match_info["method"]
    asked: Mapping[str, Any] = request.query
    if method.startswith("users."):
        asked = {**request.query, **(await request.post() if body else {})}
    return web.Response(text=_answer(method, asked), content_type="application/json")


async def main() -> None:
    app = web.Application()
    app.router.add_route("*", "/api/{method}", call)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    say_ready(runner.addresses[0][1])
    await until_stdin_ends()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
