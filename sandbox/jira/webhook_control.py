"""Webhooks for callers in another process: registered, taken away, made to fail, and counted."""

from typing import TypeVar

import msgspec
from aiohttp import web
from msgspec import Struct

from sandbox.jira.issue import Event
from sandbox.jira.webhooks import WEBHOOKS, Hook, WebhookFaults
from sandbox.jira.wire import Json

PATH = "/_sandbox/webhooks"
FAULTS_PATH = "/_sandbox/webhooks/faults"
T = TypeVar("T")


class Wanted(Struct, frozen=True, forbid_unknown_fields=True):
    """A hook to be; without `events` it hears of all."""

    url: str
    secret: str | None = None
    events: list[Event] = []


async def _read(request: web.Request, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except msgspec.DecodeError as error:
        raise web.HTTPBadRequest(text=str(error)) from error


def _shown(hook: Hook) -> Json:
    return {"id": hook.id, "url": hook.url, "signed": bool(hook.secret), "events": sorted(hook.events)}


async def show(request: web.Request) -> web.Response:
    """The hooks, what became of their deliveries, and how many are still `under_way`."""
    webhooks = request.app[WEBHOOKS]
    hooks = [_shown(hook) for hook in webhooks.hooks.values()]
    counts = {**msgspec.to_builtins(webhooks.counts), "under_way": webhooks.under_way}
    return web.json_response({"webhooks": hooks, "counts": counts})


async def add(request: web.Request) -> web.Response:
    wanted = await _read(request, Wanted)
    hook = request.app[WEBHOOKS].add(wanted.url, wanted.secret, events=wanted.events)
    return web.json_response(_shown(hook), status=201)


async def remove(request: web.Request) -> web.Response:
    """One hook, or all of them when none is named."""
    webhooks = request.app[WEBHOOKS]
    wanted = request.match_info.get("hook")
    gone = [webhooks.remove(hook) for hook in ([wanted] if wanted else list(webhooks.hooks))]
    return web.Response(status=204 if all(gone) else 404)


async def show_faults(request: web.Request) -> web.Response:
    return web.json_response(msgspec.to_builtins(request.app[WEBHOOKS].faults))


async def set_faults(request: web.Request) -> web.Response:
    """What is not named goes back to its default."""
    request.app[WEBHOOKS].faults = await _read(request, WebhookFaults)
    return await show_faults(request)


def routes() -> list[web.RouteDef]:
    return [
        web.get(FAULTS_PATH, show_faults),
        web.post(FAULTS_PATH, set_faults),
        web.get(PATH, show),
        web.post(PATH, add),
        web.delete(PATH, remove),
        web.delete(f"{PATH}/{{hook}}", remove),
    ]
