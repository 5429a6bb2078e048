"""Questions that nobody could answer yet: counted by what they are about, until there is an answer or HR waves them
off."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from typing import Literal

import msgspec

from bot.words import stems
from bot.work import Work

INDEX = "unanswered"
MOST = 200  # questions that are counted; of more, those that were asked least go, the oldest first
LONGEST = 300  # characters that are kept of a question
EACH = 20  # of one person alone, where there are too many: nobody's questions go because of another's
ASKERS = 20  # people who are remembered for each, to be told when there is an answer


class Unanswered(msgspec.Struct, frozen=True, kw_only=True):
    """A question as it was asked first, how often it was asked, and the ids of some who did."""

    subject: str
    question: str
    language: Literal["ru", "en"]
    last: datetime.datetime
    count: int = 1
    askers: tuple[str, ...] = ()


_decoder = msgspec.json.Decoder(Unanswered)


def subject(question: str) -> str:
    """The same for a question however it is put, and nothing of its words."""
    about = " ".join(sorted(set(stems(question)))) or question
    return hashlib.blake2b(about.encode(errors="replace"), digest_size=8).hexdigest()


async def note_unanswered(work: Work, question: str, person_id: str, language: Literal["ru", "en"]) -> None:
    """One more time somebody has asked what nobody could answer. What is sensitive stands in no list."""
    if work.company.sensitive.topic(question) is not None:
        return
    about = subject(question)
    before = await one(work, about)
    if before is None:
        await _make_room(work, person_id)
        work.member(INDEX, about)
        asked = " ".join(question.split())[:LONGEST]
        before = Unanswered(subject=about, question=asked, language=language, last=work.now, count=0)
    askers = tuple(dict.fromkeys((*before.askers, person_id)))[:ASKERS]
    _put(work, msgspec.structs.replace(before, count=before.count + 1, last=work.now, askers=askers))


async def one(work: Work, about: str) -> Unanswered | None:
    """The question of that subject, if it waits for an answer."""
    state = await work.state(f"{INDEX}:{about}")
    return None if state is None else _decoder.decode(state)


async def waiting(work: Work) -> list[Unanswered]:
    """All that wait for an answer, most asked first, then the latest."""
    names = [f"{INDEX}:{about}" for about in sorted(await work.company.store.members(INDEX))]
    await work.read(names)
    states = [await work.state(name) for name in names]
    found = [_decoder.decode(state) for state in states if state is not None]
    return sorted(found, key=lambda one: (-one.count, -one.last.timestamp()))


async def resolve(work: Work, subjects: Iterable[str]) -> list[Unanswered]:
    """They wait no longer; those of the subjects that did."""
    found = [known for about in dict.fromkeys(subjects) if (known := await one(work, about)) is not None]
    for known in found:
        drop(work, known)
    return found


async def _make_room(work: Work, person_id: str) -> None:
    if len(await work.company.store.members(INDEX)) < MOST:
        return
    found = await waiting(work)
    own = [one for one in found if one.askers == (person_id,)]
    for known in own[EACH - 1 :] or found[MOST - 1 :]:
        drop(work, known)


def _put(work: Work, known: Unanswered) -> None:
    work.put(f"{INDEX}:{known.subject}", msgspec.json.encode(known))


def drop(work: Work, known: Unanswered) -> None:
    """It waits no longer."""
    work.put(f"{INDEX}:{known.subject}", None)
    work.member(INDEX, known.subject, present=False)
