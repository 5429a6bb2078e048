"""The routes that find people. Cloud looks by `query` and knows accountId, Data Center by `username` and name."""

from aiohttp import web

from sandbox.jira.people import User
from sandbox.jira.state import State
from sandbox.jira.view import View
from sandbox.jira.wire import API, STATE, fault, number


def _found(request: web.Request, users: list[User]) -> web.Response:
    """A plain list, as Jira gives it, cut by startAt and maxResults."""
    start, limit = number(request.query.get("startAt"), 0), number(request.query.get("maxResults"), 50)
    view = View.of(request)
    return web.json_response([view.user(user) for user in users[start : start + limit]])


def _asked(request: web.Request, state: State) -> str | web.Response:
    """The text to look people up by: `query` on Cloud, `username` on Data Center."""
    wanted, other = ("query", "username") if state.site.is_cloud else ("username", "query")
    if state.site.is_cloud and other in request.query:
        return fault(400, f"The query parameter '{other}' is not supported in GDPR strict mode.")
    text = request.query.get(wanted, "")
    return text or fault(400, f"The {wanted} query parameter was not provided")


async def search_users(request: web.Request) -> web.Response:
    state = request.app[STATE]
    text = _asked(request, state)
    if isinstance(text, web.Response):
        return text
    return _found(request, state.people.search(text, state.site.deployment))


async def search_assignable(request: web.Request) -> web.Response:
    state = request.app[STATE]
    text = _asked(request, state)
    if isinstance(text, web.Response):
        return text
    wrong = _unknown_place(request, state)
    if wrong is not None:
        return wrong
    users = state.people.search(text, state.site.deployment)
    return _found(request, [user for user in users if user.assignable])


def _unknown_place(request: web.Request, state: State) -> web.Response | None:
    """People are assigned in a project or to an issue: one of both must be named, and be there."""
    query = request.query
    if "issueKey" in query:
        state.issue(query["issueKey"])
    elif state.site.project(query.get("project", "")) is None:
        return fault(404, f"No project could be found with key '{query.get('project', '')}'.")
    return None


async def user(request: web.Request) -> web.Response:
    state = request.app[STATE]
    wanted = request.query.get("accountId" if state.site.is_cloud else "username", "")
    found = state.people.identified(wanted, state.site.deployment)
    if found is None:
        return fault(404, "Specified user does not exist or you do not have required permissions")
    return web.json_response(View.of(request).user(found))


def routes() -> list[web.RouteDef]:
    return [
        web.get(f"{API}/user", user),
        web.get(f"{API}/user/search", search_users),
        web.get(f"{API}/user/assignable/search", search_assignable),
    ]
