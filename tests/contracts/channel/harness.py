"""What the contract of the channels is written against: one small harness for each channel.

A new channel joins by a file beside this one: a subclass of `Harness` around the channel, its door and a stand-in of
its platform, over real HTTP, and one line in `conftest.HARNESSES`. What the channel cannot do by its nature stands in
its `lacks`, with the reason; the tests of that are skipped with it, and no others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol

import msgspec
import pytest
from msgspec.structs import replace

from bot.incoming import Account, Place
from bot.people import Person
from bot.ports import Channel
from tests.contracts.channel.core import Core

PATIENCE = 60.0
LIMIT = 3  # seconds for which the stand-in asks for silence

Ability = Literal[
    "looks",  # finds a message by the effect that it was posted for
    "lives elsewhere",  # a service of somebody else that can fail, refuse and be slow
    "prepares",  # asks the service something before the message itself is sent
    "finds people by e-mail",
    "knows who is there",  # so that somebody can be out of reach
    "has shared rooms",
    "has a home page",
    "says when",  # an act carries its own time
    "tells of one post twice",
]
Fault = Literal[
    "limited",  # 429 with Retry-After
    "broken",  # 5xx
    "silent",  # no answer, nothing written
    "late",  # no answer in time, written afterwards
    "cut",  # the connection breaks, nothing written
    "lost",  # written, the connection breaks before the answer
    "unreachable",  # nobody is there
    "unauthorised",  # our credentials are refused
]


class Seen(msgspec.Struct, frozen=True):
    """A message as people see it: all there is to read, whom it calls, and the buttons as the harness presses them."""

    text: str
    calls: tuple[str, ...] = ()
    buttons: tuple[Any, ...] = ()
    raw: Any = None


class Heard(msgspec.Struct, frozen=True):
    """How the door has answered an act; `event` is what was sent, to be sent again."""

    status: int
    event: Any

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300


class Met(msgspec.Struct, frozen=True):
    """An account, and where it was met."""

    account: Account
    place: Place | None = None


class Harness(Protocol):
    """A channel, what its platform shows, and people who use it.

    Anna has an account and has spoken to us. Boris has one that the core does not know of yet. `out_of_reach` are
    people who cannot be told anything here, `unvouched` accounts for which the platform gives no e-mail, each by why;
    all but the `undecided` are surely nobody of the company.
    In `barred` we may not write, `nowhere` does not exist. `secrets` are in no log.
    """

    name: str
    channel: Channel
    core: Core
    lacks: Mapping[Ability, str]
    anna: Person
    boris: Person
    out_of_reach: Mapping[str, Person]
    member: Met
    unvouched: Mapping[str, Met]
    undecided: tuple[str, ...]
    barred: Place
    nowhere: Place
    secrets: tuple[str, ...]
    most_bytes: int

    def needs(self, ability: Ability) -> None:
        if ability in self.lacks:
            pytest.skip(f"not {ability}: {self.lacks[ability]}")

    @property
    def unmet(self) -> Person:
        """Anna, of whom nobody knows yet where she is written to."""
        return replace(self.anna, addresses={})

    # --- what people see

    async def shown_to(self, person: Person) -> list[Seen]:
        """What the bot shows this person in private, in its order, as it is now."""

    async def shown_in(self, place: Place) -> list[Seen]:
        """What the bot has said at a place, of a thread only what is in it."""

    async def home_of(self, person: Person) -> str:
        """All there is to read on the person's home page."""

    # --- what happens to the platform

    async def remove(self, ref: str) -> None:
        """The message is no longer there."""

    async def fail(self, fault: Fault, *, before: bool = False) -> None:
        """From now on messages meet this fault; or what is asked `before` they are sent."""

    async def heal(self) -> None:
        """No fault any more."""

    async def stall(self) -> None:
        """From now on messages are never through."""

    async def struck(self) -> None:
        """Wait until one has stalled."""

    def hurry(self, seconds: float) -> None:
        """From now on the clock of the platform is ahead of ours."""

    # --- what people do

    async def write(self, text: str, by: Person | None = None) -> Heard:
        """Anna, or `by`, writes to the bot in private. All else is done by Anna."""

    async def mention(self, text: str) -> Heard:
        """Speak to the bot in a room that others read."""

    async def mention_twice(self, text: str) -> tuple[Heard, Heard]:
        """One post that the platform tells of in two events."""

    async def press(self, seen: Seen, button: Any) -> Heard: ...

    async def again(self, heard: Heard) -> Heard:
        """The platform delivers the same event once more."""

    # --- what comes to the door otherwise

    async def intrude(self, text: str) -> dict[str, int]:
        """The answers to somebody who writes in Anna's name without being her, by what they tried."""

    async def bring(self, body: bytes) -> int:
        """The answer to a body that the platform vouches for, whatever it is."""


async def until(condition: Callable[[], object]) -> None:
    """Wait for something that another task, or another server, brings about."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110  -- the condition is about another system
            await asyncio.sleep(0.005)
