"""A message in the reader's words: the same shape, every text said, so that its JSON is plain for the browser.

No HTML is made here: the browser writes every text as text.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.message import Button, Fact, Item, Link, Message, Text
from bot.ports import Say

SCHEMES = frozenset({"http", "https", "mailto"})


def said(message: Message, voice: Say) -> Message:
    """The message with plain strings for texts; a link that a browser could run instead of open is left out."""

    def say(text: Text) -> str:
        return whole(voice(text))

    return Message(
        text=say(message.text),
        facts=tuple(Fact(say(fact.name), say(fact.value)) for fact in message.facts),
        progress=message.progress,
        items=tuple(_item(item, say) for item in message.items),
        links=_links(message.links, say),
        buttons=tuple(_button(button, say) for button in message.buttons),
        prompt=_maybe(message.prompt, say),
    )


def whole(text: str) -> str:
    """With a question mark for half a surrogate pair, which no UTF-8 can carry."""
    return text.encode(errors="replace").decode()


def _item(item: Item, say: Say) -> Item:
    return Item(
        id=item.id,
        title=say(item.title),
        mark=item.mark,
        note=_maybe(item.note, say),
        text=_maybe(item.text, say),
        links=_links(item.links, say),
        button=None if item.button is None else _button(item.button, say),
    )


def _maybe(text: Text | None, say: Say) -> str | None:
    return None if text is None else say(text)


def _links(links: tuple[Link, ...], say: Say) -> tuple[Link, ...]:
    return tuple(Link(say(link.label), link.url) for link in links if _opens(link.url))


def _opens(url: str) -> bool:
    try:
        return urlsplit(url).scheme in SCHEMES
    except ValueError:
        return False


def _button(button: Button, say: Say) -> Button:
    return Button(button.action, button.value, say(button.label), button.style)
