"""Microsoft Teams and its stand-in, for the contract of the channels."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from msgspec.structs import replace

from adapters.teams.app import MOST_BYTES, PATH, routes
from adapters.teams.connector import Connector, http_session
from adapters.teams.credentials import Credentials
from adapters.teams.outbound import TeamsChannel
from adapters.teams.reference import Conversation, Sent
from adapters.teams.settings import TeamsSettings
from bot.errors import DeliveryError
from bot.incoming import Account, Place
from bot.people import Person
from bot.texts import speaker
from sandbox.faults import FaultPlan, Kind, Rule
from sandbox.teams import Company, Message, Reply, TeamsUser, envelopes, serve
from sandbox.teams import Person as Member
from sandbox.teams import Place as Chat
from sandbox.teams.cards import actions_of
from tests.adapters.teams.channel_kit import PASSWORD, settings_for
from tests.adapters.teams.door_kit import served
from tests.contracts.channel.core import Core, now
from tests.contracts.channel.harness import LIMIT, Ability, Fault, Harness, Heard, Met, Seen, until
from tests.contracts.channels import read_in_teams
from tests.hurry import LATER

LACKS: dict[Ability, str] = {
    "looks": "a bot may not read what stands in a conversation",
    "finds people by e-mail": "Teams tells a bot of people in its own conversations only",
    "has a home page": "a bot has no such page there",
    "tells of one post twice": "a message is one activity",
}
FAULTS = {
    "limited": Rule(kind=Kind.RATE_LIMIT, retry_after=LIMIT),
    "broken": Rule(kind=Kind.ERROR),
    "silent": Rule(kind=Kind.HANG),
    "late": Rule(kind=Kind.LATE, seconds=LATER),
    "cut": Rule(kind=Kind.CUT),
    "lost": Rule(kind=Kind.LOST),
}


class Cast:
    """Who is there. Anna and Boris have the app, Nina has not, Vera has blocked it; Grace and Ivan are guests."""

    def __init__(self) -> None:
        self.anna = Member(name="Anna", email="anna@example.com")
        self.boris = Member(name="Boris", email="boris@example.com")
        self.nina = Member(name="Nina", email="nina@example.com")
        self.vera = Member(name="Vera", email="vera@example.com")
        self.grace = Member(
            name="Grace", email="grace@example.org", user_principal_name="grace_example.org#EXT#@example.com"
        )
        self.ivan = Member(name="Ivan", email="ivan@example.com", tenant_id="11111111-2222-3333-4444-555555555555")
        self.gail = Member(name="Gail", email="gail@example.com", role="guest")
        self.everybody = (self.anna, self.boris, self.nina, self.vera, self.grace, self.ivan, self.gail)
        self.company = Company(people=self.everybody)
        for member in (self.anna, self.boris, self.vera):
            self.company.install(member)
        self.company.personal(self.vera).blocked = True
        self.team = self.company.add_team("All", *self.everybody)
        self.team.installed = True
        self.room = self.company.channel(self.team)
        self.closed = self.company.channel(self.company.add_team("Closed", self.anna))

    def address(self, chat: Chat | str) -> str:
        id_ = chat if isinstance(chat, str) else chat.id
        return Conversation(self.company.service_url.rstrip("/"), id_).text

    def person(self, member: Member, *, known: bool = True, met: bool = False) -> Person:
        """As the core has them: `known` is their account here, and `met` whoever has written to us."""
        chat = self.company.personal(member)
        return Person(
            id=member.name.lower(),
            email=member.email or "",
            name=member.name,
            locale="en",
            accounts={"teams": member.aad_object_id} if known else {},
            addresses={"teams": self.address(chat)} if met else {},
        )

    def met(self, member: Member, chat: Chat) -> Met:
        return Met(Account("teams", member.aad_object_id), Place("teams", self.address(chat)))


class Stand:
    """The stand-in, which can go down and come up again at the same address."""

    def __init__(self, company: Company) -> None:
        self.faults = FaultPlan()
        self._company, self._served, self._port, self._stands = company, AsyncExitStack(), 0, False

    async def up(self) -> None:
        if self._stands:
            return
        url = await self._served.enter_async_context(serve(self._company, self.faults, self._port))
        self._port, self._stands = urlsplit(url).port or 0, True

    async def down(self) -> None:
        self._stands = False
        await self._served.aclose()


class TeamsHarness(Harness):
    name = "teams"
    lacks = LACKS
    most_bytes = MOST_BYTES
    secrets = (PASSWORD,)

    def __init__(self, core: Core, cast: Cast, stand: Stand, channel: TeamsChannel, door: str) -> None:
        self.core, self.channel = core, channel
        self._cast, self._company, self._stand, self._door = cast, cast.company, stand, door
        company = cast.company
        self.anna, self.boris = cast.person(cast.anna, met=True), cast.person(cast.boris, known=False)
        ghost = Account("teams", "00000000-0000-4000-8000-000000000000")
        self.out_of_reach = {
            "no account is known": cast.person(cast.nina, known=False),
            "has no app": cast.person(cast.nina),
            "has blocked it": cast.person(cast.vera, met=True),
            "an account that never was": replace(cast.person(cast.nina), accounts={"teams": ghost.id}),
            "of another tenant": cast.person(cast.ivan),
        }
        chat = company.personal(cast.anna)
        self.member = cast.met(cast.anna, chat)
        self.unvouched = {
            "invited from elsewhere": cast.met(cast.grace, cast.room),
            "a guest": cast.met(cast.gail, cast.room),
            "of another tenant": cast.met(cast.ivan, cast.room),
            "somewhere else": cast.met(cast.boris, chat),
            "where we are not": cast.met(cast.anna, cast.closed),
            "nobody knows where": Met(self.member.account),
            "unknown": Met(ghost, self.member.place),
        }
        self.undecided = ("where we are not", "nobody knows where")
        self.barred = Place("teams", cast.address(cast.closed), private=False)
        self.nowhere = Place("teams", cast.address("19:nowhere@thread.tacv2"), private=False)

    # --- what people see

    async def shown_to(self, person: Person) -> list[Seen]:
        return [_seen(message) for message in self._user(self._member(person)).inbox()]

    async def shown_in(self, place: Place) -> list[Seen]:
        chat = self._company.places[Conversation.of(place.conversation).id]
        return [_seen(message) for message in self._user(self._cast.anna).in_channel(chat, place.thread)]

    async def home_of(self, person: Person) -> str:  # noqa: ARG002
        self.needs("has a home page")
        return ""

    def _member(self, person: Person) -> Member:
        return next(one for one in self._cast.everybody if one.email == person.email)

    # --- what happens to the platform

    async def remove(self, ref: str) -> None:
        sent = Sent.of(ref)
        message = self._company.find_message(self._company.places[sent.conversation.whole.id], sent.id)
        assert message is not None
        message.deleted = True

    async def fail(self, fault: Fault, *, before: bool = False) -> None:
        if fault == "unreachable":
            await self._stand.down()
            with contextlib.suppress(DeliveryError):  # a connection that was kept is used up
                await self.channel.whose(self.member.account, self.member.place)
        elif fault == "unauthorised":
            self._company.issuer.app_password = "another"
            self._company.issuer.revoke()
        else:
            rule = FAULTS[fault]
            match = "/v3/conversations " if before else "/activities"
            self._stand.faults.add(
                Rule(kind=rule.kind, match=match, seconds=rule.seconds, retry_after=rule.retry_after)
            )

    async def heal(self) -> None:
        self._stand.faults.clear()
        self._company.issuer.app_password = PASSWORD
        await self._stand.up()

    async def stall(self) -> None:
        await self.fail("silent")

    async def struck(self) -> None:
        await until(lambda: any(rule.shown for rule in self._stand.faults.rules))

    def hurry(self, seconds: float) -> None:
        self._company.advance(seconds)

    # --- what people do

    def _user(self, member: Member) -> TeamsUser:
        return TeamsUser(self._company, member, self._door)

    async def write(self, text: str, by: Person | None = None) -> Heard:
        return _heard(await self._user(self._member(by or self.anna)).say(text))

    async def mention(self, text: str) -> Heard:
        return _heard(await self._user(self._cast.anna).mention(self._cast.room, text))

    async def mention_twice(self, text: str) -> tuple[Heard, Heard]:
        self.needs("tells of one post twice")
        return await self.mention(text), await self.mention(text)

    async def press(self, seen: Seen, button: Any) -> Heard:
        data = button["data"]
        return _heard(await self._user(self._cast.anna).press(seen.raw, data["action"], data["value"]))

    async def again(self, heard: Heard) -> Heard:
        return _heard(await self._user(self._cast.anna).replay(heard.event))

    # --- what comes to the door otherwise

    async def intrude(self, text: str) -> dict[str, int]:
        anna, issuer, service_url = self._user(self._cast.anna), self._company.issuer, self._company.service_url
        common = envelopes.activity(self._company, self._cast.anna, anna.chat, None, self._company.new_id())
        written = envelopes.with_content(common, envelopes.said(text, ()))
        stranger = self._user(self._cast.ivan)
        abroad = envelopes.activity(self._company, self._cast.ivan, stranger.chat, None, self._company.new_id())
        tried = {
            "no token": "",
            "garbage": "a.b.c",
            "an old token": issuer.token(service_url, expires_in=-1000),
            "a token for another bot": issuer.token(service_url, audience="another"),
            "a token of another issuer": issuer.token(service_url, issuer="https://evil.example"),
            "a token for another service": issuer.token("https://evil.example/"),
            "a key that nobody knows": issuer.token(service_url, kid="unknown"),
        }
        answers = {what: (await anna.send(written, token)).status for what, token in tried.items()}
        foreign = await stranger.send(envelopes.with_content(abroad, envelopes.said(text, ())))
        return {**answers, "another company": foreign.status}

    async def bring(self, body: bytes) -> int:
        token = self._company.issuer.token(self._company.service_url)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        async with aiohttp.ClientSession() as session, session.post(self._door + PATH, data=body, headers=headers) as a:
            return a.status


def _seen(message: Message) -> Seen:
    activity = message.activity
    read = read_in_teams(activity)
    calls = tuple(str(entity) for entity in activity.get("entities", ()) if entity.get("type") == "mention")
    buttons = [action.element for card in message.cards for action in actions_of(card)]
    return Seen(read.text, calls, tuple(buttons), message)


def _heard(reply: Reply) -> Heard:
    """An answer that Teams could do nothing with is none."""
    return Heard(0 if reply.problem else reply.status, reply)


def _settings(company: Company, call_seconds: float) -> TeamsSettings:
    return settings_for(company, company.base_url, timeout_seconds=call_seconds)


@asynccontextmanager
async def teams(core: Core) -> AsyncIterator[Harness]:
    cast = Cast()
    stand = Stand(cast.company)
    await stand.up()
    try:
        settings = _settings(cast.company, core.call_seconds)
        async with http_session(settings) as session:
            channel = TeamsChannel(Connector(session, settings, Credentials(settings)), settings.tenant_id)
            async with served(routes(settings, session, core, speaker, now)) as door:
                made = TeamsHarness(core, cast, stand, channel, door)
                await core.start("teams", made.anna, made.boris)
                yield made
    finally:
        await stand.down()
