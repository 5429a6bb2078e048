"""Which questions lean on the one before them."""

import pytest

from bot.answers.leaning import answers_to, leans, refers


@pytest.mark.parametrize(
    "question",
    ["а из другой страны?", "and on a phone?", "а если я его не пройду?", "Сколько это длится?", "why?", "Когда?"],
)
def test_a_question_that_points_back_says_so(question: str) -> None:
    assert refers(question, "как подключить VPN?")


@pytest.mark.parametrize(
    "question",
    ["какая столица Франции", "хочу уволиться", "where is the canteen", "Сколько стоит обед в столовой?", "?!"],
)
def test_a_short_question_about_something_else_stands_alone(question: str) -> None:
    assert not refers(question, "как подключить VPN?")
    assert leans(question, "как подключить VPN?")


def test_nothing_leans_on_nothing_and_a_long_question_explains_itself() -> None:
    assert not refers("а дома?", "")
    assert not refers("а как мне быть, если я работаю из дома и без телефона?", "как подключить VPN?")


def test_what_answers_the_question_before_alone_does_not_answer_the_next() -> None:
    page = "Отпускные придут за три дня до начала отпуска. Перенести отпуск можно на портале."
    assert answers_to("а перенести его?", page)
    assert answers_to("а почему?", page)
    assert not answers_to("а где хранят аквариумные камни?", page)
