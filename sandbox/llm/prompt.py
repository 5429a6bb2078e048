"""The prompt as the stand-in understands it: its excerpts and questions, by their tags."""

from __future__ import annotations

import re

import msgspec

_EXCERPT = re.compile(r'<excerpt number="(\d+)"[^>]*>\n(.*?)\n</excerpt>', re.DOTALL)
_PART = "<{0}>\n(.*?)\n</{0}>"


class Prompt(msgspec.Struct, frozen=True):
    """`excerpts`: number -> text. `before` is None where no follow-up question is to be rewritten."""

    question: str
    before: str | None
    excerpts: dict[int, str]


def understood(text: str) -> Prompt:
    excerpts = {int(number): body for number, body in _EXCERPT.findall(text)}
    return Prompt(_part(text, "question") or "", _part(text, "before"), excerpts)


def _part(text: str, tag: str) -> str | None:
    found = re.search(_PART.format(tag), text, re.DOTALL)
    return found[1].strip() if found else None
