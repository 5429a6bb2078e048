"""Whether Teams would take an activity with its card, and what people read on it."""

import html
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft6Validator
from jsonschema.exceptions import best_match
from jsonschema.validators import extend

SCHEMA = Path(__file__).with_name("schemas") / "adaptive-card-1.5.json"
CARD = "application/vnd.microsoft.card.adaptive"
ACTIVITY = 80_000  # bytes in UTF-16
ACTIONS = 6
WORDS_AND_LINKS = re.compile(
    r"(?:\[[^\[\]*_`\\<>~#&]+\]\((?:https?://|mailto:)[^\s()\[\]<>]+\)|[^\[\]*_`\\<>~#&])*", re.I
)
ANCHOR = re.compile(r'<a href="((?:https?://|mailto:)[^"<>\s]+)">([^<>]*)</a>', re.IGNORECASE)
LABEL = re.compile(r"\[([^\[\]]+)\]\([^()]+\)")
LINK = re.compile(r"\[([^\[\]]+)\]\(([^()]+)\)")
WRITTEN = "\u200b"  # what people wrote, with addresses in it, begins with it
_MEANT = str.maketrans("∗ˍˋ⧵‹›＆∼♯", "*_`\\<>&~#")
KEPT_FOR_THE_FORM = {"form", "context"}


def check_activity(body: dict[str, Any]) -> None:
    """Raises AssertionError for content that Teams would not take, or would take for something else."""
    assert size_in_utf_16(body) <= ACTIVITY
    assert body["type"] == "message"
    assert 0 < len(body["summary"]) <= 200
    assert ("text" in body) != ("attachments" in body), "Teams makes two messages of such a one"
    if "text" in body:
        check_text(body)
    for attachment in body.get("attachments", ()):
        assert attachment["contentType"] == CARD
        check_card(attachment["content"])


def check_text(body: dict[str, Any]) -> None:
    assert body["textFormat"] == "xml"
    assert body["text"].strip()
    assert not re.search(r"<(?!br/>)", ANCHOR.sub("", body["text"])), "a tag that is not ours"
    for url, label in ANCHOR.findall(body["text"]):
        assert _leads_where_it_says(html.unescape(label), html.unescape(url))
    assert not re.search(r"&(?!amp;|lt;|gt;|quot;|#x27;)", body["text"])


def check_card(card: dict[str, Any]) -> None:
    """The official schema, and what it does not say."""
    plain = {name: value for name, value in card.items() if name != "msteams"}
    error = best_match(validator().iter_errors(plain))
    assert error is None, f"{list(error.absolute_path)}: {error.message[:300]}"
    assert card["msteams"] == {"width": "Full"}
    assert card["version"] == "1.5"
    assert card["body"]
    assert not re.search(r"[\[\]*_`\\<>]", card["fallbackText"]), "it is read as Markdown"
    for element in elements(card["body"]):
        _check_element(element)
    names = [element["id"] for element in elements(card["body"]) if element["type"].startswith("Input.")]
    assert len(names) == len(set(names))
    assert not KEPT_FOR_THE_FORM & set(names)


def _check_element(element: dict[str, Any]) -> None:
    match element["type"]:
        case "RichTextBlock":
            assert "".join(run["text"] for run in element["inlines"]).strip()
            assert not re.search(r"\{\{(?:date|time)", json.dumps(element), re.IGNORECASE), "it would be computed"
        case "TextBlock":
            assert WORDS_AND_LINKS.fullmatch(element["text"]), "Markdown that is not ours"
            if element["text"].startswith(WRITTEN):
                assert all(_leads_where_it_says(*one) for one in LINK.findall(element["text"]))
        case "ActionSet":
            assert 0 < len(element["actions"]) <= ACTIONS
        case "Action.Execute":
            fallback = element["fallback"]
            assert fallback["type"] == "Action.Submit"
            assert fallback["data"] == element["data"]
            assert fallback["title"] == element["title"] != ""
            assert set(element["data"]) == {"press": {"action", "value"}, "submit": KEPT_FOR_THE_FORM}[element["verb"]]
        case "Input.ChoiceSet":
            assert element["choices"]
            assert element.get("value", element["choices"][0]["value"]) in {one["value"] for one in element["choices"]}
        case "FactSet":
            raise AssertionError("its texts are read as Markdown")
        case _:
            pass


@cache
def validator() -> Any:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft6Validator.check_schema(schema)
    extended: Any = extend  # the stubs leave it untyped
    return extended(Draft6Validator, {"anyOf": _the_one_of_its_type})(schema)


def _the_one_of_its_type(validator: Any, branches: Any, instance: Any, schema: Any) -> Iterator[Any]:
    """`anyOf`, but what names its type is held against the definition of that type alone: the others refuse it anyhow,
    and trying them all takes seconds a card. What has fitted once, fits again: most cards differ in a line or two.
    """
    kind = instance.get("type") if isinstance(instance, dict) else None
    own = [one for one in branches if {"$ref": f"#/definitions/{kind}"} in one.get("allOf", ())]
    if own:
        seen = json.dumps([kind, instance], sort_keys=True)
        if seen in _fitting:
            return
        errors = list(validator.descend(instance, own[0]))
        if not errors:
            _fitting.add(seen)
        yield from errors
    else:
        yield from Draft6Validator.VALIDATORS["anyOf"](validator, branches, instance, schema)


_fitting: set[str] = set()


def size_in_utf_16(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le"))


def elements(value: Any) -> Iterator[dict[str, Any]]:
    """Every element, action and text run, in the order of reading; of an action not its fallback."""
    if isinstance(value, list):
        for part in value:
            yield from elements(part)
    elif isinstance(value, dict):
        if "type" in value:
            yield value
        yield from elements([part for name, part in value.items() if name not in ("fallback", "data")])


def actions(card: dict[str, Any]) -> list[dict[str, Any]]:
    return [element for element in elements(card["body"]) if element["type"] == "Action.Execute"]


def inputs(card: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = [element for element in elements(card["body"]) if element["type"].startswith("Input.")]
    return {element["id"]: element for element in found}


def _leads_where_it_says(label: str, url: str) -> bool:
    said = label.translate(_MEANT).removesuffix("…")
    return unquote(url).removeprefix("mailto:").startswith(unquote(said))


def links(card: dict[str, Any]) -> list[str]:
    """Where the links of a card lead that have a name."""
    return [url for text in _markdown(card) if not text.startswith(WRITTEN) for _, url in LINK.findall(text)]


def addresses(card: dict[str, Any]) -> list[str]:
    """Where the addresses lead that stand in texts of a card."""
    return [url for text in _markdown(card) if text.startswith(WRITTEN) for _, url in LINK.findall(text)]


def _markdown(card: dict[str, Any]) -> list[str]:
    return [element["text"] for element in elements(card["body"]) if element["type"] == "TextBlock"]


def shown(card: dict[str, Any]) -> str:
    """What is read on a card, a line for each text."""
    return "\n".join(filter(None, (_shown(element) for element in elements(card["body"])))).replace("\u200b", "")


def _shown(element: dict[str, Any]) -> str:
    match element["type"]:
        case "RichTextBlock":
            return "".join(run["text"] for run in element["inlines"])
        case "TextBlock":
            return LABEL.sub(r"\1", element["text"])
        case "Action.Execute":
            return str(element["title"])
        case "Input.ChoiceSet":
            return "\n".join([element["label"], *(one["title"] for one in element["choices"])])
        case kind if kind.startswith("Input."):
            return f"{element['label']}\n{element.get('value', '')}".strip()
        case _:
            return ""


def read(body: dict[str, Any]) -> str:
    """What is read of an activity."""
    if "text" in body:
        return html.unescape(ANCHOR.sub(r"\2", body["text"].replace("<br/>", "\n")))
    return "\n".join(shown(attachment["content"]) for attachment in body["attachments"])
