"""The searches: Data Center's /search with startAt and total, Cloud's /search/jql with a page token.

Cloud has taken the former away (410), Data Center never had the latter (404). Both see the issues as they
were `search_lag` seconds ago.
"""

import base64
import json
from collections.abc import Iterable

from aiohttp import web
from msgspec import Struct

from sandbox.jira.fields import InvalidFieldsError
from sandbox.jira.issue import Issue
from sandbox.jira.issues import listed
from sandbox.jira.jql import JqlError, parse
from sandbox.jira.match import find
from sandbox.jira.terms import Asker
from sandbox.jira.view import View
from sandbox.jira.wire import ACTOR, API, SEARCH_API, STATE, Json, body_of, fault, number

MOST_RESULTS = 100  # on Cloud, when fields are asked for
MOST_NAMES = 5000  # on Cloud, when only ids and keys are
MOST_ON_SERVER = 1000
_NAMES = frozenset({"id", "key"})
MOST_RECONCILED = 50


class Last(Struct):
    """The last search: what was asked by whom at which revision, and what it found."""

    search: tuple[str, bool, str, int] | None = None
    found: list[Issue] = []


LAST = web.AppKey("last", Last)


class Asked(Struct, frozen=True):
    """What a search asks, whether it came as a query or as a body."""

    jql: str
    fields: list[str]
    expand: list[str]
    limit: int
    start: int = 0
    token: str | None = None
    fresh: frozenset[str] = frozenset()
    strict: bool = True

    @property
    def wants_names_only(self) -> bool:
        return set(self.fields) <= _NAMES and not self.expand


def _texts(value: object) -> list[str]:
    """A list in a body, or one text with commas."""
    if value is None:
        return []
    items = value if isinstance(value, list) else str(value).split(",")
    return [str(item) for item in items]


def _from_query(request: web.Request) -> Json:
    lists = {name: listed(request, name) for name in ("fields", "expand", "reconcileIssues")}
    return {**request.query, **{name: values for name, values in lists.items() if name in request.query}}


async def _asked(request: web.Request) -> Asked:
    given = await body_of(request) if request.method == "POST" else _from_query(request)
    fresh = frozenset(_texts(given.get("reconcileIssues")))
    if len(fresh) > MOST_RECONCILED:
        raise InvalidFieldsError(messages=(f"At most {MOST_RECONCILED} issues can be reconciled.",))
    return Asked(
        jql=str(given.get("jql") or ""),
        fields=_texts(given.get("fields")),
        expand=_texts(given.get("expand")),
        limit=number(given.get("maxResults"), 50),
        start=number(given.get("startAt"), 0),
        token=given.get("nextPageToken"),
        fresh=fresh,
        strict=request.app[STATE].site.is_cloud or _is_strict(given.get("validateQuery")),
    )


def _is_strict(validate: object) -> bool:
    """Data Center can be told to take a query that names what is not there; Cloud's search cannot."""
    return validate is None or str(validate).casefold() not in ("false", "none", "warn")


def _found(request: web.Request, asked: Asked) -> list[Issue]:
    """A later page is cut from what the page before it found, as long as nothing was written."""
    state, last = request.app[STATE], request.app[LAST]
    same = (asked.jql, asked.strict, request[ACTOR], state.revision)
    if (asked.start or asked.token) and last.search == same and not asked.fresh and state.search_lag <= 0:
        return last.found
    asker = Asker(state, request[ACTOR], state.clock(), asked.strict)
    last.search, last.found = same, find(parse(asked.jql), state.searchable(asked.fresh), asker)
    return last.found


async def paged(request: web.Request) -> web.Response:
    """Data Center: startAt, maxResults, total; every field unless some are named."""
    if request.app[STATE].site.is_cloud:
        return fault(410, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.")
    asked, view = await _asked(request), View.of(request)
    found = _found(request, asked)
    limit = min(asked.limit, MOST_ON_SERVER)
    page = found[asked.start : asked.start + limit]
    head = {"startAt": asked.start, "maxResults": limit, "total": len(found)}
    return web.json_response({**head, "issues": [view.issue(i, asked.fields, asked.expand) for i in page]})


def _token(jql: str, start: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([start, jql]).encode()).decode()


def _start(asked: Asked) -> int:
    """Where a token continues. Raises InvalidFieldsError for one that this query did not give."""
    if not asked.token:
        return 0
    try:
        start, jql = json.loads(base64.urlsafe_b64decode(asked.token))
    except (ValueError, TypeError):
        start, jql = None, None
    if jql != asked.jql or not isinstance(start, int):
        raise InvalidFieldsError(messages=("The next page token is not valid for this query.",))
    return start


def _bounded(asked: Asked) -> None:
    if parse(asked.jql).where is None:
        raise JqlError("Unbounded JQL queries are not allowed here. Please add a search restriction to your query.")


async def tokened(request: web.Request) -> web.Response:
    """Cloud: a token to the next page and no total; without `fields` only the ids."""
    if not request.app[STATE].site.is_cloud:
        return fault(404, "HTTP 404 Not Found")
    asked = await _asked(request)
    _bounded(asked)
    found, start = _found(request, asked), _start(asked)
    limit = min(asked.limit, MOST_NAMES if asked.wants_names_only else MOST_RESULTS)
    end = start + max(limit, 1)  # an empty page would lead to itself
    page: Json = {"issues": _shown(View.of(request), found[start:end], asked), "isLast": end >= len(found)}
    if end < len(found):
        page["nextPageToken"] = _token(asked.jql, end)
    return web.json_response(page)


def _shown(view: View, issues: Iterable[Issue], asked: Asked) -> list[Json]:
    if asked.wants_names_only:
        return [view.reference(issue) if "key" in asked.fields else {"id": issue.id} for issue in issues]
    return [view.issue(issue, asked.fields, asked.expand) for issue in issues]


async def count(request: web.Request) -> web.Response:
    if not request.app[STATE].site.is_cloud:
        return fault(404, "HTTP 404 Not Found")
    asked = await _asked(request)
    _bounded(asked)
    return web.json_response({"count": len(_found(request, asked))})


def routes() -> list[web.RouteDef]:
    return [
        web.get(f"{API}/search", paged),
        web.post(f"{API}/search", paged),
        web.get(f"{SEARCH_API}/search/jql", tokened),
        web.post(f"{SEARCH_API}/search/jql", tokened),
        web.post(f"{SEARCH_API}/search/approximate-count", count),
    ]
