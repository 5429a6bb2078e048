"""What Slack sends to an app, built field by field: events, slash commands, presses, submissions."""

import html
import re
import uuid
from typing import Any

from sandbox.slack.blocks import elements_of
from sandbox.slack.directory import Channel, Person
from sandbox.slack.errors import Json
from sandbox.slack.hooks import response_address
from sandbox.slack.workspace import Workspace

# Mentions and links stay as they are; every other <, > and & is escaped before an app sees it.
ENTITY = re.compile(r"(<(?:[@#!][^<>]+|https?://[^<>]+|mailto:[^<>]+)>)")
# The field of an action, or of a view's state, that holds what was chosen in an element of this type.
VALUE_FIELDS = {
    "button": "value",
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "overflow": "selected_option",
    "radio_buttons": "selected_option",
    "multi_static_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}


def escape(text: str) -> str:
    """The text of a person as an app gets it."""
    parts = ENTITY.split(text)
    return "".join(part if n % 2 else html.escape(part, quote=False) for n, part in enumerate(parts))


def event_callback(workspace: Workspace, event: Json) -> Json:
    """The envelope around an event, with an event_id of its own."""
    authorization = {
        "enterprise_id": None,
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": "deprecated",
        "team_id": workspace.team_id,
        "context_team_id": workspace.team_id,
        "context_enterprise_id": None,
        "api_app_id": workspace.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": workspace.new_id("Ev"),
        "event_time": int(workspace.now()),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": f"4-{workspace.new_id('')}",
    }


def user_message(workspace: Workspace, user: str, text: str, thread_ts: str | None) -> Json:
    """What a person said, as it stands in the history."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    message: Json = {
        "type": "message",
        "user": user,
        "text": escape(text),
        "client_msg_id": str(uuid.uuid4()),
        "team": workspace.team_id,
        "blocks": [{"type": "rich_text", "block_id": workspace.new_id("")[:5], "elements": [section]}],
    }
    return message if thread_ts is None else {**message, "thread_ts": thread_ts}


def message_event(channel: Channel, message: Json) -> Json:
    return {
        **message,
        "channel": channel.id,
        "channel_type": channel.event_type,
        "event_ts": message["ts"],
    }


def mention_event(channel: Channel, message: Json) -> Json:
    """The same message as app_mention: it has no channel_type."""
    return {**message, "type": "app_mention", "channel": channel.id, "event_ts": message["ts"]}


def changed_event(channel: Channel, before: Json, after: Json, event_ts: str) -> Json:
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": after,
        "previous_message": before,
        "channel": channel.id,
        "channel_type": channel.event_type,
        "hidden": True,
        "ts": event_ts,
        "event_ts": event_ts,
    }


def command_fields(workspace: Workspace, person: Person, channel: Channel, command: str, text: str) -> Json:
    """The form of a slash command, with a fresh trigger_id and response_url."""
    return {
        "token": "deprecated",
        "team_id": workspace.team_id,
        "team_domain": workspace.team_domain,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.dm_with else channel.name,
        "user_id": person.id,
        "user_name": person.name,
        "command": command,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": response_address(workspace, workspace.tickets.mint_response(person.id, channel.id)),
        "trigger_id": workspace.tickets.mint_trigger(person.id),
    }


def _interaction(workspace: Workspace, person: Person, kind: str) -> Json:
    user = {"id": person.id, "username": person.name, "name": person.name, "team_id": workspace.team_id}
    return {
        "type": kind,
        "user": user,
        "api_app_id": workspace.app_id,
        "token": "deprecated",
        "team": {"id": workspace.team_id, "domain": workspace.team_domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": workspace.tickets.mint_trigger(person.id),
    }


def message_press(workspace: Workspace, person: Person, channel: Channel, message: Json, action: Json) -> Json:
    """block_actions on a message; an ephemeral one is not part of the payload."""
    ephemeral = bool(message.get("is_ephemeral"))
    token = workspace.tickets.mint_response(person.id, channel.id, message_ts=message["ts"], ephemeral=ephemeral)
    container = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    return {
        **_interaction(workspace, person, "block_actions"),
        "container": container,
        "channel": {"id": channel.id, "name": "directmessage" if channel.dm_with else channel.name},
        **({} if ephemeral else {"message": message}),
        "state": {"values": {}},
        "response_url": response_address(workspace, token),
        "actions": [action],
    }


def view_press(workspace: Workspace, person: Person, view: Json, action: Json) -> Json:
    """block_actions in a home tab or a modal."""
    return {
        **_interaction(workspace, person, "block_actions"),
        "container": {"type": "view", "view_id": view["id"]},
        "view": view,
        "actions": [action],
    }


def view_submission(workspace: Workspace, person: Person, view: Json, values: Json) -> Json:
    shown = {**view, "state": {"values": values}}
    return {**_interaction(workspace, person, "view_submission"), "view": shown, "response_urls": []}


def view_closed(workspace: Workspace, person: Person, view: Json) -> Json:
    payload = _interaction(workspace, person, "view_closed")
    del payload["trigger_id"]
    return {**payload, "view": view, "is_cleared": False}


def _chosen(element: Json, value: Any) -> Any:
    """The value of an element as Slack sends it: whole options where a person only names their values."""
    options = [
        *element.get("options", []),
        *(option for group in element.get("option_groups", []) for option in group["options"]),
    ]
    by_value = {option["value"]: option for option in options}
    field = VALUE_FIELDS[element["type"]]
    if field == "selected_option":
        return None if value is None else by_value[value]
    if field == "selected_options":
        return [by_value[one] for one in value or []]
    return value


def state_of(element: Json, value: Any) -> Json:
    """`{type, value}` and the like: how an element with this value stands in `view.state.values`."""
    return {"type": element["type"], VALUE_FIELDS[element["type"]]: _chosen(element, value)}


def find_action(surface: Json, action_id: str, value: str | None) -> tuple[Json, Json]:
    """The block and the element that a person means; LookupError when the surface does not show it."""
    for block in surface.get("blocks") or []:
        for element in elements_of(block):
            same_value = element["type"] != "button" or value is None or element.get("value") == value
            if element.get("action_id") == action_id and same_value:
                return block, element
    raise LookupError(f"nothing to press: action_id {action_id!r} with value {value!r}")


def action_of(block: Json, element: Json, value: Any, action_ts: str) -> Json:
    """One entry of `actions`."""
    action = {"action_id": element["action_id"], "block_id": block["block_id"], "type": element["type"]}
    if element["type"] == "button":
        shown = {k: v for k, v in element.items() if k in ("text", "value", "style", "url")}
        return {**action, **shown, "action_ts": action_ts}
    return {**action, **state_of(element, value), "action_ts": action_ts}
