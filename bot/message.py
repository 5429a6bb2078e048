"""What we say, channel-neutral: a `Message` of texts, facts, a checklist, buttons and links, or a `Form` to fill in.

A text is said in the language of whoever reads it, at the moment of delivery: it is a `Phrase` (a key of
`bot/texts/*.ftl` with arguments), a `Local` (written in both languages by the author of a scenario), or a plain
string (a name, an answer). Plain strings are never markup: each channel escapes them in its own way.
"""

from __future__ import annotations

import datetime
from typing import Literal

import msgspec


class Local(msgspec.Struct, frozen=True, tag="local"):
    """The same text in both languages."""

    ru: str
    en: str

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.ru


class Day(msgspec.Struct, frozen=True, tag="day"):
    """A calendar day, written out in the reader's language."""

    date: datetime.date


class Phrase(msgspec.Struct, frozen=True, tag="phrase"):
    """A message of the Fluent files with its arguments."""

    key: str
    args: dict[str, Arg] = {}


Arg = str | int | Local | Day | Phrase
Text = str | Local | Day | Phrase

StepMark = Literal["waiting", "open", "overdue", "done", "skipped"]


class Button(msgspec.Struct, frozen=True):
    """Pressed, it comes back as `Pressed(action, value)`; `action` is one of the router's table."""

    action: str
    value: str
    label: Text
    style: Literal["plain", "primary", "danger"] = "plain"


class Link(msgspec.Struct, frozen=True):
    label: Text
    url: str


class Fact(msgspec.Struct, frozen=True):
    name: Text
    value: Text


class Item(msgspec.Struct, frozen=True):
    """One line of a checklist."""

    id: str
    title: Text
    mark: StepMark
    note: Text | None = None
    text: Text | None = None
    links: tuple[Link, ...] = ()
    button: Button | None = None


class Progress(msgspec.Struct, frozen=True):
    done: int
    total: int


class Message(msgspec.Struct, frozen=True):
    """`text` alone must say the essential: it is what a notification or a plain-text channel shows.

    `prompt` stands right above the buttons: what they are for, where the text does not say it.
    `language` is what it is said in, None: that of whoever reads it. An answer is in the language of its question.
    `form` is asked for only where `Incoming.takes_forms` has said that one can be shown as a message.
    """

    text: Text
    facts: tuple[Fact, ...] = ()
    progress: Progress | None = None
    items: tuple[Item, ...] = ()
    links: tuple[Link, ...] = ()
    buttons: tuple[Button, ...] = ()
    form: Form | None = None
    prompt: Text | None = None
    language: str | None = None


class Option(msgspec.Struct, frozen=True):
    value: str
    label: Text


class Field(msgspec.Struct, frozen=True):
    """One question of a form; `options` makes a choice of it. `error`: what is wrong with `value`."""

    name: str
    label: Text
    kind: Literal["text", "long", "person", "date", "choice"] = "text"
    value: str = ""
    options: tuple[Option, ...] = ()
    required: bool = True
    hint: Text | None = None
    error: Text | None = None


class Form(msgspec.Struct, frozen=True):
    """Submitted, it comes back as `Submitted(name, values, context)`."""

    name: str
    title: Text
    submit: Text
    fields: tuple[Field, ...]
    context: str = ""


class Reply(msgspec.Struct, frozen=True):
    """What belongs to the acknowledgement itself: a message only this person sees, a form to open, the errors of a
    submitted form by field, or (`instead`) what takes the place of the message whose button was pressed; said in
    `locale`.

    It is kept with the dedupe mark, and lives nowhere else: nothing that must last may be only a Reply.
    """

    locale: str
    message: Message | None = None
    form: Form | None = None
    errors: dict[str, Text] = {}
    instead: Message | None = None


class Home(msgspec.Struct, frozen=True):
    """A person's standing page: their plan, and for a manager the plans of their people."""

    sections: tuple[Message, ...]
