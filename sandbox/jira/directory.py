"""The routes that change nothing: the server, who is asking, and the set-up of the site."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from sandbox.jira.site import CATEGORIES, IssueType, Project, Site, named
from sandbox.jira.view import View, moment
from sandbox.jira.wire import ACTOR, API, STATE, Json, fault, number

_CLOUD_VERSION = ("1001.0.0-SNAPSHOT", [1001, 0, 0])
_SERVER_VERSION = ("9.12.0", [9, 12, 0])
# id, name, type of the value, further names in JQL
_FIELDS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("issuekey", "Key", "string", ("id", "issue", "key")),
    ("project", "Project", "project", ()),
    ("issuetype", "Issue Type", "issuetype", ("type",)),
    ("summary", "Summary", "string", ()),
    ("description", "Description", "string", ()),
    ("priority", "Priority", "priority", ()),
    ("status", "Status", "status", ()),
    ("resolution", "Resolution", "resolution", ()),
    ("duedate", "Due date", "date", ("due",)),
    ("labels", "Labels", "array", ()),
    ("assignee", "Assignee", "user", ()),
    ("reporter", "Reporter", "user", ()),
    ("creator", "Creator", "user", ()),
    ("created", "Created", "datetime", ("createdDate",)),
    ("updated", "Updated", "datetime", ("updatedDate",)),
    ("parent", "Parent", "issuelink", ()),
    ("comment", "Comment", "comments-page", ()),
    ("issuelinks", "Linked Issues", "array", ()),
)
_REQUIRED = frozenset({"project", "issuetype", "summary"})
_READ_ONLY = frozenset({"issuekey", "status", "resolution", "creator", "created", "updated", "comment", "issuelinks"})


async def server_info(request: web.Request) -> web.Response:
    state = request.app[STATE]
    version, numbers = _CLOUD_VERSION if state.site.is_cloud else _SERVER_VERSION
    return web.json_response(
        {
            "baseUrl": View.of(request).base,
            "version": version,
            "versionNumbers": numbers,
            "deploymentType": state.site.deployment.value,
            "buildNumber": 100000,
            "serverTime": moment(state.clock()),
            "buildDate": moment(datetime(2026, 1, 1, tzinfo=UTC)),
            "serverTitle": "Jira (sandbox)",
        }
    )


async def myself(request: web.Request) -> web.Response:
    return web.json_response(View.of(request).person(request[ACTOR]))


async def session(request: web.Request) -> web.Response:
    """What the library asks with `validate=True`."""
    actor = request[ACTOR]
    return web.json_response({"self": f"{View.of(request).base}/rest/auth/1/session", "name": actor})


async def permissions(request: web.Request) -> web.Response:
    """Whoever may come in may do everything; `permissions` is a list with commas, as in Jira."""
    asked = [key for key in request.query.get("permissions", "").split(",") if key]
    if not asked:
        return fault(400, "The 'permissions' query parameter is required.")
    allowed = {key: {"key": key, "name": key, "havePermission": True} for key in asked}
    return web.json_response({"permissions": allowed})


async def application_links(_: web.Request) -> web.Response:
    """The library asks for these before it adds a remote link; this Jira knows no other."""
    return web.json_response({"list": []})


def _project(request: web.Request) -> Project | None:
    return request.app[STATE].site.project(request.match_info["project"])


def _no_project(request: web.Request) -> web.Response:
    return fault(404, f"No project could be found with key '{request.match_info['project']}'.")


async def projects(request: web.Request) -> web.Response:
    view = View.of(request)
    return web.json_response([view.project(project) for project in request.app[STATE].site.projects])


async def project(request: web.Request) -> web.Response:
    found, view, site = _project(request), View.of(request), request.app[STATE].site
    if found is None:
        return _no_project(request)
    types = [view.issue_type(kind) for kind in site.issue_types]
    return web.json_response({**view.project(found), "issueTypes": types})


async def project_statuses(request: web.Request) -> web.Response:
    """The statuses of each issue type; all types share one workflow here."""
    view, site = View.of(request), request.app[STATE].site
    if _project(request) is None:
        return _no_project(request)
    statuses = [view.status(status) for status in site.statuses]
    return web.json_response([{**view.issue_type(kind), "statuses": statuses} for kind in site.issue_types])


def _page_of(request: web.Request, values: list[Json], name: str) -> web.Response:
    start, limit = number(request.query.get("startAt"), 0), number(request.query.get("maxResults"), 50)
    part = values[start : start + limit]
    last = start + len(part) >= len(values)
    head = {"startAt": start, "maxResults": limit, "total": len(values), "isLast": last}
    return web.json_response({**head, name: part})


async def createmeta_types(request: web.Request) -> web.Response:
    view, site = View.of(request), request.app[STATE].site
    if _project(request) is None:
        return _no_project(request)
    types = [view.issue_type(kind) for kind in site.issue_types]
    return _page_of(request, types, "issueTypes" if site.is_cloud else "values")


def _needs(field: str, kind: IssueType) -> bool:
    return field in _REQUIRED or (field == "parent" and kind.subtask)


async def createmeta_fields(request: web.Request) -> web.Response:
    site = request.app[STATE].site
    kind = named(site.issue_types, request.match_info["type"])
    if _project(request) is None or kind is None:
        return _no_project(request)
    rows = [
        {"fieldId": field, "key": field, "name": name, "required": _needs(field, kind)}
        for field, name, _, _ in _FIELDS
        if field not in _READ_ONLY
    ]
    return _page_of(request, rows, "fields" if site.is_cloud else "values")


async def all_fields(_: web.Request) -> web.Response:
    return web.json_response(
        [
            {
                "id": field,
                "key": field,
                "name": name,
                "custom": False,
                "clauseNames": [field, *more],
                "schema": {"type": kind, "system": field},
            }
            for field, name, kind, more in _FIELDS
        ]
    )


async def link_types(request: web.Request) -> web.Response:
    view = View.of(request)
    types = [view.link_type(kind) for kind in request.app[STATE].site.link_types]
    return web.json_response({"issueLinkTypes": types})


def _listing(
    kind: str, things: Callable[[Site], Iterable[Any]], show: Callable[[View, Any], Json]
) -> list[web.RouteDef]:
    """Two routes: all things of a kind, and one of them by id or name."""

    async def every(request: web.Request) -> web.Response:
        view = View.of(request)
        return web.json_response([show(view, thing) for thing in things(request.app[STATE].site)])

    async def one(request: web.Request) -> web.Response:
        wanted = request.match_info["id"]
        found = named(tuple(things(request.app[STATE].site)), wanted)
        if found is None:
            return fault(404, f"The {kind} with id '{wanted}' does not exist")
        return web.json_response(show(View.of(request), found))

    return [web.get(f"{API}/{kind}", every), web.get(f"{API}/{kind}/{{id}}", one)]


def routes() -> list[web.RouteDef]:
    return [
        web.get(f"{API}/serverInfo", server_info),
        web.get(f"{API}/myself", myself),
        web.get(f"{API}/mypermissions", permissions),
        web.get("/rest/auth/1/session", session),
        web.get("/rest/applinks/latest/listApplicationlinks", application_links),
        web.get(f"{API}/project", projects),
        web.get(f"{API}/project/{{project}}", project),
        web.get(f"{API}/project/{{project}}/statuses", project_statuses),
        web.get(f"{API}/issue/createmeta/{{project}}/issuetypes", createmeta_types),
        web.get(f"{API}/issue/createmeta/{{project}}/issuetypes/{{type}}", createmeta_fields),
        web.get(f"{API}/field", all_fields),
        web.get(f"{API}/issueLinkType", link_types),
        *_listing("issuetype", lambda site: site.issue_types, View.issue_type),
        *_listing("status", lambda site: site.statuses, View.status),
        *_listing("statuscategory", lambda _: CATEGORIES, View.category),
        *_listing("priority", lambda site: site.priorities, lambda view, one: view.thing("priority", one)),
        *_listing("resolution", lambda site: site.resolutions, lambda view, one: view.thing("resolution", one)),
    ]
