"""What we put in front of people in Teams, against the stand-in: written, replaced, and every fault named."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from adapters.teams.connector import Connector, http_session
from adapters.teams.outbound import TeamsChannel
from adapters.teams.reference import Conversation
from adapters.teams.settings import TeamsSettings
from bot.errors import Refused, Retry, Unauthorized, Unknown
from bot.incoming import Account, Place
from bot.message import Button, Home, Message
from bot.people import Person
from bot.ports import Channel, Post
from bot.results import Posted, Profile
from sandbox.faults import Kind, Rule
from sandbox.teams import Person as Member
from tests.adapters.teams.channel_kit import ANNA_THERE, BORIS_THERE, NEW_THERE, PASSWORD, Teams, say, teams
from tests.hurry import LATER, call_seconds

SEND = "/activities "
DONE = Message("Your plan", buttons=(Button("done", "laptop", "Done"),))


@pytest.fixture
async def made(request: pytest.FixtureRequest) -> AsyncIterator[Teams]:
    async with teams(timeout_seconds=call_seconds(request)) as made:
        yield made


def to(person: Person | None = None, message: Message | str = "Hello", place: Place | None = None) -> Post:
    said = Message(message) if isinstance(message, str) else message
    return Post(effect="e1", message=said, say=say, person=person, place=place)


async def test_it_is_a_channel_of_the_core(made: Teams) -> None:
    channel: Channel = made.channel
    assert (channel.name, channel.can_look) == ("teams", False)
    assert await channel.look(to(made.anna()), 60) is None
    await channel.show_home(made.anna(), Home((Message("Your plan"),)), say)


# --- where to


async def test_who_has_written_to_us_is_answered_there(made: Teams) -> None:
    posted = await made.channel.post(to(made.anna()))
    (message,) = made.chat(ANNA_THERE)
    assert message.text == "Hello"
    assert posted == Posted(f"{made.address(ANNA_THERE)}#{message.id}")
    assert made.calls("POST", "/v3/conversations") == 0


async def test_with_who_never_wrote_a_conversation_is_opened_once_and_remembered(made: Teams) -> None:
    boris = made.person(BORIS_THERE)
    first, second = await made.channel.post(to(boris)), await made.channel.post(to(boris))
    where = Conversation(made.settings.service_url, made.company.personal(BORIS_THERE).id).text
    assert (first.address, second.address) == (where, where)
    assert first.account is None
    assert made.texts(BORIS_THERE) == ["Hello", "Hello"]
    assert made.calls("POST", "/v3/conversations") == 1


async def test_what_is_written_in_an_opened_conversation_can_be_replaced(made: Teams) -> None:
    posted = await made.channel.post(to(made.person(BORIS_THERE)))
    await made.channel.update(to(message="Bye"), posted.ref)
    assert made.texts(BORIS_THERE) == ["Bye"]


@pytest.mark.parametrize(
    "accounts", [{}, {"teams": NEW_THERE.aad_object_id}, {"teams": "00000000-0000-4000-8000-000000000000"}]
)
async def test_who_has_no_account_or_no_app_here_is_out_of_reach(made: Teams, accounts: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        await made.channel.post(to(Person(id="x", email="nina@example.com", name="Nina", accounts=accounts)))
    assert refused.value.code == "person-unreachable"


async def test_a_message_for_nobody_is_refused(made: Teams) -> None:
    with pytest.raises(Refused) as refused:
        await made.channel.post(to())
    assert refused.value.code == "nobody"


async def test_a_place_is_a_conversation_perhaps_a_thread(made: Teams) -> None:
    team = made.company.add_team("Everybody", ANNA_THERE)
    team.installed = True
    general = made.company.channel(team)
    asked = made.company.write(general, ANNA_THERE.id, {"type": "message", "text": "?"})
    place = Place("teams", made.conversation(general).text, asked.id, private=False)
    posted = await made.channel.post(to(place=place))
    (answer,) = made.company.of_bot(general, asked.id)
    assert posted.ref == f"{made.conversation(general).text};messageid={asked.id}#{answer.id}"
    await made.channel.update(to(message="Better"), posted.ref)
    (answer,) = made.company.of_bot(general, asked.id)
    assert answer.text == "Better"


@pytest.mark.parametrize("conversation", ["", "D0ANNA", "https://smba.trafficmanager.net#"])
async def test_a_place_that_is_none_is_refused(made: Teams, conversation: str) -> None:
    with pytest.raises(Refused) as refused:
        await made.channel.post(to(place=Place("teams", conversation)))
    assert refused.value.code == "invalid-address"


# --- replacing


async def test_a_card_is_replaced_in_place(made: Teams) -> None:
    posted = await made.channel.post(to(made.anna(), DONE))
    assert made.chat(ANNA_THERE)[0].cards
    assert (await made.channel.update(to(message="Done"), posted.ref)).ref == posted.ref
    assert made.texts(ANNA_THERE) == ["Done"]


async def test_a_message_that_is_gone_is_named_so(made: Teams) -> None:
    posted = await made.channel.post(to(made.anna()))
    made.chat(ANNA_THERE)[0].deleted = True
    with pytest.raises(Refused) as refused:
        await made.channel.update(to(), posted.ref)
    assert refused.value.code == "gone"


@pytest.mark.parametrize("ref", ["", "D0ANNA:1", "https://smba.trafficmanager.net#a:1#"])
async def test_a_reference_that_names_nothing_is_to_something_gone(made: Teams, ref: str) -> None:
    with pytest.raises(Refused) as refused:
        await made.channel.update(to(), ref)
    assert refused.value.code == "gone"


# --- blocked


async def test_who_has_blocked_us_has(made: Teams) -> None:
    posted = await made.channel.post(to(made.anna()))
    made.company.personal(ANNA_THERE).blocked = True
    with pytest.raises(Refused) as refused:
        await made.channel.post(to(made.anna()))
    assert refused.value.code == "blocked"
    with pytest.raises(Refused) as refused:
        await made.channel.update(to(), posted.ref)
    assert refused.value.code == "blocked"


async def test_whom_teams_no_longer_shows_in_their_own_chat_has_left(made: Teams) -> None:
    """The refusal of a message has the same words as that of somebody who has blocked us."""
    posted = await made.channel.post(to(made.anna()))
    chat = made.company.personal(ANNA_THERE)
    chat.blocked, chat.members = True, []
    for asked in (made.channel.post(to(made.anna())), made.channel.update(to(made.anna()), posted.ref)):
        with pytest.raises(Refused) as refused:
            await asked
        assert refused.value.code == "left"
    assert (await made.channel.whose(Account("teams", ANNA_THERE.id), met(made, ANNA_THERE))).closed


async def test_a_conversation_that_is_not_there_takes_nothing(made: Teams) -> None:
    nowhere = Conversation(made.company.service_url.rstrip("/"), "a:1nowhere").text
    with pytest.raises(Refused) as refused:
        await made.channel.post(to(place=Place("teams", nowhere)))
    assert refused.value.code == "blocked"


async def test_a_team_that_has_removed_us_takes_nothing(made: Teams) -> None:
    general = made.company.channel(made.company.add_team("Everybody", ANNA_THERE))
    with pytest.raises(Refused) as refused:
        await made.channel.post(to(place=Place("teams", made.conversation(general).text, private=False)))
    assert refused.value.code == "blocked"


# --- faults


@pytest.mark.parametrize(
    ("rule", "error"),
    [
        (Rule(kind=Kind.RATE_LIMIT, match=SEND, retry_after=3), Retry),
        (Rule(kind=Kind.ERROR, match=SEND, status=412), Retry),
        (Rule(kind=Kind.ERROR, match=SEND), Unknown),
        (Rule(kind=Kind.ERROR, match=SEND, status=502), Unknown),
        (Rule(kind=Kind.ERROR, match=SEND, status=503), Unknown),
        (Rule(kind=Kind.ERROR, match=SEND, status=504), Unknown),
        (Rule(kind=Kind.HANG, match=SEND, seconds=30), Unknown),
        (Rule(kind=Kind.LATE, match=SEND, seconds=LATER), Unknown),
        (Rule(kind=Kind.LOST, match=SEND), Unknown),
        (Rule(kind=Kind.CUT, match=SEND), Unknown),
        (Rule(kind=Kind.ERROR, match="POST /teams/v3/conversations "), Retry),
        (Rule(kind=Kind.HANG, match="POST /teams/v3/conversations ", seconds=30), Retry),
        (Rule(kind=Kind.LOST, match="POST /teams/v3/conversations "), Retry),
        (Rule(kind=Kind.ERROR, match="/oauth2/v2.0/token "), Retry),
        (Rule(kind=Kind.HANG, match="/oauth2/v2.0/token ", seconds=30), Retry),
    ],
)
async def test_a_fault_is_an_error_that_says_whether_it_may_have_happened(
    made: Teams, rule: Rule, error: type[Exception]
) -> None:
    made.faults.add(rule)
    with pytest.raises(error):
        await made.channel.post(to(made.person(BORIS_THERE)))
    assert rule.shown == 1  # nothing was tried again behind our back


@pytest.mark.parametrize("kind", [Kind.ERROR, Kind.HANG, Kind.LATE, Kind.LOST, Kind.CUT])
async def test_a_replacement_is_simply_done_again(made: Teams, kind: Kind) -> None:
    posted = await made.channel.post(to(made.anna()))
    made.faults.add(Rule(kind=kind, match="PUT ", seconds=LATER))
    with pytest.raises(Retry):
        await made.channel.update(to(message="Bye"), posted.ref)
    made.faults.clear()
    await made.channel.update(to(message="Bye"), posted.ref)
    assert made.texts(ANNA_THERE) == ["Bye"]


async def test_after_a_429_it_passes(made: Teams) -> None:
    made.faults.add(Rule(kind=Kind.RATE_LIMIT, match=SEND, retry_after=3, times=1))
    with pytest.raises(Retry) as retry:
        await made.channel.post(to(made.anna()))
    assert retry.value.after == 3.0
    await made.channel.post(to(made.anna()))
    assert made.texts(ANNA_THERE) == ["Hello"]


async def test_a_429_where_we_were_silent_is_the_tenants_and_elsewhere_the_conversations(made: Teams) -> None:
    await made.channel.post(to(made.anna()))
    made.faults.add(Rule(kind=Kind.RATE_LIMIT, match=SEND, retry_after=3))
    with pytest.raises(Retry) as retry:
        await made.channel.post(to(made.anna()))
    assert not retry.value.everywhere
    with pytest.raises(Retry) as retry:
        await made.channel.post(to(made.person(BORIS_THERE)))
    assert retry.value.everywhere


async def test_a_teams_that_cannot_be_reached_has_surely_not_got_it(made: Teams) -> None:
    with pytest.raises(Retry):
        await made.channel.post(to(place=Place("teams", "http://127.0.0.1:9#a:1")))


# --- tokens


async def test_a_token_that_is_withdrawn_in_the_middle_is_replaced(made: Teams) -> None:
    await made.channel.post(to(made.anna(), "one"))
    made.company.issuer.revoke()
    await made.channel.post(to(made.anna(), "two"))
    assert made.texts(ANNA_THERE) == ["one", "two"]
    assert made.company.issuer.asked["token"] == 2


async def test_one_fresh_token_is_tried_and_then_everything_stops(made: Teams) -> None:
    await made.channel.post(to(made.anna(), "one"))
    made.company.issuer.lasts = -1  # whatever it gives has expired
    made.company.issuer.revoke()
    before = len(made.company.calls)
    with pytest.raises(Unauthorized):
        await made.channel.post(to(made.anna(), "two"))
    assert len(made.company.calls) - before == 2


async def test_a_secret_that_is_refused_stops_everything(made: Teams, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    made.company.issuer.app_password = "changed meanwhile"
    with pytest.raises(Unauthorized, match="AADSTS7000215"):
        await made.channel.post(to(made.anna()))
    assert PASSWORD not in caplog.text


async def test_no_token_leaves_for_a_strangers_address(made: Teams) -> None:
    for address in ("https://smba.evil.example.com#a:1", "http://10.0.0.1#a:1", "http://127.0.0.1@evil.example#a:1"):
        with pytest.raises(Refused) as refused:
            await made.channel.post(to(place=Place("teams", address)))
        assert refused.value.code == "untrusted-address"
    assert made.company.issuer.asked["token"] == 0


async def test_the_sandbox_sends_no_token_and_leaves_this_machine_never() -> None:
    asked: list[web.Request] = []

    async def sent(request: web.Request) -> web.Response:
        asked.append(request)
        return web.json_response({"id": "1"})

    app = web.Application()
    app.router.add_post("/v3/conversations/{conversation}/activities", sent)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    settings = TeamsSettings()
    try:
        async with http_session(settings) as session:
            channel = TeamsChannel(Connector(session, settings, None), None)
            posted = await channel.post(to(place=Place("teams", f"{url}#a:1 /?%;=@b")))
            with pytest.raises(Refused) as refused:
                await channel.post(to(place=Place("teams", "https://smba.trafficmanager.net#a:1")))
    finally:
        await runner.cleanup()
    assert posted.ref == f"{url}#a:1 /?%;=@b#1"
    assert refused.value.code == "untrusted-address"
    (request,) = asked
    assert "Authorization" not in request.headers
    assert request.match_info["conversation"] == "a:1 /?%;=@b"


@pytest.mark.parametrize(
    ("body", "ref"), [("", "#a:1#"), ("{}", "#a:1#"), ('{"id": 7}', "#a:1#"), ('{"id": "7"}', "#a:1#7")]
)
async def test_a_message_without_an_id_stands_there_all_the_same(body: str, ref: str) -> None:
    """Teams tells none of a message that became two."""
    posted = await _answered(web.Response(status=201, text=body))
    assert posted.ref.endswith(ref)


async def test_an_answer_that_cannot_be_read_leaves_it_open() -> None:
    with pytest.raises(Unknown):
        await _answered(web.Response(text="<html>sign in to the wifi</html>"))


async def test_nobody_leads_us_elsewhere() -> None:
    with pytest.raises(Retry, match="302"):
        await _answered(web.Response(status=302, headers={"Location": "http://127.0.0.1:9/"}))


async def _answered(answer: web.Response) -> Posted:
    async def handler(_: web.BaseRequest) -> web.StreamResponse:
        return answer

    runner = web.ServerRunner(web.Server(handler))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    settings = TeamsSettings()
    try:
        async with http_session(settings) as session:
            channel = TeamsChannel(Connector(session, settings, None), None)
            place = Place("teams", f"http://127.0.0.1:{runner.addresses[0][1]}#a:1")
            return await channel.post(to(place=place))
    finally:
        await runner.cleanup()


# --- how fast


async def test_a_conversation_takes_seven_at_once_and_then_rests() -> None:
    now = [1_000.0]
    async with teams(clock=lambda: now[0], of_company=lambda: now[0]) as made:
        made.company.limits.configure(((1, 7), (2, 8), (30, 60), (3600, 1800)), (), 50)
        rests = [(await made.channel.post(to(made.anna()))).rest for _ in range(7)]
        assert rests[:6] == [0.0] * 6
        assert 2.0 < rests[6] < 2.1
        with pytest.raises(Retry) as retry:
            await made.channel.post(to(made.anna()))  # by another lane, which knows nothing of the rest
        assert retry.value.after == rests[6]
        assert len(made.company.calls) == 7  # Microsoft has not been asked
        now[0] += rests[6]
        await made.channel.post(to(made.anna()))
        assert {call.status for call in made.company.calls} == {201}


# --- whose


def met(made: Teams, member: Member) -> Place:
    return Place("teams", made.address(member))


@pytest.mark.parametrize("by", ["id", "aad_object_id"])
async def test_a_member_of_our_tenant_is_vouched_for(made: Teams, by: str) -> None:
    profile = await made.channel.whose(Account("teams", getattr(ANNA_THERE, by)), met(made, ANNA_THERE))
    assert profile == Profile(Account("teams", ANNA_THERE.aad_object_id), "anna@example.com", "Anna Petrova")


async def test_the_principal_name_is_an_address_too(made: Teams) -> None:
    plain = Member(name="Petra Plain", user_principal_name="petra@example.com")
    made.company.hire(plain)
    made.company.install(plain)
    profile = await made.channel.whose(Account("teams", plain.id), met(made, plain))
    assert profile.email == "petra@example.com"


@pytest.mark.parametrize(
    "odd",
    [
        {"role": "guest"},
        {"tenant_id": "11111111-1111-4222-8333-444455556666"},
        {"user_principal_name": "anna_example.com#EXT#@home.onmicrosoft.com"},
        {"user_principal_name": "anna_example.com#ext#@home.onmicrosoft.com", "role": "user"},
        {"email": None, "user_principal_name": "anna"},
    ],
)
async def test_nobody_else_is_vouched_for(made: Teams, odd: dict[str, Any]) -> None:
    stranger = Member(**{"name": "Anna Petrova", "email": "anna@example.com", "aad_object_id": "b" * 8, **odd})
    made.company.hire(stranger)
    made.company.install(stranger)
    profile = await made.channel.whose(Account("teams", stranger.id), met(made, stranger))
    assert profile.email is None
    assert profile.account == Account("teams", "b" * 8)


async def test_who_is_not_in_the_conversation_is_nobody(made: Teams) -> None:
    account = Account("teams", BORIS_THERE.id)
    assert await made.channel.whose(account, met(made, ANNA_THERE)) == Profile(account, outside=True, closed=True)


@pytest.mark.parametrize("conversation", ["nowhere", "https://smba.evil.example.com", "#"])
async def test_where_nobody_can_be_asked_nobody_is_vouched_for(made: Teams, conversation: str) -> None:
    account = Account("teams", ANNA_THERE.id)
    assert await made.channel.whose(account, Place("teams", conversation)) == Profile(account)
    assert await made.channel.whose(account) == Profile(account)


async def test_a_conversation_that_we_were_removed_from_tells_nothing(made: Teams) -> None:
    account = Account("teams", ANNA_THERE.id)
    made.company.personal(ANNA_THERE).installed = False
    assert await made.channel.whose(account, met(made, ANNA_THERE)) == Profile(account)


@pytest.mark.parametrize("kind", [Kind.ERROR, Kind.HANG, Kind.LOST, Kind.RATE_LIMIT])
async def test_while_teams_cannot_say_nobody_is_turned_away(made: Teams, kind: Kind) -> None:
    made.faults.add(Rule(kind=kind, match="/members/", seconds=30))
    with pytest.raises(Retry) as retry:
        await made.channel.whose(Account("teams", ANNA_THERE.id), met(made, ANNA_THERE))
    assert not retry.value.everywhere
