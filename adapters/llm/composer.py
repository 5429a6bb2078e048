"""The composer of the core on an OpenAI-compatible API: what is asked of the model, and what of its answers is kept."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Literal, TypeVar

from adapters.llm.answer import read_answer
from adapters.llm.client import ModelClient, http_session
from adapters.llm.errors import Unfit
from adapters.llm.followup import read_rewrite
from adapters.llm.prompts import compose_turns, rewrite_turns
from adapters.llm.settings import LlmSettings
from bot.composer import Composed, Excerpt

REWRITE_TOKENS = 200
# A thousand characters of Russian, with room for a tokenizer that knows little of it.
COMPOSE_TOKENS = 800

Kept = TypeVar("Kept")

log = logging.getLogger(__name__)


class LlmComposer:
    """`bot.composer.Composer`. What is switched off in the settings gives None at once."""

    def __init__(self, client: ModelClient, settings: LlmSettings) -> None:
        self._client, self._settings = client, settings

    async def rewrite(self, question: str, before: str) -> str | None:
        if not (self._settings.rewrite and question.strip() and before.strip()):
            return None
        turns, seconds = rewrite_turns(question, before), self._settings.rewrite_seconds
        said = await self._client.complete(turns, tokens=REWRITE_TOKENS, seconds=seconds, purpose="rewrite")
        return None if said is None else _fit("rewrite", lambda: read_rewrite(said, question, before))

    async def compose(
        self, question: str, excerpts: Sequence[Excerpt], language: Literal["ru", "en"]
    ) -> Composed | None:
        if not (self._settings.compose and question.strip() and excerpts):
            return None
        turns, seconds = compose_turns(question, excerpts, language), self._settings.compose_seconds
        said = await self._client.complete(turns, tokens=COMPOSE_TOKENS, seconds=seconds, purpose="compose")
        return None if said is None else _fit("compose", lambda: read_answer(said, question, excerpts))


@contextlib.asynccontextmanager
async def llm_composer(settings: LlmSettings) -> AsyncIterator[LlmComposer | None]:
    """The composer for as long as the context lasts, with a session of its own; None where no model is configured."""
    if not settings.configured:
        yield None
        return
    async with http_session() as session:
        yield LlmComposer(ModelClient(session, settings), settings)


def _fit(purpose: str, read: Callable[[], Kept]) -> Kept | None:
    try:
        return read()
    except Unfit as unfit:
        log.info("the language model said nothing fit: %s, %s", purpose, unfit.code)
        return None
