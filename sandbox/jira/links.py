"""The routes of links: between two issues, and from an issue to a page elsewhere."""

from typing import Any

from aiohttp import web
from msgspec.structs import replace

from sandbox.jira.fields import InvalidFieldsError
from sandbox.jira.issue import Issue, RemoteLink
from sandbox.jira.issues import issue_of
from sandbox.jira.site import LinkType, named
from sandbox.jira.state import UnknownIssueError
from sandbox.jira.view import View
from sandbox.jira.wire import ACTOR, API, STATE, Json, body_of, fault, part_of


def _kind(request: web.Request, body: Json) -> LinkType:
    wanted = part_of(body, "type")
    name = str(wanted.get("id") or wanted.get("name"))
    kind = named(request.app[STATE].site.link_types, name)
    if kind is None:
        raise InvalidFieldsError(messages=(f"No issue link type with name '{name}' found.",))
    return kind


def _end(body: Json, side: str) -> str:
    """The key or id of one end of a link. Raises UnknownIssueError when it is not given."""
    issue = part_of(body, side)
    wanted = issue.get("key") or issue.get("id")
    if wanted is None:
        raise UnknownIssueError(side)
    return str(wanted)


async def create(request: web.Request) -> web.Response:
    state, body = request.app[STATE], await body_of(request)
    kind = _kind(request, body)
    link = state.add_link(kind.id, _end(body, "inwardIssue"), _end(body, "outwardIssue"), request[ACTOR])
    text = part_of(body, "comment").get("body")
    if isinstance(text, str):
        state.add_comment(link.inward, text, request[ACTOR])
    return web.Response(status=201)


async def read(request: web.Request) -> web.Response:
    link = request.app[STATE].link(request.match_info["link"])
    return web.json_response(View.of(request).link(link))


async def delete(request: web.Request) -> web.Response:
    request.app[STATE].delete_link(request.match_info["link"], request[ACTOR])
    return web.Response(status=204)


# remote links


def _remote(issue: Issue, request: web.Request) -> RemoteLink | None:
    wanted = request.match_info["remote"]
    return next((link for link in issue.remote_links if str(link.id) == wanted), None)


def _no_remote(request: web.Request) -> web.Response:
    return fault(404, f"No remote issue link with id '{request.match_info['remote']}' was found.")


def _no_global_id(wanted: str | None) -> web.Response:
    return fault(404, f"No remote issue link with globalId '{wanted}' was found.")


def _target(body: Json) -> Json:
    """What a remote link leads to. Raises InvalidFieldsError without address and title."""
    target = part_of(body, "object")
    wrong = {f"object.{name}": f"'{name}' is required." for name in ("url", "title") if not target.get(name)}
    if wrong:
        raise InvalidFieldsError(wrong)
    return target


def _described(body: Json) -> dict[str, Any]:
    return {
        "global_id": body.get("globalId"),
        "object": _target(body),
        "application": part_of(body, "application"),
        "relationship": body.get("relationship"),
    }


async def remote_links(request: web.Request) -> web.Response:
    """All, or the one with the `globalId` asked for, which is then not a list."""
    issue, view = issue_of(request), View.of(request)
    wanted = request.query.get("globalId")
    if wanted is None:
        return web.json_response([view.remote_link(issue, link) for link in issue.remote_links])
    for link in issue.remote_links:
        if link.global_id == wanted:
            return web.json_response(view.remote_link(issue, link))
    return _no_global_id(wanted)


async def remote_link(request: web.Request) -> web.Response:
    issue = issue_of(request)
    found = _remote(issue, request)
    return web.json_response(View.of(request).remote_link(issue, found)) if found else _no_remote(request)


def _put(request: web.Request, issue: Issue, link: RemoteLink) -> web.Response:
    """Adds the link, or puts it in the place of the one with its id."""
    state = request.app[STATE]
    is_new = all(known.id != link.id for known in issue.remote_links)
    replaced = tuple(link if known.id == link.id else known for known in issue.remote_links)
    state.set_remote_links(issue.key, (*replaced, link) if is_new else replaced)
    address = View.of(request).remote_link(issue, link)["self"]
    return web.json_response({"id": link.id, "self": address}, status=201 if is_new else 200)


async def add_remote_link(request: web.Request) -> web.Response:
    """A link with a `globalId` that the issue already has is written over."""
    state, issue, described = request.app[STATE], issue_of(request), _described(await body_of(request))
    wanted = described["global_id"]
    same = (link for link in issue.remote_links if wanted is not None and link.global_id == wanted)
    known = next(same, None)
    number = known.id if known else state.next_remote_id()
    return _put(request, issue, RemoteLink(id=number, **described))


async def edit_remote_link(request: web.Request) -> web.Response:
    issue = issue_of(request)
    found = _remote(issue, request)
    if found is None:
        return _no_remote(request)
    _put(request, issue, replace(found, **_described(await body_of(request))))
    return web.Response(status=204)


async def delete_remote_link(request: web.Request) -> web.Response:
    issue = issue_of(request)
    found = _remote(issue, request)
    return _drop(request, issue, found) if found else _no_remote(request)


async def delete_by_global_id(request: web.Request) -> web.Response:
    issue, wanted = issue_of(request), request.query.get("globalId")
    for link in issue.remote_links:
        if wanted is not None and link.global_id == wanted:
            return _drop(request, issue, link)
    return _no_global_id(wanted)


def _drop(request: web.Request, issue: Issue, gone: RemoteLink) -> web.Response:
    rest = tuple(link for link in issue.remote_links if link is not gone)
    request.app[STATE].set_remote_links(issue.key, rest)
    return web.Response(status=204)


def routes() -> list[web.RouteDef]:
    remote = f"{API}/issue/{{issue}}/remotelink"
    return [
        web.post(f"{API}/issueLink", create),
        web.get(f"{API}/issueLink/{{link}}", read),
        web.delete(f"{API}/issueLink/{{link}}", delete),
        web.get(remote, remote_links),
        web.post(remote, add_remote_link),
        web.delete(remote, delete_by_global_id),
        web.get(f"{remote}/{{remote}}", remote_link),
        web.put(f"{remote}/{{remote}}", edit_remote_link),
        web.delete(f"{remote}/{{remote}}", delete_remote_link),
    ]
