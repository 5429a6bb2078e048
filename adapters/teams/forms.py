"""Forms as inputs of a card; pure. Sent off, the values come back under the names of their fields, beside `form` and
`context`, so that no field may be called either."""

from __future__ import annotations

import re

from adapters.teams import card
from adapters.teams.card import Json, Room
from adapters.teams.markup import ELLIPSIS, clipped, one_line, whole
from bot.message import Field, Form, Option, Phrase
from bot.ports import Say

LABEL = 300
HINT = 500
INITIAL_TEXT = 3000
OPTION_TITLE = 120
OPTION_VALUE = 150
OPTIONS = 100
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def form_card(form: Form, say: Say) -> Json:
    """The card of a form under its title."""
    title = whole(say(form.title)).strip()
    room = card.card_room(title)
    heading = room.take(card.paragraphs(clipped(title, LABEL), weight="bolder", size="medium"))
    return card.card([*heading, *form_elements(form, say, room)], title)


def form_elements(form: Form, say: Say, room: Room) -> list[Json]:
    """The fields, with what is wrong with them, as many as `room` has, and the button that sends them off."""
    submit = room.take(_submit(form, say))
    fields = [element for field in form.fields for element in _field(field, say)]
    return [*room.take(fields), *submit]


def _submit(form: Form, say: Say) -> list[Json]:
    data = {"form": form.name, "context": whole(form.context)}
    return card.rows([card.pressed("submit", data, say(form.submit), "positive")], spacing="medium")


def _field(field: Field, say: Say) -> list[Json]:
    hint = [] if field.hint is None else _below(say(field.hint), isSubtle=True)
    wrong = [] if field.error is None else _below(say(field.error), color="attention")
    return [{**_element(field, say), **_common(field, say)}, *wrong, *hint]


def _below(text: str, **look: object) -> list[Json]:
    line = clipped(one_line(text), HINT)
    return [card.line(card.run(line, **look), spacing="none")] if line else []


def _common(field: Field, say: Say) -> Json:
    shared = {"id": field.name, "label": clipped(one_line(say(field.label)), LABEL) or ELLIPSIS}
    if not field.required:
        return shared
    return {**shared, "isRequired": True, "errorMessage": say(Phrase("teams-field-missing"))}


def _element(field: Field, say: Say) -> Json:
    value = clipped(whole(field.value), INITIAL_TEXT)
    match field.kind:
        case "date":
            date = DATE.fullmatch(value)
            return {"type": "Input.Date", **_set("value", date and date[0])}
        case "choice" if choices := _choices(field, say):
            chosen = next((one["value"] for one in choices if one["value"] == value), None)
            return {"type": "Input.ChoiceSet", "choices": choices, "wrap": True, **_set("value", chosen)}
        case "person":
            return {"type": "Input.Text", "placeholder": say(Phrase("teams-person-hint")), **_set("value", value)}
        case _:
            return {"type": "Input.Text", "isMultiline": field.kind == "long", **_set("value", value)}


def _set(name: str, value: str | None) -> Json:
    return {name: value} if value else {}


def _choices(field: Field, say: Say) -> list[Json]:
    """The choices that can come back as they are."""
    usable = [option for option in field.options if 0 < len(option.value) <= OPTION_VALUE]
    return [_choice(option, say) for option in usable[:OPTIONS]]


def _choice(option: Option, say: Say) -> Json:
    return {"title": clipped(one_line(say(option.label)), OPTION_TITLE) or ELLIPSIS, "value": whole(option.value)}
