"""The page for people: what it shows, how it moves an issue, and that text stays text."""

from collections.abc import AsyncIterator
from datetime import date
from html.parser import HTMLParser

import pytest

from sandbox.jira.html import element, join, void
from tests.sandbox.jira_kit import ANNA, Stand, standing

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;"


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    async with standing(language="ru") as ready:
        yield ready


class _Reader(HTMLParser):
    """Collects tags, attributes and text, as a browser would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.extend(attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


async def read(stand: Stand, path: str, status: int = 200) -> _Reader:
    async with stand.http.get(path) as answer:
        assert answer.status == status
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        reader = _Reader()
        reader.feed(await answer.text())
        return reader


def new(stand: Stand, summary: str = "Выдать ноутбук", **values: object) -> None:
    stand.state.create({"project": "ONB", "issuetype": "10001", "summary": summary, **values}, "admin")


async def test_an_empty_board_says_what_will_come(stand: Stand) -> None:
    page = await read(stand, "/")
    assert "Задач пока нет" in page.text
    assert "table" not in page.tags


async def test_the_board_shows_what_matters_about_each_issue(stand: Stand) -> None:
    new(stand, assignee="anna", duedate=date(2026, 12, 1), labels=("bb-1",), priority="1")
    new(stand, "Пропуск")
    page = await read(stand, "/")
    for text in ("ONB-1", "Выдать ноутбук", "К выполнению", "Анна Петрова", "01.12.2026", "bb-1"):
        assert text in page.text
    for text in ("Самый высокий", "Взять в работу", "Всего: 2", "не назначен", "без срока"):
        assert text in page.text
    assert page.text.index("Пропуск") < page.text.index("Выдать ноутбук")


async def test_the_page_speaks_english_when_asked_and_stays_english(stand: Stand) -> None:
    new(stand, duedate=date(2026, 12, 1))
    page = await read(stand, "/?lang=en")
    assert "Assignee" in page.text
    assert "1 Dec 2026" in page.text
    assert ("lang", "en") in page.attributes
    assert ("href", "/browse/ONB-1?lang=en") in page.attributes
    assert ("action", "/browse/ONB-1/move?lang=en") in page.attributes
    assert ("lang", "ru") in (await read(stand, "/?lang=xx")).attributes


async def test_one_issue_shows_its_texts_and_comments(stand: Stand) -> None:
    new(stand, description="Строка 1\nСтрока 2", assignee="anna")
    stand.state.add_comment("ONB-1", "Готово к выдаче", ANNA.name)
    page = await read(stand, "/browse/ONB-1")
    for text in ("Строка 1\nСтрока 2", "Готово к выдаче", "Анна Петрова, 24.11.2026, 09:00 UTC"):
        assert text in page.text
    assert "Описания нет" not in page.text


async def test_signs_that_are_escaped_are_shown_as_they_are_meant(stand: Stand) -> None:
    new(stand, description=r"\[~admin\] \!https://evil.example/x.png\! C:\temp")
    stand.state.add_comment("ONB-1", r"\{html\}", "anna")
    page = await read(stand, "/browse/ONB-1")
    assert r"[~admin] !https://evil.example/x.png! C:\temp" in page.text
    assert r"\{" not in page.text
    assert "img" not in page.tags


async def test_an_unknown_issue_leads_back_to_the_board(stand: Stand) -> None:
    page = await read(stand, "/browse/ONB-9", status=404)
    assert "Такой задачи нет" in page.text
    async with stand.http.post("/browse/ONB-9/move", data={"transition": "11"}) as answer:
        assert answer.status == 404


async def test_hostile_text_stays_text_everywhere(stand: Stand) -> None:
    new(stand, HOSTILE, description=HOSTILE, labels=(HOSTILE.replace(" ", ""),))
    stand.state.add_comment("ONB-1", HOSTILE, "admin")
    for path in ("/", "/browse/ONB-1"):
        page = await read(stand, path)
        assert page.tags.count("script") == 1
        assert "img" not in page.tags
        assert not any(name.startswith("on") for name, _ in page.attributes)
        assert HOSTILE in page.text


def test_markup_is_only_what_was_built_as_markup() -> None:
    assert join("<b>", element("b", "<i>")).markup == "&lt;b&gt;<b>&lt;i&gt;</b>"
    assert element("a", "x", href='"><b>', class_="k", data_label="ё").markup == (
        '<a href="&quot;&gt;&lt;b&gt;" class="k" data-label="ё">x</a>'
    )
    assert void("meta", charset="utf-8").markup == '<meta charset="utf-8">'


async def test_a_button_moves_the_issue_as_a_person_and_comes_back(stand: Stand) -> None:
    new(stand)
    form = {"transition": "11", "back": "/?lang=en"}
    async with stand.http.post("/browse/ONB-1/move", data=form, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/?lang=en")
    assert stand.state.issue("ONB-1").changelog[0].author == "admin"
    page = await read(stand, "/browse/ONB-1")
    assert "В работе" in page.text
    assert "Вернуть" in page.text
    assert "Взять в работу" not in page.text


@pytest.mark.parametrize("back", ["//evil.example", "/\\evil.example", "https://evil.example", "", None])
async def test_a_move_never_leads_to_another_site(stand: Stand, back: str | None) -> None:
    new(stand)
    form = {"transition": "11"} | ({"back": back} if back is not None else {})
    async with stand.http.post("/browse/ONB-1/move", data=form, allow_redirects=False) as answer:
        assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(("query", "said"), [("", "задача перешла"), ("?lang=en", "the issue moved")])
async def test_a_button_of_a_stale_page_shows_how_the_issue_is_now(stand: Stand, query: str, said: str) -> None:
    new(stand)
    stand.state.move("ONB-1", "21", "admin")
    async with stand.http.post(f"/browse/ONB-1/move{query}", data={"transition": "11"}) as answer:
        assert answer.url.path == "/browse/ONB-1"
        text = await answer.text()
    assert said in text
    assert "Готово" in text


async def test_the_revision_changes_with_every_write(stand: Stand) -> None:
    async def revision() -> str:
        return str((await stand.get("/revision"))["revision"])

    seen = [await revision()]
    new(stand)
    seen.append(await revision())
    stand.state.move("ONB-1", "11", "admin")
    seen.append(await revision())
    assert len(set(seen)) == 3
    assert ("data-revision", seen[-1]) in (await read(stand, "/")).attributes


async def test_style_and_script_are_served_and_nothing_else(stand: Stand) -> None:
    for name, kind in (("page.css", "css"), ("page.js", "javascript")):
        async with stand.http.get(f"/assets/{name}") as answer:
            assert (answer.status, answer.content_type.rpartition("/")[2]) == (200, kind)
    for path in ("/assets/", "/assets/../page.py", "/assets/%2e%2e/page.py", "/nothing"):
        async with stand.http.get(path) as answer:
            assert answer.status in (403, 404)
