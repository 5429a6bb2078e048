"""The parts of Block Kit below a block: text, option, confirm and element objects with their size limits."""

from typing import Any

from sandbox.slack.schema import (
    Check,
    Problems,
    blame,
    boolean,
    by_type,
    integer,
    items,
    just,
    mapping,
    one_of,
    shape,
    string,
)

ID_LENGTH = 255


def plain(most: int) -> Check:
    """A plain_text object of 1 to `most` characters."""
    return shape({**just("plain_text"), "text": string(most, 1)}, {"emoji": boolean})


def text(most: int) -> Check:
    """A plain_text or mrkdwn object of 1 to `most` characters."""
    marked = shape({**just("mrkdwn"), "text": string(most, 1)}, {"verbatim": boolean})
    return by_type({"plain_text": plain(most), "mrkdwn": marked})


CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
OPTION = shape({"text": text(75), "value": string(150, 1)}, {"description": text(75), "url": string(3000)})
PLAIN_OPTION = shape({"text": plain(75), "value": string(150, 1)}, {"description": plain(75), "url": string(3000)})
GROUP = shape({"label": plain(75), "options": items(PLAIN_OPTION, 100)})
IMAGE = shape({**just("image"), "alt_text": string(2000)}, {"image_url": string(3000), "slack_file": mapping})


def _has_options(value: Any, pointer: str, problems: Problems) -> None:
    if ("options" in value) == ("option_groups" in value):
        blame(problems, pointer, "must provide either options or option_groups")


def _element(kind: str, required: dict[str, Check], optional: dict[str, Check], *rules: Check) -> Check:
    common = {"action_id": string(ID_LENGTH, 1), "confirm": CONFIRM, "focus_on_load": boolean}
    return shape({**just(kind), **required}, {**common, **optional}, *rules)


def _picker(kind: str, **initial: Check) -> Check:
    return _element(kind, {}, {"placeholder": plain(150), **initial})


def _choices(kind: str, option: Check, most: int) -> Check:
    initial = {"initial_option": option, "initial_options": items(option, most)}
    return _element(kind, {"options": items(option, most)}, initial)


def _menu(kind: str) -> Check:
    options = {
        "placeholder": plain(150),
        "options": items(PLAIN_OPTION, 100),
        "option_groups": items(GROUP, 100),
        "initial_option": PLAIN_OPTION,
        "initial_options": items(PLAIN_OPTION, 100),
        "max_selected_items": integer,
    }
    return _element(kind, {}, options, _has_options)


BUTTON = _element(
    "button",
    {"text": plain(75)},
    {
        "value": string(2000),
        "url": string(3000),
        "style": one_of("primary", "danger"),
        "accessibility_label": string(75),
    },
)
TEXT_INPUT = _picker(
    "plain_text_input",
    initial_value=string(3000),
    multiline=boolean,
    min_length=integer,
    max_length=integer,
    dispatch_action_config=mapping,
)
NUMBER_INPUT = _element(
    "number_input",
    {"is_decimal_allowed": boolean},
    {
        "placeholder": plain(150),
        "initial_value": string(100),
        "min_value": string(100),
        "max_value": string(100),
        "dispatch_action_config": mapping,
    },
)
ONE_ID = string(ID_LENGTH, 1)
IDS = items(ONE_ID, 100)
INTERACTIVE: dict[str, Check] = {
    "button": BUTTON,
    "overflow": _element("overflow", {"options": items(PLAIN_OPTION, 5)}, {}),
    "static_select": _menu("static_select"),
    "multi_static_select": _menu("multi_static_select"),
    "users_select": _picker("users_select", initial_user=ONE_ID),
    "multi_users_select": _picker("multi_users_select", initial_users=IDS, max_selected_items=integer),
    "channels_select": _picker("channels_select", initial_channel=ONE_ID),
    "conversations_select": _picker("conversations_select", initial_conversation=ONE_ID, filter=mapping),
    "external_select": _picker("external_select", initial_option=OPTION, min_query_length=integer),
    "datepicker": _picker("datepicker", initial_date=string(10, 10)),
    "timepicker": _picker("timepicker", initial_time=string(5, 5), timezone=string(255)),
    "datetimepicker": _element("datetimepicker", {}, {"initial_date_time": integer}),
    "checkboxes": _choices("checkboxes", OPTION, 10),
    "radio_buttons": _choices("radio_buttons", OPTION, 10),
}
INPUTS: dict[str, Check] = {
    **{kind: check for kind, check in INTERACTIVE.items() if kind not in ("button", "overflow")},
    "plain_text_input": TEXT_INPUT,
    "number_input": NUMBER_INPUT,
    "email_text_input": _picker("email_text_input", initial_value=string(3000)),
    "url_text_input": _picker("url_text_input", initial_value=string(3000)),
}
