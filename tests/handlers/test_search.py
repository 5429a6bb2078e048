"""A search lists what has to do with the words; HR sees how the answers stand, and has the wiki read anew."""

import msgspec
import pytest
from msgspec.structs import replace

from bot.crawl.runs import STATE, Standing, Summary
from bot.effects import Crawl, Say
from bot.incoming import Place, Wrote
from bot.knowledge import Answer
from bot.message import Day, Phrase
from bot.people import Person
from bot.turn import Turn
from bot.work import Work
from handlers.answers import answers
from tests.bot.kit import ADAM, ANNA, BORIS, HELGA, OLGA
from tests.bot.office import Office
from tests.handlers.test_onboarding import heard, hears, key, phrase

LEAVE = Answer(
    id="leave",
    label="How much leave do I have?",
    text="You have 28 days.\nAsk early. " + "More. " * 100,
    source="Handbook > Leave",
    url="https://wiki.example/leave#days",
)


# --- search


@pytest.mark.parametrize("text", ["search vpn access", "найти vpn", "/onboarding поиск VPN", "найди мне vpn"])
async def test_a_search_lists_title_extract_and_link(office: Office, text: str) -> None:
    office.handbook.pages["leave"] = LEAVE
    await office.writes(ANNA, text)
    (shown,) = office.chat.to(ANNA)
    assert phrase(shown.message) == "search-found"
    leave, vpn = shown.message.items
    assert (leave.title, [link.url for link in leave.links]) == (LEAVE.source, [LEAVE.url])
    assert isinstance(leave.text, str)
    assert leave.text.startswith("You have 28 days. Ask early.")
    assert len(leave.text) <= 240
    assert vpn.title == "IT"
    assert office.handbook.asked == []


async def test_a_hit_is_read_with_its_button(office: Office) -> None:
    office.handbook.pages["leave"] = LEAVE
    await office.writes(ANNA, "search vpn")
    button = office.chat.to(ANNA)[0].message.items[0].button
    assert button is not None
    await office.presses(ANNA, button.action, button.value)
    assert office.chat.texts(ANNA)[-1] == LEAVE.text


async def test_an_entry_of_the_faq_is_listed_by_its_question(office: Office) -> None:
    office.handbook.pages["leave"] = replace(LEAVE, kind="faq", url=None)
    await office.writes(ANNA, "search vpn")
    item = office.chat.to(ANNA)[0].message.items[0]
    assert (item.title, item.links) == (LEAVE.label, ())


async def test_who_finds_nothing_hears_what_to_do_next(office: Office) -> None:
    await office.writes(ANNA, "search herons")
    (shown,) = office.chat.to(ANNA)
    assert shown.message.text == Phrase("search-nothing", {"words": "herons"})
    (button,) = shown.message.buttons
    assert (button.action, button.value) == ("ask-person", "herons")


@pytest.mark.parametrize("text", ["search", "найти", "search !!!"])
async def test_a_search_for_nothing_explains_itself(office: Office, text: str) -> None:
    await office.writes(ANNA, text)
    assert hears(office, ANNA) == "search-usage"


async def test_a_search_with_a_slash_and_in_a_channel(office: Office) -> None:
    assert key(await office.commands(ANNA, "search vpn")) == "looking"
    assert heard(office, ANNA) == ["search-found"]
    await office.writes(ANNA, "search vpn", place=Place("chat", "C1", "t", private=False))
    assert [phrase(one.message) for one in office.chat.to("C1")] == ["search-found"]


async def test_what_only_begins_like_a_search_is_a_question(office: Office) -> None:
    await office.writes(ANNA, "поиск наставника входит в мои обязанности?")
    assert office.handbook.asked == ["поиск наставника входит в мои обязанности?"]


async def test_words_in_russian_are_answered_in_russian(office: Office) -> None:
    await office.writes(ANNA, "найти цапли")
    assert office.chat.texts(ANNA)[-1].startswith("По словам «цапли»")


# --- how the answers stand


def facts(office: Office, who: Person) -> dict[str, object]:
    found = office.chat.to(who)[-1].message.facts
    return {one.name.key: one.value for one in found if isinstance(one.name, Phrase)}


@pytest.mark.parametrize("text", ["answers", "ответы", "/onboarding answers"])
async def test_hr_sees_what_is_known_and_what_is_not(office: Office, text: str) -> None:
    await office.writes(ANNA, "where do the herons sleep?")
    await office.writes(ANNA, "vpn?")
    helpful = office.chat.to(ANNA)[-1].message.buttons[0]
    await office.presses(ANNA, helpful.action, helpful.value)
    await office.writes(HELGA, text)
    assert hears(office, HELGA) == "answers-state"
    assert facts(office, HELGA) == {
        "fact-crawled": Phrase("wiki-none"),
        "fact-pages": Phrase("pages-count", {"count": 0}),
        "fact-entries": Phrase("entries-count", {"count": 0}),
        "fact-unanswered": Phrase("questions-count", {"count": 1}),
        "fact-drafts": Phrase("drafts-count", {"count": 0}),
        "fact-votes": Phrase("votes-count", {"helpful": 1, "unhelpful": 0}),
    }
    unanswered, _ = office.chat.to(HELGA)[-1].message.buttons
    await office.presses(HELGA, unanswered.action, unanswered.value)
    assert hears(office, HELGA) == "unanswered"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("answers unanswered", "unanswered-none"),
        ("ответы без ответа", "unanswered-none"),
        ("answers drafts", "drafts-none"),
        ("ответы черновики", "drafts-none"),
        ("answers reindex", "answers-no-wiki"),
        ("ответы переиндексировать", "answers-no-wiki"),
        ("/onboarding answers everything", "answers-usage"),
    ],
)
async def test_each_of_its_words_does_something(office: Office, text: str, answer: str) -> None:
    await office.writes(ADAM, text)
    assert hears(office, ADAM) == answer


@pytest.mark.parametrize("who", [ANNA, BORIS])
async def test_it_is_for_hr_and_administrators_alone_also_by_button(office: Office, who: Person) -> None:
    for value in ("", "reindex", "unanswered", "drafts"):
        await office.writes(who, f"/onboarding answers {value}")
        await office.presses(who, "answers", value)
    assert set(heard(office, who)) == {"faq-of-hr"}


async def test_a_question_that_begins_like_it_is_a_question(office: Office) -> None:
    await office.writes(OLGA, "ответы на вопросы о премии где смотреть")
    assert office.handbook.asked == ["ответы на вопросы о премии где смотреть"]


async def test_reindexing_reads_the_whole_wiki_for_whoever_asked(office: Office) -> None:
    turn = Turn(
        replace(office.company, wiki="wiki"), office.clock(), office.incoming(HELGA, Wrote("answers reindex")), HELGA
    )
    turn.words = ("reindex",)
    await answers(turn)
    crawl, said = turn.commit().effects
    assert isinstance(crawl.act, Crawl)
    assert (crawl.act.full, crawl.act.asked_by) == (True, HELGA.id)
    assert isinstance(said.act, Say)
    assert said.act.message.text == Phrase("answers-reindexing")


async def test_hr_sees_how_far_the_reading_of_the_wiki_is(office: Office) -> None:
    page = Crawl(run="r", began=office.clock(), read=120)
    last = Summary(run="q", began=office.clock(), ended=office.clock(), read=9, changed=1, removed=0)
    for standing, shown in (
        (Standing(), Phrase("crawled-never")),
        (Standing(last), Day(office.clock().date())),
        (Standing(last, page), Phrase("crawl-under-way", {"count": 120})),
    ):
        await stands(office, standing)
        turn = Turn(
            replace(office.company, wiki="wiki"), office.clock(), office.incoming(HELGA, Wrote("answers")), HELGA
        )
        await answers(turn)
        (said,) = turn.commit().effects
        assert isinstance(said.act, Say)
        assert said.act.message.facts[0].value == shown
        assert [button.value for button in said.act.message.buttons] == ["unanswered", "drafts", "reindex"]


async def stands(office: Office, standing: Standing) -> None:
    async def decision(work: Work) -> None:
        await work.state(STATE)
        work.put(STATE, msgspec.json.encode(standing))

    await office.bot.runner.run("test", decision)
