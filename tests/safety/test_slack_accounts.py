"""Nobody becomes somebody else by an e-mail address that Slack does not vouch for, in whichever direction it is met."""

from typing import Any

import pytest

from bot.errors import Refused
from bot.message import Message
from bot.people import Person
from bot.ports import Post
from bot.results import Posted
from sandbox.slack import Person as Member
from tests.adapters.slack.kit import Slack, say, slack

HEAD = Person(id="head", email="head@example.com", name="Head of HR")


async def sends_to_head(made: Slack) -> Posted:
    return await made.channel.post(Post(effect="e", message=Message("secret"), say=say, person=HEAD))


@pytest.mark.parametrize(
    "impostor",
    [
        {"is_email_confirmed": False},
        {"is_bot": True},
        {"is_stranger": True},
        {"team_id": "T0ELSEWHERE"},
    ],
)
async def test_an_account_that_only_claims_an_address_is_neither_written_to_nor_joined(
    impostor: dict[str, Any],
) -> None:
    async with slack() as made:
        made.workspace.hire(Member(id="U0IMPOSTOR", name="x", email=HEAD.email, **impostor))
        with pytest.raises(Refused) as refused:
            await sends_to_head(made)
        assert refused.value.code == "person-unreachable"
        assert "chat.postMessage" not in [call.method for call in made.workspace.calls]


async def test_an_account_that_slack_vouches_for_is_remembered() -> None:
    async with slack() as made:
        made.workspace.hire(Member(id="U0HEAD", name="head", email=HEAD.email))
        posted = await sends_to_head(made)
        assert posted.account is not None
        assert posted.account.id == "U0HEAD"
