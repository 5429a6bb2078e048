"""Text that somebody has written to harm: four times as much takes about four times as long, whatever it is."""

import time
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers.analysis import AT_ONCE, plain, stems
from bot.answers.document import Document, Section
from bot.answers.extract import LIMIT, extract
from bot.answers.passages import passages_of

FEW, MANY = 3_000, 12_000  # characters
PIECES = {
    "one word": "w",
    "words": "слово ",
    "spaces": " ",
    "empty lines": "\n",
    "lines of spaces": " \n",
    "full stops": ".",
    "sentences of a letter": "a. ",
    "abbreviations": "г. ",
    "numbers": "1. ",
    "quotes behind stops": '."',
    "dashes": "a. - ",
    "options": " --a-",
    "marks upon a letter": "\u0316\u0301",
    "no spaces between sentences": "。",
}


def page(text: str) -> Document:
    return Document(id="1", title="T", url=None, version=1, sections=(Section("", "", text),))


def cut(text: str) -> object:
    return passages_of(page(text))


def shown(text: str) -> object:
    return extract(text, "which word")


def cost(work: Callable[[], object]) -> float:
    """Seconds of this process alone, however busy the machine is; the least of several times."""

    def once() -> float:
        began = time.process_time()
        work()
        return time.process_time() - began

    return min(once() for _ in range(3))


@pytest.mark.parametrize("before", ["", "a\n\n", "long"])
@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_four_times_as_much_takes_about_four_times_as_long(piece: str, before: str) -> None:
    few, many = (
        (before if before != "long" else "x" * size + " ") + piece * (size // len(piece)) + "\nb"
        for size in (FEW, MANY)
    )
    works: tuple[Callable[[str], object], ...] = (cut, shown, stems)
    for work in works:
        assert cost(partial(work, many)) < 10 * max(cost(partial(work, few)), 0.003)


def test_a_hundred_thousand_headings_are_as_many_passages() -> None:
    sections = tuple(Section("h", "a", "b") for _ in range(100_000))
    assert len(passages_of(Document(id="1", title="T", url="https://w", version=1, sections=sections))) == 100_000


def test_a_word_of_a_megabyte_is_cut_where_it_is_shown() -> None:
    (passage,) = passages_of(page("w" * 1_000_000))
    assert len(extract(passage.text, "w")) <= LIMIT


@pytest.mark.parametrize("size", [AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE])
def test_a_letter_and_its_mark_are_one_wherever_they_stand_in_a_long_text(size: int) -> None:
    assert plain("й " * size + "и\u0306") == "й " * size + "й"


@settings(max_examples=60)
@given(st.lists(st.sampled_from([*PIECES.values(), "г", "А.", "- ", "\t", "\r\n"]) | st.text(max_size=4), max_size=30))
def test_no_text_makes_the_index_raise_and_no_word_of_it_is_lost(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = passages_of(page(text))
    said = " ".join(one.text for one in found).split()
    assert set(text.split()) <= set(said)
    assert all(len(extract(one.text, text)) <= LIMIT for one in found)
