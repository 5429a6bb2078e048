"""Every limit of Block Kit that the stand-in watches: at the limit it is silent, beyond it speaks."""

from typing import Any

import pytest
from slack_sdk.models import blocks as sdk

from sandbox.slack.blocks import block_problems, check_blocks, check_metadata, check_view, view_problems
from sandbox.slack.errors import Json, SlackError


def plain(length: int) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int) -> Json:
    return {"type": "mrkdwn", "text": "x" * length}


def button(**fields: Any) -> Json:
    return {"type": "button", "text": plain(5), "action_id": "go", **fields}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(text: int = 5, value: int = 5) -> Json:
    return {"text": plain(text), "value": "v" * value}


def menu(**fields: Any) -> Json:
    return {"type": "static_select", "action_id": "menu", "placeholder": plain(5), **fields}


def text_input(**fields: Any) -> Json:
    return {
        "type": "input",
        "label": plain(5),
        "element": {"type": "plain_text_input", "action_id": "a"},
        **fields,
    }


def numbered(count: int) -> list[Json]:
    return [button(action_id=f"go{n}") for n in range(count)]


LIMITS: list[tuple[str, Json, Json]] = [
    ("section text", {"type": "section", "text": mrkdwn(3000)}, {"type": "section", "text": mrkdwn(3001)}),
    ("section says something", {"type": "section", "text": mrkdwn(1)}, {"type": "section"}),
    ("fields", {"type": "section", "fields": [plain(9)] * 10}, {"type": "section", "fields": [plain(9)] * 11}),
    ("field text", {"type": "section", "fields": [plain(2000)]}, {"type": "section", "fields": [plain(2001)]}),
    ("empty text", {"type": "section", "text": plain(1)}, {"type": "section", "text": plain(0)}),
    ("header", {"type": "header", "text": plain(150)}, {"type": "header", "text": plain(151)}),
    ("header is plain", {"type": "header", "text": plain(5)}, {"type": "header", "text": mrkdwn(5)}),
    ("actions", actions(*numbered(25)), actions(*numbered(26))),
    ("button text", actions(button(text=plain(75))), actions(button(text=plain(76)))),
    ("button text is plain", actions(button()), actions(button(text=mrkdwn(5)))),
    ("button value", actions(button(value="v" * 2000)), actions(button(value="v" * 2001))),
    ("button style", actions(button(style="danger")), actions(button(style="loud"))),
    ("action_id", actions(button(action_id="a" * 255)), actions(button(action_id="a" * 256))),
    ("action_id differs", actions(*numbered(2)), actions(button(), button())),
    ("block_id", {"type": "divider", "block_id": "b" * 255}, {"type": "divider", "block_id": "b" * 256}),
    (
        "context",
        {"type": "context", "elements": [mrkdwn(5)] * 10},
        {"type": "context", "elements": [mrkdwn(5)] * 11},
    ),
    ("markdown", {"type": "markdown", "text": "x" * 12_000}, {"type": "markdown", "text": "x" * 12_001}),
    ("options", actions(menu(options=[option()] * 100)), actions(menu(options=[option()] * 101))),
    ("option text", actions(menu(options=[option(text=75)])), actions(menu(options=[option(text=76)]))),
    ("option value", actions(menu(options=[option(value=150)])), actions(menu(options=[option(value=151)]))),
    ("menu has options", actions(menu(options=[option()])), actions(menu())),
    ("known elements", actions(button()), actions({"type": "knob"})),
    ("known blocks", {"type": "divider"}, {"type": "curtain"}),
    ("known fields", {"type": "divider"}, {"type": "divider", "color": "red"}),
    ("input element", text_input(), text_input(element=button())),
    ("input label", text_input(label=plain(2000)), text_input(label=plain(2001))),
    ("flags are booleans", text_input(optional=True), text_input(optional="yes")),
    ("ids are text", {"type": "divider", "block_id": "1"}, {"type": "divider", "block_id": 1}),
    ("lists are lists", actions(button()), {"type": "actions", "elements": "none"}),
    ("objects are objects", {"type": "section", "text": plain(1)}, {"type": "section", "text": "x"}),
]


@pytest.mark.parametrize(("good", "bad"), [(good, bad) for _, good, bad in LIMITS], ids=[n for n, *_ in LIMITS])
def test_a_block_is_taken_at_its_limit_and_refused_beyond(good: Json, bad: Json) -> None:
    assert block_problems([good]) == []
    assert block_problems([bad]) != []


def test_a_message_holds_fifty_blocks() -> None:
    divider = {"type": "divider"}
    check_blocks([divider] * 50)
    assert block_problems([divider] * 51) == ["no more than 50 items allowed [json-pointer:/blocks]"]


def test_block_ids_differ_within_a_message() -> None:
    twice = [{"type": "divider", "block_id": "one"}] * 2
    assert block_problems(twice) == ["`block_id` one already exists [json-pointer:/blocks]"]


def test_all_texts_together_have_a_limit_of_their_own() -> None:
    with pytest.raises(SlackError, match="msg_blocks_too_long"):
        check_blocks([{"type": "section", "text": mrkdwn(2700)}] * 5)


def test_blocks_that_are_no_list_are_refused() -> None:
    assert block_problems("hello") == ["must provide an array [json-pointer:/blocks]"]
    assert block_problems([None]) == ["unsupported type: None [json-pointer:/blocks/0]"]


def modal(**fields: Any) -> Json:
    return {"type": "modal", "title": plain(5), "blocks": [], **fields}


VIEW_LIMITS: list[tuple[str, Json, Json]] = [
    ("blocks", modal(blocks=[{"type": "divider"}] * 100), modal(blocks=[{"type": "divider"}] * 101)),
    ("title", modal(title=plain(24)), modal(title=plain(25))),
    ("submit", modal(submit=plain(24)), modal(submit=plain(25))),
    ("close", modal(close=plain(24)), modal(close=plain(25))),
    ("callback_id", modal(callback_id="c" * 255), modal(callback_id="c" * 256)),
    ("private_metadata", modal(private_metadata="p" * 3000), modal(private_metadata="p" * 3001)),
    (
        "submit for inputs",
        modal(blocks=[text_input()], submit=plain(4)),
        modal(blocks=[text_input()]),
    ),
    ("no submit at home", {"type": "home", "blocks": []}, {"type": "home", "blocks": [], "submit": plain(4)}),
    ("no markdown", modal(), modal(blocks=[{"type": "markdown", "text": "x"}])),
    ("known types", modal(), modal(type="window")),
]


@pytest.mark.parametrize(
    ("good", "bad"), [(good, bad) for _, good, bad in VIEW_LIMITS], ids=[n for n, *_ in VIEW_LIMITS]
)
def test_a_view_is_taken_at_its_limit_and_refused_beyond(good: Json, bad: Json) -> None:
    assert view_problems(good) == []
    assert view_problems(bad) != []


def test_a_view_above_its_size_is_too_large() -> None:
    with pytest.raises(SlackError, match="view_too_large"):
        check_view(modal(blocks=[{"type": "section", "text": mrkdwn(2600)}] * 100))


def test_metadata_have_a_type_and_a_payload() -> None:
    check_metadata({})
    check_metadata({"event_type": "step", "event_payload": {"n": 1}})
    broken: list[Any] = ["x", {"event_type": "step"}, {"event_type": "", "event_payload": {}}, {"event_payload": {}}]
    for bad in broken:
        with pytest.raises(SlackError, match="invalid_metadata_format"):
            check_metadata(bad)
    with pytest.raises(SlackError, match="metadata_too_large"):
        check_metadata({"event_type": "step", "event_payload": {"x": "y" * 20_000}})


def test_what_slack_sdk_builds_is_taken() -> None:
    built = [
        sdk.HeaderBlock(text="Day one"),
        sdk.SectionBlock(text="*hello*", accessory=sdk.ButtonElement(text="Go", action_id="go", value="1")),
        sdk.SectionBlock(fields=["a", "b"]),
        sdk.DividerBlock(),
        sdk.ContextBlock(elements=[sdk.MarkdownTextObject(text="small")]),
        sdk.ActionsBlock(
            elements=[
                sdk.StaticSelectElement(
                    action_id="menu", placeholder="Pick", options=[sdk.Option(value="1", text="One")]
                ),
                sdk.DatePickerElement(action_id="day", placeholder="When"),
                sdk.ButtonElement(
                    text="Delete",
                    action_id="delete",
                    style="danger",
                    confirm=sdk.ConfirmObject(title="Sure?", text="It goes.", confirm="Yes", deny="No"),
                ),
            ]
        ),
        sdk.InputBlock(label="Name", element=sdk.PlainTextInputElement(action_id="name")),
    ]
    assert block_problems([block.to_dict() for block in built]) == []
