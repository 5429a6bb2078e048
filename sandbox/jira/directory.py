"""The routes that change nothing: the server, who is asking, and the set-up of the site."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from sandbox.jira.fields import readers_for
from sandbox.jira.site import CATEGORIES, IssueType, Project, Site, named
from sandbox.jira.state import State
from sandbox.jira.view import View
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
_GREENHOPPER = "com.pyxis.greenhopper.jira"


async def server_info(request: web.Request) -> web.Response:
    state = request.app[STATE]
    view = View.of(request)
    version, numbers = _CLOUD_VERSION if state.site.is_cloud else _SERVER_VERSION
    return web.json_response(
        {
            "baseUrl": view.base,
            "version": version,
            "versionNumbers": numbers,
            "deploymentType": state.site.deployment.value,
            "buildNumber": 100000,
            "serverTime": view.moment(state.clock()),
            "buildDate": view.moment(datetime(2026, 1, 1, tzinfo=UTC)),
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
    """The statuses of each issue type in its workflow."""
    view, site, found = View.of(request), request.app[STATE].site, _project(request)
    if found is None:
        return _no_project(request)
    ways = [(kind, site.workflow(found.key, kind.id)) for kind in site.issue_types]
    return web.json_response(
        [{**view.issue_type(kind), "statuses": [view.status(one) for one in way.statuses]} for kind, way in ways]
    )


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


def _needs(field: str, kind: IssueType, site: Site) -> bool:
    return field in _REQUIRED or (field == "parent" and kind.subtask) or (field == site.epic_name and kind.epic)


def _on_screen(state: State, project: str, kind: IssueType) -> list[Json]:
    """The fields that a project's screens take for a type, as both kinds of metadata show them."""
    taken = {"project", *readers_for(state, project, kind)}
    return [
        {**row, "required": _needs(row["id"], kind, state.site), "operations": ["set"], "fieldId": row["id"]}
        for row in _field_rows(state.site)
        if row["id"] in taken
    ]


async def createmeta_fields(request: web.Request) -> web.Response:
    state, found = request.app[STATE], _project(request)
    kind = named(state.site.issue_types, request.match_info["type"])
    if found is None or kind is None:
        return _no_project(request)
    return _page_of(request, _on_screen(state, found.key, kind), "fields" if state.site.is_cloud else "values")


async def editmeta(request: web.Request) -> web.Response:
    """What the screen on which this issue is edited takes."""
    state = request.app[STATE]
    issue = state.issue(request.match_info["issue"])
    kind = named(state.site.issue_types, issue.issuetype)
    rows = _on_screen(state, issue.project, kind) if kind else []
    return web.json_response({"fields": {row["id"]: row for row in rows if row["id"] != "project"}})


def _field_rows(site: Site) -> list[Json]:
    """Every field: those that each Jira has, and on Data Center the two that make epics."""
    rows: list[Json] = [
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
    return rows if site.is_cloud else [*rows, *_epic_rows(site)]


def _epic_rows(site: Site) -> list[Json]:
    made = (
        (site.epic_link, "Epic Link", "any", "gh-epic-link"),
        (site.epic_name, "Epic Name", "string", "gh-epic-label"),
    )
    return [
        {
            "id": field,
            "key": field,
            "name": name,
            "custom": True,
            "clauseNames": [f"cf[{field.removeprefix('customfield_')}]", name],
            "schema": {"type": kind, "custom": f"{_GREENHOPPER}:{maker}", "customId": _number_in(field)},
        }
        for field, name, kind, maker in made
    ]


def _number_in(field: str) -> int:
    return int(field.removeprefix("customfield_"))


async def all_fields(request: web.Request) -> web.Response:
    return web.json_response(_field_rows(request.app[STATE].site))


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
        web.get(f"{API}/issue/{{issue}}/editmeta", editmeta),
        web.get(f"{API}/field", all_fields),
        web.get(f"{API}/issueLinkType", link_types),
        *_listing("issuetype", lambda site: site.issue_types, View.issue_type),
        *_listing("status", lambda site: site.statuses, View.status),
        *_listing("statuscategory", lambda _: CATEGORIES, View.category),
        *_listing("priority", lambda site: site.priorities, lambda view, one: view.thing("priority", one)),
        *_listing("resolution", lambda site: site.resolutions, lambda view, one: view.thing("resolution", one)),
    ]
