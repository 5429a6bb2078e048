"""What the contract of the channels says, and how it compares that with what is read."""

from __future__ import annotations

import re

from bot.incoming import Place
from bot.message import Button, Fact, Item, Link, Message, Progress
from bot.people import Person
from bot.ports import Post
from bot.texts import speaker
from tests.contracts.channels import plainly

say = speaker("en")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ufeff]")
_HALF = re.compile(r"[\ud800-\udfff\ufffd]")

HOSTILE = {
    "markdown": "*b* _i_ ~s~ `c` **B** [a](http://evil.example) # h",
    "quotes and lists": "> quote\n- item\n1. one\n```\ncode\n```",
    "html": "<b>x</b><script>alert(1)</script>&lt;i&gt;",
    "mentions of everybody": "<!channel> <!here> @channel @everyone <!subteam^S1>",
    "mentions of somebody": "<@U0BORIS> <at>Boris</at> @boris <#C0GENERAL>",
    "a link in disguise": "<http://evil.example|bank.example>",
    "control characters": "a\x00b\x07c\x1b[31md\x7f",
    "half a surrogate pair": "half \ud83d of it",
    "from right to left": "\u202egnp.exe\u202c שלום",
    "emoji": "👩‍👩‍👧‍👦 🇳🇱 ✅",
    "template": "{{user}} ${x} %s {0} \\u0041",
}


def meant(text: str) -> str:
    """A text without what nobody sees; half a surrogate pair shows as a question mark, of one form or another."""
    return plainly(_HALF.sub("?", _UNSEEN.sub("", text)))


def everything_of(text: str) -> Message:
    """A message that says `text` wherever something can be said."""
    item = Item("s", text, "open", note=text, text=text, links=(Link(text, "https://a.example/"),), button=button(text))
    return Message(
        text, (Fact(text, text),), Progress(1, 3), (item,), (Link(text, "https://b.example/"),), (button(text),)
    )


def button(label: str = "Do it", action: str = "done", value: str = "J1 s1") -> Button:
    return Button(action, value, label)


WELCOME = Message(
    text="Welcome, Anna!",
    facts=(Fact("First day", "December 1"), Fact("Head", "Pavel")),
    progress=Progress(1, 3),
    items=(
        Item("docs", "Read the documents", "done"),
        Item("access", "Ask for access", "open", note="until Friday", text="Any will do.", button=button("Done")),
        Item("meet", "Meet the team", "waiting"),
    ),
    links=(Link("The handbook", "https://wiki.example/handbook"),),
    buttons=(button("Show progress", "reopen", "J1"),),
)
SAID = (
    "Welcome, Anna!", "First day", "December 1", "Head", "Pavel", "Read the documents", "Ask for access",
    "until Friday", "Any will do.", "Meet the team", "The handbook",
)  # fmt: skip


def checklist(steps: int) -> Message:
    """A plan whose every step can be acted on."""
    items = tuple(
        Item(
            f"step-{number}",
            f"Step number {number} of a plan that somebody has thought about for long",
            "open",
            note="until Friday, December 4",
            text="What there is to know about it. " * 20,
            links=(Link("Where it is written", f"https://wiki.example/{number}"),),
            button=button("Done", value=f"J-4f2a9c «{number}» & <{number}>"),
        )
        for number in range(1, steps + 1)
    )
    return Message("Your plan", progress=Progress(0, steps), items=items, buttons=(button("Progress", "reopen", "J"),))


def post(message: Message | str, effect: str = "J:welcome:anna", *, to: Person | None = None,
         at: Place | None = None) -> Post:  # fmt: skip
    said = Message(message) if isinstance(message, str) else message
    return Post(effect=effect, message=said, say=say, person=to, place=at)
