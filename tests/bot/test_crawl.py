"""The crawl of a wiki: what it lays on the shelf, what leaves it, and what happens when something goes wrong."""

import datetime
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from redis.asyncio import Redis

from bot.answers.document import Document, Section
from bot.answers.visible import hidden
from bot.crawl.copy import LONGEST, TOGETHER, copy_of, parted
from bot.crawl.crawler import CLOCKS, READ_AT_ONCE, relist_after
from bot.crawl.laying import lay_newer
from bot.crawl.runs import Summary, asked_crawl, last_summary, plan_next, under_way
from bot.errors import Refused, Retry, Unauthorized
from bot.shelf import PAGES, digests, fetch
from bot.work import Work
from tests.bot.kit import ADAM, BORIS, HELGA
from tests.bot.office import Office, open_office
from tests.bot.test_runner import phrases
from tests.bot.wiki import Wiki


@pytest.fixture
def wiki() -> Wiki:
    return Wiki()


@pytest.fixture
async def office(redis_client: Redis, organisation: str, wiki: Wiki) -> AsyncIterator[Office]:
    async with open_office(redis_client, organisation, wiki=wiki) as opened:
        wiki.clock = opened.clock
        yield opened


async def shelf(office: Office) -> dict[str, Document]:
    ids = sorted(await digests(office.store, PAGES))
    return {one: msgspec.json.decode(state, type=Document) async for one, state in fetch(office.store, PAGES, ids)}


async def texts(office: Office) -> dict[str, str]:
    """What may be shown, as the builder of the index sees it."""
    pages = await shelf(office)
    unseen = hidden(pages)
    return {one: page.sections[0].text for one, page in pages.items() if one not in unseen}


async def begins(office: Office) -> None:
    await plan_next(office.bot.runner)
    await office.idle()


async def reindexes(office: Office, run: str = "asked") -> None:
    """A minute later Helga asks for everything to be read anew."""
    office.clock.now += datetime.timedelta(minutes=1)
    await office.does(asked_crawl("wiki", run, office.clock(), HELGA.id))


async def last(office: Office) -> Summary:
    found = await last_summary(office.store)
    assert found is not None
    return found


async def lists_left(redis: Redis, organisation: str) -> list[bytes]:
    return [key async for key in redis.scan_iter(match=f"bb:{{{organisation}}}:a:listed:*")]


# --- what comes


async def test_a_first_crawl_brings_every_page_with_its_text(office: Office, wiki: Wiki) -> None:
    ids = wiki.has(11)
    await begins(office)
    assert await texts(office) == {one: f"All about {one}." for one in ids}
    summary = await last(office)
    assert (summary.read, summary.changed, summary.removed) == (11, 11, 0)
    assert await under_way(office.store) is None


async def test_later_runs_read_what_has_changed_since_the_last_one_began(office: Office, wiki: Wiki) -> None:
    wiki.has(9)
    began = office.clock()
    await begins(office)
    await office.passes(minutes=60)  # beyond the overlap
    wiki.writes("p00003", "New words.")
    await office.passes(minutes=6)
    assert wiki.asked[-1][0] == began + datetime.timedelta(minutes=60) - CLOCKS
    assert (await texts(office))["p00003"] == "New words."
    assert (await last(office)).read == 1


async def test_a_page_that_is_edited_during_the_crawl_ends_with_its_new_text(office: Office, wiki: Wiki) -> None:
    wiki.has(10)

    def edited(call: str) -> None:
        wiki.meanwhile = lambda _: None
        assert call == "changed"
        wiki.writes("p00001", "Second thoughts.")

    wiki.meanwhile = edited
    await begins(office)
    assert (await texts(office))["p00001"] == "Second thoughts."


async def test_an_older_page_does_not_take_the_place_of_a_newer_one(office: Office, wiki: Wiki) -> None:
    """Two runs may be under way: the slower one brings what the other has already overtaken."""
    wiki.has(2)
    older = {one: kept.page.document for one, kept in wiki.kept.items()}
    wiki.writes("p00002", "Newer.")
    await begins(office)

    async def decision(work: Work) -> None:
        assert await lay_newer(work, older) == 0

    await office.bot.runner.run("test", decision)
    assert (await texts(office))["p00002"] == "Newer."


async def test_a_wiki_that_was_restored_from_a_backup_is_shown_as_it_is(office: Office, wiki: Wiki) -> None:
    wiki.has(2)
    older = wiki.kept["p00002"].page
    wiki.writes("p00002", "Newer.")
    await begins(office)
    wiki.kept["p00002"].page = older
    await office.passes(minutes=16)
    assert (await texts(office))["p00002"] == "All about p00002."


async def test_a_page_that_the_search_has_missed_is_found_in_the_list(office: Office, wiki: Wiki) -> None:
    wiki.has(3)
    await begins(office)
    await office.passes(minutes=60)
    old = wiki.clock
    wiki.clock = lambda: old() - datetime.timedelta(days=30)
    wiki.writes("imported", "As old as the hills.")
    await office.passes(minutes=16)
    assert (await texts(office))["imported"] == "As old as the hills."


# --- what leaves


async def test_a_page_in_the_trash_leaves_the_shelf(office: Office, wiki: Wiki) -> None:
    wiki.has(8)
    await begins(office)
    wiki.trashes("p00002", "p00007")
    await office.passes(minutes=16)
    assert sorted(await shelf(office)) == ["p00001", "p00003", "p00004", "p00005", "p00006", "p00008"]
    assert (await last(office)).removed == 2


async def test_a_page_that_slips_through_a_list_that_shifts_stays(office: Office, wiki: Wiki) -> None:
    wiki.has(12)
    await begins(office)

    def trashed(call: str) -> None:
        if call == "listed":
            wiki.meanwhile = lambda _: None
            wiki.trashes("p00001")  # the seventh page is now the sixth, and on no part of the list

    wiki.meanwhile = trashed
    await office.passes(minutes=16)
    assert "p00007" in wiki.looked_at
    assert "p00007" in await shelf(office)


async def test_a_page_that_is_restricted_leaves_with_all_below_it_and_not_a_word_of_it_is_kept(
    office: Office, wiki: Wiki
) -> None:
    wiki.has(2)
    wiki.writes("plans", "The merger.", title="Secret plans")
    wiki.writes("child", "Its date.", "plans")
    wiki.writes("grandchild", "Its hour.", "plans", "child")
    await begins(office)
    wiki.restricts("plans")
    await office.passes(minutes=16)
    assert sorted(await texts(office)) == ["p00001", "p00002"]
    kept = (await shelf(office))["plans"]
    assert (kept.title, kept.url, kept.sections, kept.restricted) == ("", None, (), True)


async def test_a_page_that_is_free_again_comes_back_with_its_text(office: Office, wiki: Wiki) -> None:
    wiki.writes("plans", "The merger.")
    wiki.writes("child", "Its date.", "plans")
    wiki.restricts("plans")
    await begins(office)
    assert await texts(office) == {}
    await office.passes(minutes=20)  # no search brings it any more
    wiki.restricts("plans", False)
    await office.passes(minutes=16)
    assert await texts(office) == {"plans": "The merger.", "child": "Its date."}
    assert wiki.looked_at == ["plans"]


async def test_a_page_that_is_moved_below_a_restricted_one_is_hidden(office: Office, wiki: Wiki) -> None:
    wiki.writes("plans", "The merger.")
    wiki.writes("page", "Open to all.")
    wiki.restricts("plans")
    await begins(office)
    wiki.moves("page", "plans")
    await office.passes(minutes=16)
    assert await texts(office) == {}
    wiki.moves("page")
    await office.passes(minutes=16)
    assert await texts(office) == {"page": "Open to all."}


async def test_a_restricted_page_that_was_never_read_hides_what_is_below_it(office: Office, wiki: Wiki) -> None:
    wiki.has(1)
    await begins(office)
    await office.passes(minutes=60)
    old = wiki.clock
    wiki.clock = lambda: old() - datetime.timedelta(days=30)
    wiki.writes("plans", "The merger.")
    wiki.writes("child", "Its date.", "plans")
    wiki.restricts("plans")
    await office.passes(minutes=16)
    assert sorted(await texts(office)) == ["p00001"]
    assert sorted(await shelf(office)) == ["child", "p00001", "plans"]


async def test_nothing_below_a_restricted_page_is_shown_before_a_first_crawl_has_come_to_that_page(
    office: Office, wiki: Wiki
) -> None:
    """A first crawl takes hours, and reads the pages that were changed last at its end."""
    wiki.writes("child", "Its date.", "plans")
    wiki.has(8)
    wiki.writes("plans", "The merger.")
    wiki.restricts("plans")
    wiki.meets(None, None, Retry("busy", 30.0))
    await begins(office)
    found = await texts(office)
    assert "p00003" in found
    assert "child" not in found
    await office.passes(seconds=31)
    assert len(await texts(office)) == 8
    assert wiki.looked_at == ["plans"]


async def test_the_list_of_a_small_wiki_is_walked_in_each_run(office: Office, wiki: Wiki) -> None:
    wiki.has(1)
    await begins(office)
    for _ in range(6):
        await office.passes(minutes=5)
    assert wiki.calls.count("changed") == 7
    assert wiki.calls.count("listed") == 7


def test_the_more_pages_there_are_the_less_often_they_are_listed_but_every_quarter_of_an_hour_they_are() -> None:
    quarter = datetime.timedelta(minutes=15)
    assert relist_after(0) == datetime.timedelta()
    assert relist_after(1_000) < datetime.timedelta(minutes=1)
    assert relist_after(6_000) == quarter / 3
    assert relist_after(20_000) == relist_after(1_000_000) == quarter


def test_what_hangs_below_a_page_that_was_moved_is_hidden_before_its_own_place_is_known() -> None:
    pages = {
        "plans": page("plans", restricted=True),
        "moved": page("moved", ancestors=("plans",)),
        "below": page("below", ancestors=("open", "moved")),
        "further": page("further", ancestors=("open", "below")),
        "open": page("open"),
        "circle": page("circle", ancestors=("circle",)),
    }
    assert hidden(pages) == {"plans", "moved", "below", "further"}


def test_a_space_is_searched_however_the_settings_write_its_key() -> None:
    pages = {"a": page("a", space="HR"), "b": page("b", space="IT"), "c": page("c")}
    assert hidden(pages, ("hr",)) == {"b", "c"}


def page(one: str, **more: Any) -> Document:
    return Document(id=one, title=one, url=None, version=1, **more)


# --- blindness


async def test_a_wiki_that_suddenly_shows_little_has_lost_nothing(office: Office, wiki: Wiki) -> None:
    ids = wiki.has(60)
    await begins(office)
    wiki.hides(*ids[:40])
    await office.passes(minutes=16)
    assert len(await shelf(office)) == 60
    assert (await last(office)).invisible == 40
    assert phrases(office, ADAM).count("alert-pages-invisible") == 1
    assert phrases(office, HELGA) == []
    await office.passes(minutes=16)
    assert phrases(office, ADAM).count("alert-pages-invisible") == 1  # once a day
    wiki.shows()
    await office.passes(minutes=16)
    assert (await last(office)).invisible == 0


async def test_what_is_restricted_is_hidden_even_where_little_can_be_seen(office: Office, wiki: Wiki) -> None:
    ids = wiki.has(60)
    await begins(office)
    wiki.hides(*ids[:40])
    wiki.restricts(ids[50])
    await office.passes(minutes=16)
    assert ids[50] not in await texts(office)
    assert len(await texts(office)) == 59


async def test_nothing_below_a_restricted_page_is_shown_while_both_are_removed(office: Office, wiki: Wiki) -> None:
    """Our account may see neither any more; between two readings of those that are missing the network fails."""
    wiki.has(200)
    wiki.writes("a-plans", "The merger.")
    below = [f"b{number:02}" for number in range(READ_AT_ONCE + 5)]
    for one in below:
        wiki.writes(one, "Its date.", "a-plans")
    wiki.restricts("a-plans")
    wiki.batch = wiki.list_batch = 400
    await begins(office)
    assert len(await texts(office)) == 200
    wiki.hides("a-plans", *below)
    wiki.meets(None, None, None, Retry("busy", 30.0))
    await office.passes(minutes=16)
    assert len(await texts(office)) == 200
    await office.passes(seconds=31)
    assert len(await shelf(office)) == 200


async def test_who_asks_for_it_has_many_pages_removed(office: Office, wiki: Wiki) -> None:
    ids = wiki.has(60)
    await begins(office)
    wiki.trashes(*ids[:40])
    await reindexes(office)
    assert sorted(await shelf(office)) == ids[40:]
    assert wiki.calls.count("read") == -(-40 // READ_AT_ONCE)
    assert (await last(office)).removed == 40


async def test_nobody_has_a_whole_wiki_removed(office: Office, wiki: Wiki) -> None:
    wiki.has(5)
    await begins(office)
    wiki.hides()
    await reindexes(office)
    assert len(await shelf(office)) == 5
    assert "alert-pages-invisible" in phrases(office, ADAM)
    (said,) = [text for text in office.chat.texts(HELGA) if "up to date" in text]
    assert "5 pages cannot be seen" in said.replace("\u2068", "").replace("\u2069", "")


async def test_of_very_few_pages_all_may_be_removed(office: Office, wiki: Wiki) -> None:
    wiki.has(3)
    await begins(office)
    wiki.trashes("p00001", "p00002", "p00003")
    await office.passes(minutes=16)
    assert await shelf(office) == {}


# --- what people are told


async def test_who_asked_is_told_of_the_end_and_of_a_long_way_there(office: Office, wiki: Wiki) -> None:
    wiki.batch = wiki.list_batch = 400
    wiki.has(1300)
    await reindexes(office)
    assert phrases(office, HELGA) == ["crawl-progress", "crawl-done"]
    said = office.chat.texts(HELGA)[-1].replace("\u2068", "").replace("\u2069", "")
    assert "1,300 pages read" in said or "1300 pages read" in said
    assert phrases(office, BORIS) == phrases(office, ADAM) == []


async def test_nobody_is_told_of_a_run_that_came_by_itself(office: Office, wiki: Wiki) -> None:
    wiki.has(3)
    await begins(office)
    assert office.chat.shown == []


async def test_who_asked_for_a_run_that_fails_for_good_is_told(office: Office, wiki: Wiki) -> None:
    wiki.has(3)
    wiki.meets(*(ZeroDivisionError() for _ in range(5)))
    await reindexes(office)
    for _ in range(5):
        await office.passes(minutes=1)
    assert phrases(office, HELGA) == ["crawl-given-up"]
    assert "alert-dead" in phrases(office, ADAM)
    assert await under_way(office.store) is None


# --- what goes wrong


async def test_a_cursor_that_is_too_old_goes_on_from_the_last_change_that_was_read(office: Office, wiki: Wiki) -> None:
    ids = wiki.has(12)

    def forgotten(_: str) -> None:
        if len(wiki.asked) == 2:
            wiki.forgets_cursors()

    wiki.meanwhile = forgotten
    await begins(office)
    assert sorted(await texts(office)) == ids
    assert [since for since, _ in wiki.asked[:3]] == [None, None, None]
    assert wiki.asked[3] == (wiki.kept["p00008"].page.modified, None)


async def test_a_cursor_of_the_list_that_is_too_old_begins_the_list_anew(
    office: Office, wiki: Wiki, redis_client: Redis, organisation: str
) -> None:
    wiki.has(20)
    await begins(office)
    wiki.trashes("p00020")
    seen: list[str] = []

    def forgotten(call: str) -> None:
        seen.append(call)
        if seen.count("listed") == 2:
            wiki.forgets_cursors()

    wiki.meanwhile = forgotten
    await office.passes(minutes=16)
    assert "p00020" not in await shelf(office)
    assert len(await shelf(office)) == 19
    assert await lists_left(redis_client, organisation) == []


async def test_cursors_that_are_always_too_old_are_given_up_and_the_runs_go_on(office: Office, wiki: Wiki) -> None:
    wiki.has(12)
    wiki.meanwhile = lambda call: wiki.forgets_cursors() if call == "listed" else None
    await begins(office)
    assert [code for _, code in await office.dead()] == ["cursor"]
    wiki.meanwhile = lambda _: None
    await office.passes(minutes=6)
    assert len(await office.dead()) == 1
    assert (await last(office)).listed is not None
    assert await texts(office) != {}


async def test_a_dead_letter_does_not_end_the_runs_and_the_next_goes_on_from_where_it_came_to(
    office: Office, wiki: Wiki
) -> None:
    ids = wiki.has(12)
    wiki.meets(None, Refused("invalid", "no"))
    await begins(office)
    assert sorted(await shelf(office)) == ids[:4]
    assert len(await office.dead()) == 1
    await office.passes(minutes=6)
    assert sorted(await shelf(office)) == ids
    assert wiki.asked[2] == (wiki.kept["p00004"].page.modified, None)


async def test_a_wiki_that_refuses_our_credentials_rests_and_nothing_is_lost(office: Office, wiki: Wiki) -> None:
    ids = wiki.has(8)
    wiki.meets(None, Unauthorized("401"))
    await begins(office)
    assert "alert-unauthorized" in phrases(office, ADAM)
    await office.passes(minutes=2)
    assert sorted(await shelf(office)) == ids
    assert await office.dead() == []
    assert len(wiki.asked) == 3  # it went on where it was


async def test_a_page_of_a_stranger_that_cannot_be_kept_as_it_is_holds_nothing_up(office: Office, wiki: Wiki) -> None:
    wiki.writes("half", "A smile \ud83d that was cut.", title="\udc00")
    wiki.writes("long", "word " * LONGEST)
    wiki.writes("page", "Fine.")
    await begins(office)
    found = await texts(office)
    assert found["half"] == "A smile ? that was cut."
    assert len(found["long"]) == LONGEST
    assert found["page"] == "Fine."


def test_no_commit_gets_more_than_it_can_take() -> None:
    pages = {
        str(number): copy_of(
            Document(id=str(number), title="", url=None, version=1, sections=(Section("", "", "\0" * LONGEST),))
        )
        for number in range(10)
    }
    parts = list(parted(pages))
    assert [one for part in parts for one in part] == list(pages)
    for part in parts:
        assert sum(len(section.text) for page in part.values() for section in page.sections) <= TOGETHER
        assert sum(len(msgspec.json.encode(page)) for page in part.values()) < 8 * 1024 * 1024
    assert len(list(parted({}))) == 0


def test_headings_and_their_anchors_count_in_a_commit_like_text() -> None:
    headings = tuple(Section(f"H{number}", "%D0%AF" * 300, "\0") for number in range(5_000))
    pages = {
        str(number): copy_of(Document(id=str(number), title="", url=None, version=1, sections=headings))
        for number in range(5)
    }
    assert [len(page.sections) for page in pages.values()] == [5_000] * 5
    assert pages["0"].sections[0].anchor
    assert not pages["0"].sections[-1].anchor
    for part in parted(pages):
        assert sum(len(msgspec.json.encode(page)) for page in part.values()) < 8 * 1024 * 1024


async def test_a_platform_that_is_silent_for_a_while_is_waited_for(office: Office, wiki: Wiki) -> None:
    ids = wiki.has(8)
    wiki.meets(None, Retry("busy", 30.0))
    await begins(office)
    assert sorted(await shelf(office)) == ids[:4]
    await office.passes(seconds=31)
    assert sorted(await shelf(office)) == ids
