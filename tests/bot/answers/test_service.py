"""The knowledge as the bot asks it: FAQ and wiki together, over real engines and the API of a language model."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace

from bot.answers.document import Document, Section
from bot.answers.service import Answers, Serving, source
from bot.faq_file import FaqEntry
from bot.knowledge import Answer, Found
from bot.message import Local
from sandbox.llm import Mode
from tests.adapters.llm.kit import Stand, composing, standing
from tests.bot.answers.asking import answering, first, shown

LONG = " ".join(f"Пункт {number} перечня разрешает провозить один прибор." for number in range(60))


def entry(name: str, question: str, en: str, answer: str, also: tuple[str, ...] = ()) -> FaqEntry:
    return FaqEntry(
        id=name,
        question=Local(ru=question, en=en),
        answer=Local(ru=answer, en=f"{name}: read the rules.\n\n1. One\n2. Two"),
        source_title=Local(ru="Памятка", en="Notes"),
        source_url="https://docs.example.com/notes",
        also=also,
    )


def page(name: str, title: str, *sections: tuple[str, str, str]) -> Document:
    url = f"https://wiki.example.com/pages/{name}"
    return Document(id=name, title=title, url=url, version=1, sections=tuple(Section(*one) for one in sections))


ENTRIES = (
    entry(
        "vpn", "Как подключить VPN?", "How do I connect to the VPN?", "Установите клиент.\n\n1. Скачайте\n2. Войдите"
    ),
    entry("leave", "Как оформить отпуск?", "How do I take a vacation?", "Подайте заявление за две недели."),
    entry("days", "Сколько дней отпуска мне положено?", "How many vacation days do I have?", "Двадцать восемь."),
    entry("plan", "Как перенести отпуск?", "How do I move a vacation?", "Напишите в кадры до начала отпуска."),
    entry("pay", "Когда приходит зарплата?", "When is the salary paid?", "Пятого и двадцатого."),
)
PAGES = (
    page(
        "101",
        "Ноутбуки",
        ("", "", "На этой странице собрано всё о рабочих ноутбуках."),
        (
            "Замена батареи",
            "Ноутбуки-Замена батареи",
            "Батарею меняют в сервисном центре за один день. Заявку оставляют на портале техники.",
        ),
        ("Замена экрана", "screen", "Экран меняют за неделю. На это время дают подменный ноутбук."),
    ),
    page("102", "Командировки", ("Билеты", "tickets", "Билеты на поезд покупает офис-менеджер по вашей просьбе.")),
    page("103", "Code review", ("Merging", "merging", "A merge request needs two approvals before it is merged.")),
    page("104", "Перелёты", ("Ручная кладь", "bags", LONG)),
    page("105", "Оклады", ("Вилки", "grades", "Вилка оклада разработчика известна только кадрам.")),
)


@pytest.fixture(scope="module")
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture(scope="module")
def answers() -> Answers:
    return answering(ENTRIES, PAGES)


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    async with standing() as ready:
        yield ready


def best(found: Found) -> Answer:
    assert found.best is not None
    return found.best


async def test_an_entry_of_the_faq_is_given_word_for_word_in_the_language_of_the_question(answers: Answers) -> None:
    russian = best(await answers.find("как подключить vpn", "en"))
    assert (russian.text, russian.source, russian.kind) == (ENTRIES[0].answer.ru, "Памятка", "faq")
    english = best(await answers.find("How do I connect to the VPN", "ru"))
    assert (english.text, english.source) == (ENTRIES[0].answer.en, "Notes")
    assert english.label == "How do I connect to the VPN?"


async def test_of_a_page_an_extract_is_given_and_the_link_opens_at_the_heading(answers: Answers) -> None:
    found = best(await answers.find("замена батареи ноутбука", "ru"))
    assert found.source == "Ноутбуки > Замена батареи"
    assert found.url == (
        "https://wiki.example.com/pages/101#%D0%9D%D0%BE%D1%83%D1%82%D0%B1%D1%83%D0%BA%D0%B8-"
        "%D0%97%D0%B0%D0%BC%D0%B5%D0%BD%D0%B0%20%D0%B1%D0%B0%D1%82%D0%B0%D1%80%D0%B5%D0%B8"
    )
    assert "Батарею меняют" in found.text
    assert (found.kind, found.id) == ("page", "101")


async def test_where_hr_and_a_page_answer_equally_well_hr_has_the_first_word() -> None:
    rival = page("106", "Отпуск", ("Сколько дней", "days", "Двадцать восемь дней отпуска в году положено каждому."))
    found = await answering(ENTRIES, (*PAGES, rival)).find("сколько дней отпуска положено", "ru")
    assert (best(found).id, best(found).kind) == ("days", "faq")
    assert ("106", "Отпуск: Сколько дней") in [(one.id, one.label) for one in found.others]
    far = page("106", "Отпуск", ("Сколько дней отпуска положено стажёрам", "", "Четырнадцать дней отпуска в году."))
    found = await answering(ENTRIES, (*PAGES, far)).find("сколько дней отпуска положено стажёрам", "ru")
    assert best(found).kind == "page"


async def test_an_extract_is_short_however_long_the_passage_is(answers: Answers) -> None:
    found = best(await answers.find("ручная кладь", "ru"))
    assert found.id == "104"
    assert 0 < len(found.text) <= 350
    assert found.text.rstrip("…") in " ".join(LONG.split()) or "…" in found.text


async def test_beside_the_answer_stand_at_most_two_others_each_document_once(answers: Answers) -> None:
    found = await answers.find("как оформить отпуск", "ru")
    assert found.band == "answer"
    assert best(found).id == "leave"
    ids = [answer.id for answer in shown(found)]
    assert 2 <= len(ids) <= 3
    assert len(set(ids)) == len(ids)
    assert {"days", "plan"} & set(ids)


async def test_where_none_is_good_enough_up_to_three_are_offered_and_none_is_the_answer(answers: Answers) -> None:
    found = await answers.find("сколько дней до зарплаты", "ru")
    assert found.band == "maybe"
    assert found.best is None
    assert {"days", "pay"} <= {one.id for one in found.others}
    assert len(found.others) <= 3
    assert all(one.confidence >= two.confidence for one, two in zip(found.others, found.others[1:], strict=False))


@pytest.mark.parametrize("question", ["сколько весит луна", "who wrote Hamlet", "как?", "qwertyuiop asdfgh"])
async def test_what_leads_nowhere_is_unknown_and_nothing_is_shown(answers: Answers, question: str) -> None:
    found = await answers.find(question, "ru")
    assert (found.band, shown(found)) == ("unknown", ())


@pytest.mark.parametrize(
    ("question", "locale", "language"),
    [
        ("Как подключить VPN?", "en", "ru"),
        ("How do I connect to the VPN?", "ru", "en"),
        ("rfr gjlrk.xbnm vpn", "en", "ru"),
        ("kak oformit otpusk", "en", "ru"),
        ("who wrote Hamlet", "ru", "en"),
        ("сколько весит луна", "en", "ru"),
        ("???", "en-GB", "en"),
        ("", "ru", "ru"),
    ],
)
async def test_the_language_is_that_of_the_question_as_it_was_understood(
    answers: Answers, question: str, locale: str, language: str
) -> None:
    assert (await answers.find(question, locale)).language == language


async def test_a_question_that_leans_on_the_one_before_it_is_understood_with_it(answers: Answers) -> None:
    alone = await answers.find("а сколько это длится?", "ru")
    assert alone.band == "unknown"
    after = await answers.find("а сколько это длится?", "ru", "замена экрана ноутбука")
    assert first(after) == "101"


async def test_a_question_that_stands_by_itself_is_not_mixed_with_the_one_before(answers: Answers) -> None:
    assert best(await answers.find("когда приходит зарплата", "ru", "как подключить vpn")).id == "pay"
    assert (await answers.find("кто написал Гамлета", "ru", "как подключить vpn")).band == "unknown"


async def test_what_was_offered_is_read_in_full(answers: Answers) -> None:
    faq = await answers.read("days", "how many days off", "ru")
    assert faq is not None
    assert (faq.text, faq.label) == (ENTRIES[2].answer.en, "How many vacation days do I have?")
    of_page = await answers.read("101", "сколько меняют экран", "ru")
    assert of_page is not None
    assert of_page.source == "Ноутбуки > Замена экрана"
    assert "неделю" in of_page.text


@pytest.mark.parametrize("gone", ["no such", "", "entry:vpn", "x" * 10_000, "\0", "\ud83d"])
async def test_what_is_not_there_cannot_be_read(answers: Answers, gone: str) -> None:
    assert await answers.read(gone, "как подключить vpn", "ru") is None


async def test_a_search_lists_everything_of_both_each_document_once(answers: Answers) -> None:
    found = await answers.search("отпуск ноутбук", "ru")
    ids = [answer.id for answer in found]
    assert {"leave", "101"} <= set(ids)
    assert len(set(ids)) == len(ids) <= 8
    assert all(len(answer.text) <= 200 for answer in found)
    assert len(await answers.search("отпуск ноутбук", "ru", limit=2)) == 2
    assert await answers.search("🙂", "ru") == ()


async def test_a_search_for_what_nothing_has_to_do_with_finds_nothing(answers: Answers) -> None:
    assert await answers.search("абракадабра", "ru") == ()


async def test_what_is_hidden_is_nowhere_to_be_seen(answers: Answers) -> None:
    question = "вилка оклада разработчика"
    assert first(await answers.find(question, "ru")) == "105"
    closed = Answers()
    assert answers.served.pages is not None
    closed.served = replace(answers.served, pages=Serving(answers.served.pages.engine, frozenset({"105"})))
    assert "105" not in {one.id for one in shown(await closed.find(question, "ru"))}
    assert "105" not in {one.id for one in await closed.search(question, "ru")}
    assert await closed.read("105", question, "ru") is None
    found = await closed.find(f"как оформить отпуск и {question}", "ru")
    assert "105" not in {one.id for one in shown(found)}


async def test_an_entry_that_has_left_is_not_shown_by_its_old_index(answers: Answers) -> None:
    left = Answers()
    assert answers.served.faq is not None
    entries = {one: found for one, found in answers.served.entries.items() if one != "vpn"}
    left.served = replace(answers.served, faq=Serving(answers.served.faq.engine, frozenset({"vpn"})), entries=entries)
    assert "vpn" not in {one.id for one in shown(await left.find("как подключить vpn", "ru"))}
    assert await left.read("vpn", "как подключить vpn", "ru") is None


@pytest.mark.parametrize(
    "question",
    [
        "",
        " ",
        "🙂" * 5000,
        "\0\1\2",
        "\ud83d",
        "слово " * 20_000,
        "x" * 100_000,
        "а" * 100_000,
        "\n" * 9999,
        "%s {0} <b>",
    ],
)
async def test_whatever_is_asked_is_taken_in_good_time(answers: Answers, question: str) -> None:
    began = time.process_time()
    found = await answers.find(question, "ru", question)
    assert found.best is None
    await answers.search(question, "ru")
    assert await answers.read("vpn", question, "ru") is not None
    assert await answers.read("101", question, "ru") is not None
    assert time.process_time() - began < 10, "of the processor: a hundred times what it takes"


async def test_where_nothing_serves_yet_nothing_is_known() -> None:
    nothing = Answers()
    assert (await nothing.find("как подключить vpn", "ru")).band == "unknown"
    assert await nothing.search("vpn", "ru") == ()
    assert await nothing.read("vpn", "vpn", "ru") is None


async def test_many_may_ask_at_once_while_the_index_is_swapped(answers: Answers, threads: ThreadPoolExecutor) -> None:
    shared, with_pages = Answers(threads), answers.served
    shared.served = with_pages
    without = replace(with_pages, pages=None)

    async def swap(turn: int) -> None:
        shared.served = without if turn % 2 else with_pages
        await asyncio.sleep(0)

    asked = [shared.find("как подключить vpn", "ru") for _ in range(40)]
    found, _ = await asyncio.gather(asyncio.gather(*asked), asyncio.gather(*(swap(turn) for turn in range(40))))
    assert {best(one).id for one in found} == {"vpn"}


async def test_an_answer_is_composed_of_pages_and_its_sources_are_numbered_as_it_cites_them(stand: Stand) -> None:
    stand.say(Mode.TEXT, "Экран меняют за неделю [2]. Билеты покупает офис-менеджер [1]. Дают подменный ноутбук [2].")
    question = "билеты на поезд и замена экрана"
    hits = await answering((), PAGES).search(question, "ru")
    assert [hit.id for hit in hits[:2]] == ["102", "101"]
    async with composing(stand.settings()) as composer:
        found = await answering((), PAGES, composer=composer).find(question, "ru")
    composed = best(found)
    assert composed.text == (
        "Экран меняют за неделю [1]. Билеты покупает офис-менеджер [2]. Дают подменный ноутбук [1]."
    )
    assert composed.kind == "composed"
    assert [cited.source for cited in composed.cited] == ["Ноутбуки > Замена экрана", "Командировки > Билеты"]
    assert [cited.url for cited in composed.cited] == [
        "https://wiki.example.com/pages/101#screen",
        "https://wiki.example.com/pages/102#tickets",
    ]
    assert composed.id == "101"
    assert "101" not in {one.id for one in found.others}


@pytest.mark.parametrize("mode", [Mode.FALSE_CITATION, Mode.NO_CITATION, Mode.SLOW, Mode.WRONG_JSON, Mode.ENDLESS])
async def test_the_extract_is_given_when_the_model_fails(stand: Stand, mode: Mode) -> None:
    stand.say(mode)
    async with composing(stand.settings(timeout=0.6)) as composer:
        with_model = await answering((), PAGES, composer=composer).find("замена экрана ноутбука", "ru")
    assert with_model == await answering((), PAGES).find("замена экрана ноутбука", "ru")
    assert best(with_model).kind == "page"
    assert stand.model.calls


async def test_what_hr_has_written_is_never_rewritten(stand: Stand) -> None:
    async with composing(stand.settings()) as composer:
        found = await answering(ENTRIES, PAGES, composer=composer).find("как подключить vpn", "ru")
    assert best(found).text == ENTRIES[0].answer.ru
    assert stand.model.calls == []


async def test_what_leads_nowhere_is_not_put_to_the_model(stand: Stand) -> None:
    async with composing(stand.settings()) as composer:
        found = await answering(ENTRIES, PAGES, composer=composer).find("сколько весит луна", "ru")
    assert found.band == "unknown"
    assert stand.model.calls == []


async def test_the_model_puts_a_question_that_leans_on_the_one_before_into_words_of_its_own(stand: Stand) -> None:
    async with composing(stand.settings(compose=False)) as composer:
        answers = answering(ENTRIES, PAGES, composer=composer)
        found = await answers.find("а сколько дней?", "ru", "замена батареи ноутбука")
        assert first(found) == "101"
        assert len(stand.model.calls) == 1
        await answers.find("сколько весит наша планета вместе с луной и солнцем", "ru", "замена батареи")
        assert len(stand.model.calls) == 1


async def test_what_is_private_is_put_to_no_model_and_leads_to_what_is_confidential(stand: Stand) -> None:
    trust = replace(entry("trust", "Кому пожаловаться?", "Where can I complain?", "На линию."), confidential=True)
    async with composing(stand.settings()) as composer:
        answers = answering((*ENTRIES, trust), PAGES, composer=composer)
        found = await answers.find("замена экрана ноутбука", "ru", "замена батареи", private=True)
        after = await answers.find("а сколько дней?", "ru", "замена батареи ноутбука", private=True)
    assert stand.model.calls == []
    assert (best(found).kind, best(found).id) == ("page", "101")
    assert [(one.id, one.text) for one in found.confidential] == [("trust", "На линию.")]
    assert [one.id for one in after.confidential] == ["trust"]
    assert (await answers.find("кому пожаловаться", "ru")).confidential == ()


async def test_the_model_gets_no_word_of_what_is_hidden(stand: Stand) -> None:
    async with composing(stand.settings()) as composer:
        answers = answering((), PAGES, composer=composer)
        assert answers.served.pages is not None
        answers.served = replace(answers.served, pages=Serving(answers.served.pages.engine, frozenset({"105"})))
        await answers.find("замена экрана и вилка оклада разработчика", "ru")
    assert stand.model.calls
    assert "Вилка оклада" not in str([call.request for call in stand.model.calls])


def test_a_passage_without_a_heading_is_named_by_its_title(answers: Answers) -> None:
    assert answers.served.pages is not None
    passage = answers.served.pages.engine.best_of("101", "собрано всё о рабочих ноутбуках")
    assert passage is not None
    assert source(passage) == "Ноутбуки"
