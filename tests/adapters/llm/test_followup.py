"""A rewritten question is looked up when it is one, and about what was asked."""

import pytest

from adapters.llm.errors import Unfit
from adapters.llm.followup import LONGEST, content, read_rewrite

QUESTION, BEFORE = "А на Маке?", "Как подключить VPN?"


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("Как подключить VPN на Маке?", "Как подключить VPN на Маке?"),
        (" «Подключение VPN на Маке»\n", "Подключение VPN на Маке"),
        ("**Подключение к сети**", "Подключение к сети"),
    ],
)
def test_it_has_a_word_in_common_with_what_was_asked(said: str, text: str) -> None:
    assert read_rewrite(said, QUESTION, BEFORE) == text


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("", "empty"),
        ("Как подключить VPN?\nА на Маке?", "lines"),
        ("Как подключить VPN " + "на Маке " * 40, "long"),
        ("How to connect VPN on a Mac?", "language"),
        ("Как подключить VPN на evil.example?", "address"),
        ("Как мне взять отпуск?", "stray"),
        ("Как это?", "stray"),
    ],
)
def test_anything_else_is_left_alone(said: str, code: str) -> None:
    with pytest.raises(Unfit) as unfit:
        read_rewrite(said, QUESTION, BEFORE)
    assert unfit.value.code == code


def test_its_length_has_a_limit() -> None:
    whole = "VPN " + "я" * (LONGEST - 4)
    assert read_rewrite(whole, QUESTION, BEFORE) == whole


def test_endings_dots_and_small_words_do_not_count() -> None:
    assert content("Как подключить ещё?") == content("подключение")
    assert content("в чём моё дело") == {"дело"}
