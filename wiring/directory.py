"""The directory of people when a bot starts: taken as it is, unless it is probably not the whole one.

A large one is read and taken beside the bot, which works meanwhile: nobody waits for 200,000 people.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bot.directory import Between, Leavers, TooManyLeave, at_once, import_directory, import_people
from bot.errors import StoreError
from bot.message import Message, Phrase
from bot.people import Person
from bot.people_file import PeopleError, load_people
from bot.runner import Runner
from bot.work import Work

log = logging.getLogger(__name__)
LARGE = 4 * 1024 * 1024  # bytes: some 25,000 people, half a second
AGAIN_SECONDS = 5.0


def is_large(file: Path) -> bool:
    """Would a start wait too long for it?"""
    try:
        return file.stat().st_size > LARGE
    except OSError:
        return False


async def take_directory(
    runner: Runner, people: Sequence[Person], say: Callable[[str], None], *, whole: bool, between: Between = at_once
) -> None:
    """`whole`: who is missing in it has left. One without too many of them is not taken; the bot goes on with what it
    had, and the administrators are told once for each such directory."""
    if not whole:
        await import_people(runner, people)
        return
    try:
        taken = await import_directory(runner, people, between=between)
    except TooManyLeave as error:
        await _refused(runner, error.leavers)
        say(f"PEOPLE_FILE was not taken. {error}")
    else:
        if taken.left:
            log.info("people have left", extra={"count": taken.left})


async def take_large_directory(runner: Runner, file: Path, say: Callable[[str], None]) -> None:
    """As `take_directory`, of a whole one, beside the bot that works. One with an error in it is not taken either: the
    bot goes on with what it had, and the administrators are told. A store that fails is waited for."""
    try:
        people = await asyncio.to_thread(load_people, file)
    except PeopleError as error:
        wrong = error
        say("\n".join(("PEOPLE_FILE was not taken.", *map(str, wrong.problems))))
        await _lasting(lambda: _wrong(runner, wrong))
        return
    await _lasting(lambda: take_directory(runner, people, say, whole=True, between=Resting()))


async def _lasting(act: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            return await act()
        except StoreError as error:
            log.warning("people file waits for the store", extra={"error": type(error).__name__})
            await asyncio.sleep(AGAIN_SECONDS)


class Resting:
    """Leaves others as much of the time as an import takes."""

    def __init__(self) -> None:
        self._clock = asyncio.get_running_loop().time
        self._since = self._clock()

    async def __call__(self, _: int) -> None:
        await asyncio.sleep(self._clock() - self._since)
        self._since = self._clock()


async def _refused(runner: Runner, leavers: Leavers) -> None:
    leaving, of = len(leavers.people), leavers.of
    log.error("people file refused", extra={"leaving": leaving, "of": of})
    text = Phrase("alert-people-refused", {"leaving": leaving, "of": of})
    await _tell(runner, f"people-refused:{_digest(leavers.people)}", text)


async def _wrong(runner: Runner, error: PeopleError) -> None:
    codes = sorted({problem.code for problem in error.problems})
    log.error("people file wrong", extra={"count": len(error.problems), "codes": " ".join(codes)})
    mark = _digest([str(problem) for problem in error.problems])
    await _tell(runner, f"people-wrong:{mark}", Phrase("alert-people-wrong"))


def _digest(words: Sequence[str]) -> str:
    return hashlib.blake2b(" ".join(words).encode(), digest_size=8).hexdigest()


async def _tell(runner: Runner, mark: str, text: Phrase) -> None:
    async def tell(work: Work) -> None:
        await work.say_to_admins(mark, Message(text))

    await runner.run("people", tell)
