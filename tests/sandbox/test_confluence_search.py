"""What CQL finds, in which order, and what it refuses."""

from collections.abc import AsyncIterator

import pytest

from sandbox.confluence import Edit, Readers
from tests.sandbox.confluence_kit import ANNA, Stand, standing


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    async with standing() as ready:
        yield ready


@pytest.fixture
async def wiki(stand: Stand) -> Stand:
    """Three pages: the first was made at 12:01 in Moscow, each a minute after the one before."""
    vacation = stand.put("Отпуск", "<p>Заявление на <strong>портале</strong></p>", labels=("hr",))
    stand.put("Перенос отпуска", "<p>До начала</p>", parent=vacation.id)
    stand.put("VPN guide", "<p>Install the client</p>", space="IT", labels=("it", "vpn"))
    return stand


@pytest.mark.parametrize(
    ("cql", "titles"),
    [
        ("type = page", ["Отпуск", "Перенос отпуска", "VPN guide"]),
        ("type = blogpost", []),
        ("space = HR", ["Отпуск", "Перенос отпуска"]),
        ("space in (IT, hr) and type=page", ["Отпуск", "Перенос отпуска", "VPN guide"]),
        ("type = page and space != HR", ["VPN guide"]),
        ("type = page and not space = HR", ["VPN guide"]),
        ("type = page and space not in (HR)", ["VPN guide"]),
        ('text ~ "портале"', ["Отпуск"]),
        ('text ~ "install client"', ["VPN guide"]),
        ('text ~ "instal*"', ["VPN guide"]),
        ('text ~ "\\"the client\\""', ["VPN guide"]),
        ('title ~ "отпуска"', ["Перенос отпуска"]),
        ('title = "отпуск"', ["Отпуск"]),
        ("label = vpn", ["VPN guide"]),
        ('label in ("hr", "vpn")', ["Отпуск", "VPN guide"]),
        ('lastmodified >= "2026/11/24 12:02"', ["Перенос отпуска", "VPN guide"]),
        ('lastModified > "2026-11-24 12:02" ', ["VPN guide"]),
        ('created < "2026/11/24 12:02"', ["Отпуск"]),
        ('lastmodified >= "2026/11/24"', ["Отпуск", "Перенос отпуска", "VPN guide"]),
        ("lastmodified > now()", []),
        ('lastmodified >= now("-1m") and lastmodified <= now()', ["Перенос отпуска", "VPN guide"]),
        ("(space = HR or label = vpn) and lastmodified > startOfDay()", ["Отпуск", "Перенос отпуска", "VPN guide"]),
        ('space = IT or space = HR and title ~ "перенос"', ["Перенос отпуска", "VPN guide"]),
        ("type = page order by title", ["VPN guide", "Отпуск", "Перенос отпуска"]),
        ("type = page order by lastmodified desc", ["VPN guide", "Перенос отпуска", "Отпуск"]),
    ],
)
async def test_a_query_finds_its_pages_in_its_order(wiki: Stand, cql: str, titles: list[str]) -> None:
    assert await wiki.found(cql) == titles


async def test_what_has_changed_lately_is_reckoned_from_the_moment_of_the_question(wiki: Stand) -> None:
    lately = 'lastmodified > now("-1m")'
    assert await wiki.found(lately) == ["VPN guide"]
    wiki.clock.tick(60)
    assert await wiki.found(lately) == []


async def test_pages_are_found_by_id_parent_and_ancestor(wiki: Stand) -> None:
    top, below = list(wiki.state.pages)[:2]
    deep = wiki.put("Образец заявления", parent=below)
    assert await wiki.found(f"id in ({top}, {deep.id})") == ["Отпуск", "Образец заявления"]
    assert await wiki.found(f"parent = {top}") == ["Перенос отпуска"]
    assert await wiki.found(f"ancestor = {top}") == ["Перенос отпуска", "Образец заявления"]


@pytest.mark.parametrize(
    "cql",
    [
        "",
        "type",
        "type =",
        "type = page and",
        "(type = page",
        "type = page)",
        "type in page",
        "type = poem",
        "colour = red",
        'lastmodified > "yesterday"',
        'lastmodified > now("-7x")',
        "lastmodified ~ 5",
        "text = word",
        "not type = page",
        "space != HR and type = page",
        "type = page order lastmodified",
        "type = page order by space",
        'type = page and title ~ "open',
        "space = NOWHERE",
        "(" * 200 + "type = page" + ")" * 200,
    ],
)
async def test_a_wrong_query_is_refused_in_the_words_of_confluence(stand: Stand, cql: str) -> None:
    failure = await stand.refused(lambda wiki: wiki.cql(cql))
    assert failure.response is not None
    said = failure.response.json()
    assert (said["statusCode"], said["data"]["valid"]) == (400, False)
    assert said["message"].startswith("com.atlassian.confluence.api.service.exceptions.BadRequestException: ")


async def test_times_are_meant_in_the_zone_of_who_asks(stand: Stand) -> None:
    stand.put("Отпуск")  # 09:01 UTC
    assert await stand.found('lastmodified >= "2026/11/24 12:01"') == ["Отпуск"]
    assert await stand.found('lastmodified >= "2026/11/24 12:02"') == []


async def test_an_edit_is_found_late_when_the_index_lags_and_shows_what_the_page_is_now(stand: Stand) -> None:
    page = stand.put("Отпуск")
    await stand.control("settings", {"search_lag": 30})
    assert await stand.found("type = page") == []
    stand.clock.tick(30)
    assert await stand.found("type = page") == ["Отпуск"]
    stand.state.edit(page.id, Edit(title="Отпуск и отгулы"))
    assert await stand.found('title = "отпуск"') == ["Отпуск и отгулы"]
    assert await stand.found('title = "отпуск и отгулы"') == []
    stand.clock.tick(30)
    assert await stand.found('title = "отпуск и отгулы"') == ["Отпуск и отгулы"]


async def test_what_may_not_be_read_or_lies_in_the_trash_is_not_found(stand: Stand) -> None:
    hidden, gone = stand.put("Оклады", readers=Readers((ANNA.name,))), stand.put("Старое")
    stand.put("Ведомость", parent=hidden.id)
    stand.put("Отпуск")
    stand.state.trash(gone.id)
    assert await stand.found("type = page") == ["Отпуск"]


async def test_the_envelope_marks_the_words_that_were_looked_for(wiki: Stand) -> None:
    answer = await wiki.get(f"{wiki.api}/search", cql='text ~ "портале"', expand="content.version")
    (found,) = answer["results"]
    assert found["excerpt"] == "Заявление на @@@hl@@@портале@@@endhl@@@"
    assert (found["entityType"], found["content"]["version"]["number"], answer["totalSize"]) == ("content", 1, 1)
