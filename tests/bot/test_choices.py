"""What buttons carry: within the limit of every channel, and read with suspicion."""

import pytest

from bot.choices import LABEL, LONGEST, Choice, Other, choice, cut, label
from bot.knowledge import Answer

OTHERS = (Other("a", "x" * LABEL), Other("b", "y" * LABEL))


def answer(said: str, source: str = "Handbook") -> Answer:
    return Answer(id="a", label=said, text="x", source=source)


@pytest.mark.parametrize("question", ["vpn?", "ё" * 1000, '"' * 1000, "\x01" * 1000, "👩‍🚀" * 300, "a\n" * 500])
def test_a_choice_fits_and_comes_back(question: str) -> None:
    written = Choice(question, "faq:vpn", OTHERS).value
    assert len(written) <= LONGEST
    found = choice(written)
    assert found is not None
    assert found.answer == "faq:vpn"
    assert question.startswith(found.question)
    assert found.others in (OTHERS, ())


def test_what_is_short_comes_back_whole() -> None:
    whole = Choice("vpn?", "faq:vpn", OTHERS)
    assert choice(whole.value) == whole
    assert choice(Choice("vpn?").value) == Choice("vpn?")


@pytest.mark.parametrize(
    "value", ["", "{}", '["q","a",[["i","' + "l" * 76 + '"]]]', '["q","a",[1]]', "\udcff", "[" * 9999]
)
def test_anything_else_is_no_choice(value: str) -> None:
    assert choice(value) is None


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Как оформить отпуск?", "Как оформить отпуск?"),
        ("  a \n b  ", "a b"),
        ("", "Handbook"),
        ("слово " * 20, "слово слово слово слово слово слово слово слово слово слово слово слово…"),
        ("w" * 100, "w" * (LABEL - 1) + "…"),
    ],
)
def test_a_label_is_one_line_cut_at_a_word(said: str, shown: str) -> None:
    assert label(answer(said)) == shown
    assert len(shown) <= LABEL


def test_a_label_of_nothing_is_still_a_button() -> None:
    assert label(answer(" ", source="\n")) == "…"


def test_a_line_is_not_cut_after_a_comma() -> None:
    assert cut("one, two, three", 10) == "one, two…"
