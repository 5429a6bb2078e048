"""Slack as a channel of the core: what it shows to people, and what it vouches for about them."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.client import Identity
from adapters.slack.errors import translated
from adapters.slack.inbound import CHANNEL
from adapters.slack.members import UNKNOWN_USER, Members
from adapters.slack.render import home_view, message_body
from bot.errors import Refused, Unauthorized, Unknown
from bot.incoming import Account, Place
from bot.message import Home
from bot.payload import Json, part, text
from bot.people import Person
from bot.ports import Post, Say
from bot.results import Posted, Profile

EVENT_TYPE = "butterboard_effect"
MARGIN_SECONDS = 120.0  # between Slack's clock and ours
PAGE, PAGES = 200, 25
KEPT_CONVERSATIONS = 50_000
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "cant_edit_message"})
UNREACHABLE = UNKNOWN_USER | {"cannot_dm_bot"}
# The person's account has been deactivated. Not `account_inactive`: that is what Slack says of our own token.
CLOSED = frozenset({"user_disabled", "is_deactivated", "user_is_deactivated"})


class Target(msgspec.Struct, frozen=True):
    """Where to post: a conversation, perhaps a thread, or the id of a person for the direct message with them; and what
    had to be looked up about that person."""

    conversation: str
    thread: str | None = None
    account: Account | None = None
    locale: str | None = None

    @property
    def is_user(self) -> bool:
        return self.conversation.startswith(("U", "W"))


class SlackChannel:
    """`bot.ports.Channel`. A `ref` is `<conversation>:<ts>`; `clock` gives seconds since the epoch."""

    name = CHANNEL
    can_look = True

    def __init__(
        self,
        client: AsyncWebClient,
        identity: Identity,
        clock: Callable[[], float] = time.time,
        members: Members | None = None,
    ) -> None:
        self._client = client
        self._members = members or Members(client, identity)
        self._clock = clock
        self._direct: dict[str, str] = {}

    async def post(self, post: Post) -> Posted:
        """A person is written to by their id: Slack opens the direct message by itself, and tells which one it is."""
        target = await self._target(post)
        post = post.said_in(target.locale)
        with _reachable(target), translated(writes=True):
            answer = await self._client.chat_postMessage(
                channel=target.conversation,
                thread_ts=target.thread,
                metadata=_metadata(post.effect),
                unfurl_links=False,
                unfurl_media=False,
                **message_body(post.message, post.say),
            )
        conversation = _said(answer, "channel")
        if target.is_user:
            self._keep(target.conversation, conversation)
        address = None
        if post.place is None and post.person is not None and post.person.addresses.get(CHANNEL) != conversation:
            address = conversation
        told = None if post.speaker is None else target.locale
        return Posted(f"{conversation}:{_said(answer, 'ts')}", target.account, address, locale=told)

    async def update(self, post: Post, ref: str) -> Posted:
        """Done twice it is as if done once, so one whose answer was lost is simply done again."""
        conversation, _, ts = ref.rpartition(":")
        body = message_body(post.message, post.say)
        try:
            with translated(writes=False):
                await self._client.chat_update(channel=conversation, ts=ts, metadata=_metadata(post.effect), **body)
        except Refused as refused:
            if refused.code in GONE:
                raise Refused("gone", refused.detail) from refused
            if refused.code in CLOSED:
                raise Refused("left", refused.detail) from refused
            raise
        return Posted(ref)

    async def look(self, post: Post, age: float) -> Posted | None:
        """None also where we may not read: in a channel a lost answer is rather said twice than not at all."""
        target = await self._direct_message(await self._target(post), post)
        oldest = f"{self._clock() - age - MARGIN_SECONDS:.6f}"
        cursor = ""
        for _ in range(PAGES):
            try:
                page = await self._page(target, oldest, cursor)
            except (Refused, Unauthorized):
                if target.conversation.startswith("D"):
                    raise
                return None
            found = _found(page, post.effect)
            if found:
                return Posted(f"{target.conversation}:{found}", target.account)
            cursor = text(part(page.data, "response_metadata"), "next_cursor")
            if not cursor:
                return None
        raise Unknown("too much has been said since to find it")

    async def _page(self, target: Target, oldest: str, cursor: str) -> AsyncSlackResponse:
        window: dict[str, Any] = {
            "channel": target.conversation,
            "oldest": oldest,
            "limit": PAGE,
            "cursor": cursor or None,
            "include_all_metadata": True,
        }
        with translated(writes=False):
            if target.thread is not None:
                return await self._client.conversations_replies(ts=target.thread, **window)
            return await self._client.conversations_history(**window)

    async def show_home(self, person: Person, home: Home, say: Say) -> None:
        target = await self._user(person)
        with _reachable(target), translated(writes=True):
            await self._client.views_publish(user_id=target.conversation, view=home_view(home, say))

    async def whose(self, account: Account, place: Place | None = None, *, anew: bool = False) -> Profile:  # noqa: ARG002
        """The e-mail address only of a live member of our own workspace, and only a confirmed one."""
        member = await self._members.with_id(account.id, anew=anew)
        if member is None:
            return Profile(account, outside=True)
        return Profile(
            account,
            email=(member.email or None) if member.vouched else None,
            outside=member.outside,
            name=member.name,
            timezone=member.timezone or None,
            locale=member.locale or None,
            closed=member.closed,
        )

    async def _target(self, post: Post) -> Target:
        if post.place is not None:
            return Target(post.place.conversation, post.place.thread)
        if post.person is None:
            raise Refused("nobody", "neither a person nor a place")
        target = await self._user(post.person)
        if post.speaker is None:
            return target
        return msgspec.structs.replace(target, locale=target.locale or await self._locale(target.conversation))

    async def _user(self, person: Person) -> Target:
        """Their id here; and, when it was not known yet, the account to remember.

        It is then theirs to act with as well, so Slack must vouch for it as for one that writes to us first.
        """
        known = person.accounts.get(CHANNEL)
        if known is not None:
            return Target(known)
        member = await self._members.with_email(person.email)
        if member is None:
            raise Refused("person-unreachable", "users_not_found")
        if member.closed:
            raise Refused("left", "the account has been deactivated")
        if not member.vouched:
            raise Refused("person-unreachable", "the account with this e-mail is not one that Slack vouches for")
        return Target(member.id, None, Account(CHANNEL, member.id), member.locale or None)

    async def _locale(self, user: str) -> str | None:
        """Slack tells it of one person at a time or in the list, and not where it finds somebody by e-mail."""
        member = await self._members.with_id(user)
        return None if member is None else member.locale or None

    async def _direct_message(self, target: Target, post: Post) -> Target:
        """The conversation itself, which alone can be read. It is known from what was posted there before; only when
        the answer to the very first message was lost it has to be asked for."""
        if not target.is_user:
            return target
        user = target.conversation
        known = self._direct.get(user) or (post.person.addresses.get(CHANNEL) if post.person else None)
        if known is None:
            with _reachable(target), translated(writes=False):
                answer = await self._client.conversations_open(users=user)
            known = _said(answer, "channel", "id")
            self._keep(user, known)
        return msgspec.structs.replace(target, conversation=known)

    def _keep(self, user: str, conversation: str) -> None:
        """The id of a direct message never changes."""
        if len(self._direct) >= KEPT_CONVERSATIONS:
            self._direct.clear()
        self._direct[user] = conversation


@contextmanager
def _reachable(target: Target) -> Iterator[None]:
    """Whom Slack does not know, or no longer lets anybody write to, is told elsewhere."""
    try:
        yield
    except Refused as refused:
        if refused.code in CLOSED:
            raise Refused("left", refused.detail) from refused
        if refused.code in UNREACHABLE or (target.is_user and refused.code == "channel_not_found"):
            raise Refused("person-unreachable", refused.detail) from refused
        raise


def _metadata(effect: str) -> dict[str, Any]:
    """What `look` finds a message by. Other apps may read it: an effect's id tells nothing."""
    return {"event_type": EVENT_TYPE, "event_payload": {"effect": effect}}


def _found(page: AsyncSlackResponse, effect: str) -> str:
    """The ts of the message that carries the effect; nothing when there is none."""
    messages: list[Json] = page.get("messages") or []
    return next((text(message, "ts") for message in messages if _carries(message, effect)), "")


def _carries(message: object, effect: str) -> bool:
    metadata = part(message, "metadata")
    return text(metadata, "event_type") == EVENT_TYPE and text(part(metadata, "event_payload"), "effect") == effect


def _said(answer: AsyncSlackResponse, *path: str) -> str:
    """A word of an answer that every such answer has; without it nobody knows what Slack has done."""
    found: object = answer.data
    for name in path[:-1]:
        found = part(found, name)
    word = text(found, path[-1])
    if not word:
        raise Unknown(f"an answer without {'.'.join(path)}")
    return word
