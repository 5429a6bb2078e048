"""The lexical index: what the words of a question find."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from bot.answers.document import Passage
from bot.answers.lexical import LexicalIndex

PAGES = (
    ("Отпуск", "Как согласовать", "Заявление подают за две недели, его подписывает руководитель."),
    ("Отпуск", "Сколько дней", "Каждому положено двадцать восемь дней отпуска в год."),
    ("Командировки", "Билеты", "Билеты и гостиницу заказывает офис-менеджер после приказа."),
    ("Техника", "Ноутбук", "Новый ноутбук выдаёт поддержка, старый нужно вернуть на склад."),
    ("Onboarding", "First day", "Bring your passport, the reception gives you a badge."),
    ("Onboarding", "Accounts", "Your accounts are created by the support before the first day."),
)
ASKED = (
    (("Как подключить VPN?", "How do I connect to the VPN?"), "Установите клиент и войдите с рабочим паролем."),
    (("Где взять канцелярию?",), "Бумага и ручки лежат в шкафу у входа."),
)
PASSAGES = [
    *(Passage(document=title, kind="page", title=title, heading=head, text=text) for title, head, text in PAGES),
    *(
        Passage(document=f"faq-{at}", kind="faq", title="", asked=asked, text=text)
        for at, (asked, text) in enumerate(ASKED)
    ),
]
HOSTILE = (
    "",
    "   \n\t",
    "???",
    "🙂",
    "\ud83d",
    "\x00\x01",
    "x" * 100_000,
    "слово " * 20_000,
    "отпуск " * 20_000,
    "".join(map(chr, range(1, 3000))),
    "'" * 5000,
    "yjceia" * 3000,
    "%s {} [[]] \\u0000",
)


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex.build(PASSAGES)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("кто подписывает заявление на отпуск", 0),
        ("сколько дней отпуска положено", 1),
        ("заказать билеты", 2),
        ("куда сдать старый ноутбук", 3),
        ("what do I bring on the first day", 4),
        ("who creates my account", 5),
        ("подключение к vpn", 6),
        ("connecting to VPN", 6),
        ("ручка и бумага", 7),
    ],
)
def test_words_find_the_passage_in_whatever_form_they_are(index: LexicalIndex, question: str, found: int) -> None:
    assert index.search(question).scores.argmax() == found


def test_a_word_that_the_stemmer_leaves_apart_still_finds_its_relatives(index: LexicalIndex) -> None:
    assert index.search("подписание").scores.argmax() == 0


def test_what_leads_a_passage_counts_more_than_what_stands_in_it() -> None:
    first = Passage(document="a", kind="page", title="Парковка", text="Место даёт охрана.")
    second = Passage(document="b", kind="page", title="Охрана", text="Парковка закрыта ночью.")
    assert LexicalIndex.build([second, first]).search("парковка").scores.argmax() == 1


def test_a_way_to_ask_counts_more_than_an_answer() -> None:
    asked = Passage(document="a", kind="faq", title="", asked=("Где принтер?",), text="На втором этаже.")
    told = Passage(document="b", kind="faq", title="", asked=("Что есть на втором этаже?",), text="Там стоит принтер.")
    assert LexicalIndex.build([told, asked]).search("где найти принтер").scores.argmax() == 1


def test_coverage_is_the_share_of_the_question_that_is_known(index: LexicalIndex) -> None:
    assert index.search("билеты и гостиница").coverage == 1.0
    assert index.search("квантовая хромодинамика адронов").coverage == 0.0
    assert 0.2 < index.search("билеты хромодинамика").coverage < 0.8


def test_the_best_passage_has_its_own_coverage(index: LexicalIndex) -> None:
    found = index.search("билеты ноутбук")
    assert found.coverage == 1.0
    assert index.held(found.asked, int(found.scores.argmax())) == pytest.approx(0.5, abs=0.1)
    assert index.held(found.asked, 4) == 0.0


def test_a_text_holds_as_much_of_a_question_as_the_passage_that_it_is(index: LexicalIndex) -> None:
    found = index.search("кто заказывает билеты")
    assert index.held_by(found.asked, ("билет", "заказыва")) == pytest.approx(index.held(found.asked, 2), abs=0.15)


def test_scores_are_between_nothing_and_one(index: LexicalIndex) -> None:
    for question in ("отпуск", "первый день и билеты", "the badge of the reception", *HOSTILE):
        scores = index.search(question).scores
        assert scores.dtype == np.float32
        assert scores.shape == (len(PASSAGES),)
        assert scores.min() >= 0
        assert scores.max() <= 1.0001


@pytest.mark.parametrize("question", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_is_a_question(index: LexicalIndex, question: str) -> None:
    found = index.search(question)
    assert 0 <= found.coverage <= 1
    assert isinstance(found.repaired.encode(), bytes)


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    empty = LexicalIndex.build([])
    empty.save(tmp_path)
    for index in (empty, LexicalIndex.open(tmp_path)):
        assert len(index) == 0
        assert index.search("отпуск").scores.shape == (0,)


def test_passages_without_a_word_find_nothing_and_are_found_by_nothing() -> None:
    blank = Passage(document="a", kind="page", title="", text="…")
    assert not LexicalIndex.build([blank, blank]).search("отпуск").scores.any()
    assert LexicalIndex.build([blank, PASSAGES[1]]).search("отпуск").scores.tolist()[0] == 0


def test_an_index_is_the_same_after_it_was_saved_and_opened(index: LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    opened = LexicalIndex.open(tmp_path)
    assert (len(opened), opened.terms) == (len(index), index.terms)
    for question in ("сколько дней отпуска", "порль vpn", "jnecr", "first day", "kak podklyuchit vpn"):
        one, other = index.search(question), opened.search(question)
        assert np.array_equal(one.scores, other.scores)
        assert (one.coverage, one.repaired) == (other.coverage, other.repaired)


def test_the_same_passages_make_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        LexicalIndex.build(PASSAGES).save(tmp_path / name)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "other").iterdir())
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes() for name in names)


def test_an_index_of_another_version_is_not_opened(index: LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    (tmp_path / "lexical.json").write_bytes(msgspec.json.encode({"version": 0, "passages": len(index)}))
    with pytest.raises(ValueError, match="version"):
        LexicalIndex.open(tmp_path)


@pytest.mark.parametrize("name", ["lexical.json", "rows.npy", "key_terms.npy"])
def test_an_index_that_is_not_whole_is_not_opened(index: LexicalIndex, tmp_path: Path, name: str) -> None:
    index.save(tmp_path)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-9])
    with pytest.raises(ValueError):  # noqa: PT011  each of them says something else
        LexicalIndex.open(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(OSError):  # noqa: PT011
        LexicalIndex.open(tmp_path)


def test_opened_arrays_stay_in_their_files(index: LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    opened = LexicalIndex.open(tmp_path)
    assert isinstance(opened._postings.rows.base, np.memmap)
