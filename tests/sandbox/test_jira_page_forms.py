"""What a person changes on the page: the fields of an issue, its comments, and whether it is there at all."""

from collections.abc import AsyncIterator
from datetime import date
from html.parser import HTMLParser

import pytest

from sandbox.jira import default_site
from tests.sandbox.jira_kit import ANNA, BORIS, Stand, standing

SHOWN = {"was-assignee": "", "was-duedate": "", "was-priority": "3"}


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    async with standing(language="ru") as ready:
        ready.state.create({"project": "ONB", "issuetype": "10001", "summary": "Выдать ноутбук"}, "admin")
        yield ready


class _Form(HTMLParser):
    """Collects what a browser would send of the form with this class, as it came."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.choices: dict[str, list[str]] = {}
        self._kind = kind
        self._inside = False
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("class") == self._kind
        if not self._inside:
            return
        if tag == "input":
            self.values[given["name"]] = given.get("value", "")
        if tag == "select":
            self._select = given["name"]
        if tag == "option":
            self.choices.setdefault(self._select, []).append(given["value"])
            if "selected" in given:
                self.values[self._select] = given["value"]


async def form_of(stand: Stand, key: str = "ONB-1") -> _Form:
    async with stand.http.get(f"/browse/{key}") as answer:
        form = _Form("edit")
        form.feed(await answer.text())
        return form


async def send(stand: Stand, act: str, data: dict[str, str], query: str = "") -> str:
    """Sends a form and says where it leads to."""
    path = f"/browse/ONB-1/{act}{query}"
    async with stand.http.post(path, data=data, allow_redirects=False) as answer:
        assert answer.status == 303
        return answer.headers["Location"]


async def test_the_form_holds_what_the_issue_has_and_everybody_who_can_have_it(stand: Stand) -> None:
    stand.state.edit("ONB-1", {"assignee": ANNA.name, "duedate": date(2026, 12, 1)}, "admin")
    form = await form_of(stand)
    shown = {name: value for name, value in form.values.items() if not name.startswith("was-")}
    assert shown == {"assignee": "anna", "duedate": "2026-12-01", "priority": "3"}
    assert {f"was-{name}": value for name, value in shown.items()}.items() <= form.values.items()
    assert form.choices["assignee"] == ["", "admin", "anna", "boris", "bot"]
    assert form.choices["priority"] == ["1", "2", "3", "4", "5"]


async def test_a_person_changes_several_fields_at_once_as_the_administrator(stand: Stand) -> None:
    data = {**SHOWN, "assignee": BORIS.name, "duedate": "2026-12-24", "priority": "1"}
    assert await send(stand, "edit", data, "?lang=en") == "/browse/ONB-1?lang=en"
    issue = stand.state.issue("ONB-1")
    assert (issue.assignee, issue.duedate, issue.priority) == ("boris", date(2026, 12, 24), "1")
    assert (issue.changelog[0].author, len(issue.changelog)) == ("admin", 1)
    gone = {"was-assignee": "boris", "was-duedate": "2026-12-24", "assignee": "", "duedate": ""}
    await send(stand, "edit", gone)
    assert (stand.state.issue("ONB-1").assignee, stand.state.issue("ONB-1").duedate) == (None, None)


async def test_what_a_person_did_not_touch_is_not_written_over(stand: Stand) -> None:
    form = await form_of(stand)
    stand.state.edit("ONB-1", {"duedate": date(2026, 12, 1)}, "bot")
    await send(stand, "edit", {**form.values, "priority": "2"})
    issue = stand.state.issue("ONB-1")
    assert (issue.duedate, issue.priority) == (date(2026, 12, 1), "2")


async def test_values_that_make_no_sense_change_nothing(stand: Stand) -> None:
    before = stand.state.issue("ONB-1")
    for data in ({"assignee": "guest"}, {"assignee": "nobody"}, {"duedate": "завтра"}, {"priority": "9"}, {}):
        await send(stand, "edit", {**SHOWN, **data})
    await send(stand, "comment", {"body": " \n "})
    assert stand.state.issue("ONB-1") == before


async def test_a_person_comments(stand: Stand) -> None:
    await send(stand, "comment", {"body": "Строка 1\r\nСтрока 2 "})
    (comment,) = stand.state.issue("ONB-1").comments
    assert (comment.author, comment.body) == ("admin", "Строка 1\nСтрока 2")


async def test_a_deleted_issue_leads_to_the_board_and_is_missed_by_later_forms(stand: Stand) -> None:
    assert await send(stand, "delete", {}) == "/"
    assert stand.state.find("ONB-1") is None
    for act in ("edit", "comment", "delete"):
        async with stand.http.post(f"/browse/ONB-1/{act}", data={"body": "раз"}) as answer:
            assert answer.status == 404


async def test_fields_that_the_screens_do_not_take_are_not_offered() -> None:
    site = default_site(("ONB",)).without_fields("ONB", "priority")
    async with standing(site=site) as stand:
        stand.state.create({"project": "ONB", "issuetype": "10001", "summary": "Стол"}, "admin")
        form = await form_of(stand)
        assert "priority" not in form.choices
        assert "assignee" in form.choices


async def test_a_strange_site_cannot_send_the_forms(stand: Stand) -> None:
    for act in ("edit", "comment", "delete"):
        headers = {"Origin": "https://evil.example"}
        async with stand.http.post(f"/browse/ONB-1/{act}", data={"body": "x"}, headers=headers) as answer:
            assert answer.status == 403
    assert stand.state.issue("ONB-1").comments == ()


async def test_the_board_shows_the_newest_of_very_many(stand: Stand) -> None:
    for number in range(300):
        stand.state.create({"project": "ONB", "issuetype": "10001", "summary": f"Шаг {number}"}, "admin")
    async with stand.http.get("/") as answer:
        text = await answer.text()
    assert "Всего: 301 (показаны последние: 200)" in text
    assert text.count("<tr>") == 201
    assert "ONB-301" in text


async def test_an_issue_shows_its_epic_and_the_pages_it_is_linked_to(stand: Stand) -> None:
    epic = stand.state.create({"project": "ONB", "issuetype": "10002", "summary": "Анна выходит"}, "admin")
    stand.state.edit("ONB-1", {"parent": epic.key}, "admin")
    for address, title in (("http://127.0.0.1/j/1", "Journey"), ("javascript:alert(1)", "Trap")):
        body = {"object": {"url": address, "title": title}}
        await stand.post("/rest/api/2/issue/ONB-1/remotelink", body)
    async with stand.http.get("/browse/ONB-1") as answer:
        text = await answer.text()
    assert f'<a href="/browse/{epic.key}">{epic.key}</a>' in text
    assert '<a href="http://127.0.0.1/j/1" rel="noreferrer">Journey</a>' in text
    assert "Trap" not in text
