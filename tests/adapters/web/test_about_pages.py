"""`/privacy` and `/terms` over real HTTP: what they say, in whose words, and that nothing on them can run."""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.web.about_data import About
from adapters.web.about_routes import AboutPages
from adapters.web.journey_routes import mount_assets
from adapters.web.own_words import own_words
from bot import retention
from bot.texts import speaker
from tests.adapters.web.kit import Client
from tests.adapters.web.test_pages import Reader

ABOUT = About(replies=datetime.timedelta(days=3))
PAGES = ("/privacy", "/terms")


@asynccontextmanager
async def served(about: About = ABOUT, own: Mapping[str, str] | None = None) -> AsyncIterator[Client]:
    app = web.Application()
    mount_assets(app)
    AboutPages(about, speaker, own, own).mount(app)
    async with TestClient(TestServer(app)) as client:
        yield client


async def read(client: Client, path: str) -> str:
    async with client.get(path) as answer:
        assert answer.status == 200, path
        return await answer.text()


async def test_the_pages_say_in_both_languages_what_is_kept_how_long_and_whom_to_ask() -> None:
    about = About(replies=ABOUT.replies, contact="privacy@company.example", tracker=True, model=True, sandboxed=True)
    async with served(about) as client:
        russian, english = await read(client, "/privacy"), await read(client, "/privacy?lang=en")
        assert "Запись о вас" in await read(client, "/privacy?lang=ru")
        assert "Butterboard" in await read(client, "/terms")
    days = retention.OPEN_INQUIRY.days
    assert f"пока ответа нет, {days} дней" in russian
    assert f"{days} days while it waits" in english
    for page in (russian, english):
        assert '<a href="mailto:privacy@company.example" rel="noopener noreferrer">privacy@company.example</a>' in page
        assert "web-privacy" not in page, "a text is missing"
        assert "Jira" in page


async def test_what_is_not_set_up_is_not_spoken_of() -> None:
    async with served() as client:
        found = await read(client, "/privacy") + await read(client, "/terms")
    assert "HR вашей компании" in found
    assert not {word for word in ("Jira", "языков", "песочниц") if word in found}


async def test_the_company_speaks_in_its_own_words_which_are_never_markup(tmp_path: Path) -> None:
    (tmp_path / "ru.txt").write_text(
        "\ufeff# Что мы храним\nПочту <script>alert(1)</script>.\r\n\r\nСпросите privacy@company.example,\n$heading "
        'или https://company.example/?a=1&b="><img>.\n',
        encoding="utf-8",
    )
    (tmp_path / "en.txt").write_text("What we keep", encoding="utf-8")
    async with served(own=own_words(str(tmp_path / "{lang}.txt"))) as client:
        for path in PAGES:
            page = await read(client, path)
            assert "<h2>Что мы храним</h2>" in page
            assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
            assert "$heading" in page
            tags = Reader(page).tags
            assert not {tag for tag, _ in tags} & {"script", "form", "iframe", "button"}
            assert len([tag for tag, _ in tags if tag == "img"]) == 1, "the one of the page itself"
            links = [attributes.get("href") or "" for tag, attributes in tags if tag == "a"]
            assert "https://company.example/?a=1&b=" in links
            assert "What we keep" in await read(client, f"{path}?lang=en")
            assert "Запись о вас" not in page


@pytest.mark.parametrize("path", PAGES)
async def test_the_pages_run_nothing_and_find_their_styles(path: str) -> None:
    async with served() as client:
        async with client.get(path, headers={"Accept-Language": "en"}) as answer:
            page, policy = await answer.text(), answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert '<html lang="en">' in page
        assert policy.startswith("default-src 'none'; style-src 'self'")
        assert "script-src" not in policy
        here = [attributes["href"] for tag, attributes in Reader(page).tags if tag == "link"]
        for one in here:
            async with client.get(f"/{one}") as styles:
                assert styles.status == 200, one
        other = {"/privacy": "terms?lang=en", "/terms": "privacy?lang=en"}[path]
        assert await read(client, f"/{other}")
        assert other in page
