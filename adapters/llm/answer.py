"""Whether what the model said may be shown: every statement cited, nothing made up that can be checked; pure."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.llm.errors import Unfit
from adapters.llm.plain import plain
from adapters.llm.prompts import EXCERPT_LENGTH, MOST_EXCERPTS, NO_ANSWER, SOURCE_LENGTH
from adapters.llm.statements import addresses, cited, numbers, statements, tidied
from bot.composer import CITATION, Composed, Excerpt

LONGEST = 1_000


def read_answer(said: str, question: str, excerpts: Sequence[Excerpt]) -> Composed:
    """The answer. Raises Unfit: empty, no-answer, long, uncited (a statement has no citation), false-citation (of an
    excerpt that was not shown), address, number (one that no cited excerpt has).

    Each sentence and each item of a list cites; a citation right after its full stop is its own. Numbers may also come
    from the question, addresses may not.
    """
    text = tidied(plain(said))
    _check_form(text)
    shown = {one.number: one for one in excerpts[:MOST_EXCERPTS]}
    named = cited(text)
    if not shown.keys() >= set(named):
        raise Unfit("false-citation")
    if not named or not all(CITATION.search(statement) for statement in statements(text)):
        raise Unfit("uncited")
    _check_facts(text, question, "\n".join(_shown(shown[number]) for number in named))
    return Composed(text, named)


def _shown(excerpt: Excerpt) -> str:
    return f"{excerpt.source[:SOURCE_LENGTH]}\n{excerpt.text[:EXCERPT_LENGTH]}"


def _check_form(text: str) -> None:
    if NO_ANSWER in text.upper().replace(" ", "_"):
        raise Unfit("no-answer")
    if not CITATION.sub("", text).strip(" .\n-"):
        raise Unfit("empty")
    if len(text) > LONGEST:
        raise Unfit("long")


def _check_facts(text: str, question: str, sources: str) -> None:
    if not addresses(text) <= addresses(sources):
        raise Unfit("address")
    if not numbers(text) <= numbers(sources) | numbers(question):
        raise Unfit("number")
