"""A message in each channel: within its limits, and what is read there."""

import html
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from adapters.slack.forms import modal
from adapters.slack.render import message_body
from adapters.teams.forms import form_card
from adapters.teams.render import activity_body, card_of
from adapters.web.render import said
from bot.message import Form, Message
from bot.ports import Say
from sandbox.slack.blocks import check_blocks, check_view
from tests.adapters.teams import cards

SLACK_LINK = re.compile(r"<((?:https?://|mailto:)[^<>|]+)\|([^<>]+)>")
SLACK_CALLS = re.compile(r"@(?:channel|here|everyone)\b")
# Characters that stand in for others where those would format, and such as nobody sees.
_MEANT = str.maketrans("∗ˍˋ⧵‹›＆∼♯[]", "*_`\\<>&~#()", "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2069")


class Read(NamedTuple):
    """What people read of a message, and where its links lead."""

    text: str
    links: tuple[str, ...] = ()


def plainly(text: str) -> str:
    """A text without what nobody sees and without spaces (one is where a text was split), to be compared."""
    return "".join(text.translate(_MEANT).split())


def in_slack(message: Message, say: Say) -> Read:
    return read_in_slack(message_body(message, say))


def read_in_slack(body: Any) -> Read:
    check_blocks(body["blocks"])
    assert 0 < len(body["text"]) <= 4000
    texts = [body["text"], *texts_in(body["blocks"])]
    for text in texts:
        assert not re.search(r"[<>]", SLACK_LINK.sub("", text)), "markup that is not ours"
    for text in (body["text"], *texts_in(body["blocks"], ("mrkdwn",))):
        assert not SLACK_CALLS.search(text), "it would call everybody"
    links = [link[0] for text in texts for link in SLACK_LINK.findall(text)]
    read = "\n".join(SLACK_LINK.sub(r"\2", text) for text in texts[1:])
    return Read(html.unescape(read), tuple(map(html.unescape, links)))


def texts_in(value: Any, kinds: tuple[str, ...] = ("mrkdwn", "plain_text")) -> Iterator[str]:
    """Every text object of blocks."""
    if isinstance(value, list):
        for part in value:
            yield from texts_in(part, kinds)
    elif isinstance(value, dict):
        if value.get("type") in kinds:
            yield value["text"]
        yield from texts_in([part for part in value.values() if not isinstance(part, str)], kinds)


def in_web(message: Message, say: Say) -> Read:
    return read_in_web(msgspec.json.decode(msgspec.json.encode(said(message, say)), type=Message))


def read_in_web(shown: Message) -> Read:
    """The browser writes every text as text, so they are exactly what is said."""
    links = links_of(shown)
    assert all(urlsplit(url).scheme in ("http", "https", "mailto") for url in links)
    return Read("\n".join(_strings(shown)), tuple(links))


def links_of(message: Message) -> list[str]:
    """Where the links of a message lead."""
    return [link.url for links in (message.links, *(item.links for item in message.items)) for link in links]


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case msgspec.Struct():
            for name in value.__struct_fields__:
                yield from _strings(getattr(value, name))
        case tuple():
            for part in value:
                yield from _strings(part)
        case _:
            assert value is None or isinstance(value, int), "the browser would not know how to say it"


def in_teams(message: Message, say: Say) -> Read:
    body, card = activity_body(message, say), card_of(message, say)
    read_in_teams(body)
    cards.check_card(card)
    assert cards.size_in_utf_16(card) <= cards.ACTIVITY
    if "text" in body:
        assert plainly(cards.read(body)) == plainly(cards.shown(card))
    return Read(cards.shown(card), tuple(cards.links(card)))


def read_in_teams(body: Any) -> Read:
    cards.check_activity(body)
    return Read(
        cards.read(body), tuple(link for card in body.get("attachments", ()) for link in cards.links(card["content"]))
    )


def form_in_slack(form: Form, say: Say) -> Read:
    view = modal(form, say)
    check_view(view)
    return Read(html.unescape("\n".join(texts_in([view]))))


def form_in_teams(form: Form, say: Say) -> Read:
    card = form_card(form, say)
    cards.check_card(card)
    assert cards.size_in_utf_16(card) <= cards.ACTIVITY
    return Read(cards.shown(card), tuple(cards.links(card)))


CHANNELS: dict[str, Callable[[Message, Say], Read]] = {"slack": in_slack, "web": in_web, "teams": in_teams}
FORMS: dict[str, Callable[[Form, Say], Read]] = {"slack": form_in_slack, "teams": form_in_teams}
