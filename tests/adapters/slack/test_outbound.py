"""What we put in front of people, against the stand-in: posted, replaced, found again, and every fault named."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from adapters.slack.errors import translated
from adapters.slack.outbound import SlackChannel
from bot.errors import Refused, Retry, Unauthorized, Unknown
from bot.incoming import Account, Place
from bot.message import Home, Message
from bot.people import Person
from bot.ports import Channel, Post
from bot.results import Posted, Profile
from sandbox.faults import Kind, Rule
from sandbox.slack import Person as Member
from tests.adapters.slack.kit import ANNA, Slack, say, slack
from tests.hurry import LATER, call_seconds

BORIS = Person(id="boris", email="boris@example.com", name="Boris")
THREAD = "1764057660.000200"


@pytest.fixture
async def made(request: pytest.FixtureRequest) -> AsyncIterator[Slack]:
    async with slack(timeout=call_seconds(request)) as made:
        yield made


def to(person: Person | None = ANNA, text: str = "Hello", effect: str = "e1", place: Place | None = None) -> Post:
    return Post(effect=effect, message=Message(text), say=say, person=person, place=place)


def texts(made: Slack, conversation: str = "D0ANNA") -> list[str]:
    return [message["text"] for message in reversed(made.workspace.messages.history(conversation))]


async def test_it_is_a_channel_of_the_core(made: Slack) -> None:
    channel: Channel = made.channel
    assert (channel.name, channel.can_look) == ("slack", True)


async def test_a_message_reaches_the_person_and_carries_its_effect(made: Slack) -> None:
    posted = await made.channel.post(to())
    (message,) = made.workspace.messages.history("D0ANNA")
    assert posted == Posted(f"D0ANNA:{message['ts']}", address="D0ANNA")
    assert message["metadata"] == {"event_type": "butterboard_effect", "event_payload": {"effect": "e1"}}
    assert message["text"] == "Hello"


def calls(made: Slack, method: str) -> int:
    return [call.method for call in made.workspace.calls].count(method)


async def test_a_person_is_written_to_without_opening_a_conversation_and_what_was_said_can_be_changed(
    made: Slack,
) -> None:
    posted = await made.channel.post(to())
    assert posted.ref.startswith("D0ANNA:")
    assert await made.channel.update(to(text="Bye"), posted.ref) == Posted(posted.ref)
    assert await made.channel.look(to(), age=60) is not None
    assert calls(made, "conversations.open") == 0


async def test_a_message_from_before_is_changed_and_found_where_it_stands(made: Slack) -> None:
    """By a process that has posted nothing yet: where somebody is written to is remembered with them."""
    posted = await made.channel.post(to())
    anna = msgspec.structs.replace(ANNA, addresses={"slack": "D0ANNA"})
    fresh = SlackChannel(made.client, made.identity)
    assert await fresh.look(to(anna), age=60) == Posted(posted.ref)
    assert await fresh.update(to(anna, text="Bye"), posted.ref) == Posted(posted.ref)
    assert (await fresh.post(to(anna))).address is None
    assert calls(made, "conversations.open") == 0


async def test_only_for_a_first_message_whose_answer_was_lost_the_conversation_is_asked_for(made: Slack) -> None:
    made.faults.add(Rule(kind=Kind.LOST, match="chat.postMessage", times=1))
    with pytest.raises(Unknown):
        await made.channel.post(to())
    assert await made.channel.look(to(), age=1) is not None
    assert calls(made, "conversations.open") == 1


async def test_somebody_without_an_account_is_found_by_e_mail_and_remembered(made: Slack) -> None:
    posted = await made.channel.post(to(BORIS))
    assert posted.account == Account("slack", "U0BORIS")
    assert texts(made, "D0BORIS") == ["Hello"]


async def test_somebody_who_is_not_there_is_a_refusal(made: Slack) -> None:
    with pytest.raises(Refused) as refused:
        await made.channel.post(to(Person(id="x", email="nobody@example.com", name="Nobody")))
    assert (refused.value.code, refused.value.detail) == ("person-unreachable", "users_not_found")


@pytest.mark.parametrize(("account", "detail"), [("U0ROBOT", "cannot_dm_bot"), ("U0NEVERWAS", "channel_not_found")])
async def test_an_account_that_takes_no_messages_is_out_of_reach(made: Slack, account: str, detail: str) -> None:
    made.workspace.hire(Member(id="U0ROBOT", name="robot", email="robot@example.com", is_bot=True))
    with pytest.raises(Refused) as refused:
        await made.channel.post(to(msgspec.structs.replace(ANNA, accounts={"slack": account})))
    assert (refused.value.code, refused.value.detail) == ("person-unreachable", detail)


async def test_a_closed_account_is_told_apart_from_one_out_of_reach(made: Slack) -> None:
    made.workspace.hire(Member(id="U0ANNA", name="anna", email="anna@example.com", deleted=True))
    with pytest.raises(Refused) as refused:
        await made.channel.look(to(), age=60)
    assert (refused.value.code, refused.value.detail) == ("left", "user_disabled")
    assert await made.channel.whose(Account("slack", "U0ANNA")) == Profile(
        Account("slack", "U0ANNA"),
        outside=True,
        closed=True,
        name="anna",
        timezone="Europe/Amsterdam",
        locale="en-US",
    )


async def test_a_deactivated_guest_is_nobody_of_ours_and_never_was(made: Slack) -> None:
    made.workspace.hire(Member(id="U0GUEST", name="g", email="anna@example.com", deleted=True, is_restricted=True))
    profile = await made.channel.whose(Account("slack", "U0GUEST"))
    assert (profile.outside, profile.closed, profile.email) == (True, False, None)


async def test_a_place_is_a_conversation_perhaps_a_thread(made: Slack) -> None:
    asked = made.workspace.messages.add("C0GENERAL", {"type": "message", "user": "U0ANNA", "text": "?", "ts": THREAD})
    await made.channel.post(to(place=Place("slack", "C0GENERAL", asked["ts"], private=False)))
    assert [message["text"] for message in made.workspace.messages.thread("C0GENERAL", THREAD)] == ["?", "Hello"]


async def test_a_place_named_by_a_person_is_their_direct_message(made: Slack) -> None:
    posted = await made.channel.post(to(place=Place("slack", "U0ANNA")))
    assert posted.ref.startswith("D0ANNA:")


async def test_a_message_is_replaced_in_place(made: Slack) -> None:
    posted = await made.channel.post(to())
    assert (await made.channel.update(to(text="Bye", effect="e2"), posted.ref)).ref == posted.ref
    assert texts(made) == ["Bye"]
    assert await made.channel.look(to(effect="e2"), 60) == Posted(posted.ref)


async def test_a_message_that_is_gone_is_named_so(made: Slack) -> None:
    posted = await made.channel.post(to())
    made.workspace.messages.remove("D0ANNA", posted.ref.partition(":")[2])
    with pytest.raises(Refused) as refused:
        await made.channel.update(to(), posted.ref)
    assert refused.value.code == "gone"


async def test_any_other_refusal_of_an_update_keeps_its_reason(made: Slack) -> None:
    with pytest.raises(Refused) as refused:
        await made.channel.update(to(), "D0NOWHERE:1.000001")
    with pytest.raises(Refused, match="channel_not_found"):
        await made.channel.update(to(), f"U0ANNA:{(await made.channel.post(to())).ref.partition(':')[2]}")
    assert refused.value.code == "channel_not_found"


async def test_a_message_whose_answer_was_lost_is_found(made: Slack) -> None:
    made.faults.add(Rule(kind=Kind.LOST, match="chat.postMessage", times=1))
    with pytest.raises(Unknown):
        await made.channel.post(to())
    found = await made.channel.look(to(), age=1)
    assert found is not None
    assert found.ref.startswith("D0ANNA:")
    assert await made.channel.look(to(effect="another"), age=1) is None


async def test_an_old_message_is_found_behind_many(made: Slack) -> None:
    posted = await made.channel.post(to())
    for number in range(450):
        made.workspace.messages.add("D0ANNA", {"type": "message", "user": "U0ANNA", "text": str(number)})
    assert await made.channel.look(to(), age=60) == Posted(posted.ref)


async def test_what_is_older_than_the_attempt_is_not_looked_at(made: Slack) -> None:
    await made.channel.post(to())
    made.workspace.advance(1000)
    made.channel._clock = made.workspace.now
    assert await made.channel.look(to(), age=10) is None
    assert await made.channel.look(to(), age=1000) is not None


async def test_one_does_not_look_without_end(made: Slack) -> None:
    made.workspace.dm("U0ANNA")
    for number in range(5001):
        made.workspace.messages.add("D0ANNA", {"type": "message", "user": "U0ANNA", "text": str(number)})
    with pytest.raises(Unknown):
        await made.channel.look(to(), age=60)


async def test_a_message_in_a_thread_is_found_there(made: Slack) -> None:
    asked = await made.channel.post(to(effect="question"))
    place = Place("slack", "D0ANNA", asked.ref.partition(":")[2])
    answered = await made.channel.post(to(effect="answer", place=place))
    assert await made.channel.look(to(effect="answer", place=place), age=60) == answered


async def test_a_channel_that_we_may_not_read_is_not_looked_at(made: Slack) -> None:
    place = Place("slack", "C0GENERAL", private=False)
    posted = await made.channel.post(to(place=place))
    assert await made.channel.look(to(place=place), age=60) == posted
    made.workspace.scopes = tuple(scope for scope in made.workspace.scopes if scope != "channels:history")
    assert await made.channel.look(to(place=place), age=60) is None


async def test_a_direct_message_that_we_may_not_read_stops_everything(made: Slack) -> None:
    made.workspace.scopes = tuple(scope for scope in made.workspace.scopes if scope != "im:history")
    with pytest.raises(Unauthorized, match="im:history"):
        await made.channel.look(to(), age=60)


@pytest.mark.parametrize(
    ("rule", "error"),
    [
        (Rule(kind=Kind.RATE_LIMIT, match="chat.postMessage", retry_after=3), Retry),
        (Rule(kind=Kind.ERROR, match="chat.postMessage"), Unknown),
        (Rule(kind=Kind.HANG, match="chat.postMessage", seconds=30), Unknown),
        (Rule(kind=Kind.LATE, match="chat.postMessage", seconds=LATER), Unknown),
        (Rule(kind=Kind.LOST, match="chat.postMessage"), Unknown),
        (Rule(kind=Kind.ERROR, match="users.lookupByEmail"), Retry),
        (Rule(kind=Kind.HANG, match="users.lookupByEmail", seconds=30), Retry),
    ],
)
async def test_a_fault_is_an_error_that_says_whether_it_may_have_happened(
    made: Slack, rule: Rule, error: type[Exception]
) -> None:
    made.faults.add(rule)
    with pytest.raises(error):
        await made.channel.post(to(BORIS))
    # slack_sdk did not try again behind our back.
    assert rule.shown == 1


async def test_a_rate_limit_says_for_how_long(made: Slack) -> None:
    made.faults.add(Rule(kind=Kind.RATE_LIMIT, retry_after=30))
    with pytest.raises(Retry) as retry:
        await made.channel.post(to())
    assert (retry.value.after, retry.value.everywhere) == (30.0, True)


async def test_a_revoked_token_stops_everything(made: Slack) -> None:
    made.workspace.token = "xoxb-another"
    with pytest.raises(Unauthorized, match="invalid_auth"):
        await made.channel.post(to())


async def test_a_slack_that_cannot_be_reached_has_surely_not_got_it(made: Slack) -> None:
    made.client.base_url = "http://127.0.0.1:9/api/"
    with pytest.raises(Retry):
        await made.channel.post(to(place=Place("slack", "D0ANNA")))


async def test_a_home_page_is_shown_to_its_owner(made: Slack) -> None:
    await made.channel.show_home(BORIS, Home((Message("Your plan"),)), say)
    assert made.workspace.views.homes["U0BORIS"]["blocks"][0]["text"]["text"] == "Your plan"


async def test_a_member_is_vouched_for(made: Slack) -> None:
    account = Account("slack", "U0ANNA")
    assert await made.channel.whose(account) == Profile(
        account, "anna@example.com", "Anna Petrova", "Europe/Amsterdam", "ru-RU"
    )


@pytest.mark.parametrize(
    "odd",
    [
        {"deleted": True},
        {"is_bot": True},
        {"is_stranger": True},
        {"team_id": "T0STRANGER"},
        {"is_email_confirmed": False},
        {"email": None},
    ],
)
async def test_nobody_else_is_vouched_for(made: Slack, odd: dict[str, Any]) -> None:
    made.workspace.hire(Member(**{"id": "U0ODD", "name": "odd", "email": "anna@example.com", **odd}))
    assert (await made.channel.whose(Account("slack", "U0ODD"))).email is None


async def test_an_unknown_account_is_nobody(made: Slack) -> None:
    account = Account("slack", "U0GHOST")
    assert await made.channel.whose(account) == Profile(account, outside=True)


async def test_who_we_are_is_asked_until_it_is_known(made: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.client.FIRST_PAUSE", 0.01)
    made.faults.add(Rule(kind=Kind.ERROR, match="auth.test", times=2))
    await made.identity.keep_learning()
    assert made.identity.installation.team == made.workspace.team_id
    assert made.identity.installation.user == made.workspace.bot_user


async def test_an_answer_without_its_ts_is_unknown(made: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    async def odd(**_: object) -> object:
        with translated(writes=True):
            return await made.client.auth_test()

    monkeypatch.setattr(made.client, "chat_postMessage", odd)
    with pytest.raises(Unknown):
        await made.channel.post(to())
