"""Drafts for the FAQ: what a colleague has answered, until somebody of HR publishes it or waves it off."""

from __future__ import annotations

import datetime
from typing import Literal

import msgspec

from bot.work import Work

INDEX = "drafts"
SETTLED = "drafts:settled"


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """`helper` is who answered, `by` who of HR has settled it. One that is settled keeps no text. `at`: when it was
    offered or settled; None: it was kept by a version that did not know."""

    id: str
    question: str
    answer: str
    language: Literal["ru", "en"]
    helper: str
    status: Literal["open", "published", "dismissed"] = "open"
    by: str | None = None
    at: datetime.datetime | None = None


_drafts = msgspec.json.Decoder(Draft)


async def draft(work: Work, one: str) -> Draft | None:
    state = await work.state(f"draft:{one}")
    return None if state is None else _drafts.decode(state)


async def offer(work: Work, new: Draft) -> None:
    await work.read([f"draft:{new.id}"])
    keep(work, new)


def keep(work: Work, draft: Draft) -> None:
    """As it is from now on, of one that was looked for in this work."""
    work.put(f"draft:{draft.id}", msgspec.json.encode(msgspec.structs.replace(draft, at=work.now)))
    work.member(INDEX, draft.id, present=draft.status == "open")
    work.member(SETTLED, draft.id, present=draft.status != "open")


def forget(work: Work, one: str) -> None:
    work.put(f"draft:{one}", None)
    work.member(INDEX, one, present=False)
    work.member(SETTLED, one, present=False)


def settle(work: Work, before: Draft, status: Literal["published", "dismissed"], by: str) -> None:
    keep(work, msgspec.structs.replace(before, question="", answer="", status=status, by=by))


async def waiting(work: Work) -> list[Draft]:
    """All that nobody has settled."""
    names = [f"draft:{one}" for one in sorted(await work.company.store.members(INDEX))]
    await work.read(names)
    return [_drafts.decode(state) for name in names if (state := await work.state(name)) is not None]
