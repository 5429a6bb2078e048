"""A message that was cut in the middle of a smiley is a message: JSON can carry it, and it must not be lost."""

import json
from urllib.parse import urlencode

import pytest

from bot.incoming import Pressed, Wrote
from tests.adapters.slack.kit import door, payload, slack
from tests.adapters.slack.test_door import FORM_TYPE, send_signed

HALF = "hello \ud83d"


@pytest.mark.parametrize("ending", ["", " you"])
async def test_an_event_with_half_a_smiley_comes_in(ending: str) -> None:
    told = payload("direct_message")
    told["event"]["text"] = HALF + ending
    async with slack() as made, door(made) as url:
        assert (await send_signed(url, json.dumps(told).encode()))[0] == 200
    (act,) = made.inbox.received
    assert act.said == Wrote(f"hello ?{ending}")


async def test_a_press_with_half_a_smiley_comes_in() -> None:
    told = payload("press_in_direct_message")
    told["actions"][0]["value"] = HALF
    async with slack() as made, door(made) as url:
        body = urlencode({"payload": json.dumps(told)}).encode()
        assert (await send_signed(url, body, FORM_TYPE))[0] == 200
    (act,) = made.inbox.received
    assert isinstance(act.said, Pressed)
    assert act.said.value == "hello ?"
