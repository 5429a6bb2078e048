"""Pages as HTML: templates of `pages/`, filled with texts; whatever is filled in is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path
from string import Template

from bot.message import Phrase
from bot.ports import Say

FOLDER = Path(__file__).parent / "pages"


class Html(str):
    """Finished markup, which is not escaped again."""

    __slots__ = ()


@lru_cache
def _template(name: str) -> Template:
    return Template((FOLDER / name).read_text(encoding="utf-8"))


def fill(name: str, values: Mapping[str, str]) -> Html:
    """Placeholders are written with underscores for the dashes of the keys."""
    ready = {
        key.replace("-", "_"): value if isinstance(value, Html) else escape(value) for key, value in values.items()
    }
    return Html(_template(name).substitute(ready))


def texts(keys: Sequence[str], say: Say) -> dict[str, str]:
    return {key: say(Phrase(f"web-{key}")) for key in keys}
