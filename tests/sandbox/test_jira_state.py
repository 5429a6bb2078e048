"""The state on its own: what it keeps over restarts, and whom it tells of changes."""

import json
from pathlib import Path

import msgspec
import pytest

from sandbox.jira import Event, Happened, People, State, User, people_from
from tests.sandbox.clock import Clock
from tests.sandbox.jira_kit import ANNA, standing

NEW = {"project": "ONB", "issuetype": "10001", "summary": "Выдать ноутбук"}


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    file, clock = tmp_path / "deeper" / "jira.json", Clock()
    first = State(people=People([ANNA]), clock=clock, file=file)
    first.create({**NEW, "labels": ("a",), "properties": {"p": {"x": [1]}}}, "admin")
    first.create(NEW, "anna")
    first.move("ONB-1", "11", "anna")
    first.add_comment("ONB-1", "раз", "anna")
    first.add_link("10000", "ONB-1", "ONB-2", "admin")
    first.delete(first.create(NEW, "admin").key, "admin")
    second = State(people=People([ANNA]), clock=clock, file=file)
    assert second.issues() == first.issues()
    assert second.links_of("ONB-2") == first.links_of("ONB-2")
    made = second.create(NEW, "admin")
    assert made.key == "ONB-4"
    assert int(made.id) > int(first.issue("ONB-2").id)


async def test_issues_made_over_http_outlive_the_server(tmp_path: Path) -> None:
    file = tmp_path / "jira.json"
    async with standing(file=file) as stand:
        await stand.create("переживёт")
    async with standing(file=file) as stand:
        issue = await stand.ask(lambda jira: jira.issue("ONB-1"))
        assert issue.fields.summary == "переживёт"


def test_a_crash_while_writing_leaves_the_old_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "jira.json"
    state = State(file=file)
    state.create(NEW, "admin")

    def crash(self: Path, target: Path) -> Path:
        raise OSError(f"{self} -> {target}: no space left")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", crash)
        with pytest.raises(OSError, match="no space left"):
            state.create(NEW, "admin")
    assert [issue.key for issue in State(file=file).issues()] == ["ONB-1"]


def test_a_broken_file_is_told_and_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "jira.json"
    file.write_text("{broken")
    with pytest.raises(msgspec.DecodeError):
        State(file=file)
    assert file.read_text() == "{broken"


def test_a_search_after_a_restart_lags_behind_the_last_write(tmp_path: Path) -> None:
    file, clock = tmp_path / "jira.json", Clock()
    State(clock=clock, file=file).create(NEW, "admin")
    again = State(clock=clock, file=file, search_lag=10)
    assert again.searchable() == []
    clock.tick(10)
    assert [issue.key for issue in again.searchable()] == ["ONB-1"]


def test_the_revision_grows_over_a_restart(tmp_path: Path) -> None:
    file, clock = tmp_path / "jira.json", Clock()
    first = State(clock=clock, file=file)
    first.create(NEW, "admin")
    clock.tick(1)
    assert State(clock=clock, file=file).revision > first.revision


def test_listeners_hear_what_happened_by_whom_and_what_changed() -> None:
    heard: list[Happened] = []
    state = State(people=People([ANNA]))
    state.listen(heard.append)
    state.create(NEW, "admin")
    state.move("ONB-1", "21", "anna")
    comment = state.add_comment("ONB-1", "раз", "anna")
    state.edit_comment("ONB-1", comment.id, "один", "anna")
    state.delete_comment("ONB-1", comment.id, "anna")
    link = state.add_link("10000", "ONB-1", state.create(NEW, "admin").key, "anna")
    state.delete_link(link.id, "anna")
    state.delete("ONB-1", "anna")
    assert [happened.event for happened in heard] == [
        Event.CREATED,
        Event.UPDATED,
        Event.COMMENTED,
        Event.COMMENT_EDITED,
        Event.COMMENT_DELETED,
        Event.CREATED,
        Event.LINKED,
        Event.UNLINKED,
        Event.DELETED,
    ]
    moved = heard[1]
    assert moved.change is not None
    assert (moved.actor, [item.field for item in moved.change.items]) == ("anna", ["status", "resolution"])
    assert [(h.comment and h.comment.body) for h in heard[2:4]] == ["раз", "один"]


def test_what_jira_sends_no_webhook_for_is_not_told() -> None:
    heard: list[Happened] = []
    state = State()
    state.create(NEW, "admin")
    state.listen(heard.append)
    before = state.issue("ONB-1").updated
    state.set_property("ONB-1", "p", 1)
    state.drop_property("ONB-1", "p")
    state.set_remote_links("ONB-1", ())
    state.edit("ONB-1", {"summary": NEW["summary"]}, "admin")
    assert (heard, state.issue("ONB-1").updated) == ([], before)


def test_a_listener_sees_the_state_with_the_change_in_it(tmp_path: Path) -> None:
    state = State(file=tmp_path / "jira.json")
    kept: list[int] = []
    state.listen(lambda _: kept.append(len(State(file=tmp_path / "jira.json").issues())))
    state.create(NEW, "admin")
    assert kept == [1]


def test_people_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "people.json"
    full = {"name": "boris", "displayName": "Борис Ким", "accountId": "acc-1", "emailAddress": "b@example.com"}
    file.write_text(json.dumps([{"name": "anna", "displayName": "Анна"}, full]))
    people = people_from(file)
    assert [user.name for user in people] == ["admin", "anna", "boris"]
    assert people.named("boris").account == "acc-1"
    assert people.named("anna").account == User(name="anna", display_name="other").account


def test_someone_who_is_gone_is_shown_as_jira_shows_them() -> None:
    assert (People().named("left").display_name, People().named("left").active) == ("Former user", False)
