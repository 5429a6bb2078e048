"""Knowledge: a question goes in, an answer with its source comes out, or an honest nothing."""

from typing import Protocol

import msgspec


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer in the language of whoever asked. `score` is between 0 and 1, to compare answers by."""

    text: str
    source_title: str
    source_url: str | None = None
    entry_id: str
    score: float


class Knowledge(Protocol):
    """Whatever can answer questions."""

    async def find(self, question: str, locale: str) -> Answer | None:
        """The best answer, in the language of the locale, whatever language the question is in.

        None when nothing answers it well. The question is untrusted: any text of any length.
        """
        ...
