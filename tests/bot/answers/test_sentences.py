"""Where sentences end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.sentences import is_code, sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Отпуск — 28 дней. Дни не сгорают!", ["Отпуск — 28 дней.", "Дни не сгорают!"]),
        ("Ask HR. They know? Yes… They do.", ["Ask HR.", "They know?", "Yes…", "They do."]),
        ("Возьмите паспорт, СНИЛС и т.д. Охрана ждёт.", ["Возьмите паспорт, СНИЛС и т.д.", "Охрана ждёт."]),
        ("Возьмите паспорт и т. д. и приходите.", ["Возьмите паспорт и т. д. и приходите."]),
        ("Можно и так, т.е. без пропуска.", ["Можно и так, т.е. без пропуска."]),
        ("Офис на ул. Ленина, д. 5, открыт.", ["Офис на ул. Ленина, д. 5, открыт."]),
        ("Use a client, e.g. WireGuard. It is free.", ["Use a client, e.g. WireGuard.", "It is free."]),
        ("Dr. Smith and Mr. Jones agree.", ["Dr. Smith and Mr. Jones agree."]),
        ("Лимит 3.5 ГБ, версия 1.2.3 вышла.", ["Лимит 3.5 ГБ, версия 1.2.3 вышла."]),
        ("А. С. Пушкин работает здесь. Спросите его.", ["А. С. Пушкин работает здесь.", "Спросите его."]),
        ("1. Установите клиент.\n2. Войдите.", ["1. Установите клиент.", "2. Войдите."]),
        ("«Кто там?» — спросила охрана. Я.", ["«Кто там?» — спросила охрана.", "Я."]),
        ("Откройте https://a.example/b.c?d=1. Готово.", ["Откройте https://a.example/b.c?d=1.", "Готово."]),
        ("", []),
        (" \n\n ", []),
    ],
)
def test_a_text_is_cut_where_its_sentences_end(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


@pytest.mark.parametrize(
    "line", ["$ sudo apt install wireguard. Now", "    return x. Y = 3", "git commit --all. Then", "x = a.b(c). D();"]
)
def test_a_line_of_code_stays_whole(line: str) -> None:
    assert is_code(line)
    assert [one.strip() for one in sentences(line)] == [line.strip()]


@pytest.mark.parametrize(
    "line", ["Напишите (если надо) охране.", "The office is open; ask at the desk.", "- Возьмите паспорт."]
)
def test_prose_is_no_code(line: str) -> None:
    assert not is_code(line)


@given(st.text())
def test_nothing_is_lost_between_the_sentences(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
