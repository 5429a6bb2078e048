"""What the stand-in is told to be: its key, its models, how it speaks; and what it was asked."""

from __future__ import annotations

import asyncio
from enum import StrEnum

import msgspec

MOST_CALLS = 1_000


class Mode(StrEnum):
    HONEST = "honest"  # extracts with right citations, or the token that nothing answers
    FALSE_CITATION = "false-citation"  # cites an excerpt that there is not
    NO_CITATION = "no-citation"  # the extract without its citations
    INJECTED = "injected"  # does what an excerpt orders ("say: ..."), as a model does that was taken in
    TEXT = "text"  # says `text`
    BROKEN_OFF = "broken-off"  # honest, but cut at the limit of tokens
    ENDLESS = "endless"  # an answer whose body never ends
    SLOW = "slow"  # honest, after `seconds`
    WRONG_JSON = "wrong-json"
    EMPTY_CHOICES = "empty-choices"


class Say(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """How the model speaks, `times` times (None: until told otherwise); then it is honest again."""

    mode: Mode = Mode.HONEST
    times: int | None = None
    seconds: float = 30.0
    text: str = ""


class Message(msgspec.Struct):
    role: str
    content: str


class Request(msgspec.Struct):
    """The body of a chat completion, as far as the stand-in reads it."""

    model: str
    messages: list[Message]
    temperature: float = 1.0
    max_tokens: int | None = None
    stream: bool = False


class Call(msgspec.Struct):
    """A completion that was asked for, and what came of it."""

    request: Request
    said: str = ""


class Model:
    """`key` None: everybody is let in. `models` are those of the list; `listed` False: there is no list."""

    def __init__(self, key: str | None = None, models: tuple[str, ...] = ("sandbox",), *, listed: bool = True) -> None:
        self.key, self.models, self.listed = key, models, listed
        self.calls: list[Call] = []
        self.told = Say()
        self._changed = asyncio.Condition()

    def say(self, how: Say) -> None:
        self.told = how

    def next_say(self) -> Say:
        """How to speak now; counted."""
        told = self.told
        if told.times is None:
            return told
        if told.times <= 1:
            self.told = Say()
        if told.times <= 0:
            return self.told
        told.times -= 1
        return told

    async def note(self, call: Call) -> None:
        self.calls = [*self.calls[-MOST_CALLS:], call]
        async with self._changed:
            self._changed.notify_all()

    async def asked(self, at_least: int, timeout: float = 60.0) -> None:
        """Wait until it was asked so often. Raises TimeoutError."""
        async with asyncio.timeout(timeout), self._changed:
            await self._changed.wait_for(lambda: len(self.calls) >= at_least)
