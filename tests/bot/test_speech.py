"""How people write commands."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import speech
from bot.speech import Ref
from bot.speech_dates import joined
from tests.bot.kit import day

TODAY = day("2026-12-02")  # a Wednesday
scraps = st.sampled_from(
    ["/onboarding", "start", "готово", "<@", "<@U1>", ">", "@", "a@b.c", "mailto:", "+3d", "31.02.2026", '"', "«", " "]
)
anything = st.one_of(st.text(), st.lists(st.one_of(scraps, st.text(max_size=3))).map("".join))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("start @anna newcomer", ("start", "@anna", "newcomer")),
        ("/onboarding start @anna", ("start", "@anna")),
        ("/Онбординг старт @anna", ("старт", "@anna")),
        ('done "Reading of the docs"', ("done", "Reading of the docs")),
        ("готово «Встреча с ментором»", ("готово", "Встреча с ментором")),
        ("done “My mentor”", ("done", "My mentor")),
        ('done "never closed', ("done", '"never', "closed")),
        ('status "" «»', ("status",)),
        ("", ()),
        ("   \n\t ", ()),
        ("/onboarding", ()),
    ],
)
def test_a_text_falls_into_words(text: str, words: tuple[str, ...]) -> None:
    assert speech.words(text) == words


@pytest.mark.parametrize(
    ("text", "count", "rest"),
    [
        ("ask how do I connect to the VPN?", 1, "how do I connect to the VPN?"),
        ("/onboarding ask  where is it", 1, "where is it"),
        ('вопрос "Где" пропуск', 1, '"Где" пропуск'),
        ("ask", 1, ""),
        ("just a question", 0, "just a question"),
    ],
)
def test_what_follows_a_verb_stays_as_it_was_written(text: str, count: int, rest: str) -> None:
    assert speech.after(text, count) == rest


@pytest.mark.parametrize(
    ("word", "ref"),
    [
        ("<@U123>", Ref("mention", "U123")),
        ("<@29:1abc-_.x>", Ref("mention", "29:1abc-_.x")),
        ("<@anna@example.org>", Ref("mention", "anna@example.org")),
        ("<@U123>,", Ref("mention", "U123")),
        ("@anna", Ref("name", "anna")),
        ("@Анна", Ref("name", "Анна")),
        ("@anna:", Ref("name", "anna")),
        ("anna@example.org", Ref("email", "anna@example.org")),
        ("mailto:anna@example.org", Ref("email", "anna@example.org")),
        ("<anna@example.org>", Ref("email", "anna@example.org")),
        ("<mailto:anna@example.org>", Ref("email", "anna@example.org")),
        ("@anna@example.org", Ref("email", "anna@example.org")),
        ("anna@example.org.", Ref("email", "anna@example.org")),
        ("anna", None),
        ("@", None),
        ("<@>", None),
        ("", None),
        ("a@b", None),
        ("<@U1><@U2>", None),
    ],
)
def test_a_word_names_a_person_or_does_not(word: str, ref: Ref | None) -> None:
    assert speech.ref(word) == ref


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("2026-12-01", "2026-12-01"),
        ("1.12.2026", "2026-12-01"),
        ("01.12.2026,", "2026-12-01"),
        ("01.12.26", "2026-12-01"),
        ("today", "2026-12-02"),
        ("Сегодня", "2026-12-02"),
        ("завтра", "2026-12-03"),
        ("tomorrow", "2026-12-03"),
        ("послезавтра", "2026-12-04"),
        ("friday", "2026-12-04"),
        ("пятницы", "2026-12-04"),
        ("пятнице", "2026-12-04"),
        ("воскресенью", "2026-12-06"),
        ("понедельника", "2026-12-07"),
        ("Пятницу", "2026-12-04"),
        ("среда", "2026-12-09"),
        ("wednesday", "2026-12-09"),
        ("понедельник", "2026-12-07"),
        ("+3d", "2026-12-05"),
        ("+3д", "2026-12-05"),
        ("+0d", "2026-12-02"),
        ("1 декабря", "2026-12-01"),
        ("25 Декабря,", "2026-12-25"),
        ("1 декабря 2027", "2027-12-01"),
        ("1 декабря 2027 г.", "2027-12-01"),
        ("1-го дек. 2027 года", "2027-12-01"),
        ("вт, 1 декабря", "2026-12-01"),
        ("пятница, 4 декабря", "2026-12-04"),
        ("1 December", "2026-12-01"),
        ("December 1", "2026-12-01"),
        ("Tue, 1 December", "2026-12-01"),
        ("Dec 1st, 2027", "2027-12-01"),
        ("1 мая", "2027-05-01"),
        ("2 ноября", "2026-11-02"),
        ("31 октября", "2027-10-31"),
        ("29 февраля", "2028-02-29"),
    ],
)
def test_dates_are_understood_in_both_languages(word: str, expected: str) -> None:
    assert speech.date(word, TODAY) == day(expected)


@pytest.mark.parametrize(
    "word",
    [
        "",
        "31 февраля",
        "32 May",
        "1 декабря 0000",
        "декабря",
        "1",
        "2026-02-30",
        "31.02.2026",
        "2026-1-1",
        "+1000d",
        "+d",
        "newcomer",
        "3",
        "0.0.0000",
    ],
)
def test_what_is_no_date_is_none(word: str) -> None:
    assert speech.date(word, TODAY) is None


@pytest.mark.parametrize(
    "word", ["31.02.2026", "2026-13-01", "1/12/2026", "+3000d", "12.2026", "31 февраля", "February 30"]
)
def test_a_date_that_does_not_exist_was_still_meant_as_one(word: str) -> None:
    assert speech.like_a_date(word)


@pytest.mark.parametrize("word", ["newcomer", "90-days", "team-lead", ""])
def test_a_scenario_is_not_meant_as_a_date(word: str) -> None:
    assert not speech.like_a_date(word)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("старт @anna newcomer с 1 декабря 2026 года", ["старт", "@anna", "newcomer", "1 декабря 2026 года"]),
        ("start @anna December 1, 2026", ["start", "@anna", "December 1, 2026"]),
        ("start вт, 1 декабря @anna", ["start", "вт, 1 декабря", "@anna"]),
        ("изменить @anna 1 1 декабря", ["изменить", "@anna", "1", "1 декабря"]),
        ("done 1 step", ["done", "1", "step"]),
    ],
)
def test_a_day_of_several_words_is_one_word(text: str, words: list[str]) -> None:
    assert joined(speech.without_fillers(speech.words(text))) == words


def test_small_words_around_people_and_dates_are_passed_over() -> None:
    found = speech.words("старт для @anna newcomer с 2026-12-01")
    assert speech.without_fillers(found) == ("старт", "@anna", "newcomer", "2026-12-01")


@pytest.mark.parametrize(
    "typed",
    ["Встреча с руководителем", "«встреча с руководителем»", "ВСТРЕЧА РУКОВОДИТЕЛЕМ.", "встреча, с руководителем"],
)
def test_a_title_is_the_same_however_it_is_typed(typed: str) -> None:
    assert speech.plain(typed) == speech.plain("Встреча с руководителем")


def test_yo_is_written_either_way() -> None:
    assert speech.plain("Учётные записи") == speech.plain("учетные записи")


@given(anything)
def test_no_text_breaks_the_grammar(text: str) -> None:
    found = speech.words(text)
    assert all(found)
    for word in (*found, text):
        speech.ref(word)
        speech.date(word, TODAY)
        speech.like_a_date(word)
    assert " ".join(joined(found)) == " ".join(found)
    assert speech.after(text, 0) in text
    assert speech.plain(speech.plain(text)) == speech.plain(text)


@given(st.dates(datetime.date(1, 1, 1), datetime.date(9990, 1, 1)), st.sampled_from(sorted(speech.WEEKDAYS)))
def test_a_weekday_is_one_of_the_next_seven_days(today: datetime.date, word: str) -> None:
    found = speech.date(word, today)
    assert found is not None
    assert 1 <= (found - today).days <= 7
    assert found.weekday() == speech.WEEKDAYS[word]
