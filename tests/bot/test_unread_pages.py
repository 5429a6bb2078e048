"""Pages that cannot be read: skipped, named to whoever can do something about it, and read again when they change."""

import logging
from collections.abc import AsyncIterator

import msgspec
import pytest
from redis.asyncio import Redis

from bot.answers.document import Document
from bot.crawl.laying import UNREADABLE
from bot.crawl.runs import last_summary
from bot.crawl.unread import unread_pages
from bot.message import Phrase
from bot.people import Person
from tests.bot.kit import ADAM, HELGA
from tests.bot.office import Office, open_office
from tests.bot.test_crawl import begins, reindexes, shelf
from tests.bot.wiki import Wiki

SECRET = "The old words."


@pytest.fixture
def wiki() -> Wiki:
    return Wiki()


@pytest.fixture
async def office(redis_client: Redis, organisation: str, wiki: Wiki) -> AsyncIterator[Office]:
    async with open_office(redis_client, organisation, wiki=wiki) as opened:
        wiki.clock = opened.clock
        yield opened


def poisons(wiki: Wiki, one: str, *above: str, why: str = "too-much-markup") -> None:
    """Somebody changes the page so that it cannot be read."""
    wiki.writes(one, "", *above)
    wiki._alter(one, unreadable=why, sections=())


async def named(office: Office) -> list[str]:
    return [page.id for page in await unread_pages(office.store)]


async def test_its_neighbours_are_read_and_it_is_named(
    office: Office, wiki: Wiki, caplog: pytest.LogCaptureFixture
) -> None:
    wiki.has(6)
    poisons(wiki, "p00003")
    with caplog.at_level(logging.WARNING, "bot.crawl"):
        await begins(office)
    pages = await shelf(office)
    assert sum(bool(page.sections) for page in pages.values()) == 5
    assert await named(office) == ["p00003"]
    logged = [record for record in caplog.records if record.message == "page unreadable"]
    assert {(record.__dict__["page"], record.__dict__["why"]) for record in logged} == {("p00003", "too-much-markup")}
    assert "Title" not in caplog.text


@pytest.mark.parametrize("who", [HELGA, ADAM])
async def test_hr_and_administrators_see_which_page_it_is_and_why(office: Office, wiki: Wiki, who: Person) -> None:
    wiki.has(2)
    poisons(wiki, "p00002", why="too-slow")
    await begins(office)
    await office.writes(who, "answers")
    shown = office.chat.to(who)[-1].message
    assert ("fact-unread", Phrase("pages-count", {"count": 1})) in [
        (fact.name.key, fact.value) for fact in shown.facts if isinstance(fact.name, Phrase)
    ]
    (item,) = shown.items
    assert (item.title, [link.url for link in item.links]) == ("Title of p00002", ["https://wiki.example/p00002"])
    assert item.note == Phrase("unread-note", {"why": Phrase("unread-too-slow"), "id": "p00002"})


async def test_what_was_read_of_it_before_is_answered_no_more(office: Office, wiki: Wiki) -> None:
    """What has been taken out of a page must not be said because the page cannot be read any more."""
    wiki.writes("p1", SECRET)
    await begins(office)
    poisons(wiki, "p1")
    await office.passes(minutes=6)
    (page,) = (await shelf(office)).values()
    assert SECRET not in str(page)


async def test_it_is_read_again_when_it_is_changed_and_when_somebody_asks(office: Office, wiki: Wiki) -> None:
    wiki.has(2)
    poisons(wiki, "p00001")
    await begins(office)
    await office.passes(minutes=60)
    wiki.looked_at.clear()
    await office.passes(minutes=30)
    assert wiki.looked_at == []  # it has not changed
    wiki.writes("p00001", "Short and good.")
    await office.passes(minutes=6)
    assert await named(office) == []
    assert (await shelf(office))["p00001"].sections[0].text == "Short and good."
    poisons(wiki, "p00002")
    await office.passes(minutes=6)
    assert await named(office) == ["p00002"]
    wiki._alter("p00002", unreadable="")  # as a later version of ours may read it
    await reindexes(office)
    assert await named(office) == []


@pytest.mark.parametrize("deleted", [True, False])
async def test_one_that_is_deleted_or_restricted_is_named_no_more(office: Office, wiki: Wiki, deleted: bool) -> None:
    wiki.has(2)
    poisons(wiki, "p00001")
    await begins(office)
    if deleted:
        wiki.trashes("p00001")
    else:
        wiki.restricts("p00001")
        wiki._alter("p00001", title="", url=None, unreadable="")
    await office.passes(minutes=20)
    assert await named(office) == []
    assert await office.store.members(UNREADABLE) == []


async def test_one_below_a_restricted_page_is_not_named(office: Office, wiki: Wiki) -> None:
    wiki.writes("top", "For few.")
    wiki.writes("middle", "For few.", "top")
    poisons(wiki, "p", "middle")
    await begins(office)
    assert await named(office) == ["p"]
    wiki.restricts("top")
    await office.passes(minutes=20)
    assert await named(office) == []


async def test_whoever_asked_for_a_run_hears_how_many(office: Office, wiki: Wiki) -> None:
    wiki.has(3)
    poisons(wiki, "p00003")
    await reindexes(office)
    summary = await last_summary(office.store)
    assert summary is not None
    assert summary.unread == 1
    assert "1 page could not be read" in office.chat.texts(HELGA)[-1]


def test_a_page_that_an_earlier_version_has_laid_there_can_be_read() -> None:
    before = b'{"id":"p","title":"T","url":null,"version":1,"sections":[],"restricted":false,"ancestors":[],"space":""}'
    assert msgspec.json.decode(before, type=Document).unreadable == ""
