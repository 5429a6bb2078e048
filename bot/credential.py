"""Credentials as operators give them: what a header of HTTP can carry."""

from __future__ import annotations


def header_text(given: object) -> object:
    """Without blanks around it. Raises ValueError, which quotes nothing, for text that no header carries: HTTP would
    otherwise fail in the middle of a call."""
    if not isinstance(given, str):
        return given
    text = given.strip()
    if not (text.isascii() and text.isprintable()):
        raise ValueError("expected letters, digits and signs of ASCII, as keys and tokens have")
    return text
