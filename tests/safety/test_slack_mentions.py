"""What people write into names, titles and questions wakes nobody up when the bot says it again."""

import json

import pytest

from adapters.slack.mrkdwn import heard
from adapters.slack.render import home_view, message_body
from bot.message import Fact, Home, Item, Link, Message
from tests.adapters.slack.kit import say

HOSTILE = ["@channel", "@here!", "@Everyone", "@group", "<!channel>", "<!here|here>", "<@U0ANNA>", "<!subteam^S1>"]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_is_said_again_calls_anybody(text: str) -> None:
    said = heard(text)
    message = Message(
        said,
        facts=(Fact(said, said),),
        items=(Item("a", said, "done", note=said), Item("b", said, "open", note=said, text=said)),
        links=(Link(said, "https://example.org"),),
    )
    for body in (message_body(message, say), home_view(Home((message,)), say)):
        shown = json.dumps(body, ensure_ascii=False).casefold()
        for call in ("<!", "<@", "@channel", "@here", "@everyone", "@group"):
            assert call not in shown


def test_names_and_addresses_stay_as_they_can_be_copied() -> None:
    text = "start @anna or anna@example.org, @hereford"
    assert message_body(Message(text), say)["blocks"][0]["text"]["text"] == text
