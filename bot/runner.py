"""load -> decide -> commit, again on conflict: everything that happens goes through here."""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import logging
import random
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

import msgspec

from bot import asked
from bot.accounts import changed, hold, hold_for
from bot.errors import Conflict, Misunderstood, NeedsAccount, StoreError
from bot.incoming import AccountChanged, Incoming, storable
from bot.message import Message, Phrase, Reply
from bot.people import Person
from bot.ports import Claim, Clock, Commit, DeadLetter, DueWake, Loaded, Settlement
from bot.results import Result
from bot.router import Routes, route
from bot.serial import Serial
from bot.turn import Turn
from bot.vouching import ask_again, must_wait
from bot.work import Company, Work

log = logging.getLogger(__name__)
ATTEMPTS = 8
PAUSE = 0.0025  # seconds
QUARANTINE = "quarantine:"
_people = msgspec.json.Decoder(Person)
_replies: msgspec.json.Decoder[Reply | None] = msgspec.json.Decoder(Reply | None)

ResultHandler = Callable[[Work, Claim, Result], Awaitable[None]]
Decision = Callable[[Work], Awaitable[None]]


def _nothing_but(aggregates: Sequence[str], commit: Commit) -> Commit:
    return Commit(writes=tuple(write for write in commit.writes if write.id in aggregates))


def _no_probe(_: str) -> None:
    """Where the tests of crashes put their knife."""


class Runner:
    """One for a process. `results` says what becomes of what came back from outside."""

    def __init__(
        self,
        company: Company,
        routes: Routes,
        results: Mapping[type[Result], ResultHandler],
        clock: Clock,
        committed: Callable[[Commit], None] = lambda _: None,
        probe: Callable[[str], None] = _no_probe,
    ) -> None:
        self.company = company
        self._routes = routes
        self._results = results
        self._clock = clock
        self._committed = committed
        self._probe = probe
        self._draw = random.Random()  # noqa: S311  -- jitter, not a secret
        self._serial = Serial()  # commands of one aggregate go one by one here; conflicts are for other processes

    # --- what people do

    async def receive(self, incoming: Incoming) -> Reply | None:
        """The port `Inbox`: decide and commit what a person did.

        Raises:
            StoreError: nothing is committed. Nothing else is raised: what breaks a handler goes to quarantine.
        """
        incoming = storable(incoming)
        async with self._serial.hold(incoming.account.key):
            try:
                return await self._decided(incoming, self._turn)
            except StoreError:
                raise
            except Exception as error:
                # Whatever a handler does wrong must neither lose the event nor reach the person as a traceback.
                letter = self._letter(incoming, error)
            return await self._decided(incoming, partial(self._set_aside, letter=letter))

    async def _decided(
        self, incoming: Incoming, decide: Callable[[Incoming], Awaitable[tuple[Work, Reply | None]]]
    ) -> Reply | None:
        marks = (incoming.id, *incoming.also)
        for attempt in range(ATTEMPTS):
            await self._give_way(attempt)
            work, reply = await decide(incoming)
            commit = work.commit(marks, msgspec.json.encode(reply))
            if reply is not None and reply.form is not None:
                commit = _nothing_but(asked.beside(incoming), commit)  # opening a form decides nothing
            verdict = await self.company.store.commit(commit)
            if verdict.what == "done":
                self._committed(commit)
                self._probe("committed")
                return reply
            if verdict.what == "duplicate":
                return _replies.decode(verdict.reply or b"null")
        raise Conflict(f"event {incoming.id} met {ATTEMPTS} conflicts")

    async def _turn(self, incoming: Incoming) -> tuple[Work, Reply | None]:
        beside = self._routes.beside(incoming)
        loaded, others = await self.company.store.load_by_account(incoming.account.key, beside)
        person = None if loaded is None or loaded.state is None else _people.decode(loaded.state)
        if isinstance(incoming.said, AccountChanged):
            work = Work(self.company, self._clock())
            await changed(work, incoming, person)
            return work, None
        if loaded is None or person is None or self._must_wait(person, incoming):
            work = Work(self.company, self._clock())
            for one in others:
                work.remember(one)
            refusal = await asked.count(work, incoming)
            if refusal is not None:
                return work, asked.refuse(work, incoming, refusal, person)
            return work, await hold(work, incoming)
        return await self._turn_of(incoming, person, loaded, others)

    def _must_wait(self, person: Person, incoming: Incoming) -> bool:
        """Until it is known, or known again, whose account it is."""
        return not person.is_active or must_wait(person, incoming, self.company.policy, self._clock())

    async def _turn_of(
        self, incoming: Incoming, person: Person, loaded: Loaded, others: Sequence[Loaded]
    ) -> tuple[Work, Reply | None]:
        """What somebody wants that we know."""

        async def fresh() -> tuple[Turn, asked.Refusal | None]:
            turn = Turn(self.company, self._clock(), incoming, person)
            for one in (loaded, *others):
                turn.remember(one)
            refusal = await asked.count(turn, incoming)
            if refusal is None:
                turn.meet()
                ask_again(turn)
            return turn, refusal

        turn, refusal = await fresh()
        if refusal is not None:
            return turn, asked.refuse(turn, incoming, refusal, person)
        try:
            return turn, await route(self._routes, turn)
        except Misunderstood as error:
            turn, _ = await fresh()  # nothing of a decision that failed may be committed
            return turn, turn.answer(Message(error.text))
        except NeedsAccount as error:
            turn, _ = await fresh()
            return turn, await hold_for(turn, error.account)

    def _letter(self, incoming: Incoming, error: Exception) -> DeadLetter:
        """What could not be handled, and where that was; its id has the number under which people know it."""
        number = hashlib.blake2b(incoming.id.encode(), digest_size=6).hexdigest()
        where = traceback.extract_tb(error.__traceback__)[-1]
        log.error(
            "handler failed",
            extra={"event": incoming.id, "number": number, "error": type(error).__name__, "line": where.lineno},
        )
        return DeadLetter(
            id=f"{QUARANTINE}{number}",
            kind="quarantine",
            at=self._clock(),
            code=type(error).__name__,
            detail=f"{where.filename.rpartition('/')[2]}:{where.lineno} in {where.name}",
            payload=msgspec.json.encode(incoming),
        )

    async def _set_aside(self, incoming: Incoming, letter: DeadLetter) -> tuple[Work, Reply | None]:
        """Kept, marked as handled and answered with an apology, all at once: what comes again is not kept again."""
        work = Work(self.company, self._clock())
        await asked.count(work, incoming)
        work.quarantine(letter)
        number = letter.id.removeprefix(QUARANTINE)
        try:
            reader = await work.owner(incoming.account)
        except msgspec.DecodeError:
            reader = None  # what broke may be the person's own record
        apology = Message(Phrase("apology", {"number": number}), language=None if reader else incoming.locale)
        if incoming.answers_at_once:
            return work, Reply(reader.locale if reader else incoming.locale or "ru", apology)
        work.say_at(f"apology:{number}", incoming.place, apology, reader)
        return work, None

    # --- what comes back from outside, and what time brings

    def minds(self, result: Result) -> bool:
        """Does anything follow from such a result?"""
        return type(result) in self._results

    async def result(self, claim: Claim, result: Result, settlement: Settlement) -> bool:
        """Settle a delivered effect together with everything that follows from its result. False: stale."""

        async def decision(work: Work) -> None:
            await self._results[type(result)](work, claim, result)

        return await self.settle(claim, settlement, decision)

    async def settle(self, claim: Claim, settlement: Settlement, decision: Decision) -> bool:
        """Settle an effect together with what `decision` decides. False: the claim is no longer ours."""
        return await self._commit(claim.effect.subject or claim.lane, decision, settle=settlement) != "stale"

    async def woken(self, wake: DueWake, decision: Decision) -> bool:
        """Commit what a moment brings; its lease makes that once. False: somebody else has it now."""
        return await self._commit(wake.journey, decision, woken=wake) != "stale"

    async def observed(self, mark: str, key: str, decision: Decision) -> None:
        """Commit what the tracker tells us, once for each `mark`."""
        if await self._commit(key, decision, marks=(mark,)) == "done":
            self._probe("committed")

    async def run(self, key: str, decision: Decision) -> None:
        """Commit a decision of our own (an import, a sync)."""
        await self._commit(key, decision)

    async def _commit(
        self,
        key: str,
        decision: Decision,
        settle: Settlement | None = None,
        woken: DueWake | None = None,
        marks: tuple[str, ...] = (),
    ) -> str:
        async with self._serial.hold(key):
            for attempt in range(ATTEMPTS):
                await self._give_way(attempt)
                work = Work(self.company, self._clock())
                await decision(work)
                commit = work.commit(marks, settle=settle, woken=woken)
                verdict = await self.company.store.commit(commit)
                if verdict.what != "conflict":
                    self._committed(commit)
                    return verdict.what
            raise Conflict(f"{key} met {ATTEMPTS} conflicts")

    async def _give_way(self, attempt: int) -> None:
        """Whoever has lost twice lets the others finish: what one account does at once in several processes is one
        count."""
        if attempt > 1:
            await asyncio.sleep(self._draw.uniform(0, PAUSE * 2**attempt))

    def now(self) -> datetime.datetime:
        return self._clock()
