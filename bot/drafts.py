"""Drafts for the FAQ: what a colleague has answered, until somebody of HR publishes it or waves it off."""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.work import Work

INDEX = "drafts"


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """`helper` is who answered, `by` who of HR has settled it. One that is settled keeps no text."""

    id: str
    question: str
    answer: str
    language: Literal["ru", "en"]
    helper: str
    status: Literal["open", "published", "dismissed"] = "open"
    by: str | None = None


_drafts = msgspec.json.Decoder(Draft)


async def draft(work: Work, one: str) -> Draft | None:
    state = await work.state(f"draft:{one}")
    return None if state is None else _drafts.decode(state)


async def offer(work: Work, new: Draft) -> None:
    await work.read([f"draft:{new.id}"])
    work.put(f"draft:{new.id}", msgspec.json.encode(new))
    work.member(INDEX, new.id)


def settle(work: Work, before: Draft, status: Literal["published", "dismissed"], by: str) -> None:
    after = msgspec.structs.replace(before, question="", answer="", status=status, by=by)
    work.put(f"draft:{before.id}", msgspec.json.encode(after))
    work.member(INDEX, before.id, present=False)


async def waiting(work: Work) -> list[Draft]:
    """All that nobody has settled."""
    names = [f"draft:{one}" for one in sorted(await work.company.store.members(INDEX))]
    await work.read(names)
    return [_drafts.decode(state) for name in names if (state := await work.state(name)) is not None]
