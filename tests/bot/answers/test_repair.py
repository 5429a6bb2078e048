"""Questions that were written by mistake: on the wrong keyboard, in the wrong letters, with slips of the finger."""

import pytest

from bot.answers.document import Passage
from bot.answers.lexical import LexicalIndex
from bot.answers.repair import ONE_SLIP, TWO_SLIPS, nearest, other_layout
from bot.answers.transliteration import MOST, spellings

TEXTS = (
    "Чтобы подключить виртуальную сеть, установите клиент и войдите под своей учётной записью.",
    "Отпуск согласуют с руководителем за две недели, заявление подписывает отдел кадров.",
    "Зарплата приходит дважды в месяц, пятого и двадцатого числа.",
    "Пароль от компьютера меняют раз в девяносто дней.",
    "The parking is free for everybody who has a badge; ask the reception for a place.",
    "Expenses are reimbursed within ten days when the receipt is attached.",
)


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex.build(
        [Passage(document=str(number), kind="page", title="", text=text) for number, text in enumerate(TEXTS)]
    )


def best(index: LexicalIndex, question: str) -> int | None:
    scores = index.search(question).scores
    return int(scores.argmax()) if scores.any() else None


@pytest.mark.parametrize(
    ("written", "meant", "found"),
    [
        ("jngecr cjukfcjdfnm", "отпуск согласовать", 1),
        ("Rjulf ghb[jlbn pfhgkfnf&", "Когда приходит зарплата?", 2),
        ("зфклштп", "parking", 4),
        ("КУШЬИГКЫУ УЧЗУТЫУЫ", "REIMBURSE EXPENSES", 5),
    ],
)
def test_what_was_typed_on_the_wrong_keyboard_is_read_on_the_right_one(
    index: LexicalIndex, written: str, meant: str, found: int
) -> None:
    assert index.search(written).repaired == meant
    assert best(index, written) == found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("soglasovat otpusk s rukovoditelem", 1),
        ("kogda prihodit zarplata", 2),
        ("kogda prixodit zarplata", 2),
        ("podkljuchit' virtual'nuju set'", 0),
        ("podklyuchit virtualnuyu set", 0),
        ("smenit parol kompyutera", 3),
    ],
)
def test_russian_in_latin_letters_finds_russian(index: LexicalIndex, written: str, found: int) -> None:
    assert best(index, written) == found
    assert index.search(written).coverage > 0.4


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("зорплата", 2),
        ("порль от компютера", 3),
        ("руководитлеь", 1),
        ("parkign", 4),
        ("reimbursment of expences", 5),
    ],
)
def test_slips_of_the_finger_are_forgiven(index: LexicalIndex, written: str, found: int) -> None:
    assert best(index, written) == found


def test_a_question_that_is_known_as_it_stands_is_left_as_it_stands(index: LexicalIndex) -> None:
    for question in ("Когда приходит зарплата?", "who has a badge", "где взять клиент VPN"):
        assert index.search(question).repaired == question


def test_an_english_question_about_something_unknown_is_not_read_as_russian(index: LexicalIndex) -> None:
    question = "what is the tower of the queen"
    assert index.search(question).repaired == question


def test_what_means_nothing_on_any_keyboard_is_left_as_it_stands(index: LexicalIndex) -> None:
    found = index.search("qqqzzz wwwxxx")
    assert (found.repaired, found.coverage) == ("qqqzzz wwwxxx", 0.0)


def test_one_slip_counts_more_than_two() -> None:
    known = [(0, "зарплат"), (1, "компьютер"), (2, "порт")]
    assert nearest("зорплата", known) == {0: ONE_SLIP}
    assert nearest("кампютера", known) == {1: TWO_SLIPS}


def test_two_slips_in_a_short_word_are_another_word() -> None:
    assert nearest("карта", [(0, "порт")]) == {}


def test_short_words_are_not_repaired() -> None:
    assert nearest("кот", [(0, "код")]) == {}


def test_a_slip_in_an_ending_does_not_hide_the_stem() -> None:
    assert 0 in nearest("паролчми", [(0, "парол")]) or 0 in nearest("парольями", [(0, "парол")])


def test_both_keyboards_are_mirrors_of_each_other() -> None:
    assert other_layout("ghbdtn") == "привет"
    assert other_layout("привет") == "ghbdtn"
    assert other_layout("Ьщтшещк") == "Monitor"
    assert other_layout("[hfybnm :bpym") == "хранить Жизнь"


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("soobshchenie", "сообщение"),
        ("soobschenie", "сообщение"),
        ("zhurnal", "журнал"),
        ("jurnal", "журнал"),
        ("yazyk", "язык"),
        ("jazyk", "язык"),
        ("iazyk", "язык"),
        ("hochu", "хочу"),
        ("khochu", "хочу"),
        ("xochu", "хочу"),
        ("podyezd", "подъезд"),
        ("novyj", "новый"),
        ("novyy", "новый"),
        ("eto", "это"),
        ("uchitel'", "учитель"),
        ("4asy", "часы"),
        ("centr", "центр"),
        ("tsentr", "центр"),
        ("istoriya", "история"),
    ],
)
def test_the_usual_schemes_are_read(latin: str, cyrillic: str) -> None:
    assert cyrillic.replace("ъ", "") in spellings(latin)


def test_a_word_has_a_bounded_number_of_spellings() -> None:
    assert len(spellings("yjceia" * 10)) <= MOST
    assert spellings("") == ("",)


@pytest.mark.parametrize(
    "written",
    ["do kakogo chisla prihodit zarplata", "kogda prihodit zarplata i kto podpisyvaet", "zarplata prihodit na parking"],
)
def test_russian_words_that_look_english_do_not_keep_it_from_being_read(index: LexicalIndex, written: str) -> None:
    assert (
        "приходит зарплата" in index.search(written).repaired or "зарплата приходит" in index.search(written).repaired
    )


def test_a_name_stays_as_it_is_in_a_question_on_the_wrong_keyboard() -> None:
    page = Passage(document="a", kind="page", title="", text="Доступ к Gitlab даёт администратор, Gitlab стоит внутри.")
    found = LexicalIndex.build([page]).search("rnj lftn ljcneg r Gitlab")
    assert found.repaired == "кто дает доступ к Gitlab"


def test_an_english_word_that_nobody_knows_is_not_taken_for_a_russian_one(index: LexicalIndex) -> None:
    for question in ("vacation policy", "reset laptop", "dress code", "parental leave"):
        assert index.search(question).repaired == question
