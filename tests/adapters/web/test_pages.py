"""The two pages: their language, their people, and that nothing on them can run."""

from __future__ import annotations

import datetime
import re
from html.parser import HTMLParser

import msgspec
import pytest

from adapters.web.pages import PageLink, chat_page, ordered, start_page, suggestions
from adapters.web.routes import ASSETS
from bot.message import Local
from bot.people import Person, Role
from bot.texts import speaker
from tests.adapters.web.kit import ANNA, EMMA, EVERYBODY, NOW, PAVEL, Client, pick

HR = Person(id="h1", email="irina@butterboard.example", name="Ирина", department="HR", roles=frozenset({Role.HR}))
RU = speaker("ru")


class Reader(HTMLParser):
    """Collects what a browser would act upon."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


async def test_the_start_page_speaks_russian_first_and_english_to_those_who_ask(client: Client) -> None:
    async def page(path: str, accepts: str) -> str:
        async with client.get(path, headers={"Accept-Language": accepts}) as answer:
            return await answer.text()

    assert '<html lang="ru">' in await page("/", "")
    assert '<html lang="ru">' in await page("/", "ru-RU,ru;q=0.9")
    assert '<html lang="en">' in await page("/", "en-GB,en;q=0.9")
    assert '<html lang="ru">' in await page("/?lang=ru", "en")
    assert "Кем вы будете?" in await page("/", "de")


async def test_the_chat_speaks_the_persons_language(client: Client) -> None:
    await pick(client, ANNA)
    await pick(client, EMMA)
    async with client.get("/chat?as=e1", headers={"Accept-Language": "ru"}) as answer:
        assert '<html lang="en">' in await answer.text()
    async with client.get("/chat?as=a1", headers={"Accept-Language": "en"}) as answer:
        assert '<html lang="ru">' in await answer.text()


async def test_the_chat_of_nobody_leads_to_the_start_page(client: Client) -> None:
    async with client.get("/chat", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, "/")


async def test_the_chat_without_a_name_is_that_of_the_one_picked_last(client: Client) -> None:
    await pick(client, ANNA)
    await pick(client, PAVEL)
    async with client.get("/chat", allow_redirects=False) as answer:
        assert answer.headers["Location"] == "/chat?as=p1"


@pytest.mark.parametrize("path", ["/", "/chat?as=a1", "/chat/assets/chat.js", "/chat/log?as=a1"])
async def test_every_answer_carries_the_strict_headers(client: Client, path: str) -> None:
    await pick(client, ANNA)
    async with client.get(path) as answer:
        assert answer.status == 200
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/chat?as=a1"])
async def test_a_page_needs_nothing_from_outside_and_runs_nothing_of_its_own(client: Client, path: str) -> None:
    await pick(client, ANNA)
    async with client.get(path) as answer:
        tags = Reader(await answer.text()).tags
    for tag, attributes in tags:
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        if tag in ("script", "link", "img"):
            assert str(attributes.get("src") or attributes.get("href")).startswith("/chat/assets/")
    assert [attributes["src"] for tag, attributes in tags if tag == "script"]


async def test_assets_have_the_type_that_the_browser_insists_on(client: Client) -> None:
    for name, kind in (("chat.js", "javascript"), ("base.css", "css"), ("butter.svg", "svg")):
        async with client.get(f"/chat/assets/{name}") as answer:
            assert kind in answer.content_type
    assert (await client.get("/chat/assets/nothing.js")).status == 404
    assert (await client.get("/chat/assets/%2e%2e%2froutes.py")).status == 404


def test_scripts_and_styles_name_only_files_that_are_there() -> None:
    for path in ASSETS.values():
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r'from "\./([\w.]+)"', text):
            assert name in ASSETS, f"{path.name} wants {name}"
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", ""), path.name
        assert "innerHTML" not in text, path.name


def test_every_text_that_a_script_says_is_sent_with_the_page() -> None:
    page = chat_page(ANNA, EVERYBODY, NOW, "ru", RU)
    for path in ASSETS.values():
        for key in re.findall(r'\bsay\("([\w-]+)"', path.read_text(encoding="utf-8")):
            assert f"&quot;{key}&quot;: " in page, f"{path.name} says {key}"


def test_hostile_names_are_escaped_on_both_pages() -> None:
    evil = Person(id='"><script>', email="x@y.example", name="<script>alert(1)</script>", department="$lang & \"'")
    links = (PageLink(Local("<b>ж</b>", "<b>"), 'https://x.example/"><script>'),)
    for page in (start_page([evil], links, NOW, "ru", RU), chat_page(evil, [evil], NOW, "ru", RU)):
        tags = Reader(page).tags
        assert [attributes.get("type") for tag, attributes in tags if tag == "script"] == ["module"]
        assert not any(tag == "b" for tag, _ in tags)
        assert '"><script>' in [attributes.get("data-person") for _, attributes in tags]


def test_an_empty_directory_says_what_to_do() -> None:
    page = start_page([], (), NOW, "ru", RU)
    assert '<p class="alert" >Пока никого нет.' in page


def test_teams_stand_together_behind_their_head() -> None:
    assert [one.id for one in ordered([HR, EMMA, ANNA, PAVEL])] == ["p1", "e1", "a1", "h1"]


def test_a_head_is_offered_to_start_somebody_of_their_team_on_the_next_working_day() -> None:
    assert suggestions(PAVEL, EVERYBODY, NOW, RU)[0] == "/onboarding start @newcomer newcomer 2026-11-25"
    friday = NOW + datetime.timedelta(days=3)
    assert suggestions(PAVEL, EVERYBODY, friday, RU)[0].endswith("2026-11-30")
    assert suggestions(ANNA, EVERYBODY, NOW, RU) == ["статус", "как подключить VPN?", "помощь"]


def test_who_starts_soon_is_offered_first() -> None:
    soon = msgspec.structs.replace(EMMA, start_date=datetime.date(2026, 12, 7))
    found = suggestions(HR, (ANNA, soon, PAVEL, HR), NOW, RU)
    assert found[0] == "/onboarding start @emma newcomer 2026-12-07"


def test_somebody_who_started_lately_is_called_a_newcomer() -> None:
    new = msgspec.structs.replace(ANNA, start_date=NOW.date() + datetime.timedelta(days=7))
    assert "новичок · Разработка" in start_page([new], (), NOW, "ru", RU)
    assert "сотрудник · Разработка" in start_page([ANNA], (), NOW, "ru", RU)
