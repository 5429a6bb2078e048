"""What people think of the answers: counted for each answer, one voice for each person, who may change it."""

from __future__ import annotations

import hashlib
from typing import Literal

import msgspec

from bot.work import Work

INDEX = "votes"
Voice = Literal["helpful", "not-helpful"]


class Votes(msgspec.Struct, frozen=True, kw_only=True):
    """How many people found an answer helpful, and how many did not. `answer` is its id."""

    answer: str
    helpful: int = 0
    unhelpful: int = 0


_decoder = msgspec.json.Decoder(Votes)


async def vote(work: Work, answer: str, person: str, voice: Voice) -> bool:
    """What the person thinks of the answer from now on. False: they have said so already."""
    known = _digest(answer)
    before = await _votes(work, known) or Votes(answer=answer)  # before the voice: its version is what guards both
    name = f"vote:{known}:{person}"
    (said,) = await work.company.store.lookup([name])
    if said == voice:
        return False
    counted = {"helpful": before.helpful, "not-helpful": before.unhelpful}
    if said in counted:
        counted[said] -= 1
    counted[voice] += 1
    after = Votes(answer=answer, helpful=counted["helpful"], unhelpful=counted["not-helpful"])
    work.put(f"{INDEX}:{known}", msgspec.json.encode(after))
    work.name(name, voice)
    work.member(INDEX, known)
    return True


async def all_votes(work: Work) -> list[Votes]:
    """Of every answer that somebody has voted on, the least helpful first."""
    names = [f"{INDEX}:{one}" for one in await work.company.store.members(INDEX)]
    await work.read(names)
    states = [await work.state(name) for name in names]
    found = [_decoder.decode(state) for state in states if state is not None]
    return sorted(found, key=lambda one: (one.helpful - one.unhelpful, one.answer))


async def _votes(work: Work, known: str) -> Votes | None:
    state = await work.state(f"{INDEX}:{known}")
    return None if state is None else _decoder.decode(state)


def _digest(answer: str) -> str:
    return hashlib.blake2b(answer.encode(errors="replace"), digest_size=9).hexdigest()
