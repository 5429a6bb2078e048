"""Spaces, and who signed in."""

from __future__ import annotations

from aiohttp import web

from sandbox.confluence.expand import tree_of
from sandbox.confluence.page import Space
from sandbox.confluence.paging import sliced
from sandbox.confluence.view import View
from sandbox.confluence.wire import ACTOR, STATE, fault


def seen_spaces(request: web.Request) -> list[Space]:
    spaces = request.app[STATE].spaces.values()
    return sorted((s for s in spaces if s.readers.admit(request[ACTOR])), key=lambda space: int(space.id))


async def show_many(request: web.Request) -> web.Response:
    view, wanted = View.of(request), tree_of(request.query.get("expand", ""))
    keys = request.query.getall("spaceKey", [])
    spaces = [space for space in seen_spaces(request) if not keys or space.key in keys]
    part = sliced(request, spaces, lambda space: int(space.id), bodies=False, cursors=False)
    return web.json_response({"results": [view.space(space, wanted) for space in part.items], **part.envelope})


async def show(request: web.Request) -> web.Response:
    view, key = View.of(request), request.match_info["key"]
    found = next((space for space in seen_spaces(request) if space.key == key), None)
    if found is None:
        return fault(request, 404, f"No space with key : {key}")
    return web.json_response(view.space(found, tree_of(request.query.get("expand", ""))))


async def show_me(request: web.Request) -> web.Response:
    """Cloud alone tells the time zone."""
    view, user = View.of(request), request[ACTOR]
    zone = {"timeZone": user.time_zone} if view.state.is_cloud else {}
    return web.json_response({**view.person(user), **zone})


def routes(api: str) -> list[web.RouteDef]:
    return [
        web.get(f"{api}/space", show_many),
        web.get(f"{api}/space/{{key}}", show),
        web.get(f"{api}/user/current", show_me),
    ]
