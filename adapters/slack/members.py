"""The members of the workspace, by e-mail and by id: asked for one by one, or page by page where many are wanted.

Slack lets an app look up some fifty people a minute by their address, and list a thousand in one call. So a few are
asked for by themselves, and when more are wanted within a minute the list is read first, once for everybody who waits.
The list lives in this process alone, and only for minutes: after a restart it is read again when it is needed.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any

import msgspec
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import Identity
from adapters.slack.errors import translated
from adapters.slack.inbound import is_outside
from bot.errors import DeliveryError, Refused, Retry
from bot.payload import LOCALE, Json, part, shaped, text
from bot.people import normal_email

UNKNOWN_USER = frozenset({"user_not_found", "user_not_visible", "users_not_found"})
MINUTE = 60.0
FEW = 20  # calls for single people within a minute; Slack takes fifty by e-mail
PAGE = 500
MOST = 100_000  # members that are kept, at most some 50 MB
PAGES = 1000  # a list that goes on for longer does not end
FRESH = 300.0  # seconds for which a list that was read to its end is believed
REST = 60.0  # after a list that could not be read
PATIENCE = 2.0  # seconds that one delivery waits for the list; then its lane comes again
AGAIN = 2.0
LONGEST_PAUSE = 120.0  # that Slack may ask for between two pages

Clock = Callable[[], float]


class Member(msgspec.Struct, frozen=True, gc=False):
    """Somebody as Slack shows them. `vouched`: a live member of our own workspace, with an address that they have
    confirmed. `closed`: they were one, and the account has been deactivated. `outside`: surely nobody of ours."""

    id: str
    email: str = ""
    vouched: bool = False
    closed: bool = False
    outside: bool = False
    name: str = ""
    timezone: str = ""
    locale: str = ""


def member_of(user: Json, team: str) -> Member:
    """The same of a call for one and of a page of many: whoever is let in is let in by the same rules."""
    profile = part(user, "profile")
    confirmed = user.get("is_email_confirmed") is not False
    outside = is_outside(user, team)
    return Member(
        id=text(user, "id"),
        email=text(profile, "email"),
        vouched=confirmed and not outside,
        closed=user.get("deleted") is True and not is_outside({**user, "deleted": False}, team),
        outside=outside,
        name=text(profile, "real_name") or text(user, "real_name") or text(user, "name"),
        timezone=text(user, "tz"),
        locale=shaped(user, "locale", LOCALE),
    )


class _List:
    """What was read of the list so far. An address that is free again may be that of a closed account and of a live
    one: the live one counts."""

    def __init__(self, at: float) -> None:
        self.at = at  # when it was read to its end; before that, when it began
        self.ended = False
        self.whole = True
        self.by_id: dict[str, Member] = {}
        self.by_email: dict[str, Member] = {}

    def add(self, member: Member) -> None:
        if len(self.by_id) >= MOST:
            self.whole = False
            return
        self.by_id[member.id] = member
        email = normal_email(member.email)
        known = self.by_email.get(email)
        if email and (known is None or not known.vouched):
            self.by_email[email] = member

    def forget(self, user: str, email: str) -> None:
        known = self.by_id.pop(user, None)
        for one in {normal_email(email), normal_email(known.email) if known else ""}:
            self.by_email.pop(one, None)


class Members:
    """Every method raises DeliveryErrors, never Unknown. `clock` counts seconds."""

    def __init__(self, client: AsyncWebClient, identity: Identity, clock: Clock = time.monotonic) -> None:
        self._client, self._identity, self._clock = client, identity, clock
        self._list: _List | None = None
        self._reading: asyncio.Task[None] | None = None
        self._page = asyncio.Event()
        self._singles: list[float] = []  # when single people were asked for, in the last minute
        self._changed: set[str] = set()  # ids and addresses that have changed since the list was begun
        self._not_before = 0.0

    async def with_email(self, email: str) -> Member | None:
        """Whose address it is; None: nobody's. Of a closed account only the list tells."""
        wanted = normal_email(email)
        found = await self._listed(lambda known: known.by_email.get(wanted), wanted)
        return found or await self._by_email(email)

    async def with_id(self, user: str, *, anew: bool = False) -> Member | None:
        """Who that is; None: nobody. `anew`: something about them has just changed, so that no list is believed."""
        if anew:
            self.changed(user)
        found = await self._listed(lambda known: known.by_id.get(user), user)
        return found or await self._by_id(user)

    def changed(self, user: str, email: str = "") -> None:
        """Slack tells that somebody is new, or no longer who they were: the next time they are asked for themselves."""
        if self._list is not None:
            self._changed |= {user, normal_email(email)}
            self._list.forget(user, email)

    async def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reading

    # --- one by one

    async def _by_email(self, email: str) -> Member | None:
        if not self._may_ask(email):
            return None  # the list has been read to its end a moment ago, and they do not stand in it
        return await self._ask(self._client.users_lookupByEmail, email=email)

    async def _by_id(self, user: str) -> Member | None:
        if not self._may_ask(user):
            raise Retry("too many are asked for at once", AGAIN * 5)
        return await self._ask(self._client.users_info, user=user, include_locale=True)

    async def _ask(self, call: Callable[..., Any], **wanted: object) -> Member | None:
        installation = await self._identity.learn()
        self._singles.append(self._clock())
        try:
            with translated(writes=False):
                answer = await call(**wanted)
        except Refused as refused:
            if refused.code in UNKNOWN_USER:
                return None
            raise
        return member_of(part(answer.data, "user"), installation.team)

    def _may_ask(self, wanted: str) -> bool:
        """Whether one more single person may be asked for: a few always, and all where no list could say it."""
        known = self._fresh()
        return (
            known is None
            or not (known.ended and known.whole)
            or normal_email(wanted) in self._changed
            or wanted in self._changed
            or self._asked_lately() < FEW
        )

    def _asked_lately(self) -> int:
        since = self._clock() - MINUTE
        self._singles = [at for at in self._singles if at > since]
        return len(self._singles)

    # --- the list

    def _fresh(self) -> _List | None:
        known = self._list
        if known is None or (known.ended and self._clock() - known.at > FRESH):
            return None
        return known

    async def _listed(self, find: Callable[[_List], Member | None], wanted: str) -> Member | None:
        """Whom the list shows; it is begun when many are wanted, and then waited for.

        Raises Retry when it takes longer than one delivery may wait.
        """
        if wanted in self._changed:
            return None
        known = self._fresh()
        if known is None and self._asked_lately() >= FEW and self._clock() >= self._not_before:
            known = self._begin()
        if known is None:
            return None
        end = self._clock() + PATIENCE
        while not (found := find(known)) and not known.ended and self._reading is not None:
            if not await self._turned(end - self._clock()):
                raise Retry("the members are being listed", AGAIN)
        return found

    async def _turned(self, seconds: float) -> bool:
        """Whether another page came within so many seconds."""
        page = self._page
        try:
            async with asyncio.timeout(max(seconds, 0.0)):
                await page.wait()
        except TimeoutError:
            return False
        return True

    def _begin(self) -> _List:
        self._list = known = _List(self._clock())
        self._changed.clear()
        self._reading = asyncio.create_task(self._read(known), name="members of slack")
        return known

    async def _read(self, known: _List) -> None:
        """Page by page to the end. One that cannot be read is given up for a while: people are asked singly then."""
        try:
            installation, cursor = await self._identity.learn(), ""
            for _ in range(PAGES):
                answer = await self._next(cursor)
                for user in answer.get("members") or ():
                    if isinstance(user, dict) and user.get("id") not in self._changed:
                        known.add(member_of(user, installation.team))
                cursor = text(part(answer, "response_metadata"), "next_cursor")
                if not cursor or not known.whole:
                    break
                self._turn()
            known.ended, known.whole, known.at = True, known.whole and not cursor, self._clock()
        except DeliveryError:
            self._list, self._not_before = None, self._clock() + REST
        finally:
            self._reading = None
            self._turn()

    async def _next(self, cursor: str) -> Json:
        """One page; Slack may ask for a pause before it."""
        while True:
            try:
                with translated(writes=False):
                    answer = await self._client.users_list(limit=PAGE, cursor=cursor or None, include_locale=True)
            except Retry as error:
                if error.after is None:
                    raise
                await asyncio.sleep(min(error.after, LONGEST_PAUSE))
            else:
                return answer.data if isinstance(answer.data, dict) else {}

    def _turn(self) -> None:
        """Wake all who wait."""
        self._page.set()
        self._page = asyncio.Event()
