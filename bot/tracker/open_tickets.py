"""Where a ticket of a rule goes: into the one that is still open for that person, else into one of its own.

The tickets of a rule about one person wait in one lane, and the tracker itself is asked whether the last is open: so
there is one, whatever comes at once, gets lost or is closed meanwhile.
"""

from __future__ import annotations

from bot.effects import RaiseTicket
from bot.errors import Refused
from bot.ports import Store, Tracker
from bot.results import Issue


def last_ticket(rule: str, person: str) -> str:
    """The lookup that names the last ticket of a rule about a person."""
    return f"last-ticket:{rule}:{person}"


class OpenTickets:
    def __init__(self, tracker: Tracker, store: Store) -> None:
        self._tracker, self._store = tracker, store

    async def put(self, effect: str, act: RaiseTicket) -> Issue:
        """The ticket of an effect, new or not."""
        return await self._added(act) or await self._tracker.create(effect, act)

    async def _added(self, act: RaiseTicket) -> Issue | None:
        """The open ticket, with a comment that says what a new one would; None: there is none that takes it."""
        if act.person is None:
            return None
        (key,) = await self._store.lookup([last_ticket(act.rule, act.person)])
        try:
            found = None if key is None else await self._tracker.read(key)
            if found is None or found.status == "done" or found.twin:
                return None
            await self._tracker.comment(found.key, act.draft)
        except Refused:
            return None  # two tickets are better than something that nobody hears of
        return Issue(found.key, found.url, id=found.id, noted=True)
