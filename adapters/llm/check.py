"""Whether the language model is there, lets us in, and is the one that the settings name."""

from __future__ import annotations

from adapters.llm.client import ModelClient, http_session
from adapters.llm.errors import ModelError
from adapters.llm.prompts import Turn
from adapters.llm.settings import LlmSettings
from bot.flaw import Flaw
from bot.payload import as_object, parts, text

# An API of many vendors lists some hundreds.
MOST_MODELS = 5_000
SHOWN = 10
# A model that is loaded for the first question takes its time.
SECONDS = 30.0
TOKENS = 16
GREETING = (Turn("user", "Say OK."),)
NO_LIST = frozenset({"not-found", "refused", "too-long"})


async def check(settings: LlmSettings) -> list[Flaw]:
    """What is wrong; empty when nothing is, or no model is configured.

    Codes: model-unknown (with the models that there are), unauthorized, forbidden, not-found (no such model, or no such
    address), limited, refused, unreachable, timeout, failing, redirected, unreadable, too-long. Some APIs list their
    models to everybody and some list none, so the model is asked for a word too.
    """
    if not settings.configured:
        return []
    async with http_session() as session:
        client = ModelClient(session, settings)
        try:
            return await _unknown(client, settings) or await _silent(client)
        except ModelError as error:
            return [Flaw(error.code, {"error": error.detail, "url": settings.base})]


async def _unknown(client: ModelClient, settings: LlmSettings) -> list[Flaw]:
    try:
        raw = await client.models(seconds=SECONDS)
    except ModelError as error:
        if error.code in NO_LIST:
            return []
        raise
    known = sorted(filter(None, (text(one, "id") for one in parts(as_object(raw), "data", MOST_MODELS))))
    if not known or settings.model in known:
        return []
    return [Flaw("model-unknown", {"model": str(settings.model), "known": ", ".join(known[:SHOWN])})]


async def _silent(client: ModelClient) -> list[Flaw]:
    """A model that thinks aloud may need more than a few words; that it was cut off is no fault."""
    try:
        await client.ask(GREETING, tokens=TOKENS, seconds=SECONDS)
    except ModelError as error:
        if error.code == "unreadable" and error.detail == "length":
            return []
        raise
    return []
