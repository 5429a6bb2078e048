"""Which of our two languages somebody reads."""

from __future__ import annotations

from typing import Literal

Language = Literal["ru", "en"]


def language(locale: str) -> Language:
    """The language we speak to somebody of this locale: English to those who ask for it, else Russian."""
    return "en" if locale.casefold().startswith("en") else "ru"
