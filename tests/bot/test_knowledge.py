"""Answers from the FAQ."""

import pytest

from bot.answers.service import Answers
from bot.faq_file import FaqEntry
from bot.knowledge import Knowledge
from bot.message import Local
from tests.bot.answers.asking import answering, first

HANDBOOK = Local(ru="Справочник", en="Handbook")


def entry(entry_id: str, ru: str, en: str, *, also: tuple[str, ...] = (), keywords: tuple[str, ...] = ()) -> FaqEntry:
    return FaqEntry(
        id=entry_id,
        question=Local(ru=ru, en=en),
        answer=Local(ru=f"Ответ: {entry_id}", en=f"Answer: {entry_id}"),
        source_title=HANDBOOK,
        source_url="https://docs.example.com",
        also=also,
        keywords=keywords,
    )


ENTRIES = (
    entry("vpn", "Как подключить VPN?", "How do I connect to the VPN?", keywords=("впн",)),
    entry("broken", "VPN не подключается", "The VPN does not connect"),
    entry("vacation", "Как оформить отпуск?", "How do I request a vacation?", also=("Хочу отдохнуть",)),
    entry("salary", "Когда приходит зарплата?", "When is the salary paid?"),
    entry("password", "Как сменить пароль от компьютера?", "How do I change my password?"),
    entry("integration", "Как запросить интеграцию сервиса?", "How do I request an integration of a service?"),
)


@pytest.fixture(scope="module")
def knowledge() -> Answers:
    return answering(ENTRIES)


async def found(knowledge: Knowledge, question: str, locale: str = "ru") -> str | None:
    """What is answered, or offered first."""
    return first(await knowledge.find(question, locale))


async def test_an_answer_comes_with_its_source(knowledge: Knowledge) -> None:
    answer = (await knowledge.find("Как подключить VPN?", "ru")).best
    assert answer
    assert (answer.text, answer.label, answer.source) == ("Ответ: vpn", "Как подключить VPN?", "Справочник")
    assert (answer.url, answer.id, answer.confidence) == ("https://docs.example.com", "vpn", 1.0)


@pytest.mark.parametrize(
    ("question", "locale", "text"),
    [
        ("Как подключить VPN?", "en", "Ответ: vpn"),
        ("How do I connect to the VPN?", "ru", "Answer: vpn"),
        ("How do I connect to the VPN?", "en-GB", "Answer: vpn"),
        ("Rfr gjlrk.xbnm VPN?", "en", "Ответ: vpn"),
        ("kak podklyuchit vpn", "en", "Ответ: vpn"),
    ],
)
async def test_the_answer_is_in_the_language_of_the_question(
    knowledge: Knowledge, question: str, locale: str, text: str
) -> None:
    answer = (await knowledge.find(question, locale)).best
    assert answer
    assert answer.text == text


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("подключение к vpn", "vpn"),
        ("Здравствуйте! Подскажите, пожалуйста, как мне подключить ВПН", "vpn"),
        ("впн", "vpn"),
        ("VPN isn’t connecting", "broken"),
        ("оформляю отпуск, как?", "vacation"),
        ("хочу отдохнуть", "vacation"),
        ("vacations", "vacation"),
        ("КОГДА ЗАРПЛАТА", "salary"),
        ("сменить пароли", "password"),
        ("интеграция нового сервиса", "integration"),
        ("how to integrate a service", "integration"),
    ],
)
async def test_other_words_for_the_same_thing_find_it(knowledge: Knowledge, question: str, expected: str) -> None:
    assert await found(knowledge, question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("how do I connect to vpn", "vpn"),
        ("how connect VPN", "vpn"),
        ("connecting to the vpn", "vpn"),
        ("мне VPN как подключить", "vpn"),
        ("does vpn not connect", "broken"),
        ("vpn не подключается", "broken"),
    ],
)
async def test_the_subject_of_a_question_decides_and_not_the_small_words_around_it(
    knowledge: Knowledge, question: str, expected: str
) -> None:
    assert await found(knowledge, question) == expected


@pytest.mark.parametrize("question", ["как подключить vpn", "впн", "ghbdtn rfr gjlrk.xbnm vpn", "zarplata"])
async def test_what_is_asked_for_plainly_is_answered(knowledge: Knowledge, question: str) -> None:
    assert (await knowledge.find(question, "ru")).best is not None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("как сменить парлоь", "password"),
        ("зорплата когда приходит", "salary"),
        ("how do I change my pasword", "password"),
        ("how to request a vacatoin", "vacation"),
    ],
)
async def test_slips_of_the_finger_are_forgiven(knowledge: Knowledge, question: str, expected: str) -> None:
    assert await found(knowledge, question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   \n\t",
        "???",
        "как?",
        "привет",
        "🙂",
        "\x00\x01",
        "\ud83d",
        "Кто снял «Сталкера»?",
        "What is the capital of France?",
        "qwertyuiop asdfgh",
        "x" * 100_000,
        "слово " * 50_000,
    ],
)
async def test_what_is_no_question_of_the_faq_has_no_answer(knowledge: Knowledge, question: str) -> None:
    assert await found(knowledge, question) is None


@pytest.mark.parametrize(
    "syntax",
    ["page:1", "*", "asked:*", "/.*/", "(", '"', "a AND", "[* TO *]", "-vpn OR", "IN [1 2]", "asked:зарплата^9", "~2"],
)
async def test_there_is_no_syntax_only_words(knowledge: Knowledge, syntax: str) -> None:
    assert await found(knowledge, f"как подключить vpn {syntax}") in ("vpn", "salary")
    assert await found(knowledge, syntax) in ("salary", "vpn", None)


async def test_an_empty_faq_answers_nothing() -> None:
    assert await found(answering(), "Как подключить VPN?") is None


async def test_an_entry_whose_question_is_all_small_talk_is_found_by_just_that() -> None:
    knowledge = answering((entry("so", "Как быть?", "What is it?"), *ENTRIES))
    assert await found(knowledge, "как быть?") == "so"
    assert await found(knowledge, "как мне быть с этим?") is None
