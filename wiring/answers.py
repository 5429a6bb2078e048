"""`ask`: the knowledge at the command line."""

from __future__ import annotations

from bot.faq_file import load_faq
from bot.faq_search import FaqSearch
from bot.knowledge import Answer
from wiring.settings import AllSettings


async def find(settings: AllSettings, question: str, locale: str) -> Answer | None:
    return (await FaqSearch(load_faq(settings.main.scenarios_dir / "faq")).find(question, locale)).best
