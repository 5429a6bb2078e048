"""Words as texts are compared by them."""

from bot.words import misspelt, stems, words


def test_stems_forget_case_endings_and_small_talk() -> None:
    assert stems("Подскажите, как сменить ПАРОЛИ?") == stems("сменить пароль")
    assert stems("ещё ёлка") == stems("елки")
    assert stems("don’t connect") == stems("not connecting")


def test_slips_are_near_and_begin_alike() -> None:
    assert misspelt("парло", "парол")
    assert not misspelt("барол", "парол")
    assert not misspelt("кот", "код")


def test_an_order_of_letters_that_is_turned_round_is_one_slip() -> None:
    assert misspelt("пралои", "парлои")
    assert not misspelt("прлаои", "парлои")


def test_half_a_pair_of_surrogates_parts_words() -> None:
    assert words("пароль\ud83dсервера") == ("пароль", "сервера")
