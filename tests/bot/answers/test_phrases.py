"""Phrases are found in what people write, however they write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.phrase import Phrase, phrases_of
from bot.answers.phrases import LONGEST, Phrases
from tests.generated import examples

GROUPS = {"boss": ("начальник", "шеф", "manager"), "shouts": ("орёт", "кричит", "yells", "yelling")}
WRITTEN = {
    "crisis": ("не хочу жить", "kill myself"),
    "harm": ("{boss} {shouts}", "домогаются", "домогается"),
    "pay": ("оклад", "зарплата", "salary"),
}
PHRASES = Phrases(phrases_of(WRITTEN, GROUPS))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("меня домогаются", "harm"),
        ("Домогаются ли тут?", "harm"),
        ("начальники на всех орут, наш НАЧАЛЬНИК орёт громче", "harm"),
        ("на меня опять орёт мой шеф", "harm"),
        ("yf xfkmybr jh`n", "harm"),
        ("nachalnik oret", "harm"),
        ("начальник орёёёёт", "harm"),
        ("начaльник opёт", "harm"),  # with Latin letters that look the same
        ("начальнк орет", "harm"),
        ("меня домагаются", "harm"),
        ("ьн ьфтфпук нуддыб", "harm"),  # "my manager yells," on the Russian keyboard
        ("my manager keeps yelling at me", "harm"),
        ("жить больше не хочу", "crisis"),
        ("I will kill myself", "crisis"),
        ("шеф орёт, и жить не хочу", "crisis"),  # what stands first in the file goes first
        ("какая зарплата у шефа", "pay"),
        ("как подключить впн", None),
        ("где склад", None),  # one slip from a word that is short and alone
        ("начальник отдела. " + "слово " * 9 + "кричит", None),
        ("жить хорошо", None),
        ("", None),
        ("???", None),
    ],
)
def test_a_phrase_is_found_in_any_form_and_spelling(text: str, found: str | None) -> None:
    assert PHRASES.find(text) == found


def test_what_stands_far_behind_in_a_text_is_found_as_far_as_it_is_read() -> None:
    long = "слово " * 150
    assert PHRASES.find(long[: LONGEST - 30] + "меня домогаются") == "harm"
    assert PHRASES.find("слово " * 400 + "меня домогаются") is None


def test_without_phrases_nothing_is_found() -> None:
    assert Phrases([]).find("меня домогаются") is None
    assert Phrases([Phrase("x", (frozenset({"жит"}),))]).find("жить") == "x"


@examples(60)
@given(st.text(max_size=400))
def test_any_text_is_taken(text: str) -> None:
    assert PHRASES.find(text) in (*WRITTEN, None)
    assert PHRASES.find(f"меня домогаются {text[:100]}") in ("harm", "crisis")
