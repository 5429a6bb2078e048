"""The connector of the Teams stand-in, over HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from sandbox.faults import Kind, Rule
from sandbox.teams import TENANT_ID, Person
from sandbox.teams.errors import Json
from tests.sandbox.teams_kit import ANN, BOB, EVE, ZOE, Clock, Stage, button, card, stage, token, with_card


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def teams(clock: Clock) -> AsyncIterator[Stage]:
    async with stage(clock) as ready:
        yield ready


@pytest.fixture
def chat(teams: Stage) -> str:
    return teams.company.personal(ANN).id


# Opening


@pytest.mark.parametrize("name", [ANN.id, ANN.aad_object_id, ANN.aad_object_id.upper()])
async def test_a_chat_is_opened_by_either_id_and_is_always_the_same(teams: Stage, chat: str, name: str) -> None:
    first, second = await teams.client.open(name), await teams.client.open(name)
    assert (first.status, second.status) == (201, 201)
    assert first.id == second.id == chat


async def test_a_tenant_may_also_stand_in_the_channel_data(teams: Stage, chat: str) -> None:
    body = {"bot": {"id": teams.company.bot_id}, "members": [{"id": ANN.id}]}
    assert (await teams.client.call("POST", "", body)).error == (400, "BadSyntax")
    with_tenant = {**body, "channelData": {"tenant": {"id": TENANT_ID}}, "activity": {"type": "message", "text": "x"}}
    answer = await teams.client.call("POST", "", with_tenant)
    assert answer.body == {"id": chat, "activityId": teams.company.messages[-1].id}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"members": []}, (400, "BadSyntax")),
        ({"members": [{"id": ANN.id}, {"id": BOB.id}]}, (400, "BadSyntax")),
        ({"bot": {}}, (400, "BadSyntax")),
        ({"isGroup": True}, (400, "BadSyntax")),
        ({"tenantId": "another"}, (403, "ForbiddenOperationException")),
        ({"members": [{"id": BOB.id}]}, (403, "ForbiddenOperationException")),
        ({"members": [{"id": ZOE.id}]}, (403, "ForbiddenOperationException")),
        ({"members": [{"id": "29:nobody"}]}, (403, "ForbiddenOperationException")),
        ({"members": [{"id": "ann@example.com"}]}, (403, "ForbiddenOperationException")),
    ],
)
async def test_a_chat_that_teams_would_not_open_is_not_opened(
    teams: Stage, changes: Json, error: tuple[int, str]
) -> None:
    body = {"bot": {"id": teams.company.bot_id}, "members": [{"id": ANN.id}], "tenantId": TENANT_ID}
    assert (await teams.client.call("POST", "", {**body, **changes})).error == error


async def test_every_service_url_leads_to_the_same_conversations(teams: Stage, chat: str) -> None:
    for service_url in (teams.company.base_url, f"{teams.company.base_url}/teams", teams.company.service_url):
        teams.client.service_url = service_url
        assert (await teams.client.send(chat, "hi")).status == 201


# Writing


async def test_a_message_is_kept_and_changed_and_taken_away(teams: Stage, chat: str) -> None:
    sent = await teams.client.send(chat, "one")
    assert sent.status == 201
    assert (await teams.client.update(chat, sent.id, "two")).body == {"id": sent.id}
    message = teams.company.find_message(teams.company.personal(ANN), sent.id)
    assert message is not None
    assert (message.text, message.edited) == ("two", True)
    assert (await teams.client.delete(chat, sent.id)).status == 200
    assert [(post.kind, post.message.text) for post in teams.company.posts] == [
        ("post", "one"),
        ("update", "two"),
        ("delete", "two"),
    ]
    gone = (404, "ActivityNotFoundInConversation")
    assert (await teams.client.update(chat, sent.id, "three")).error == gone
    assert (await teams.client.delete(chat, sent.id)).error == gone


async def test_only_own_messages_can_be_changed(teams: Stage, chat: str) -> None:
    theirs = teams.company.write(teams.company.personal(ANN), ANN.id, {"type": "message", "text": "mine"})
    assert (await teams.client.update(chat, theirs.id, "x")).error == (403, "NotEnoughPermissions")


async def test_a_channel_keeps_its_threads(teams: Stage) -> None:
    general = teams.general.id
    root = await teams.client.send(general, "a post")
    thread = f"{general};messageid={root.id}"
    below = await teams.client.send(thread, "an answer")
    by_reply = await teams.client.send(general, "another", reply_to=below.id)
    messages = {message.id: message for message in teams.company.of_bot(teams.general, root.id)}
    assert list(messages) == [root.id, below.id, by_reply.id]
    assert messages[below.id].place_id == thread
    assert (await teams.client.update(thread, below.id, "changed")).status == 200
    other = await teams.client.send(general, "a second post")
    elsewhere = f"{general};messageid={other.id}"
    assert (await teams.client.update(elsewhere, below.id, "x")).error == (404, "ActivityNotFoundInConversation")


async def test_a_new_post_can_also_be_created(teams: Stage) -> None:
    body = {"isGroup": True, "channelData": {"channel": {"id": teams.general.id}}, "activity": {"type": "message"}}
    assert (await teams.client.call("POST", "", body)).error == (400, "BadSyntax")
    body["activity"] = {"type": "message", "text": "news"}
    answer = await teams.client.call("POST", "", body)
    assert answer.id == f"{teams.general.id};messageid={answer.body['activityId']}"


@pytest.mark.parametrize(
    ("conversation", "error"),
    [
        ("a:nowhere", (404, "ConversationNotFound")),
        ("19:nowhere@thread.tacv2", (404, "ConversationNotFound")),
        ("{general};messageid=1", (404, "ConversationNotFound")),
        ("{personal};messageid=1", (404, "ConversationNotFound")),
        ("29:somebody", (400, "BadSyntax")),
    ],
)
async def test_what_is_not_there_cannot_be_written_to(
    teams: Stage, chat: str, conversation: str, error: tuple[int, str]
) -> None:
    name = conversation.format(general=teams.general.id, personal=chat)
    assert (await teams.client.send(name, "hi")).error == error


async def test_whoever_blocked_or_removed_the_bot_is_not_written_to(teams: Stage, chat: str) -> None:
    place = teams.company.personal(ANN)
    place.blocked = True
    answer = await teams.client.send(chat, "hi")
    assert answer.error == (403, "MessageWritesBlocked")
    assert answer.body["error"]["innerHttpError"]["body"]["subCode"] == "MessageWritesBlocked"
    place.blocked, place.installed = False, False
    assert (await teams.client.send(chat, "hi")).error == (403, "MessageWritesBlocked")
    teams.team.installed = False
    assert (await teams.client.send(teams.general.id, "hi")).error == (403, "BotNotInConversationRoster")
    assert teams.company.posts == []


BROKEN: list[Any] = [
    {"type": "message"},
    {"type": "message", "text": ""},
    {"type": "message", "text": 1},
    {"type": "telegram", "text": "hi"},
    {"text": "hi"},
    {"type": "message", "attachments": "none"},
    {"type": "message", "attachments": [{}]},
    with_card({"type": "Card"}),
    with_card(None),
    with_card({**card(), "version": "1.6"}),
    with_card(card({"type": "Action.Dance"})),
    with_card(card({"type": "Action.OpenUrl", "title": "x"})),
    with_card(card(body=[{"type": "TextBlock"}])),
    with_card(card(body=[{"type": "Container", "items": [{"type": "Curtain"}]}])),
    with_card(card(body=[{"type": "FactSet", "facts": [{"title": "x"}]}])),
    with_card(card(body=[{"type": "Input.Text"}])),
    with_card(card(body=[{"type": "Input.Text", "id": "a"}, {"type": "Input.Text", "id": "a"}])),
    with_card({**card(), "body": ["text"]}),
    with_card({**card(), "body": "text"}),
    [],
]


@pytest.mark.parametrize("activity", BROKEN, ids=str)
async def test_what_is_not_well_formed_is_refused(teams: Stage, chat: str, activity: Any) -> None:
    assert (await teams.client.send(chat, activity)).error == (400, "BadSyntax")
    assert teams.company.messages == []


async def test_a_card_with_everything_is_taken(teams: Stage, chat: str) -> None:
    inner = card(button("Send", "feedback"), body=[{"type": "Input.Text", "id": "words"}])
    choices = [{"title": "One", "value": "1"}]
    body: list[Json] = [
        {"type": "ColumnSet", "columns": [{"items": [{"type": "TextBlock", "text": "x"}]}]},
        {"type": "FactSet", "facts": [{"title": "a", "value": "b"}]},
        {"type": "Input.ChoiceSet", "id": "choice", "choices": choices},
        {"type": "ActionSet", "actions": [button("Done", "done", fallback={"type": "Action.Submit", "title": "Done"})]},
    ]
    shown = card({"type": "Action.ShowCard", "title": "More", "card": inner}, body=body)
    assert (await teams.client.send(chat, with_card(shown))).status == 201


async def test_text_and_a_card_become_two_messages_of_which_nobody_tells_the_id(teams: Stage, chat: str) -> None:
    answer = await teams.client.send(chat, {**with_card(card()), "text": "hello"})
    assert (answer.status, answer.body) == (201, {})
    assert [(m.text, len(m.cards)) for m in teams.company.messages] == [("hello", 0), ("", 1)]


async def test_a_message_above_a_hundred_kilobytes_of_utf_16_is_too_large(teams: Stage, chat: str) -> None:
    assert (await teams.client.send(chat, "x" * 51_000)).status == 201
    assert (await teams.client.send(chat, "x" * 51_200)).error == (413, "MessageSizeTooBig")


async def test_that_the_bot_writes_is_seen_and_is_no_message(teams: Stage, chat: str) -> None:
    assert (await teams.client.send(chat, {"type": "typing"})).status == 201
    assert (teams.company.typing, teams.company.messages) == ([chat], [])


# Members


@pytest.mark.parametrize("name", [ANN.id, ANN.aad_object_id])
async def test_a_member_is_found_by_either_id(teams: Stage, chat: str, name: str) -> None:
    assert (await teams.client.member(chat, name)).body == {
        "id": ANN.id,
        "name": "Ann Lee",
        "aadObjectId": ANN.aad_object_id,
        "objectId": ANN.aad_object_id,
        "givenName": "Ann",
        "surname": "Lee",
        "email": "Ann@example.com",
        "userPrincipalName": "Ann@example.com",
        "tenantId": TENANT_ID,
        "userRole": "user",
    }


async def test_only_those_who_are_there_are_members(teams: Stage, chat: str) -> None:
    nobody = (404, "MemberNotFoundInConversation")
    assert (await teams.client.member(chat, BOB.id)).error == nobody
    assert (await teams.client.member(teams.general.id, BOB.id)).error == nobody
    assert (await teams.client.member(teams.general.id, EVE.id)).body["userRole"] == "guest"
    teams.team.installed = False
    assert (await teams.client.member(teams.general.id, EVE.id)).error == (403, "BotNotInConversationRoster")


async def test_members_come_in_pages(teams: Stage) -> None:
    crowd = [Person(name=f"Person {n}", email=f"p{n}@example.com") for n in range(58)]
    teams.team.members.extend(crowd)
    path = f"/{teams.general.id}/pagedmembers?pageSize=5"  # as in Teams, 50 at least
    first = (await teams.client.call("GET", path)).body
    second = (await teams.client.call("GET", f"{path}&continuationToken={first['continuationToken']}")).body
    assert [len(page["members"]) for page in (first, second)] == [50, 10]
    assert "continuationToken" not in second
    assert (await teams.client.call("GET", path + "&continuationToken=x")).error == (400, "BadSyntax")
    assert len((await teams.client.call("GET", f"/{teams.general.id}/members")).body) == 60


# Tokens


async def test_without_a_token_that_the_issuer_gave_out_nothing_is_done(teams: Stage, chat: str) -> None:
    good = teams.client.token
    for bad in ("", "nonsense", teams.company.issuer.token(teams.company.service_url)):
        teams.client.token = bad
        assert (await teams.client.send(chat, "hi")).error == (401, "Unauthorized")
    teams.client.token = good
    teams.company.issuer.revoke()
    assert (await teams.client.send(chat, "hi")).error == (401, "Unauthorized")
    teams.client.token = await token(teams.company, teams.client.session)
    assert (await teams.client.send(chat, "hi")).status == 201


# Limits


async def test_limits_are_off_until_they_are_switched_on(teams: Stage, chat: str) -> None:
    for _ in range(70):
        assert (await teams.client.send(chat, "hi")).status == 201


async def test_a_conversation_takes_seven_messages_a_second_and_eight_in_two(
    teams: Stage, chat: str, clock: Clock
) -> None:
    teams.company.limits.configure()
    assert [(await teams.client.send(chat, "hi")).status for _ in range(8)] == [201] * 7 + [429]
    assert (await teams.client.send(teams.general.id, "hi")).status == 201
    clock.now += 1.5
    assert (await teams.client.send(chat, "hi")).status == 201
    answer = await teams.client.send(chat, "hi")
    assert (answer.error, answer.headers["Retry-After"]) == ((429, "Throttled"), "1")
    clock.now += 0.5
    assert (await teams.client.send(chat, "hi")).status == 201


async def test_a_conversation_takes_sixty_in_half_a_minute_and_1800_an_hour(
    teams: Stage, chat: str, clock: Clock
) -> None:
    teams.company.limits.configure(sending=((30, 60), (3600, 90)), per_second=None)
    assert [(await teams.client.send(chat, "hi")).status for _ in range(61)] == [201] * 60 + [429]
    clock.now += 30
    assert [(await teams.client.send(chat, "hi")).status for _ in range(31)] == [201] * 30 + [429]
    assert (await teams.client.send(chat, "hi")).headers["Retry-After"] == "3570"


async def test_all_requests_together_have_a_limit(teams: Stage, clock: Clock) -> None:
    teams.company.limits.configure((), (), per_second=3)
    assert [(await teams.client.open(ANN.id)).status for _ in range(4)] == [201] * 3 + [429]
    clock.now += 1
    assert (await teams.client.open(ANN.id)).status == 201


# Faults


@pytest.mark.parametrize("status", [412, 500, 502])
async def test_it_fails_on_demand(teams: Stage, chat: str, status: int) -> None:
    teams.faults.add(Rule(kind=Kind.ERROR, status=status, match="/activities ", times=1))
    assert (await teams.client.send(chat, "hi")).status == status
    assert (await teams.client.send(chat, "hi")).status == 201
    assert [(call.fault, call.applied) for call in teams.company.calls] == [("error", False), (None, True)]


async def test_it_limits_on_demand(teams: Stage, chat: str) -> None:
    teams.faults.add(Rule(kind=Kind.RATE_LIMIT, retry_after=7, times=1))
    answer = await teams.client.send(chat, "hi")
    assert (answer.error, answer.headers["Retry-After"]) == ((429, "Throttled"), "7")


async def test_what_is_lost_or_late_was_written_all_the_same(teams: Stage, chat: str) -> None:
    teams.faults.add(Rule(kind=Kind.LOST, times=1))
    with pytest.raises(aiohttp.ClientError):
        await teams.client.send(chat, "lost")
    teams.faults.add(Rule(kind=Kind.LATE, seconds=0.01, times=1))
    await teams.client.send(chat, "late")
    posts = await teams.company.posted(2)
    assert [(post.message.text, post.fault) for post in posts] == [("lost", "lost"), ("late", "late")]


async def test_what_hangs_is_never_written(teams: Stage, chat: str) -> None:
    teams.faults.add(Rule(kind=Kind.HANG, seconds=0.01, times=1))
    assert (await teams.client.send(chat, "hi")).status == 504
    assert teams.company.posts == []
