"""The engine over an FAQ and over pages, by words alone and with the real model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.bands import band_of
from bot.answers.document import Passage
from bot.answers.embedder import Embedder
from bot.answers.engine import Engine, Ranking
from bot.answers.synonyms import Synonyms
from tests.bot.answers.asking import embedded
from tests.generated import examples


def entry(name: str, text: str, *asked: str) -> Passage:
    return Passage(document=name, kind="faq", title="Справочник", text=text, asked=asked)


def page(document: str, title: str, heading: str, text: str) -> Passage:
    return Passage(document=document, kind="page", title=title, heading=heading, text=text)


FAQ = (
    entry("vpn", "Установите клиент и войдите.", "Как подключить VPN?", "How do I connect to the VPN?", "vpn", "впн"),
    entry("broken", "Перезапустите клиент.", "VPN не подключается", "The VPN does not connect"),
    entry(
        "vacation", "Подайте заявление за две недели.", "Как оформить отпуск?", "How do I take a vacation?", "отпуск"
    ),
    entry("days", "Двадцать восемь дней.", "Сколько дней отпуска мне положено?", "How many vacation days do I have?"),
    entry("salary", "Пятого и двадцатого.", "Когда приходит зарплата?", "When is the salary paid?"),
    entry("badge", "На стойке охраны.", "Где получить пропуск?", "Where do I get my pass?", "пропуск"),
    entry("printer", "Драйвер ставится сам.", "Как печатать на принтере?", "How do I print?"),
)
PAGES = (
    page(
        "1",
        "Ноутбуки",
        "Замена батареи",
        "Батарею меняют в сервисном центре за один день. Заявку оставляют на портале.",
    ),
    page("1", "Ноутбуки", "Замена экрана", "Экран меняют за неделю. На это время дают подменный ноутбук."),
    page("2", "Командировки", "Билеты", "Билеты покупает офис-менеджер. Пришлите ему даты и паспортные данные."),
    page("2", "Командировки", "Суточные", "Суточные выплачивают до поездки: тысяча рублей в день по России."),
    page(
        "3",
        "Code review",
        "Merging",
        "A merge request needs two approvals. The author merges it after the pipeline is green.",
    ),
    page(
        "4", "Больничный", "", "О болезни сообщают руководителю утром. Электронный листок приходит в бухгалтерию сам."
    ),
)


@pytest.fixture(scope="module")
def faq() -> Engine:
    return Engine.build(FAQ).calibrated()


@pytest.fixture(scope="module")
def pages() -> Engine:
    return Engine.build(PAGES).calibrated()


@pytest.fixture(scope="module")
def dense(model: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine.build(PAGES, None, embedded(PAGES, model, tmp_path_factory.mktemp("v") / "v"), model)


def first(ranking: Ranking) -> str:
    return ranking.hits[0].passage.document


@pytest.mark.parametrize("at", range(len(FAQ)))
def test_a_question_as_hr_wrote_it_is_answered_with_certainty(faq: Engine, at: int) -> None:
    for asked in FAQ[at].asked:
        for typed in (asked, asked.upper(), f"  {asked.rstrip('?')} !", " ".join(reversed(asked.split()))):
            found = faq.rank(typed)
            assert (first(found), found.confidence) == (FAQ[at].document, 1.0)


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("connect vpn", "vpn"),
        ("how can i connect to a VPN", "vpn"),
        ("my vpn does not connect", "broken"),
        ("подключить мне бы vpn", "vpn"),
        ("vpn у меня не подключается", "broken"),
    ],
)
def test_the_small_words_of_a_question_do_not_lead_elsewhere(faq: Engine, question: str, document: str) -> None:
    found = faq.rank(question)
    assert first(found) == document
    assert found.confidence < 1


@pytest.mark.parametrize("question", ["как?", "а что это", "how is it", "пожалуйста"])
def test_a_question_without_a_subject_is_unknown(faq: Engine, pages: Engine, question: str) -> None:
    assert band_of(faq.rank(question).confidence) == band_of(pages.rank(question).confidence) == "unknown"


def test_what_two_entries_are_asked_by_is_certain_of_neither() -> None:
    engine = Engine.build(
        (entry("a", "Да.", "отпуск летом", "отпуск"), entry("b", "Нет.", "отпуск зимой", "отпуск"), *FAQ[4:])
    )
    found = engine.rank("отпуск")
    assert {hit.passage.document for hit in found.hits[:2]} == {"a", "b"}
    assert found.confidence < 1


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("как мне подключится к vpn", "vpn"),
        ("jngecr", "vacation"),
        ("пропск", "badge"),
        ("зарплата", "salary"),
        ("принтер", "printer"),
    ],
)
def test_a_question_in_other_words_is_no_unknown(faq: Engine, question: str, document: str) -> None:
    found = faq.rank(question)
    assert first(found) == document
    assert band_of(found.confidence) != "unknown"


@pytest.mark.parametrize("question", ["сколько весит луна", "who wrote Hamlet", "кто выиграл чемпионат по хоккею"])
def test_a_question_about_something_else_is_unknown(faq: Engine, pages: Engine, question: str) -> None:
    assert band_of(faq.rank(question).confidence) == "unknown"
    assert band_of(pages.rank(question).confidence) == "unknown"


@pytest.mark.parametrize("question", ["", "   ", "???", "🙂", "\0", "\ud83d"])
def test_where_nothing_was_asked_there_is_no_hit(faq: Engine, question: str) -> None:
    found = faq.rank(question)
    assert (found.hits, found.positions, found.confidence) == ((), (), 0.0)


def test_each_document_is_offered_once_with_its_best_passage(pages: Engine) -> None:
    found = pages.rank("замена экрана ноутбука")
    assert [hit.passage.document for hit in found.hits].count("1") == 1
    assert found.hits[0].passage.heading == "Замена экрана"
    assert found.positions[:2] == (1, 0)
    assert all(before.score >= after.score for before, after in zip(found.hits, found.hits[1:], strict=False))


def test_the_title_of_a_page_or_a_heading_of_it_leads_there_with_certainty(pages: Engine) -> None:
    for question, position in (("Больничный", 5), ("Командировки: суточные", 3), ("суточные", 3)):
        found = pages.rank(question)
        assert (found.hits[0].position, found.confidence) == (position, 1.0)


def test_a_document_that_is_left_out_is_nowhere(pages: Engine) -> None:
    with_it, without = (
        pages.rank("суточные в командировке"),
        pages.rank("суточные в командировке", without=["2", "no such"]),
    )
    assert first(with_it) == "2"
    assert "2" not in {hit.passage.document for hit in without.hits}
    assert without.confidence < with_it.confidence
    assert pages.rank("суточные", without=["1", "2", "3", "4"]).hits == ()


def test_no_more_hits_than_wanted(faq: Engine) -> None:
    assert len(faq.rank("как подключить vpn и оформить отпуск", limit=2).hits) == 2


def test_the_best_passage_of_one_document(pages: Engine) -> None:
    best = pages.best_of("1", "сколько дней меняют экран")
    assert best is not None
    assert best.heading == "Замена экрана"
    assert pages.best_of("no such", "экран") is None
    assert pages.best_of("2", "🙂") == PAGES[2]


def test_an_engine_without_passages_knows_nothing() -> None:
    found = Engine.build(()).calibrated().rank("отпуск")
    assert (found.hits, found.confidence) == ((), 0.0)


def test_an_engine_is_opened_as_it_was_saved(faq: Engine, tmp_path: Path) -> None:
    faq.save(tmp_path)
    opened = Engine.open(tmp_path)
    for question in ("vpn", "отпуск сколько дней", "где взять пропуск", "луна"):
        assert opened.rank(question) == faq.rank(question)
    assert len(opened) == len(FAQ)


def test_what_is_not_whole_is_not_opened(faq: Engine, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        Engine.open(tmp_path)
    faq.save(tmp_path)
    texts = tmp_path / "passages.jsonl"
    texts.write_bytes(texts.read_bytes()[:-10])
    with pytest.raises(ValueError, match="not whole"):
        Engine.open(tmp_path)


def test_synonyms_are_asked_with(tmp_path: Path) -> None:
    synonyms = Synonyms([("зарплата", "жалованье")])
    engine = Engine.build(FAQ, synonyms)
    engine.save(tmp_path)
    assert (
        first(engine.rank("когда жалованье"))
        == first(Engine.open(tmp_path, None, synonyms).rank("когда жалованье"))
        == "salary"
    )


def test_with_vectors_an_english_question_finds_a_russian_page(dense: Engine) -> None:
    found = dense.rank("How much is the daily allowance on a business trip?")
    assert found.hits[0].passage.heading == "Суточные"
    assert band_of(found.confidence) != "unknown"
    assert found.language == "en"


def test_with_vectors_other_words_find_the_page(dense: Engine, pages: Engine) -> None:
    question = "заболел, кому написать?"
    assert first(dense.rank(question)) == "4"
    assert dense.rank(question).confidence > pages.rank(question).confidence


def test_with_vectors_a_question_about_something_else_is_unknown(dense: Engine) -> None:
    for question in ("сколько весит луна", "who wrote Hamlet"):
        assert band_of(dense.rank(question).confidence) == "unknown"


def test_passages_without_vectors_are_found_by_their_words(model: Embedder, tmp_path: Path) -> None:
    half = embedded(PAGES[:3], model, tmp_path / "v")
    engine = Engine.build(PAGES, None, half, model)
    assert engine.rank("суточные по России").hits[0].position == 3
    assert engine.rank("билеты на поездку").hits[0].position == 2
    engine.save(tmp_path / "engine")
    opened = Engine.open(tmp_path / "engine", model)
    assert opened.rank("когда сливать merge request").hits[0].position == 4
    assert Engine.open(tmp_path / "engine").rank("суточные по России").hits[0].position == 3


def test_a_score_of_bytes_is_as_good_as_one_of_floats(model: Embedder, dense: Engine, tmp_path: Path) -> None:
    rows = embedded(PAGES, model, tmp_path / "v").rows
    question = model.query("кто покупает билеты")
    index = dense._dense
    assert index is not None
    np.testing.assert_allclose(index.nearness(question), rows @ question, atol=3e-3)


@examples(60)
@given(st.text(max_size=200))
def test_any_text_is_taken(question: str) -> None:
    found = ENGINE.rank(question)
    assert 0 <= found.confidence <= 1
    assert all(0 < hit.score <= 1 for hit in found.hits)
    assert len({hit.passage.document for hit in found.hits}) == len(found.hits)


ENGINE = Engine.build(FAQ)
