"""What a task may be given beside its name, in both languages and in any order."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Misunderstood
from bot.message import Phrase
from bot.speech import Ref
from bot.speech_terms import Terms, terms
from tests.bot.kit import day

TODAY = day("2026-12-02")  # a Wednesday
FRIDAY = day("2026-12-04")
ANNA, IT = Ref("name", "anna"), Ref("name", "it")


@pytest.mark.parametrize(
    "text",
    [
        '@anna "Prepare a laptop" priority high due friday for @it',
        'due friday for @it priority: HIGH, "Prepare a laptop" @anna',
        '@anna "Prepare a laptop" приоритет высокий срок пятница для @it',
        '@anna "Prepare a laptop" приоритет высокий до пятницы исполнитель @it',
        '@anna "Prepare a laptop" к пятнице, приоритет важно, исполнитель: @it',
        'для @it @anna "Prepare a laptop" срок до пятницы приоритет высокий',
        '@anna "Prepare a laptop" assignee @it by friday priority high',
        '@anna "Prepare a laptop" на пятницу for "@it" приоритет высокая',
        '@anna "Prepare a laptop" к 4 декабря for "@it" приоритет высокая',
        '@anna "Prepare a laptop" срок 4 декабря 2026 г., приоритет высокая для @it',
        'priority high by December 4 @anna "Prepare a laptop" assignee @it',
    ],
)
def test_terms_stand_in_any_order_and_language(text: str) -> None:
    wanted = Terms(people=(ANNA,), executor=IT, priority="high", due=FRIDAY, rest=('"Prepare a laptop"',))
    assert terms(text, TODAY) == wanted


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Подготовить доступ к почте для новых коллег", "Подготовить доступ к почте для новых коллег"),
        ("Read «War and Peace» for fun", "Read «War and Peace» for fun"),
        ("Go to the office on foot", "Go to the office on foot"),
        ('"priority" of "due"', '"priority" of "due"'),
        ("Сдать отчёт за 1 декабря", "Сдать отчёт за 1 декабря"),
        ("", ""),
    ],
)
def test_a_title_keeps_its_small_words(text: str, rest: str) -> None:
    assert " ".join(terms(text, TODAY).rest) == rest


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        ("приоритет самый высокий", "highest"),
        ("приоритет «самый низкий»", "lowest"),
        ("priority urgent", "highest"),
        ("приоритет средний", "medium"),
    ],
)
def test_a_priority_may_be_of_two_words(text: str, priority: str) -> None:
    assert terms(text, TODAY).priority == priority


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("priority huge", "priority-unknown"),
        ("приоритет", "priority-missing"),
        ("due someday", "date-unknown"),
        ("срок до", "due-missing"),
        ("due", "due-missing"),
        ("исполнитель Анна", "executor-missing"),
        ("assignee", "executor-missing"),
    ],
)
def test_what_is_named_and_not_understood_is_said(text: str, said: str) -> None:
    with pytest.raises(Misunderstood) as error:
        terms(text, TODAY)
    assert isinstance(error.value.text, Phrase)
    assert error.value.text.key == said


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Misunderstood):
        terms(text, TODAY)
