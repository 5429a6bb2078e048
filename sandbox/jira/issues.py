"""The routes of one issue: create, read, edit, move, comment, properties."""

from typing import Any

from aiohttp import web

from sandbox.jira import fields
from sandbox.jira.fields import InvalidFieldsError
from sandbox.jira.issue import Issue
from sandbox.jira.state import State
from sandbox.jira.view import View
from sandbox.jira.wire import ACTOR, API, STATE, Json, body_of, fault, number, part_of


def issue_of(request: web.Request) -> Issue:
    """The issue that the path names. Raises UnknownIssueError."""
    return request.app[STATE].issue(request.match_info["issue"])


def listed(request: web.Request, name: str) -> list[str]:
    """A query parameter that may be repeated and may hold commas."""
    return [part for text in request.query.getall(name, []) for part in text.split(",")]


def _properties(body: Json) -> dict[str, Any]:
    given = body.get("properties") or []
    if not isinstance(given, list):
        raise InvalidFieldsError(messages=("'properties' must be a list.",))
    try:
        return {str(item["key"]): item["value"] for item in given}
    except (TypeError, KeyError):
        raise InvalidFieldsError(messages=("A property needs a key and a value.",)) from None


async def create(request: web.Request) -> web.Response:
    state, body = request.app[STATE], await body_of(request)
    values = fields.for_create(part_of(body, "fields"), state)
    issue = state.create({**values, "properties": _properties(body)}, request[ACTOR])
    return web.json_response(View.of(request).reference(issue), status=201)


async def read(request: web.Request) -> web.Response:
    shown = View.of(request).issue(issue_of(request), listed(request, "fields"), listed(request, "expand"))
    wanted = set(listed(request, "properties"))
    if wanted:
        kept = issue_of(request).properties
        every = "*all" in wanted
        shown["properties"] = {key: value for key, value in kept.items() if every or key in wanted}
    return web.json_response(shown)


def _changes(request: web.Request, body: Json) -> tuple[dict[str, Any], list[str]]:
    """What `fields` and `update` of a body ask for: new values, and the texts of new comments."""
    state, update, issue = request.app[STATE], part_of(body, "update"), issue_of(request)
    values = fields.for_edit(part_of(body, "fields"), state, issue)
    if "labels" in update:
        labels = values.get("labels", issue.labels)
        values["labels"] = fields.relabelled(labels, update["labels"])
    _only(update, {"comment"} | (_labels_taken(state, issue)))
    return values, _new_comments(update.get("comment", []))


def _labels_taken(state: State, issue: Issue) -> set[str]:
    return {"labels"} - state.site.not_on_screens.get(issue.project, frozenset())


def _only(update: Json, known: set[str]) -> None:
    """Raises InvalidFieldsError when `update` holds anything else."""
    unknown = set(update) - known
    if unknown:
        raise InvalidFieldsError({field: fields.cannot_be_set(field) for field in unknown})


def _new_comments(operations: Any) -> list[str]:
    try:
        return [_comment_text(operation["add"]) for operation in operations]
    except (TypeError, KeyError):
        raise InvalidFieldsError({"comment": "data was not an array of operations"}) from None


def _comment_text(body: Json) -> str:
    text = body.get("body")
    if not isinstance(text, str) or not text.strip():
        raise InvalidFieldsError({"comment": "Comment body can not be empty!"})
    return text


async def edit(request: web.Request) -> web.Response:
    state, key = request.app[STATE], issue_of(request).key
    values, comments = _changes(request, await body_of(request))
    state.edit(key, values, request[ACTOR])
    for text in comments:
        state.add_comment(key, text, request[ACTOR])
    return web.Response(status=204)


async def assign(request: web.Request) -> web.Response:
    """What the library's `assign_issue` sends; "-1" would be the project's default, which is nobody here."""
    state, person = request.app[STATE], await body_of(request)
    nobody = "-1" in person.values()
    issue = issue_of(request)
    values = fields.for_edit({"assignee": None if nobody else person}, state, issue)
    state.edit(issue.key, values, request[ACTOR])
    return web.Response(status=204)


async def delete(request: web.Request) -> web.Response:
    request.app[STATE].delete(request.match_info["issue"], request[ACTOR])
    return web.Response(status=204)


async def transitions(request: web.Request) -> web.Response:
    """The steps that can be taken now; `expand=transitions.fields` shows what their screens take."""
    steps = request.app[STATE].transitions_of(issue_of(request))
    wanted, with_fields = request.query.get("transitionId"), "transitions.fields" in listed(request, "expand")
    view = View.of(request)
    shown = [view.transition(step, with_fields=with_fields) for step in steps if wanted in (None, step.id)]
    return web.json_response({"expand": "transitions", "transitions": shown})


async def move(request: web.Request) -> web.Response:
    state, key = request.app[STATE], issue_of(request).key
    body = await body_of(request)
    step = part_of(body, "transition").get("id")
    if step is None:
        return fault(400, "Missing 'transition' identifier")
    taken, update = state.transition(key, str(step)), part_of(body, "update")
    values, comments = fields.for_move(part_of(body, "fields"), state, taken), _new_comments(update.get("comment", []))
    _only(update, {"comment"})
    state.move(key, str(step), request[ACTOR], values)
    for text in comments:
        state.add_comment(key, text, request[ACTOR])
    return web.Response(status=204)


# comments


async def comments(request: web.Request) -> web.Response:
    issue = issue_of(request)
    newest_first = request.query.get("orderBy", "").startswith("-")
    every = list(reversed(issue.comments)) if newest_first else list(issue.comments)
    start, limit = number(request.query.get("startAt"), 0), number(request.query.get("maxResults"), 50)
    return web.json_response(View.of(request).comments(issue, every[start : start + limit], start))


async def comment(request: web.Request) -> web.Response:
    issue = issue_of(request)
    found = request.app[STATE].comment_of(issue, request.match_info["comment"])
    return web.json_response(View.of(request).comment(issue, found))


async def add_comment(request: web.Request) -> web.Response:
    issue, text = issue_of(request), _comment_text(await body_of(request))
    added = request.app[STATE].add_comment(issue.key, text, request[ACTOR])
    return web.json_response(View.of(request).comment(issue, added), status=201)


async def edit_comment(request: web.Request) -> web.Response:
    issue, text = issue_of(request), _comment_text(await body_of(request))
    wanted = request.match_info["comment"]
    edited = request.app[STATE].edit_comment(issue.key, wanted, text, request[ACTOR])
    return web.json_response(View.of(request).comment(issue, edited))


async def delete_comment(request: web.Request) -> web.Response:
    issue = issue_of(request)
    request.app[STATE].delete_comment(issue.key, request.match_info["comment"], request[ACTOR])
    return web.Response(status=204)


# properties


async def property_keys(request: web.Request) -> web.Response:
    issue = issue_of(request)
    address = f"{View.of(request).reference(issue)['self']}/properties"
    return web.json_response({"keys": [{"key": key, "self": f"{address}/{key}"} for key in issue.properties]})


async def get_property(request: web.Request) -> web.Response:
    issue, name = issue_of(request), request.match_info["property"]
    if name not in issue.properties:
        return fault(404, f"The property {name} does not exist.")
    return web.json_response({"key": name, "value": issue.properties[name]})


async def set_property(request: web.Request) -> web.Response:
    """Any JSON is a value; 201 when it is new, 200 when it was there."""
    issue, name = issue_of(request), request.match_info["property"]
    try:
        value = await request.json()
    except ValueError:
        return fault(400, "The property value must be valid JSON.")
    request.app[STATE].set_property(issue.key, name, value)
    return web.Response(status=200 if name in issue.properties else 201)


async def drop_property(request: web.Request) -> web.Response:
    request.app[STATE].drop_property(issue_of(request).key, request.match_info["property"])
    return web.Response(status=204)


def routes() -> list[web.RouteDef]:
    one = f"{API}/issue/{{issue}}"
    return [
        web.post(f"{API}/issue", create),
        web.get(one, read),
        web.put(one, edit),
        web.delete(one, delete),
        web.put(f"{one}/assignee", assign),
        web.get(f"{one}/transitions", transitions),
        web.post(f"{one}/transitions", move),
        web.get(f"{one}/comment", comments),
        web.post(f"{one}/comment", add_comment),
        web.get(f"{one}/comment/{{comment}}", comment),
        web.put(f"{one}/comment/{{comment}}", edit_comment),
        web.delete(f"{one}/comment/{{comment}}", delete_comment),
        web.get(f"{one}/properties", property_keys),
        web.get(f"{one}/properties/{{property}}", get_property),
        web.put(f"{one}/properties/{{property}}", set_property),
        web.delete(f"{one}/properties/{{property}}", drop_property),
    ]
