"""Pages of a Confluence of either kind, as the crawl sees them."""

import datetime
from collections.abc import Callable

import pytest

from adapters.confluence.effort import MOST_STEPS
from adapters.confluence.walk import KEPT
from adapters.confluence.wiki import ConfluenceWiki
from bot.answers.document import Section
from bot.errors import Refused, Retry, Unauthorized
from sandbox.confluence import Deployment, Edit, Limits, Readers
from sandbox.faults import Kind
from tests.adapters.confluence.kit import BEGIN, Stand, documents, every_listed, every_page, ids, standing

CLOSED = Readers(groups=("directors",))
SMALL = Limits(plain=3, with_bodies=2)
OURS = Readers(users=("bot",))


async def test_a_page_comes_with_its_sections_its_place_and_its_moment(stand: Stand) -> None:
    top = stand.add("Office")
    page = stand.add("VPN access", "<p>Ask IT.</p><h2>On a Mac</h2><p>Open it.</p>", parent=top.id)
    async with stand.wiki() as wiki:
        found = (await every_page(wiki))[-1]
    document = found.document
    anchor = "On-a-Mac" if stand.cloud else "VPNaccess-OnaMac"
    assert (document.id, document.title, document.version, document.space) == (*ids(page), "VPN access", 1, "HR")
    assert document.sections == (Section("", "", "Ask IT."), Section("On a Mac", anchor, "Open it."))
    assert document.ancestors == tuple(ids(top))
    assert not document.restricted
    assert found.modified == page.modified
    assert document.url is not None
    assert document.url.startswith(f"{stand.url}/wiki/spaces/HR/" if stand.cloud else f"{stand.url}/display/HR/")


async def test_a_zone_that_is_told_leaves_minutes_to_read_twice(stand: Stand) -> None:
    made = [stand.add(f"page {number}") for number in range(60)]
    async with stand.wiki(time_zone="Europe/Moscow") as wiki:
        assert [page.document.id for page in await every_page(wiki, made[50].modified)] == ids(*made[48:])


async def test_a_page_that_cannot_be_read_comes_beside_those_that_can(stand: Stand) -> None:
    made = stand.add("good"), stand.add("poison", "<b/>" * MOST_STEPS), stand.add("fine")
    async with stand.wiki() as wiki:
        found = documents(await every_page(wiki))
        (again,) = await wiki.read(ids(made[1]))
    assert [(one.title, one.unreadable, bool(one.sections)) for one in found.values()] == [
        ("good", "", True), ("poison", "too-much-markup", False), ("fine", "", True)
    ]  # fmt: skip
    assert again.document == found[again.document.id]


async def test_pages_that_take_too_long_together_are_left_for_the_look_at_what_differs(stand: Stand) -> None:
    made = [stand.add(title) for title in "ab"] + [stand.add("c", readers=OURS)]
    wiki = ConfluenceWiki(stand.settings(), together=0.0)
    try:
        assert [*documents(await every_page(wiki))] == ids(made[0], made[2]), "what few may read is hidden at once"
        assert [one.id for one in await every_listed(wiki)] == ids(*made)
        assert [one.document.id for one in await wiki.read(ids(*made))] == ids(*made)
    finally:
        await wiki.close()


async def test_only_the_chosen_spaces_are_read(stand: Stand) -> None:
    page = stand.add("Ours")
    stand.state.create("IT", "Theirs")
    async with stand.wiki() as wiki:
        assert [*documents(await every_page(wiki))] == ids(page)
        assert [one.id for one in await every_listed(wiki)] == ids(page)


async def test_the_longest_unchanged_comes_first_and_what_changed_since(stand: Stand) -> None:
    first, second, third = (stand.add(title) for title in "abc")
    stand.clock.tick(2 * 86_400)
    stand.state.edit(first.id, Edit(body="<p>new</p>"))
    async with stand.wiki() as wiki:
        assert [page.document.id for page in await every_page(wiki)] == ids(second, third, first)
        fresh = await every_page(wiki, stand.clock.now)
    assert [(page.document.id, page.document.version) for page in fresh] == [(*ids(first), 2)]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/New_York"])
@pytest.mark.parametrize("deployment", Deployment)
async def test_the_zone_of_the_account_does_not_hide_changes(deployment: Deployment, zone: str) -> None:
    async with standing(deployment) as stand:
        user = stand.state.people.named("bot")
        stand.state.people.add(type(user)(name="bot", display_name="Bot", email="bot@example.com", time_zone=zone))
        page = stand.add("late")
        async with stand.wiki() as wiki:
            assert ids(page) == [*documents(await every_page(wiki, page.modified))]


@pytest.mark.parametrize("deployment", Deployment)
async def test_without_a_zone_a_day_is_read_twice_and_nothing_is_left_out(deployment: Deployment) -> None:
    async with standing(deployment, SMALL) as stand:
        stand.fail(Kind.ERROR, "/user/current", times=None, status=404)
        made = [stand.add(f"page {number}") for number in range(17)]
        async with stand.wiki() as wiki:
            found = await every_page(wiki, BEGIN + datetime.timedelta(minutes=10))
            assert [*documents(await every_page(wiki))] == ids(*made)
    assert {*ids(*made[9:])} <= {*documents(found)}
    assert len(found) == len({*documents(found)})


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("deployment", Deployment)
async def test_pages_that_change_during_a_walk_hide_no_other(
    deployment: Deployment, known: bool, together: bool
) -> None:
    async with standing(deployment, SMALL) as stand:
        if not known:
            stand.fail(Kind.ERROR, "/user/current", times=None, status=404)
        told = {"time_zone": "Europe/Moscow"} if known else {}
        step: Callable[[], object] = (lambda: None) if together else (lambda: stand.clock.tick(60))
        made = []
        for number in range(30):
            made.append(stand.state.create("HR", f"page {number}"))
            step()
        async with stand.wiki(**told) as wiki:
            found = await wiki.changed(None, None)
            seen = {*documents([*found.pages])}
            for page in made[:3]:
                stand.clock.tick(60)
                stand.state.edit(page.id, Edit(body="<p>new</p>"))
                assert found.cursor is not None
                found = await wiki.changed(None, found.cursor)
                seen |= {*documents([*found.pages])}
            while found.cursor is not None:
                found = await wiki.changed(None, found.cursor)
                seen |= {*documents([*found.pages])}
    assert seen == {*ids(*made)}


async def test_where_more_has_moved_than_is_remembered_the_walk_begins_again() -> None:
    async with standing(Deployment.SERVER, Limits(plain=50, with_bodies=KEPT + 5)) as stand:
        stand.fail(Kind.ERROR, "/user/current", times=None, status=404)
        made = [stand.add(f"page {number}") for number in range(40)]
        async with stand.wiki() as wiki:
            found = await wiki.changed(None, None)
            for page in made[: KEPT + 5]:
                stand.state.trash(page.id)
            with pytest.raises(Refused) as refused:
                await wiki.changed(None, found.cursor)
            assert refused.value.code == "cursor"
            assert {*documents(await every_page(wiki))} == {*ids(*made[KEPT + 5 :])}


@pytest.mark.parametrize("cursor", ["", "nonsense", "[1,2]", '["2026/11/24 09:00",0,"_sa_strange"]'])
async def test_a_cursor_that_is_too_old_or_strange_says_so(cursor: str) -> None:
    async with standing(Deployment.CLOUD) as stand, stand.wiki() as wiki:
        with pytest.raises(Refused) as refused:
            await wiki.changed(None, cursor)
        assert refused.value.code == "cursor"


async def test_a_walk_whose_cursor_grew_old_says_so_and_begins_again() -> None:
    async with standing(Deployment.CLOUD, SMALL) as stand:
        made = [stand.state.create("HR", f"page {number}") for number in range(5)]
        async with stand.wiki() as wiki:
            found = await wiki.changed(None, (await wiki.changed(None, None)).cursor)
            assert found.cursor is not None
            stand.forget_cursors()
            with pytest.raises(Refused) as refused:
                await wiki.changed(None, found.cursor)
            assert refused.value.code == "cursor"
            again = await every_page(wiki, found.pages[-1].modified)
            assert [*documents(again)] == ids(*made)


async def test_a_query_that_is_refused_is_no_old_cursor(stand: Stand) -> None:
    stand.fail(Kind.ERROR, "/search", status=400)
    async with stand.wiki() as wiki:
        with pytest.raises(Refused) as refused:
            await wiki.changed(None, None)
    assert refused.value.code == "invalid"


async def test_what_is_too_much_for_one_answer_comes_in_smaller_parts(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.confluence.session.LARGEST_ANSWER", 60_000)
    long = "<p>" + "word " * 4000 + "</p>"
    made = [stand.add(f"page {number}", long) for number in range(4)]
    huge = stand.add("huge", long * 5)
    async with stand.wiki() as wiki:
        found = documents(await every_page(wiki))
        (read,) = await wiki.read(ids(huge))
    assert [*found] == ids(*made, huge)
    assert [bool(page.sections) for page in found.values()] == [True] * 4 + [False]
    assert read.document == found[read.document.id]


async def test_the_list_names_every_page_and_no_text_is_asked_for(stand: Stand) -> None:
    top = stand.add("top")
    below = stand.add("below", parent=top.id)
    hidden = stand.add("hidden", readers=OURS, parent=top.id)
    async with stand.wiki() as wiki:
        found = await every_listed(wiki)
    assert [(one.id, one.version, one.restricted, [*one.ancestors]) for one in found] == [
        (*ids(top), 1, False, []),
        (*ids(below), 1, False, ids(top)),
        (*ids(hidden), 1, True, ids(top)),
    ]


async def test_some_hundreds_are_listed_at_a_time(stand: Stand) -> None:
    made = [stand.add(f"page {number}") for number in range(450)]
    async with stand.wiki() as wiki:
        assert [*dict.fromkeys(one.id for one in await every_listed(wiki))] == ids(*made)
    assert sum(count for line, count in stand.received.items() if "search" in line) <= 4


async def test_the_text_of_a_restricted_page_never_leaves_the_adapter(stand: Stand) -> None:
    page = stand.add("Salaries", "<p>secret</p>", readers=OURS)
    async with stand.wiki() as wiki:
        (found,) = await every_page(wiki)
        (read,) = await wiki.read(ids(page))
    assert found.document == read.document
    assert found.document.restricted
    assert (found.document.title, found.document.url, found.document.sections) == ("", None, ())


async def test_restricted_pages_are_read_when_the_settings_say_so(stand: Stand) -> None:
    page = stand.add("Salaries", "<p>secret</p>", readers=OURS)
    async with stand.wiki(restricted=True) as wiki:
        (found,) = await every_page(wiki)
        assert [(one.id, one.restricted) for one in await every_listed(wiki)] == [(*ids(page), False)]
    assert not found.document.restricted
    assert found.document.sections == (Section("", "", "secret"),)


async def test_what_we_may_not_see_does_not_come(stand: Stand) -> None:
    page = stand.add("Board", readers=CLOSED)
    async with stand.wiki() as wiki:
        assert await every_page(wiki) == []
        assert await every_listed(wiki) == []
        assert await wiki.read(ids(page)) == ()


async def test_single_pages_are_read_past_a_search_that_lags_behind() -> None:
    async with standing(Deployment.CLOUD, search_lag=3600.0) as stand:
        page, gone = stand.add("fresh"), stand.add("gone")
        other = stand.state.create("IT", "other")
        stand.state.trash(gone.id)
        async with stand.wiki() as wiki:
            assert await every_page(wiki) == []
            found = await wiki.read([*ids(page, gone, other), "confluence:99", "confluence:../user", "faq:1"])
    assert [one.document.id for one in found] == ids(page)


async def test_429_says_how_long_to_be_silent(stand: Stand) -> None:
    stand.add("page")
    stand.fail(Kind.RATE_LIMIT, "/search")
    async with stand.wiki() as wiki:
        with pytest.raises(Retry) as retry:
            await wiki.changed(None, None)
        assert (retry.value.after, retry.value.everywhere) == (17.0, True)
        assert len(await every_page(wiki)) == 1


@pytest.mark.parametrize("kind", [Kind.ERROR, Kind.CUT, Kind.LOST])
async def test_a_failure_is_tried_again_and_asked_for_once(stand: Stand, kind: Kind) -> None:
    stand.fail(kind, "/search")
    async with stand.wiki() as wiki:
        with pytest.raises(Retry):
            await wiki.changed(None, None)
    assert sum(count for line, count in stand.received.items() if "search" in line) == 1


async def test_silence_ends_in_time(stand: Stand) -> None:
    stand.fail(Kind.HANG, "/search")
    async with stand.wiki(timeout=0.3) as wiki:
        with pytest.raises(Retry):
            await wiki.changed(None, None)


async def test_wrong_credentials_are_told_apart(stand: Stand) -> None:
    wrong = {"token": "wrong"} if stand.cloud else {"pat": "wrong"}
    async with stand.wiki(**wrong) as wiki:
        for ask in (wiki.changed(None, None), wiki.listed(None)):
            with pytest.raises(Unauthorized):
                await ask


async def test_a_wiki_that_is_not_there_is_asked_again_later() -> None:
    async with standing(Deployment.CLOUD) as stand:
        wiki = ConfluenceWiki(stand.settings())
    try:
        with pytest.raises(Retry):
            await wiki.read(["confluence:1"])
    finally:
        await wiki.close()
