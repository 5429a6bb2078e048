"""A message in the reader's words, as plain JSON."""

from __future__ import annotations

import datetime
import json

import msgspec
import pytest

from adapters.web.render import said
from bot.message import Button, Day, Fact, Item, Link, Local, Message, Phrase, Progress
from bot.texts import speaker

EVERYTHING = Message(
    text=Phrase("web-suggest-start", {"handle": "newcomer", "day": Day(datetime.date(2026, 12, 1))}),
    facts=(Fact(Local("Срок", "Due"), Day(datetime.date(2026, 12, 1))),),
    progress=Progress(1, 3),
    items=(
        Item(
            id="docs",
            title=Local("Документы", "Documents"),
            mark="open",
            note=Phrase("web-mark-open"),
            text="plain",
            links=(Link(Local("Вики", "Wiki"), "https://wiki.example/"),),
            button=Button("done", "J docs", Phrase("web-mark-done"), "primary"),
        ),
    ),
    links=(Link("ONB-1", "http://127.0.0.1:9/browse/ONB-1"),),
    buttons=(Button("status", "", Local("Ход", "Progress")),),
    prompt=Local("Куда дальше?", "Where to?"),
)


def test_every_text_is_a_plain_string_in_the_readers_language() -> None:
    shown = json.loads(msgspec.json.encode(said(EVERYTHING, speaker("en"))))
    assert shown["text"] == "/onboarding start @newcomer newcomer Tue, 1 December"
    assert shown["facts"] == [{"name": "Due", "value": "Tue, 1 December"}]
    assert shown["progress"] == {"done": 1, "total": 3}
    (item,) = shown["items"]
    assert (item["title"], item["note"], item["text"]) == ("Documents", "Now", "plain")
    assert item["button"] == {"action": "done", "value": "J docs", "label": "Done", "style": "primary"}
    assert shown["buttons"][0]["label"] == "Progress"
    assert shown["prompt"] == "Where to?"
    assert "Документы" in msgspec.json.encode(said(EVERYTHING, speaker("ru"))).decode()


def test_what_was_said_once_is_said_as_it_is() -> None:
    once = said(EVERYTHING, speaker("ru"))
    assert msgspec.json.decode(msgspec.json.encode(once), type=Message) == once == said(once, speaker("en"))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//x.example", "http://[", " ", "JAVAscript:x"]
)
def test_a_link_that_could_run_something_is_left_out(url: str) -> None:
    assert said(Message("x", links=(Link("x", url),)), speaker("ru")).links == ()


@pytest.mark.parametrize("url", ["https://x.example/a?b#c", "HTTP://x.example", "mailto:it@x.example"])
def test_a_link_that_opens_is_kept(url: str) -> None:
    assert said(Message("x", links=(Link("x", url),)), speaker("ru")).links == (Link("x", url),)
