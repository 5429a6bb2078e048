"""Everything we say, in Project Fluent: `ru.ftl` and `en.ftl` beside this file, and `*.ru.ftl` and `*.en.ftl` for what
only one adapter says. No other file holds a user's text."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date
from fluent.runtime import FluentBundle, FluentResource

from bot.locales import language
from bot.message import Day, Local, Phrase, Text
from bot.ports import Say

LANGUAGES = ("ru", "en")
LONGEST_ARGUMENT = 1000
log = logging.getLogger(__name__)


@lru_cache(maxsize=2)
def _bundle(name: str) -> FluentBundle:
    bundle = FluentBundle([name], use_isolating=False)
    folder = Path(__file__).parent
    for path in (folder / f"{name}.ftl", *sorted(folder.glob(f"*.{name}.ftl"))):
        bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return bundle


@lru_cache(maxsize=2)
def _voice(name: str) -> Say:
    bundle = _bundle(name)

    def phrase(text: Phrase) -> str:
        if not bundle.has_message(text.key) or (pattern := bundle.get_message(text.key).value) is None:
            log.error("text missing", extra={"key": text.key, "language": name})
            return text.key
        args = {key: value if isinstance(value, int) else _clipped(say(value)) for key, value in text.args.items()}
        said, errors = bundle.format_pattern(pattern, args)
        for error in errors:
            log.error("text broken", extra={"key": text.key, "language": name, "error": type(error).__name__})
        return str(said)

    def say(text: Text) -> str:
        match text:
            case str():
                return text
            case Local():
                return text.in_language(name)
            case Day():
                return str(format_date(text.date, "EEE, d MMMM", locale=name))
            case Phrase():
                return phrase(text)

    return say


def _clipped(argument: str) -> str:
    """What people wrote may be of any length, and Fluent leaves out whatever is longer than 2,500 characters."""
    return argument if len(argument) <= LONGEST_ARGUMENT else f"{argument[:LONGEST_ARGUMENT]}…"


def speaker(locale: str) -> Say:
    """The voice for somebody of this locale."""
    return _voice(language(locale))
