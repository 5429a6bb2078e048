"""Teams as a channel of the core: what it shows to people, and what it vouches for about them."""

from __future__ import annotations

import msgspec

from adapters.teams.connector import Connector, Member
from adapters.teams.errors import NOT_FOUND
from adapters.teams.inbound import CHANNEL
from adapters.teams.reference import Conversation, Sent
from adapters.teams.render import activity_body
from bot.errors import DeliveryError, Refused
from bot.incoming import Account, Place
from bot.message import Home
from bot.people import Person
from bot.ports import Post, Say
from bot.results import Posted, Profile

KEPT_CONVERSATIONS = 50_000
BLOCKED, INVALID, LEFT = "blocked", "invalid-address", "left"
UNTOLD = frozenset({NOT_FOUND, BLOCKED, INVALID})  # why nobody is vouched for
GUEST = "#EXT#"  # in the principal name of whoever was invited from elsewhere


class Target(msgspec.Struct, frozen=True):
    """The conversation to write to, its thread, and the address to remember when it had to be opened."""

    conversation: Conversation
    thread: str | None = None
    address: str | None = None


class TeamsChannel:
    """`bot.ports.Channel`. `tenant` is the id of our own directory; None: the sandbox, where everybody is ours."""

    name = CHANNEL
    can_look = False

    def __init__(self, connector: Connector, tenant: str | None) -> None:
        self._connector, self._tenant = connector, tenant
        self._opened: dict[str, Conversation] = {}

    async def post(self, post: Post) -> Posted:
        target = await self._target(post)
        try:
            id_ = await self._connector.send(target.conversation, target.thread, activity_body(post.message, post.say))
        except Refused as refused:
            if refused.code == BLOCKED and await self._has_left(post, target.conversation):
                raise Refused(LEFT, refused.detail) from refused
            raise _instead(refused, NOT_FOUND, BLOCKED) from refused
        sent = Sent(target.conversation.in_thread(target.thread), id_)
        return Posted(sent.ref, address=target.address, rest=self._connector.rest(target.conversation))

    async def _has_left(self, post: Post, conversation: Conversation) -> bool:
        """Teams refuses a message to whoever has blocked us, has removed the app or is no longer in the tenant with the
        same words; but only of the last it says that they are not in their own chat."""
        account = None if post.person is None else post.person.accounts.get(CHANNEL)
        if account is None:
            return False
        try:
            await self._connector.member(conversation, account)
        except DeliveryError as error:
            return isinstance(error, Refused) and error.code == NOT_FOUND
        return False

    async def update(self, post: Post, ref: str) -> Posted:
        """A message whose id Teams has never told is as good as gone."""
        try:
            sent = Sent.of(ref)
        except ValueError as error:
            raise Refused("gone", str(error)) from error
        try:
            await self._connector.replace(sent, activity_body(post.message, post.say))
        except Refused as refused:
            if refused.code == BLOCKED and await self._has_left(post, sent.conversation):
                raise Refused(LEFT, refused.detail) from refused
            raise _instead(refused, NOT_FOUND, "gone") from refused
        return Posted(ref, rest=self._connector.rest(sent.conversation))

    async def look(self, post: Post, age: float) -> Posted | None:  # noqa: ARG002  -- a bot may not read
        return None

    async def show_home(self, person: Person, home: Home, say: Say) -> None:
        """A bot has no such page in Teams."""

    async def whose(self, account: Account, place: Place | None = None, *, anew: bool = False) -> Profile:  # noqa: ARG002
        """The e-mail address only of a member of our own tenant who was not invited there from elsewhere.

        Teams tells it to a bot only of people in a conversation of its own: `place`.
        """
        if place is None:
            return Profile(account)
        try:
            member = await self._connector.member(_read(place.conversation), account.id)
        except Refused as refused:
            if refused.code in UNTOLD:
                gone = refused.code == NOT_FOUND
                return Profile(account, outside=gone, closed=gone and place.private)
            raise
        return _profile(account, member, self._tenant)

    async def _target(self, post: Post) -> Target:
        if post.place is not None:
            return Target(_read(post.place.conversation), post.place.thread)
        if post.person is None:
            raise Refused("nobody", "neither a person nor a place")
        address = post.person.addresses.get(CHANNEL)
        if address is not None:
            return Target(_read(address))
        account = post.person.accounts.get(CHANNEL)
        if account is None:
            raise Refused("person-unreachable", "no account in Teams is known, and Teams finds nobody by e-mail")
        conversation = await self._conversation(account)
        return Target(conversation, address=conversation.text)

    async def _conversation(self, account: str) -> Conversation:
        """The private conversation with somebody who never wrote; it stays the same."""
        if account not in self._opened:
            try:
                opened = await self._connector.open(account, self._tenant)
            except Refused as refused:
                # They have not told us anything: the app is not there for them, or they are not in the tenant.
                unreachable = _instead(refused, BLOCKED, "person-unreachable")
                raise _instead(unreachable, NOT_FOUND, "person-unreachable") from refused
            if len(self._opened) >= KEPT_CONVERSATIONS:
                self._opened.clear()
            self._opened[account] = opened
        return self._opened[account]


def _instead(refused: Refused, code: str, ours: str) -> Refused:
    """What a word of the connector means for what was to be done."""
    return Refused(ours, refused.detail) if refused.code == code else refused


def _read(conversation: str) -> Conversation:
    try:
        return Conversation.of(conversation)
    except ValueError as error:
        raise Refused(INVALID, str(error)) from error


def _profile(account: Account, member: Member, tenant: str | None) -> Profile:
    """Nothing about somebody else than who was asked for."""
    if account.id.lower() not in (member.object_id, member.id.lower()):
        return Profile(account)
    main = Account(CHANNEL, member.object_id) if member.object_id else account
    email = _address(member) if _is_ours(member, tenant) else None
    return Profile(main, email=email, outside=_is_outside(member, tenant), name=member.name)


def _is_outside(member: Member, tenant: str | None) -> bool:
    """Surely nobody of ours; of what Teams does not tell nothing follows."""
    elsewhere = tenant is not None and member.tenant not in ("", tenant)
    return elsewhere or member.role not in ("", "user") or GUEST in member.principal_name.upper()


def _is_ours(member: Member, tenant: str | None) -> bool:
    """A guest's address is what another directory says, and so is that of a member of another tenant."""
    at_home = tenant is None or member.tenant == tenant
    return at_home and member.role == "user" and GUEST not in member.principal_name.upper()


def _address(member: Member) -> str | None:
    """The principal name looks like an address and mostly is one."""
    return next((one for one in (member.email, member.principal_name) if "@" in one), None)
