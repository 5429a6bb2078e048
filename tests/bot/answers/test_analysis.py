"""Text becomes words, and words become stems."""

import pytest

from bot.answers.analysis import LONGEST_WORD, plain, stem, stems, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Как сменить ПАРОЛИ?", "как сменил пароль"),
        ("ещё ёлка", "еще елки"),
        ("Don’t connect", "do not connecting"),
        ("isn't", "is not"),
        ("can't", "can not"),
        ("the manager's laptops", "the manager laptop"),
        ("\uff36\uff30\uff2e", "vpn"),  # letters of a double width
        ("о\u0301тпуск", "отпуск"),  # with its stress marked
        ("от\u00adпуск", "отпуск"),  # with a soft hyphen in it
        ("е\u0308лка", "елка"),  # "ё" written as two characters
    ],
)
def test_one_thing_has_the_same_stems_however_it_is_written(one: str, other: str) -> None:
    assert stems(one) == stems(other)


def test_russian_and_english_are_stemmed_side_by_side() -> None:
    assert stems("Сотрудниками running серверов") == ["сотрудник", "run", "сервер"]


def test_numbers_and_names_with_digits_are_words() -> None:
    assert words("308 очков, 2FA и Office365") == ["308", "очков", "2fa", "и", "office365"]


def test_what_no_word_is_parts_words() -> None:
    assert words("vpn/wi-fi_почта\x00🙂пароль\ud83dсервер") == ["vpn", "wi", "fi", "почта", "пароль", "сервер"]


def test_what_is_too_long_for_a_word_is_none() -> None:
    assert words("x" * LONGEST_WORD) == ["x" * LONGEST_WORD]
    assert words("x" * (LONGEST_WORD + 1)) == []


@pytest.mark.parametrize("nothing", ["", " \n\t", "?!…", "🙂", "\ud83d", "\x00"])
def test_nothing_has_no_words(nothing: str) -> None:
    assert words(nothing) == []


def test_the_spelling_can_be_written_to_a_file() -> None:
    assert plain("a\ud83d\udc00").encode()


def test_a_stem_is_its_own_stem_in_another_form() -> None:
    assert stem("подключения") == stem("подключении")
    assert stem("connecting") == stem("connected")
