"""Long work that somebody asks for: at most one run of a kind is under way, and everybody who asks meanwhile is told
of its end."""

from __future__ import annotations

import datetime

import msgspec

from bot.calendar import calendar_of
from bot.message import Day, Phrase, Text
from bot.people import Person
from bot.work import Work

LOST = datetime.timedelta(days=1)  # after so long a run is not waited for: what held it has perhaps been thrown away


class UnderWay(msgspec.Struct, frozen=True, kw_only=True):
    """The last run that was asked for; `readers` are the ids of people who wait for its end.

    It stays when it is `over`: a state that comes and goes has the same version twice.
    """

    run: str
    began: datetime.datetime
    readers: tuple[str, ...] = ()
    over: bool = False


_decoder = msgspec.json.Decoder(UnderWay)


async def join(work: Work, kind: str, asked_by: str | None) -> UnderWay | None:
    """The run that is under way, of whose end `asked_by` is told, too; None: there is none."""
    known = await _last(work, kind)
    if known is None or known.over or abs(work.now - known.began) > LOST:
        return None
    readers = known.readers if asked_by is None else tuple(dict.fromkeys((*known.readers, asked_by)))
    _put(work, kind, msgspec.structs.replace(known, readers=readers))
    return known


async def begin(work: Work, kind: str, run: str, asked_by: str | None) -> None:
    """This run is under way from now on; nobody begins another at the same time."""
    await _last(work, kind)
    _put(work, kind, UnderWay(run=run, began=work.now, readers=() if asked_by is None else (asked_by,)))


async def end(work: Work, kind: str, run: str, asked_by: str | None) -> list[Person]:
    """The run is over; those who are to be told."""
    known = await _last(work, kind)
    if known is None or known.run != run:
        return await work.people([asked_by])
    _put(work, kind, msgspec.structs.replace(known, over=True))
    return await work.people([asked_by, *known.readers])


def since(known: UnderWay, reader: Person, now: datetime.datetime) -> Text:
    """When it began, by the clock of whoever reads it."""
    calendar = calendar_of(reader.timezone, reader.country)
    began = known.began.astimezone(calendar.zone)
    time = f"{began:%H:%M}"
    return time if began.date() == calendar.today(now) else Phrase("moment", {"day": Day(began.date()), "time": time})


async def _last(work: Work, kind: str) -> UnderWay | None:
    state = await work.state(_aggregate(kind))
    return None if state is None else _decoder.decode(state)


def _put(work: Work, kind: str, after: UnderWay) -> None:
    work.put(_aggregate(kind), msgspec.json.encode(after))


def _aggregate(kind: str) -> str:
    return f"under-way:{kind}"
