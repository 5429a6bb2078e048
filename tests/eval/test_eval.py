"""The measuring itself: what counts as missed, what fingers do to a question, what is said without the questions."""

import random
import sys
from pathlib import Path

import pytest

from bot.answers.document import Passage
from tests.eval import __main__ as command
from tests.eval import miswriting
from tests.eval.measures import Figure, Maker
from tests.eval.questions import Asked, Questions, Set
from tests.eval.ranker import LEXICAL, Ranking
from tests.eval.table import table
from tests.eval.topics import of_the_faq, ordinary, said, shipped

QUESTION = "Сколько различных команд довёл до Суперкубка Пейтон Мэннинг?"


class Stubborn:
    """Ranks the same for every question."""

    def __init__(self, passages: object) -> None:
        pass

    def rank(self, question: str) -> Ranking:  # noqa: ARG002
        return Ranking((2, 0, 1), 0.5)


def test_recall_is_the_share_of_questions_whose_passage_is_among_the_first() -> None:
    passages = tuple(Passage(document=str(number), kind="page", title="", text="") for number in range(3))
    asked = Set(passages, (Asked("a", 2), Asked("b", 0), Asked("c", 1), Asked("d", 2)))
    maker = Maker(LEXICAL, Stubborn)
    assert [maker.recall(asked, first) for first in (1, 2, 3)] == [0.5, 0.75, 1.0]


def test_a_promise_is_seen_in_the_table_and_missed_only_beyond_it() -> None:
    kept = Figure(group="Recall", name="one", column=LEXICAL, value=0.9, at_least=0.9)
    missed = Figure(group="Time", name="other", column=LEXICAL, value=61.0, at_most=60.0)
    assert (kept.missed, missed.missed) == (False, True)
    rows = table([kept, missed]).splitlines()
    assert ["one", "0.900", ">=", "0.900", "OK", "-"] in [row.split() for row in rows]
    assert ["other", "61.0", "<=", "60.0", "MISSED", "-"] in [row.split() for row in rows]
    assert rows[-1] == "missed: Time: other (lexical)"


def test_slips_are_in_about_a_fifth_of_the_words_and_the_same_every_time() -> None:
    text = " ".join([QUESTION] * 100)
    slipped = miswriting.with_slips(text, random.Random(1))
    assert slipped == miswriting.with_slips(text, random.Random(1))
    changed = sum(one != other for one, other in zip(text.split(), slipped.split(), strict=True))
    assert 0.13 < changed / len(text.split()) < 0.23


def test_the_wrong_keyboard_gives_what_the_keys_give() -> None:
    assert miswriting.on_the_english_keyboard("Привет, жюри? Эхо.") == 'Ghbdtn? ;.hb& "[j/'
    assert miswriting.on_the_russian_keyboard("Monitor, please?") == "Ьщтшещкб здуфыу,"


def test_latin_letters_are_of_one_scheme_at_a_time() -> None:
    texts = {miswriting.in_latin_letters("Ещё хочу яхту", random.Random(seed)) for seed in range(30)}
    assert texts == {"eshche khochu iakhtu", "eschyo hochu yahtu", "eshhjo hochu jahtu", "eshe xochu yaxtu"}


def test_the_head_of_a_section_that_is_asked_stands_in_no_passage(tmp_path: Path) -> None:
    (tmp_path / "xquad_ru.json").write_text("{}")
    (tmp_path / "handbook_en.json").write_text(
        '[{"page": "p", "title": "T", "head": "Who pays?", "text": "We do."},'
        ' {"page": "p", "title": "T", "head": "Costs", "text": "None."}]'
    )
    found = Questions(tmp_path).handbook()
    assert [passage.heading for passage in found.passages] == ["", "Costs"]
    assert found.asked == (Asked("Who pays?", 0),)


def test_without_the_questions_one_line_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EVAL_DATA", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["eval"])
    assert command.main() == 2
    assert capsys.readouterr().err.splitlines() == [f"no questions in {tmp_path}: EVAL_DATA names their folder"]


def test_what_is_said_plainly_is_recognised_and_what_is_ordinary_seldom_is() -> None:
    topics = shipped()
    plain = said("held_out")
    missed = [one.text for one in plain if topics.of(one.text) is None]
    assert len(plain) > 120
    assert len(missed) <= len(plain) * 0.05, missed
    alarms = [text for text in (*ordinary(), *of_the_faq()) if topics.of(text) is not None]
    assert len(alarms) <= len([*ordinary(), *of_the_faq()]) * 0.15, alarms
    assert {one.topic for one in (*plain, *said("hinted"), *said("developed"))} <= {*topics.by_id}
