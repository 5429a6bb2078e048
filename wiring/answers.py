"""`ask`: the knowledge at the command line, the same as in a chat."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.knowledge import Answer, Found
from wiring.answering import opened
from wiring.settings import AllSettings
from wiring.store import beside, store_of


async def find(settings: AllSettings, question: str, locale: str, say: Callable[[str], None]) -> Found:
    """What the bot would answer, out of the FAQ and of the pages that are in the store."""
    spaces = None if settings.sandboxed else settings.confluence.spaces
    async with beside(settings) as client, opened(settings, store_of(client, settings), spaces) as (answers, indexing):
        await indexing.take_up("faq")
        say("Looking whether the pages of the wiki have changed; a large wiki that is new here takes a minute.")
        await indexing.take_up("page")
        return await answers.find(question, locale)


def lines(found: Found) -> Iterator[str]:
    """As people at a terminal read it."""
    if found.band == "unknown":
        yield "no good answer"
    if found.best is not None:
        yield from _shown(found.best)
    if found.others:
        yield "not what you meant? perhaps:" if found.best else "perhaps one of these is meant:"
    for one in found.others:
        where = "" if one.kind == "page" else f"  ({one.source})"
        yield f"  {one.confidence:.2f}  {one.label}{where}"


def _shown(best: Answer) -> Iterator[str]:
    yield best.text
    yield f"-- {best.source}{f', {best.url}' if best.url else ''}  (confidence {best.confidence:.2f})"
