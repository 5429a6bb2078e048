"""views.*"""

from typing import Any

from sandbox.slack.blocks import check_view
from sandbox.slack.context import Context
from sandbox.slack.errors import Json, SlackError, refusal


def _view(context: Context, kind: str) -> Any:
    view = context.arguments.structure("view", "invalid_arguments")
    if view is None:
        raise refusal("invalid_arguments", ["missing required field: view"])
    check_view(view)
    if view["type"] != kind:
        raise refusal("invalid_arguments", [f"must be one of: {kind} [json-pointer:/view/type]"])
    return view


def views_publish(context: Context) -> Json:
    arguments, workspace = context.arguments, context.workspace
    user = workspace.person(arguments.required("user_id"))
    view = workspace.views.publish(user.id, _view(context, "home"), arguments.get("hash"))
    return {"view": view}


def views_open(context: Context) -> Json:
    view = _view(context, "modal")
    user = context.workspace.tickets.use_trigger(context.arguments.required("trigger_id"))
    return {"view": context.workspace.views.open(user, view)}


def views_push(context: Context) -> Json:
    """At most three modals lie on each other."""
    views, view = context.workspace.views, _view(context, "modal")
    user = context.workspace.tickets.use_trigger(context.arguments.required("trigger_id"))
    below = views.open_modals(user)
    if not below:
        raise SlackError("not_found")
    if len(below) >= 3:
        raise SlackError("push_limit_reached")
    return {"view": views.open(user, view, above=below[-1].view)}


def views_update(context: Context) -> Json:
    arguments, view = context.arguments, _view(context, "modal")
    view_id, external_id = arguments.get("view_id"), arguments.get("external_id")
    return {"view": context.workspace.views.update(view_id, external_id, view, arguments.get("hash"))}
