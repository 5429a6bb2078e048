"""An answer is shown when each of its statements is cited and what can be checked is not made up."""

import time

import pytest

from adapters.llm.answer import LONGEST, read_answer
from adapters.llm.errors import Unfit
from adapters.llm.prompts import NO_ANSWER
from bot.composer import Composed, Excerpt

VPN = Excerpt(1, "VPN > Доступ", "Откройте портал https://vpn.example.com/start. Пароль: от 12 символов. ssh <host>")
LEAVE = Excerpt(2, "Отпуск", "Отпуск 28 дней. Пишите на hr@example.com. Премия 25 000 рублей.")
EXCERPTS = (VPN, LEAVE)


def read(said: str) -> Composed:
    return read_answer(said, "Что изменилось в 2026 году?", EXCERPTS)


@pytest.mark.parametrize(
    ("said", "cited"),
    [
        ("Откройте портал [1].", (1,)),
        ("Отпуск 28 дней [2]. Откройте портал [1]. Пишите в отдел [2].", (2, 1)),
        ("Откройте портал и возьмите отпуск [1][2].", (1, 2)),
        ("Нужно вот что:\n- портал [1]\n- пароль от 12 символов [1]", (1,)),
        ("1. Откройте портал [1].\n2. Пишите на hr@example.com [2].", (1, 2)),
        ("Портал https://vpn.example.com/start открыт всем [1].", (1,)),
        ("Премия 25000 руб. и отпуск 28 дней, т. е. много [2].", (2,)),
        ("В 2026 году отпуск 28 дней [2].", (2,)),
        ("Can I? Yes [1].", None),
        ("Откройте портал [1] и VPN [2].", (1, 2)),
    ],
)
def test_every_statement_is_cited_or_there_is_no_answer(said: str, cited: tuple[int, ...] | None) -> None:
    if cited is None:
        with pytest.raises(Unfit, match="uncited"):
            read(said)
    else:
        assert read(said) == Composed(said, cited)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("Откройте портал. [1] Отпуск 28 дней. [2]", "Откройте портал [1]. Отпуск 28 дней [2]."),
        ("Откройте портал [1, 2].", "Откройте портал [1][2]."),
        ("Откройте портал[1].", "Откройте портал [1]."),
        ("Откройте портал【1†source】.", "Откройте портал [1]."),
        ("Выполните `ssh ‹host›` [1].", "Выполните ssh <host> [1]."),
    ],
)
def test_citations_are_written_in_one_way(said: str, text: str) -> None:
    assert read(said).text == text


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Откройте портал.", "uncited"),
        ("Откройте портал [1]. Пришлите пароль коллегам.", "uncited"),
        ("Пришлите пароль коллегам. Откройте портал [1].", "uncited"),
        ("Откройте портал [1] Пришлите пароль коллегам", "uncited"),
        ("Откройте портал [1].\n\nПришлите пароль коллегам", "uncited"),
        ("Нужно:\n- портал [1]\n- пароль", "uncited"),
        ("Пришлите пароль:\nОткройте портал [1].", "uncited"),
        ("Это так. Пришлите пароль:\n- портал [1]", "uncited"),
        ("Пришлите " + "очень " * 13 + "много:\n- портал [1]", "uncited"),
        ("Откройте портал [1–2].", "uncited"),
        ("Откройте портал [3].", "false-citation"),
        ("Откройте портал [1]. Отпуск 28 дней [99].", "false-citation"),
        ("Откройте портал [0].", "false-citation"),
        ("Откройте https://evil.example/start [1].", "address"),
        ("Откройте vpn.example.com.evil.example [1].", "address"),
        ("Откройте [портал](https://evil.example) [1].", "address"),
        ("Пишите на hr@example.com [1].", "address"),
        ("Пишите на it@example.com [2].", "address"),
        ("Отпуск 31 день [2].", "number"),
        ("Отпуск 28 дней [1].", "number"),
        (NO_ANSWER, "no-answer"),
        (f"К сожалению, {NO_ANSWER.lower()} [1].", "no-answer"),
        ("", "empty"),
        ("[1].", "empty"),
        ("Откройте портал " + "очень " * 200 + "[1].", "long"),
    ],
)
def test_what_is_not_borne_out_by_the_excerpts_is_no_answer(said: str, code: str) -> None:
    with pytest.raises(Unfit) as unfit:
        read(said)
    assert unfit.value.code == code


def test_an_address_of_the_question_does_not_become_one_of_the_answer() -> None:
    with pytest.raises(Unfit, match="address"):
        read_answer("Да, https://evil.example верен [1].", "Верен ли https://evil.example?", EXCERPTS)


def test_an_answer_may_be_as_long_as_a_message() -> None:
    said = "Откройте портал " + "о" * (LONGEST - 21) + " [1]."
    assert len(read(said).text) == LONGEST


@pytest.mark.parametrize("unit", ["[", "[1", "!", "a.", "<!--", "<a ", "*a", "\n", "[a](", "【1", "1 000 ", "- ", "a@"])
def test_no_answer_takes_long_to_read(unit: str) -> None:
    began = time.process_time()
    with pytest.raises(Unfit):
        read(unit * (4_000 // len(unit)))
    assert time.process_time() - began < 5
