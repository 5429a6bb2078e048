"""What of a passage is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.extract import LIMIT, extract

TEXT = (
    "Работа начинается в десять. Отпуск оформляют на портале за две недели. Деньги приходят за три дня до начала. "
    "Обед — когда угодно. Вопросы о здоровье задают страховой."
)


def test_the_sentence_that_answers_comes_with_its_better_neighbour() -> None:
    assert extract(TEXT, "как оформить отпуск и когда деньги", 120) == (
        "Отпуск оформляют на портале за две недели. Деньги приходят за три дня до начала."
    )
    assert extract(TEXT, "начало работы и оформление отпуска") == (
        "Работа начинается в десять. Отпуск оформляют на портале за две недели."
    )


def test_a_neighbour_that_does_not_fit_is_left_out() -> None:
    assert extract(TEXT, "оформить отпуск", 50) == "Отпуск оформляют на портале за две недели."


def test_a_question_that_says_nothing_gets_the_beginning() -> None:
    assert extract(TEXT, "quo vadis", 60).startswith("Работа начинается в десять.")
    assert extract(" \n ", "отпуск") == ""


def test_items_of_a_list_and_rows_of_a_table_stay_lines() -> None:
    table = "Город | Адрес\nМосква | Тверская, 1\nКазань | Баумана, 5"
    assert extract(table, "адрес в Казани на Баумана") == "Москва | Тверская, 1\nКазань | Баумана, 5"
    steps = "1. Откройте портал.\n2. Подайте заявку на пропуск.\n3. Ждите письма."
    assert extract(steps, "заявка на пропуск, письмо") == "2. Подайте заявку на пропуск.\n3. Ждите письма."


def test_a_sentence_that_is_too_long_is_cut_between_words_where_the_question_is_answered() -> None:
    long = (
        " ".join(f"слово{at}" for at in range(100))
        + " пароль меняют здесь "
        + " ".join(f"конец{at}" for at in range(100))
    )
    found = extract(long, "сменить пароль")
    assert "пароль" in found
    assert (found[0], found[-1], len(found) <= LIMIT) == ("…", "…", True)
    assert set(found.strip("…").split()) <= set(long.split())


def test_an_address_and_a_line_of_code_are_whole_or_not_there() -> None:
    command = "$ curl --silent " + " ".join(f"--header=X{at}:vpn" for at in range(60))
    found = extract(f"Настройка vpn:\n{command}", "настройка vpn curl")
    assert found == "Настройка vpn:"
    assert extract(command, "curl vpn") == "…"
    address = "https://vpn.example/" + "a" * 400
    assert extract(f"{address} vpn", "vpn") == "…vpn"
    assert extract(address, "vpn") == "…"


@given(st.text(), st.text(max_size=50), st.integers(20, 500))
@pytest.mark.filterwarnings("error")
def test_an_extract_is_never_longer_than_its_limit(text: str, question: str, limit: int) -> None:
    assert len(extract(text, question, limit)) <= limit


@given(st.lists(st.sampled_from(["слово", "https://a.example/b", "vpn.", ";", "\n", "и"]), max_size=200).map(" ".join))
def test_an_extract_has_only_whole_words_of_its_text(text: str) -> None:
    assert set(extract(text, "vpn слово", 60).strip("…").split()) <= set(text.split())
