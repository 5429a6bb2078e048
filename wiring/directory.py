"""The directory of people when a bot starts: taken as it is, unless it is probably not the whole one."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence

from bot.directory import Leavers, TooManyLeave, import_directory, import_people
from bot.message import Message, Phrase
from bot.people import Person
from bot.runner import Runner
from bot.work import Work

log = logging.getLogger(__name__)


async def take_directory(runner: Runner, people: Sequence[Person], say: Callable[[str], None], *, whole: bool) -> None:
    """`whole`: who is missing in it has left. One without too many of them is not taken; the bot goes on with what it
    had, and the administrators are told once for each such directory."""
    if not whole:
        await import_people(runner, people)
        return
    try:
        taken = await import_directory(runner, people)
    except TooManyLeave as error:
        await _refused(runner, error.leavers)
        say(f"PEOPLE_FILE was not taken. {error}")
    else:
        if taken.left:
            log.info("people have left", extra={"count": taken.left})


async def _refused(runner: Runner, leavers: Leavers) -> None:
    leaving, of = len(leavers.people), leavers.of
    log.error("people file refused", extra={"leaving": leaving, "of": of})
    ids = " ".join(person.id for person in leavers.people)
    name = hashlib.blake2b(ids.encode(), digest_size=8).hexdigest()

    async def tell(work: Work) -> None:
        text = Phrase("alert-people-refused", {"leaving": leaving, "of": of})
        await work.say_to_admins(f"people-refused:{name}", Message(text), urgent=True)

    await runner.run("people", tell)
