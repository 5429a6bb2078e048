"""Inquiries: what one person asks another through the bot, until it is answered; then, for some time, with the answer.

Whoever is asked has a desk, on which each inquiry has a short number: where no form can be shown, it is answered by it.
"""

from __future__ import annotations

import datetime
import hashlib
from typing import Literal

import msgspec

from bot.work import Work

ON_A_DESK = 100  # the latest numbers that are remembered
INDEX = "inquiries"
OF_ONE_ASKER = 10  # that wait for the same person at the same time


class Inquiry(msgspec.Struct, frozen=True, kw_only=True):
    """`helpers` may answer it: who was asked, and those it was passed on to by `passed_by`; ids of people.

    declined: whoever was asked cannot answer, and there is nobody else. An answer may still come. `at`: when something
    last happened to it; None: it was kept by a version that did not know. `private`: it is sensitive, and nobody but
    those who were asked learns of it.
    """

    id: str
    question: str
    asker: str
    helpers: tuple[str, ...]
    language: Literal["ru", "en"]
    status: Literal["open", "answered", "declined"] = "open"
    passed_by: str | None = None
    answer: str = ""
    answered_by: str | None = None
    at: datetime.datetime | None = None
    private: bool = False


class Desk(msgspec.Struct, frozen=True):
    """Ids of inquiries by their numbers on one person's desk; no number is given twice."""

    last: int = 0
    numbers: dict[int, str] = {}


_inquiries = msgspec.json.Decoder(Inquiry)
_desks = msgspec.json.Decoder(Desk)


def inquiry_id(asker: str, question: str, helper: str) -> str:
    """The same however often the same is asked of the same person."""
    meant = f"{asker} {helper} {' '.join(question.casefold().split())}"
    return hashlib.blake2b(meant.encode(errors="replace"), digest_size=8).hexdigest()


def is_private(work: Work, known: Inquiry) -> bool:
    """Also one that was asked before anybody knew what is sensitive."""
    return known.private or work.company.sensitive.topic(known.question) is not None


async def inquiry(work: Work, one: str) -> Inquiry | None:
    state = await work.state(f"inquiry:{one}")
    return None if state is None else _inquiries.decode(state)


def put(work: Work, after: Inquiry) -> None:
    """New state of an inquiry that was looked for in this work."""
    work.put(f"inquiry:{after.id}", msgspec.json.encode(msgspec.structs.replace(after, at=work.now)))
    work.member(INDEX, after.id)


async def forget(work: Work, known: Inquiry) -> None:
    """It is gone, from the desks of those who were asked, too. Their numbers are not given again."""
    work.put(f"inquiry:{known.id}", None)
    work.member(INDEX, known.id, present=False)
    await work.read([f"desk:{one}" for one in known.helpers])
    for helper in known.helpers:
        before = await desk(work, helper)
        left = {number: one for number, one in before.numbers.items() if one != known.id}
        if left != before.numbers:
            work.put(f"desk:{helper}", msgspec.json.encode(Desk(before.last, left)))


async def desk(work: Work, person: str) -> Desk:
    state = await work.state(f"desk:{person}")
    return Desk() if state is None else _desks.decode(state)


async def lay_on_desk(work: Work, person: str, one: str) -> int:
    """The number of the inquiry on the person's desk from now on."""
    before = await desk(work, person)
    number = before.last + 1
    kept = dict([*before.numbers.items(), (number, one)][-ON_A_DESK:])
    work.put(f"desk:{person}", msgspec.json.encode(Desk(number, kept)))
    return number


async def open_on_desk(work: Work, person: str) -> dict[int, Inquiry]:
    """What waits for the person's answer, by number."""
    numbers = (await desk(work, person)).numbers
    await work.read([f"inquiry:{one}" for one in numbers.values()])
    found = {number: await inquiry(work, one) for number, one in numbers.items()}
    return {
        number: one
        for number, one in found.items()
        if one is not None and one.status == "open" and one.passed_by != person
    }
