"""What is allowed in FAQ files and probably not meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.problem import Problem
from bot.words_people import folded
from bot.yaml_events import Plain, Route
from bot.yaml_file import YamlFile


def lint_faq(files: Sequence[YamlFile]) -> list[Problem]:
    """A question that two entries have, however it is spelt: whoever asks it gets the answer of one of them, and HR may
    go on to correct the other."""
    found: list[Problem] = []
    places: dict[str, tuple[str, str]] = {}
    for number, read in enumerate(files):
        for route, entry in read.members():
            for at, question in _questions(route, entry):
                own = f"{number} {route[1]}"
                owner, where = places.setdefault(_spelt(question), (own, read.place(at)))
                if owner != own:
                    details = f"is asked in {where}, too: of two answers only one is given"
                    found.append(read.problem(at, "same-question", details))
    return found


def _spelt(question: str) -> str:
    """The same in any case, with ё or е, with other marks, and for wi-fi and WiFi."""
    return "".join(re.findall(r"\w+", folded(question))) or question


def _questions(route: Route, entry: dict[str, Plain]) -> Iterator[tuple[Route, str]]:
    """Every way to ask it, each with where it stands."""
    question, also = entry.get("question"), entry.get("also")
    for language in ("ru", "en"):
        if isinstance(question, dict) and isinstance(asked := question.get(language), str):
            yield (*route, "question", language), asked
    for language in ("ru", "en"):
        ways = also.get(language) if isinstance(also, dict) else None
        for index, asked in enumerate(ways if isinstance(ways, list) else ()):
            if isinstance(asked, str):
                yield (*route, "also", language, index), asked
