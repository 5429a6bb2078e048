"""What the buttons below an answer carry: the question, the answer that is meant, and what else it may have been."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import msgspec

from bot.knowledge import Answer

LONGEST = 2000  # characters that a button brings back, in the channel that takes fewest
LABEL = 75  # characters that are seen on it
ELLIPSIS = "…"

Id = Annotated[str, msgspec.Meta(max_length=500)]
Label = Annotated[str, msgspec.Meta(max_length=LABEL)]


class Other(msgspec.Struct, frozen=True, array_like=True):
    """Another answer that may have been meant, by its id."""

    id: Id
    label: Label


class Choice(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """`answer` is the id of the one that the button is about, "": none of them."""

    question: Annotated[str, msgspec.Meta(max_length=LONGEST)]
    answer: Id = ""
    others: Annotated[tuple[Other, ...], msgspec.Meta(max_length=5)] = ()

    @property
    def value(self) -> str:
        """Of a button. What does not fit is left out: the others first, then the end of the question."""
        for one in (self, msgspec.structs.replace(self, others=())):
            if len(written := _written(one)) <= LONGEST:
                return written
        short = msgspec.structs.replace(self, others=(), question=self.question[: len(self.question) // 2])
        return short.value if self.question else ""


_decoder = msgspec.json.Decoder(Choice)


def _written(choice: Choice) -> str:
    return msgspec.json.encode(choice).decode()


def choice(value: str) -> Choice | None:
    """What a button has brought back; None: it is none of ours, or of another version."""
    try:
        found = _decoder.decode(value.encode(errors="replace")) if len(value) <= LONGEST else None
    except msgspec.DecodeError:
        return None
    return found if found is not None and found.question.strip() else None


def others(answers: Iterable[Answer]) -> tuple[Other, ...]:
    return tuple(Other(one.id, label(one)) for one in answers)


def label(answer: Answer, most: int = LABEL) -> str:
    """What an answer is about, for a button: one line, cut at a word."""
    line = " ".join((answer.label.strip() or answer.source).split())
    return cut(line, most) or ELLIPSIS


def cut(line: str, most: int) -> str:
    """A line of at most so many characters, cut at a word where there is one to cut at."""
    if len(line) <= most:
        return line
    kept, _, part = line[:most].rpartition(" ")
    if len(part) > most // 2:
        kept = line[: most - 1]
    return kept.rstrip(" ,.;:-") + ELLIPSIS
