"""The limits of Block Kit: whether Slack would take these blocks, this view, this metadata.

Figures: the fact sheet of the platforms and slack_sdk's own models. A block type that is missing here is refused,
so a renderer that starts to use one has to add its limits first.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sandbox.slack.elements import ID_LENGTH, IMAGE, INPUTS, INTERACTIVE, plain, text
from sandbox.slack.errors import Json, SlackError, refusal
from sandbox.slack.schema import (
    Check,
    Problems,
    blame,
    boolean,
    by_type,
    items,
    just,
    mapping,
    one_of,
    shape,
    string,
)

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
TEXT_LENGTH = 40_000
MARKDOWN_LENGTH = 12_000
ALL_BLOCKS_LENGTH = 13_200  # seen in practice, not documented: slackapi/bolt-js issue 2509
VIEW_BYTES = 250_000
METADATA_BYTES = 16_000


def _section_says_something(value: Any, pointer: str, problems: Problems) -> None:
    if not value.get("text") and not value.get("fields"):
        blame(problems, pointer, "must provide either text or fields")


def _action_ids_differ(value: Any, pointer: str, problems: Problems) -> None:
    used = Counter(element["action_id"] for element in elements_of(value) if "action_id" in element)
    for action_id, times in used.items():
        if times > 1:
            blame(problems, pointer, f"`action_id` {action_id} already exists in this block")


def _block(kind: str, required: dict[str, Check], optional: dict[str, Check] | None = None, *rules: Check) -> Check:
    fields = {"block_id": string(ID_LENGTH, 1), **(optional or {})}
    return shape({**just(kind), **required}, fields, *rules)


RICH_PARTS = ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")
BLOCKS: dict[str, Check] = {
    "section": _block(
        "section",
        {},
        {
            "text": text(3000),
            "fields": items(text(2000), 10),
            "accessory": by_type({**INTERACTIVE, "image": IMAGE}),
            "expand": boolean,
        },
        _section_says_something,
    ),
    "divider": _block("divider", {}),
    "header": _block("header", {"text": plain(150)}),
    "image": _block(
        "image",
        {"alt_text": string(2000)},
        {"image_url": string(3000), "slack_file": mapping, "title": plain(2000)},
    ),
    "context": _block(
        "context",
        {
            "elements": items(
                by_type(
                    {
                        "image": IMAGE,
                        "plain_text": text(3000),
                        "mrkdwn": text(3000),
                    }
                ),
                10,
            )
        },
    ),
    "actions": _block("actions", {"elements": items(by_type(INTERACTIVE), 25)}, {}, _action_ids_differ),
    "input": _block(
        "input",
        {"label": plain(2000), "element": by_type(INPUTS)},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": _block("rich_text", {"elements": items(by_type(dict.fromkeys(RICH_PARTS, mapping)), 100)}),
}
MESSAGE_ONLY: dict[str, Check] = {"markdown": _block("markdown", {"text": string(MARKDOWN_LENGTH, 1)})}
ONE_LINE = plain(24)
VIEW_FIELDS: dict[str, Check] = {
    "callback_id": string(ID_LENGTH),
    "private_metadata": string(3000),
    "external_id": string(ID_LENGTH),
}
SURFACE = by_type(BLOCKS)
HOME = shape(
    {"type": one_of("home"), "blocks": items(SURFACE, VIEW_BLOCKS, 0)},
    VIEW_FIELDS,
)
MODAL_FIELDS: dict[str, Check] = {
    **VIEW_FIELDS,
    "submit": ONE_LINE,
    "close": ONE_LINE,
    "clear_on_close": boolean,
    "notify_on_close": boolean,
    "submit_disabled": boolean,
}
MODAL = shape(
    {"type": one_of("modal"), "title": ONE_LINE, "blocks": items(SURFACE, VIEW_BLOCKS, 0)},
    MODAL_FIELDS,
)


def elements_of(block: Json) -> Iterator[Json]:
    """Every element of a block that a person can act on."""
    found = [*(block.get("elements") or []), block.get("accessory"), block.get("element")]
    return (element for element in found if isinstance(element, dict))


def _block_ids_differ(blocks: Any, pointer: str, problems: Problems) -> None:
    given = [block["block_id"] for block in blocks if isinstance(block, dict) and "block_id" in block]
    for block_id, times in Counter(map(str, given)).items():
        if times > 1:
            blame(problems, pointer, f"`block_id` {block_id} already exists")


def _count_text(value: Any) -> int:
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(_count_text(part) for part in value.values())
    return sum(map(_count_text, value)) if isinstance(value, list) else 0


def block_problems(blocks: Any) -> Problems:
    """What Slack would find wrong with the blocks of a message; empty when it would post them."""
    problems: Problems = []
    items(by_type({**BLOCKS, **MESSAGE_ONLY}), MESSAGE_BLOCKS, 0)(blocks, "/blocks", problems)
    if isinstance(blocks, list):
        _block_ids_differ(blocks, "/blocks", problems)
    return problems


def check_blocks(blocks: Any) -> None:
    """Raise what Slack answers for the blocks of a message: invalid_blocks or msg_blocks_too_long."""
    problems = block_problems(blocks)
    if problems:
        raise refusal("invalid_blocks", problems)
    if _count_text(blocks) > ALL_BLOCKS_LENGTH:
        raise SlackError("msg_blocks_too_long")


def _modal_can_be_sent(view: Json, problems: Problems) -> None:
    inputs = any(block.get("type") == "input" for block in view["blocks"] if isinstance(block, dict))
    if inputs and not view.get("submit"):
        blame(problems, "/view", "missing required field: submit")


def view_problems(view: Any) -> Problems:
    """What Slack would find wrong with a home or modal view; empty when it would show it."""
    problems: Problems = []
    by_type({"home": HOME, "modal": MODAL})(view, "/view", problems)
    if isinstance(view, dict) and isinstance(view.get("blocks"), list):
        _block_ids_differ(view["blocks"], "/view/blocks", problems)
        if view.get("type") == "modal":
            _modal_can_be_sent(view, problems)
    return problems


def check_view(view: Any) -> None:
    """Raise what Slack answers for a view: invalid_arguments or view_too_large."""
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    problems = view_problems(view)
    if problems:
        raise refusal("invalid_arguments", problems)


def check_metadata(metadata: Any) -> None:
    """Raise what Slack answers for the metadata of a message; an empty object (it removes them) is fine."""
    if metadata == {}:
        return
    problems: Problems = []
    shape({"event_type": string(ID_LENGTH, 1), "event_payload": mapping})(metadata, "/metadata", problems)
    if problems:
        raise refusal("invalid_metadata_format", problems)
    if len(json.dumps(metadata, ensure_ascii=False).encode()) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
