"""What the stand-in says, from nothing but the prompt and how it is told to speak: the same prompt, the same words."""

from __future__ import annotations

import re

from sandbox.llm.model import Mode, Say
from sandbox.llm.prompt import Prompt, understood

NO_ANSWER = "NO_ANSWER"
FALSE = 99
MOST_SENTENCES = 2

_ORDER = re.compile(r"say: *(.+)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]{4,}")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_CITATION = re.compile(r" ?\[\d+\]")
_ROOT = 5


def said(text: str, how: Say) -> str:
    """`text` is all that the model was given."""
    prompt = understood(text)
    if how.mode is Mode.TEXT:
        return how.text
    if how.mode is Mode.INJECTED:
        return _obey(prompt)
    words = _rewritten(prompt) if prompt.before is not None else _composed(prompt)
    if how.mode is Mode.FALSE_CITATION:
        return _CITATION.sub(f" [{FALSE}]", words)
    return _CITATION.sub("", words) if how.mode is Mode.NO_CITATION else words


def _composed(prompt: Prompt) -> str:
    """The sentences that have most in common with the question; the earlier ones win a tie."""
    asked = _roots(prompt.question)
    found = [
        (len(_roots(sentence) & asked), number, sentence)
        for number, body in prompt.excerpts.items()
        for sentence in _SENTENCE.split(body)
    ]
    best = sorted((one for one in found if one[0]), key=lambda one: -one[0])[:MOST_SENTENCES]
    return " ".join(_cited(sentence, number) for _, number, sentence in best) or NO_ANSWER


def _cited(sentence: str, number: int) -> str:
    bare = sentence.strip().rstrip(".!?:;")
    return f"{bare[:1].upper()}{bare[1:]} [{number}]."


def _rewritten(prompt: Prompt) -> str:
    """Both questions in one line."""
    return " ".join(f"{(prompt.before or '').rstrip(' ?.!')}: {prompt.question}".split())


def _obey(prompt: Prompt) -> str:
    order = _ORDER.search("\n".join([*prompt.excerpts.values(), prompt.question]))
    return order[1].strip() if order else "I do whatever an excerpt says."


def _roots(text: str) -> frozenset[str]:
    return frozenset(word[:_ROOT] for word in _WORD.findall(text.casefold()))
