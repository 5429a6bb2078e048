"""Members of the workspace: a few are asked for one by one, many page by page, all by the same rules."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.slack.members import FEW, FRESH, REST, Member, Members
from adapters.slack.outbound import SlackChannel
from bot.errors import Refused, Retry
from bot.incoming import Account
from bot.message import Message
from bot.people import Person
from bot.ports import Post
from bot.results import Posted
from sandbox.faults import Kind, Rule
from sandbox.slack import Person as Hired
from sandbox.slack.limits import TIERS
from tests.adapters.slack.kit import Slack, say, slack

MANY = 1200


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def made() -> AsyncIterator[Slack]:
    async with slack() as made:
        yield made


def members(made: Slack, clock: Clock | None = None) -> Members:
    return Members(made.client, made.identity, clock or Clock())


def calls(made: Slack) -> Counter[str]:
    return Counter(call.method for call in made.workspace.calls)


def hire(made: Slack, count: int) -> None:
    made.workspace.hire(*(Hired(id=f"U1{n:05}", name=f"n{n}", email=f"n{n}@example.com") for n in range(count)))


async def ask_many(known: Members, count: int = FEW) -> None:
    """So many that whoever comes next finds the list."""
    for number in range(count):
        await known.with_email(f"n{number}@example.com")


async def test_a_few_are_asked_for_one_by_one(made: Slack) -> None:
    hire(made, FEW)
    await ask_many(members(made))
    assert calls(made)["users.lookupByEmail"] == FEW
    assert calls(made)["users.list"] == 0


async def written_to(channel: SlackChannel, number: int) -> Posted:
    """As a lane does it: what must wait is tried again."""
    person = Person(id=f"p{number}", email=f"n{number}@example.com", name="N")
    while True:
        try:
            return await channel.post(Post(effect=f"e{number}", message=Message("Hi"), say=say, person=person))
        except Retry:
            await asyncio.sleep(0.05)


async def test_first_messages_to_many_open_no_conversation_and_ask_for_few_people(made: Slack) -> None:
    hire(made, MANY)
    made.workspace.limits.configure(per_minute=TIERS)
    channel = SlackChannel(made.client, made.identity)
    waiting = iter(range(MANY))

    async def slot() -> list[Posted]:
        return [await written_to(channel, number) for number in waiting]

    posted = [one for found in await asyncio.gather(*(slot() for _ in range(32))) for one in found]
    assert {one.account for one in posted} == {Account("slack", f"U1{n:05}") for n in range(MANY)}
    asked = calls(made)
    assert asked["chat.postMessage"] == MANY
    assert asked["conversations.open"] == asked["users.info"] == 0
    assert asked["users.lookupByEmail"] <= FEW + 32
    assert asked["users.list"] <= 4
    assert [call.method for call in made.workspace.calls if call.error == "ratelimited"] == []
    for number in range(MANY):  # and those who write are known from it, too
        assert (await channel.whose(Account("slack", f"U1{number:05}"))).email == f"n{number}@example.com"
    assert calls(made)["users.info"] <= FEW


ODD: dict[str, dict[str, Any]] = {
    "live": {},
    "deleted": {"deleted": True},
    "a bot": {"is_bot": True},
    "a guest": {"is_restricted": True},
    "a guest of one channel": {"is_ultra_restricted": True},
    "a stranger": {"is_stranger": True},
    "of another workspace": {"team_id": "T0OTHER"},
    "not confirmed": {"is_email_confirmed": False},
    "without an address": {"email": None},
    "a deleted guest": {"deleted": True, "is_restricted": True},
}


@pytest.mark.parametrize("odd", ODD.values(), ids=list(ODD))
async def test_a_page_says_of_somebody_what_a_call_for_them_alone_says(made: Slack, odd: dict[str, Any]) -> None:
    hire(made, FEW)
    made.workspace.hire(Hired(**{"id": "U0ODD", "name": "odd", "email": "odd@example.com", "locale": "de-DE", **odd}))
    known = members(made)
    alone = await known.with_id("U0ODD")
    await ask_many(known)
    listed = await known.with_id("U0ODD")
    assert calls(made)["users.list"] == 1
    assert calls(made)["users.info"] == 1
    assert listed == alone
    assert listed is not None
    assert listed.vouched == (odd in ({}, {"email": None}))
    assert listed.closed == (odd == {"deleted": True})


async def test_of_two_with_one_address_the_live_member_counts(made: Slack) -> None:
    hire(made, FEW)
    made.workspace.hire(
        Hired(id="U0OLD", name="old", email="x@example.com", deleted=True),
        Hired(id="U0NOW", name="now", email="x@example.com"),
        Hired(id="U0BAD", name="bad", email="x@example.com", team_id="T0OTHER"),
    )
    known = members(made)
    await ask_many(known)
    found = await known.with_email("X@example.com")
    assert found is not None
    assert found.id == "U0NOW"


async def test_a_closed_account_that_the_list_shows_is_told_apart(made: Slack) -> None:
    hire(made, FEW)
    made.workspace.hire(Hired(id="U0GONE", name="gone", email="gone@example.com", deleted=True))
    known = members(made)
    channel = SlackChannel(made.client, made.identity, members=known)
    await ask_many(known)
    gone = Person(id="gone", email="gone@example.com", name="Gone")
    with pytest.raises(Refused) as refused:
        await channel.post(Post(effect="e", message=Message("Hi"), say=say, person=gone))
    assert refused.value.code == "left"


async def test_whoever_has_changed_since_is_asked_for_themselves(made: Slack) -> None:
    hire(made, FEW)
    known = members(made)
    await ask_many(known)
    assert (await known.with_id("U0ANNA")) is not None
    made.workspace.people["U0ANNA"].is_restricted = True
    stale = await known.with_id("U0ANNA")
    assert stale is not None
    assert stale.vouched
    anew = await known.with_id("U0ANNA", anew=True)
    assert anew is not None
    assert not anew.vouched
    known.changed("U0ANNA", "anna@example.com")
    again = await known.with_email("anna@example.com")
    assert again is not None
    assert not again.vouched


async def test_who_came_after_the_list_is_found_all_the_same(made: Slack) -> None:
    hire(made, FEW)
    known, clock = members(made, clock := Clock()), clock
    await ask_many(known)
    assert await known.with_email("n1@example.com") is not None
    clock.now += 61
    made.workspace.hire(Hired(id="U0FRESH", name="fresh", email="fresh@example.com"))
    found = await known.with_email("fresh@example.com")
    assert isinstance(found, Member)


async def test_the_list_is_not_read_again_while_it_is_fresh_and_is_when_it_is_not(made: Slack) -> None:
    hire(made, FEW)
    known = members(made, clock := Clock())
    await ask_many(known)
    for _ in range(2):
        await known.with_email("n3@example.com")
        assert calls(made)["users.list"] == 1
        clock.now += FRESH / 2 - 1
    clock.now += 60
    await ask_many(known)
    await known.with_email("n3@example.com")
    assert calls(made)["users.list"] == 2


async def test_a_pause_that_slack_asks_for_between_pages_is_kept(made: Slack) -> None:
    hire(made, 600)
    made.faults.add(Rule(kind=Kind.RATE_LIMIT, match="users.list", times=1, retry_after=1))
    known = members(made)
    await ask_many(known)
    assert await known.with_email("n599@example.com") is not None
    assert calls(made)["users.list"] == 3


async def test_a_list_that_cannot_be_read_is_given_up_and_people_are_asked_for_singly(made: Slack) -> None:
    hire(made, FEW)
    made.workspace.scopes = tuple(scope for scope in made.workspace.scopes if scope != "users:read")
    known = members(made, clock := Clock())
    await ask_many(known)
    for _ in range(3):
        assert await known.with_email("n5@example.com") is not None
    assert calls(made)["users.list"] == 1
    clock.now += REST + 1
    await ask_many(known)
    await known.with_email("n5@example.com")
    assert calls(made)["users.list"] == 2


async def test_the_answer_of_a_list_that_hangs_is_waited_for_in_the_lane_and_not_in_the_call(
    made: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.members.PATIENCE", 0.0)
    hire(made, FEW)
    made.faults.add(Rule(kind=Kind.HANG, match="users.list", seconds=600))
    known = members(made)
    await ask_many(known)
    with pytest.raises(Retry):
        await known.with_email("n5@example.com")
    await known.close()
