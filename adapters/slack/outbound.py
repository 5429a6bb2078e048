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
from adapters.slack.inbound import CHANNEL, is_outside
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
UNKNOWN_USER = frozenset({"user_not_found", "user_not_visible", "users_not_found"})
UNREACHABLE = UNKNOWN_USER | {"user_disabled", "cannot_dm_bot"}


class Target(msgspec.Struct, frozen=True):
    """The conversation to post to, its thread, and the account behind it when that had to be looked up."""

    conversation: str
    thread: str | None = None
    account: Account | None = None


class SlackChannel:
    """`bot.ports.Channel`. A `ref` is `<conversation>:<ts>`; `clock` gives seconds since the epoch."""

    name = CHANNEL
    can_look = True

    def __init__(self, client: AsyncWebClient, identity: Identity, clock: Callable[[], float] = time.time) -> None:
        self._client = client
        self._identity = identity
        self._clock = clock
        self._direct: dict[str, str] = {}

    async def post(self, post: Post) -> Posted:
        target = await self._target(post)
        with translated(writes=True):
            answer = await self._client.chat_postMessage(
                channel=target.conversation,
                thread_ts=target.thread,
                metadata=_metadata(post.effect),
                unfurl_links=False,
                unfurl_media=False,
                **message_body(post.message, post.say),
            )
        return Posted(f"{target.conversation}:{_said(answer, 'ts')}", target.account)

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
            raise
        return Posted(ref)

    async def look(self, post: Post, age: float) -> Posted | None:
        """None also where we may not read: in a channel a lost answer is rather said twice than not at all."""
        target = await self._target(post)
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
        user, _ = await self._user(person)
        with _reachable(), translated(writes=True):
            await self._client.views_publish(user_id=user, view=home_view(home, say))

    async def whose(self, account: Account, place: Place | None = None) -> Profile:  # noqa: ARG002
        """The e-mail address only of a live member of our own workspace, and only a confirmed one."""
        installation = await self._identity.learn()
        try:
            with translated(writes=False):
                answer = await self._client.users_info(user=account.id, include_locale=True)
        except Refused as refused:
            if refused.code in UNKNOWN_USER:
                return Profile(account, outside=True)
            raise
        return _profile(account, part(answer.data, "user"), installation.team)

    async def _target(self, post: Post) -> Target:
        if post.place is not None:
            return await self._there(post.place)
        if post.person is None:
            raise Refused("nobody", "neither a person nor a place")
        user, account = await self._user(post.person)
        return Target(await self._conversation(user), None, account)

    async def _there(self, place: Place) -> Target:
        """The place; where it is named by a person's id, the direct message with them."""
        is_user = place.conversation.startswith(("U", "W"))
        conversation = await self._conversation(place.conversation) if is_user else place.conversation
        return Target(conversation, place.thread)

    async def _user(self, person: Person) -> tuple[str, Account | None]:
        """Their id here; and, when it was not known yet, the account to remember.

        It is then theirs to act with as well, so Slack must vouch for it as for one that writes to us first.
        """
        known = person.accounts.get(CHANNEL)
        if known is not None:
            return known, None
        installation = await self._identity.learn()
        with _reachable(), translated(writes=False):
            answer = await self._client.users_lookupByEmail(email=person.email)
        user = _said(answer, "user", "id")
        if not _is_vouched_for(part(answer.data, "user"), installation.team):
            raise Refused("person-unreachable", "the account with this e-mail is not one that Slack vouches for")
        return user, Account(CHANNEL, user)

    async def _conversation(self, user: str) -> str:
        """The direct message with somebody; its id never changes."""
        if user not in self._direct:
            with _reachable(), translated(writes=False):
                answer = await self._client.conversations_open(users=user)
            if len(self._direct) >= KEPT_CONVERSATIONS:
                self._direct.clear()
            self._direct[user] = _said(answer, "channel", "id")
        return self._direct[user]


@contextmanager
def _reachable() -> Iterator[None]:
    """Whom Slack does not know, or no longer lets anybody write to, is told elsewhere."""
    try:
        yield
    except Refused as refused:
        if refused.code in UNREACHABLE:
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


def _profile(account: Account, user: Json, team: str) -> Profile:
    profile = part(user, "profile")
    return Profile(
        account,
        email=(text(profile, "email") or None) if _is_vouched_for(user, team) else None,
        outside=is_outside(user, team),
        name=text(profile, "real_name") or text(user, "real_name") or text(user, "name"),
        timezone=text(user, "tz") or None,
        locale=text(user, "locale") or None,
    )


def _is_vouched_for(user: Json, team: str) -> bool:
    """A live member of our own workspace, with an address that they have confirmed."""
    return not is_outside(user, team) and user.get("is_email_confirmed") is not False
