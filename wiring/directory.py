"""The directory of people when a bot starts: taken as it is, unless it is probably not the whole one.

A large one is taken beside the bot, which works meanwhile: nobody waits for 200,000 people.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from bot.directory import Imported, Leavers, TooManyLeave, import_directory, import_people
from bot.errors import StoreError
from bot.message import Message, Phrase
from bot.people import Person
from bot.problem import Problem
from bot.runner import Runner
from bot.work import Work
from wiring.child import ChildFailed, child
from wiring.directory_process import Order, Outcome

log = logging.getLogger(__name__)
LARGE = 1024 * 1024  # bytes: some 7,000 people, a second
AGAIN_SECONDS = 15.0
Say = Callable[[str], None]
T = TypeVar("T")


def is_large(file: Path) -> bool:
    """Would a start wait too long for it?"""
    try:
        return file.stat().st_size > LARGE
    except OSError:
        return False


async def take_directory(runner: Runner, people: Sequence[Person], say: Say, *, whole: bool) -> None:
    """`whole`: who is missing in it has left. One without too many of them is not taken; the bot goes on with what it
    had, and the administrators are told once for each such directory."""
    if not whole:
        await import_people(runner, people)
        return
    try:
        _taken(await import_directory(runner, people))
    except TooManyLeave as error:
        await _refused(runner, error.leavers, say)


async def take_large_directory(runner: Runner, order: Order, say: Say) -> None:
    """As `take_directory`, of a whole one, in a process beside the bot. One with an error in it is not taken either:
    the bot goes on with what it had, and the administrators are told. What is cut short begins again."""
    outcome = await _lasting(lambda: _outcome(order))
    if outcome.taken is not None:
        _taken(outcome.taken)
    if outcome.leavers is not None:
        leavers = outcome.leavers
        await _lasting(lambda: _refused(runner, leavers, say))
    if outcome.problems:
        await _lasting(lambda: _wrong(runner, outcome.problems, say))


async def _outcome(order: Order) -> Outcome:
    return msgspec.json.decode(await child("wiring.directory_process", order), type=Outcome)


async def _lasting(act: Callable[[], Awaitable[T]]) -> T:
    while True:
        try:
            return await act()
        except (StoreError, ChildFailed, OSError) as error:
            log.warning("people file not taken yet", extra={"error": type(error).__name__})
            await asyncio.sleep(AGAIN_SECONDS)


def _taken(counts: Imported) -> None:
    if counts.left:
        log.info("people have left", extra={"count": counts.left})


async def _refused(runner: Runner, leavers: Leavers, say: Say) -> None:
    leaving, of = len(leavers.people), leavers.of
    log.error("people file refused", extra={"leaving": leaving, "of": of})
    text = Phrase("alert-people-refused", {"leaving": leaving, "of": of})
    await _tell(runner, f"people-refused:{_digest(leavers.people)}", text)
    say(f"PEOPLE_FILE was not taken. {TooManyLeave(leavers)}")


async def _wrong(runner: Runner, problems: Sequence[Problem], say: Say) -> None:
    codes = sorted({problem.code for problem in problems})
    log.error("people file wrong", extra={"count": len(problems), "codes": " ".join(codes)})
    mark = _digest([str(problem) for problem in problems])
    await _tell(runner, f"people-wrong:{mark}", Phrase("alert-people-wrong"))
    say("\n".join(("PEOPLE_FILE was not taken.", *map(str, problems))))


def _digest(words: Sequence[str]) -> str:
    return hashlib.blake2b(" ".join(words).encode(), digest_size=8).hexdigest()


async def _tell(runner: Runner, mark: str, text: Phrase) -> None:
    async def tell(work: Work) -> None:
        await work.say_to_admins(mark, Message(text), urgent=True)

    await runner.run("people", tell)
