"""What people think of the answers: counted for each answer, one voice for each person, who may change it."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from bot.work import Work

INDEX = "votes"
KEPT = datetime.timedelta(days=180)  # what people thought of an answer before that was mostly said of another text
MOST = 1000  # voices of one answer: more say nothing new
Voice = Literal["helpful", "not-helpful"]


class Said(msgspec.Struct, frozen=True, array_like=True):
    """What somebody thinks of an answer, and since when."""

    voice: Voice
    at: datetime.datetime


class Votes(msgspec.Struct, frozen=True, kw_only=True):
    """How many people found an answer helpful, and how many did not. `answer` is its id.

    `voices`: who said what, by person. Those that an earlier version has counted stand in none, but each in a lookup;
    they are forgotten together, KEPT after `unnamed`, when they were first met.
    """

    answer: str
    helpful: int = 0
    unhelpful: int = 0
    voices: dict[str, Said] = {}
    unnamed: datetime.datetime | None = None


_decoder = msgspec.json.Decoder(Votes)


async def vote(work: Work, answer: str, person: str, voice: Voice) -> bool:
    """What the person thinks of the answer from now on. False: they have said so already."""
    known = _digest(answer)
    before = await _votes(work, known) or Votes(answer=answer)  # before the voice: its version is what guards both
    said = await _said(work, before, known, person)
    if said == voice and person in before.voices:
        return False
    voices = dict(before.voices)
    voices.pop(person, None)
    counted = _counts(before)
    if said is not None:
        counted[said] -= 1
    counted[voice] += 1
    voices[person] = Said(voice, work.now)
    if len(voices) > MOST:
        oldest = next(iter(voices))
        counted[voices.pop(oldest).voice] -= 1
    _put(work, known, _counted(before, counted, voices))
    return said != voice


async def all_votes(work: Work) -> list[Votes]:
    """Of every answer that somebody has voted on, the least helpful first."""
    names = [f"{INDEX}:{one}" for one in await work.company.store.members(INDEX)]
    await work.read(names)
    states = [await work.state(name) for name in names]
    found = [_decoder.decode(state) for state in states if state is not None]
    return sorted(found, key=lambda one: (one.helpful - one.unhelpful, one.answer))


async def trim(work: Work, known: str, people: Sequence[str]) -> bool:
    """Forget voices that are too old; whether there were some. `known`: a member of the INDEX; `people`: everybody, for
    voices of an earlier version."""
    before = await _votes(work, known)
    if before is None:
        work.member(INDEX, known, present=False)
        return True
    kept = {one: said for one, said in before.voices.items() if work.now - said.at < KEPT}
    counted = _counts(before)
    for one in before.voices.keys() - kept.keys():
        counted[before.voices[one].voice] -= 1
    after = await _without_unnamed(work, known, _counted(before, counted, kept), people)
    if after == before:
        return False
    _put(work, known, after)
    return True


async def _without_unnamed(work: Work, known: str, votes: Votes, people: Sequence[str]) -> Votes:
    named = Counter(said.voice for said in votes.voices.values())
    if votes.helpful == named["helpful"] and votes.unhelpful == named["not-helpful"]:
        return msgspec.structs.replace(votes, unnamed=None)
    if votes.unnamed is None:
        return msgspec.structs.replace(votes, unnamed=work.now)
    if work.now - votes.unnamed < KEPT:
        return votes
    names = [f"vote:{known}:{one}" for one in people]
    for name, said in zip(names, await work.company.store.lookup(names), strict=True):
        if said is not None:
            work.name(name, None)
    return msgspec.structs.replace(votes, helpful=named["helpful"], unhelpful=named["not-helpful"], unnamed=None)


async def _said(work: Work, votes: Votes, known: str, person: str) -> Voice | None:
    """What the person has said before; a voice of an earlier version is taken over."""
    if person in votes.voices:
        return votes.voices[person].voice
    name = f"vote:{known}:{person}"
    (said,) = await work.company.store.lookup([name])
    if said is None:
        return None
    work.name(name, None)
    return "helpful" if said == "helpful" else "not-helpful"


def _counts(votes: Votes) -> dict[Voice, int]:
    return {"helpful": votes.helpful, "not-helpful": votes.unhelpful}


def _counted(votes: Votes, counts: Mapping[Voice, int], voices: dict[str, Said]) -> Votes:
    return msgspec.structs.replace(
        votes, helpful=max(counts["helpful"], 0), unhelpful=max(counts["not-helpful"], 0), voices=voices
    )


async def _votes(work: Work, known: str) -> Votes | None:
    state = await work.state(f"{INDEX}:{known}")
    return None if state is None else _decoder.decode(state)


def _put(work: Work, known: str, after: Votes) -> None:
    some = after.helpful or after.unhelpful
    work.put(f"{INDEX}:{known}", msgspec.json.encode(after) if some else None)
    work.member(INDEX, known, present=bool(some))


def _digest(answer: str) -> str:
    return hashlib.blake2b(answer.encode(errors="replace"), digest_size=9).hexdigest()
