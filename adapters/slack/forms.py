"""Forms as Slack's modals, and what an acknowledgement can carry; pure."""

import re
from typing import Any

from adapters.slack import blocks
from adapters.slack.blocks import Json
from adapters.slack.form_thread import carrying
from adapters.slack.mrkdwn import clipped
from adapters.slack.render import message_blocks, message_body
from bot.incoming import Place
from bot.message import Field, Form, Message, Option, Reply, Text
from bot.ports import Say

TITLE = 24
LABEL = 2000
INITIAL_TEXT = 3000
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTIONS = 100
FIELDS = 100
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
USER = re.compile(r"(?:<@)?([UW][A-Z0-9]+)>?")


def modal(form: Form, say: Say, thread: Place | None = None) -> Json:
    """The view of a form that was asked for in `thread`. Each field is a block of its name, which is where Slack shows
    its error.

    `form.context` must have at most 3,000 characters, names of forms and fields 255.
    """
    return {
        "type": "modal",
        "callback_id": form.name,
        "private_metadata": carrying(thread, form.context),
        "title": blocks.plain(say(form.title), TITLE),
        "submit": blocks.plain(say(form.submit), TITLE),
        "blocks": [_input(field, say) for field in form.fields[:FIELDS]],
    }


def notice(message: Message, title: str, say: Say) -> Json:
    """A modal that only says something, in the place of the form that was sent off."""
    shown = message_blocks(message, say, blocks.view_room())
    return {"type": "modal", "title": blocks.plain(title, TITLE), "blocks": shown}


def answer_to_command(reply: Reply, say: Say) -> Json | None:
    """The body by which a slash command is answered: only the person sees it."""
    if reply.message is None:
        return None
    return {"response_type": "ephemeral", **message_body(reply.message, say)}


def answer_to_submission(reply: Reply, title: str, say: Say) -> Json | None:
    """Errors beside their fields, or a message in the place of the form; None closes it."""
    if reply.errors:
        errors: dict[str, Text] = reply.errors
        return {"response_action": "errors", "errors": {name: say(text) for name, text in errors.items()}}
    if reply.message is not None:
        return {"response_action": "update", "view": notice(reply.message, title, say)}
    return None


def _input(field: Field, say: Say) -> Json:
    block = {
        "type": "input",
        "block_id": field.name,
        "label": blocks.plain(say(field.label), LABEL),
        "element": {**_element(field, say), "action_id": field.name},
        "optional": not field.required,
    }
    return block if field.hint is None else {**block, "hint": blocks.plain(say(field.hint), LABEL)}


def _element(field: Field, say: Say) -> Json:
    match field.kind:
        case "person":
            user = USER.fullmatch(field.value)
            return {"type": "users_select", **_set("initial_user", user and user[1])}
        case "date":
            date = DATE.fullmatch(field.value)
            return {"type": "datepicker", **_set("initial_date", date and date[0])}
        case "choice" if _options(field, say):
            options = _options(field, say)
            chosen = next((option for option in options if option["value"] == field.value), None)
            return {"type": "static_select", "options": options, **_set("initial_option", chosen)}
        case _:
            text = {"type": "plain_text_input", "multiline": field.kind == "long"}
            return {**text, **_set("initial_value", clipped(field.value, INITIAL_TEXT))}


def _set(name: str, value: Any) -> Json:
    return {name: value} if value else {}


def _options(field: Field, say: Say) -> list[Json]:
    """The choices that Slack takes: with a value, at most a hundred."""
    usable = [option for option in field.options if 0 < len(option.value) <= OPTION_VALUE]
    return [_option(option, say) for option in usable[:OPTIONS]]


def _option(option: Option, say: Say) -> Json:
    return {"text": blocks.plain(say(option.label), OPTION_TEXT), "value": option.value}
