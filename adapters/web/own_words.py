"""A text that the company has written for one of its pages: paragraphs, and headings after `# `."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from adapters.web.templates import Html, fill
from bot.addresses import stretches
from bot.texts import LANGUAGES

LANGUAGE = "{lang}"  # in the name of a file: one for each language
MOST_BYTES = 64 * 1024
HEADING = "# "


class UnreadableText(ValueError):
    """Why the text cannot be shown, in a sentence that names the file."""


def own_words(path: str) -> dict[str, str]:
    """The text for each language that we speak. Raises UnreadableText."""
    if not path.isprintable():
        raise UnreadableText("expected the path of a text file, without control characters")
    return {language: _read(Path(path.replace(LANGUAGE, language))) for language in LANGUAGES}


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableText(f"{path} cannot be read: {error.strerror}") from None
    if len(content) > MOST_BYTES:
        raise UnreadableText(f"{path} is longer than {MOST_BYTES // 1024} KB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableText(f"{path} is not UTF-8 at byte {error.start}") from None
    if not text.strip():
        raise UnreadableText(f"{path} is empty")
    return text.replace("\r\n", "\n")


def blocks(text: str) -> Iterator[Html]:
    """The markup of each heading and paragraph; addresses are links, everything else is text."""
    for part in filter(None, (part.strip() for part in text.split("\n\n"))):
        first, _, rest = part.partition("\n")
        if first.startswith(HEADING):
            yield fill("heading.html", {"text": first.removeprefix(HEADING).strip()})
        if rest or not first.startswith(HEADING):
            yield paragraph(rest if first.startswith(HEADING) else part)


def paragraph(text: str) -> Html:
    parts = (
        fill("plain.html", {"text": part.text})
        if part.url is None
        else fill("address.html", {"text": part.text, "url": part.url})
        for part in stretches(text)
    )
    return fill("paragraph.html", {"content": Html("".join(parts))})
