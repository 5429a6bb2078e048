"""Knowledge: a question goes in; out comes an answer with its source, or guesses to choose from, or an honest no."""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

Band = Literal["answer", "maybe", "unknown"]


class Cited(msgspec.Struct, frozen=True):
    """What a composed answer names as [1], [2] and so on, in this order."""

    source: str
    url: str | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One answer with its source.

    `id` names it for a later `read`: it stays the same as long as its source does. `label` is what it is about, for a
    button: the question of an FAQ entry, or the heading of a page. `text` of an FAQ entry is word for word as HR wrote
    it; of a page it is an extract. `source` is "title > heading". `confidence` is between 0 and 1. A composed one has
    all that it `cited`.
    """

    id: str
    label: str
    text: str
    source: str
    url: str | None = None
    confidence: float = 0.0
    kind: Literal["faq", "page", "composed"] = "page"
    cited: tuple[Cited, ...] = ()


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about a question.

    `band`: answer (`best` is given), maybe (one of `others` may be meant), unknown. `others`: what else it may be, the
    likeliest first; two beside an answer, three without. `language` is that of the question. `confidential`: where
    somebody can turn in confidence, whatever the question; told only of a private one.
    """

    band: Band
    language: Literal["ru", "en"]
    best: Answer | None = None
    others: tuple[Answer, ...] = ()
    confidential: tuple[Answer, ...] = ()


class Knowledge(Protocol):
    """Whatever can answer questions. What is asked is untrusted: any text of any length."""

    async def find(self, question: str, locale: str, before: str = "", *, private: bool = False) -> Found:
        """What is known about the question; `before` is what the same person asked just before it, if they did.

        `locale` is the person's: it counts where the question itself tells no language. What is `private` does not
        leave the process: no language model reads it.
        """
        ...

    async def read(self, answer: str, question: str, locale: str) -> Answer | None:
        """The answer of that id, as it is now, for somebody who asked `question`; None: it is no longer there."""
        ...

    async def search(self, words: str, locale: str, limit: int = 8) -> tuple[Answer, ...]:
        """What has most to do with the words, best first, each document once; whatever the confidence."""
        ...
