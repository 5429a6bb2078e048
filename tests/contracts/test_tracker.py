"""What every tracker promises: one live issue for each effect, that can be read, changed and found again.

Run against each Jira that there is to run against.
"""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import aiohttp
import pytest
from jira820.config import Config
from jira820.store import Store
from msgspec.structs import replace

from adapters.jira.settings import JiraSettings
from adapters.jira.tracker import JiraTracker
from bot.errors import Refused
from bot.ports import Tracker
from bot.tracker.labels import DUPLICATE, OURS
from bot.tracker.snapshot import Change, Changed, Page, Snapshot
from sandbox.jira import Deployment
from tests.adapters.jira.kit import ACCESS, ANNA, EFFECT, LABEL, act, name_of, ours, settings_for, speaks, standing
from tests.jira820_server import serving_jira820

Ability = Literal[
    "checks labels",
    "takes priorities by id",
    "finds people by e-mail",
    "takes resolutions by id",
    "shows comments in an issue",
    "adds labels",
    "searches by time",
    "tells when an issue has changed",
]
LACKS: dict[str, dict[Ability, str]] = {
    "jira820": {
        "checks labels": "jira820 accepts any label",
        "takes priorities by id": "jira820 takes priorities by name only",
        "finds people by e-mail": "jira820 looks people up by name only",
        "takes resolutions by id": "jira820 knows resolutions by name only",
        "shows comments in an issue": "jira820 shows comments by themselves only",
        "adds labels": "jira820 ignores `update` of an edit",
        "searches by time": "jira820 ignores the clause `updated`",
        "tells when an issue has changed": "jira820 has no clock: everything happens in the morning",
    }
}


@dataclass(frozen=True)
class Site:
    """A Jira with a tracker on it, and a way to look at it past the tracker."""

    name: str
    tracker: Tracker
    url: str
    http: aiohttp.ClientSession

    def needs(self, ability: Ability) -> None:
        lacks = LACKS.get(self.name, {})
        if ability in lacks:
            pytest.skip(lacks[ability])

    async def fields(self, key: str) -> dict[str, Any]:
        async with self.http.get(f"/rest/api/2/issue/{key}") as answer:
            assert answer.status == 200
            return dict((await answer.json())["fields"])

    async def read(self, key: str) -> Snapshot:
        """As the tracker reads it."""
        found = await self.tracker.read(key)
        assert found is not None
        return found

    async def links(self, key: str) -> list[dict[str, Any]]:
        async with self.http.get(f"/rest/api/2/issue/{key}/remotelink") as answer:
            return list(await answer.json())

    async def edit(self, key: str, **fields: Any) -> None:
        async with self.http.put(f"/rest/api/2/issue/{key}", json={"fields": fields}) as answer:
            assert answer.status == 204

    async def comment(self, key: str, text: str) -> None:
        """In our own name: the credentials are ours."""
        async with self.http.post(f"/rest/api/2/issue/{key}/comment", json={"body": text}) as answer:
            assert answer.status == 201

    async def comments(self, key: str) -> list[str]:
        """The oldest first; jira820 shows those of different seconds the other way round."""
        async with self.http.get(f"/rest/api/2/issue/{key}/comment") as answer:
            found = (await answer.json())["comments"]
        return [comment["body"] for comment in sorted(found, key=lambda one: int(one["id"]))]

    async def is_done(self, key: str) -> bool:
        return bool((await self.fields(key))["status"]["statusCategory"]["key"] == "done")

    async def finish(self, key: str) -> None:
        """What a person does who has done the job."""
        path = f"/rest/api/2/issue/{key}/transitions"
        async with self.http.get(path) as answer:
            steps = (await answer.json())["transitions"]
        done = next(step for step in steps if step["to"]["statusCategory"]["key"] == "done")
        async with self.http.post(path, json={"transition": {"id": done["id"]}}) as answer:
            assert answer.status == 204

    async def delete(self, key: str) -> None:
        async with self.http.delete(f"/rest/api/2/issue/{key}") as answer:
            assert answer.status == 204


def jira820() -> AbstractAsyncContextManager[str]:
    return serving_jira820(Store(Config(project_key="ONB"), seed=False))


@asynccontextmanager
async def stand_in(deployment: Deployment) -> AsyncIterator[str]:
    async with standing(deployment) as stand:
        yield stand.url


SITES: dict[str, Callable[[], Any]] = {
    "cloud": lambda: stand_in(Deployment.CLOUD),
    "data center": lambda: stand_in(Deployment.SERVER),
    "jira820": jira820,
}


def settings_of(name: str, url: str) -> JiraSettings:
    return settings_for(url, cloud=name == "cloud")


@pytest.fixture(params=list(SITES))
async def site(request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    name: str = request.param
    signed_in = {"Authorization": f"Bearer {ACCESS.pat}"}
    async with SITES[name]() as url, aiohttp.ClientSession(url, headers=signed_in) as http:
        tracker = JiraTracker(settings_of(name, url), speaks, search_pause=0.0)
        yield Site(name, tracker, url, http)
        await tracker.close()


async def test_an_issue_is_made_as_the_draft_says(site: Site) -> None:
    wanted = act(
        "Issue a laptop",
        priority="High",
        due=datetime.date(2026, 12, 1),
        labels=("onboarding",),
    )
    issue = await site.tracker.create(EFFECT, wanted)
    assert issue.url == f"{site.url}/browse/{issue.key}"
    fields = await site.fields(issue.key)
    assert (fields["summary"], fields["description"]) == ("Issue a laptop", "With a charger")
    assert (fields["issuetype"]["name"], issue.without) == ("Task", ())
    assert (fields["project"]["key"], fields["duedate"], fields["assignee"]) == ("ONB", "2026-12-01", None)
    assert fields["labels"] == ["onboarding", OURS, LABEL]


async def test_the_assignee_is_found_by_e_mail(site: Site) -> None:
    site.needs("finds people by e-mail")
    issue = await site.tracker.create(EFFECT, act(assignee="Anna@example.com"))
    assert (await site.fields(issue.key))["assignee"]["displayName"] == ANNA.display_name


async def test_a_long_summary_of_many_lines_becomes_one_short_line(site: Site) -> None:
    issue = await site.tracker.create(EFFECT, act("A\n laptop " + "x" * 300))
    summary = (await site.fields(issue.key))["summary"]
    assert summary.startswith("A laptop xxx")
    assert len(summary) == 255


async def test_nothing_is_found_before_an_issue_is_made(site: Site) -> None:
    await site.tracker.create("another effect", replace(act(), label=""))
    assert await site.tracker.look(LABEL, ours) is None


async def test_what_was_made_is_found_as_it_was_given(site: Site) -> None:
    made = await site.tracker.create(EFFECT, act())
    await site.tracker.create("another effect", replace(act(), label=""))
    assert name_of(await site.tracker.look(LABEL, ours)) == name_of(made)


async def test_an_issue_that_people_have_finished_is_still_the_live_one(site: Site) -> None:
    made = await site.tracker.create(EFFECT, act())
    await site.finish(made.key)
    assert name_of(await site.tracker.look(LABEL, ours)) == name_of(made)


async def test_what_is_added_to_an_issue_stands_there_once(site: Site) -> None:
    made = await site.tracker.create(EFFECT, act())
    draft = replace(act().draft, summary="Feedback: Anna", description="All is bad.\n\n  And worse. ")
    for one in (draft, draft, replace(draft, description="Better.")):
        await site.tracker.comment(made.key, one)
    said = [text.split() for text in await site.comments(made.key)]
    assert said == [
        ["Feedback:", "Anna", "All", "is", "bad.", "And", "worse."],
        ["Feedback:", "Anna", "Better."],
    ]


async def test_nothing_can_be_added_to_an_issue_that_is_gone(site: Site) -> None:
    made = await site.tracker.create(EFFECT, act())
    await site.delete(made.key)
    with pytest.raises(Refused):
        await site.tracker.comment(made.key, act().draft)


async def test_a_deleted_issue_is_not_found(site: Site) -> None:
    made = await site.tracker.create(EFFECT, act())
    await site.delete(made.key)
    assert await site.tracker.look(LABEL, ours) is None


async def test_of_twins_the_oldest_stays_and_the_newer_are_closed(site: Site) -> None:
    keys = [(await site.tracker.create(EFFECT, act())).key for _ in range(3)]
    other = await site.tracker.create("another effect", replace(act(), label=""))
    found = await site.tracker.look(LABEL, ours)
    assert found is not None
    assert (found.key, list(found.twins)) == (keys[0], keys[1:])
    assert [await site.is_done(key) for key in [*keys, other.key]] == [False, True, True, False]


async def test_a_closed_twin_says_what_it_was_a_twin_of(site: Site) -> None:
    first, twin = [(await site.tracker.create(EFFECT, act())) for _ in range(2)]
    await site.tracker.look(LABEL, ours)
    fields = await site.fields(twin.key)
    assert DUPLICATE in fields["labels"]
    assert [first.url in comment for comment in await site.comments(twin.key)] == [True]
    [link] = fields["issuelinks"]
    assert (link["type"]["outward"], link["outwardIssue"]["key"]) == ("duplicates", first.key)


async def test_looking_again_finds_the_same_and_changes_nothing(site: Site) -> None:
    _, twin = [(await site.tracker.create(EFFECT, act())) for _ in range(2)]
    before = await site.tracker.look(LABEL, ours)
    after = await site.tracker.look(LABEL, ours)
    assert before == after
    assert len(await site.comments(twin.key)) == 1
    assert len((await site.fields(twin.key))["issuelinks"]) == 1


async def test_of_a_finished_original_and_an_open_twin_the_original_stays(site: Site) -> None:
    first, twin = [(await site.tracker.create(EFFECT, act())) for _ in range(2)]
    await site.finish(first.key)
    found = await site.tracker.look(LABEL, ours)
    assert found is not None
    assert (found.key, found.twins) == (first.key, (twin.key,))
    assert await site.is_done(twin.key)


async def test_two_who_look_at_once_agree(site: Site) -> None:
    first, twin = [(await site.tracker.create(EFFECT, act())) for _ in range(2)]
    found = await asyncio.gather(*(site.tracker.look(LABEL, ours) for _ in range(2)))
    assert [(issue.key, issue.twins) for issue in found if issue] == [(first.key, (twin.key,))] * 2
    assert not await site.is_done(first.key)


async def test_an_issue_for_somebody_who_is_not_there_is_made_for_nobody_and_says_whose_it_is(site: Site) -> None:
    wanted = act(assignee="nobody@example.com", assignee_name="Nobody")
    issue = await site.tracker.create(EFFECT, wanted)
    fields = await site.fields(issue.key)
    assert (issue.assignee, issue.unassigned, fields["assignee"]) == (None, True, None)
    assert fields["description"] == "With a charger\n\njira-unassigned"


async def test_whose_account_an_assignee_has_is_told(site: Site) -> None:
    site.needs("finds people by e-mail")
    issue = await site.tracker.create(EFFECT, act(assignee=ANNA.email_address))
    assert issue.assignee is not None
    assert (issue.assignee.name, issue.assignee.email) == (ANNA.display_name, ANNA.email_address)


async def test_the_id_of_an_issue_is_told_when_it_is_made_and_when_it_is_read(site: Site) -> None:
    made = await site.tracker.create(EFFECT, act())
    seen = await site.read(made.key)
    assert made.id.isdecimal()
    assert (seen.id, seen.key, seen.url) == (made.id, made.key, made.url)


async def test_an_issue_is_read_as_it_stands(site: Site) -> None:
    made = await site.tracker.create(EFFECT, act(due=datetime.date(2026, 12, 1), labels=("onboarding",)))
    seen = await site.read(made.key)
    assert (seen.status, seen.priority, seen.assignee, seen.due) == ("new", "medium", None, datetime.date(2026, 12, 1))
    assert (seen.labels, seen.twin, seen.comments) == (("onboarding", OURS, LABEL), False, ())
    assert seen.updated.utcoffset() == datetime.timedelta()


async def test_comments_are_read_in_their_order_and_ours_are_known(site: Site) -> None:
    site.needs("shows comments in an issue")
    made = await site.tracker.create(EFFECT, act())
    for text in ("It is ordered", "It has come"):
        await site.comment(made.key, text)
    seen = await site.read(made.key)
    assert [(comment.text, comment.ours) for comment in seen.comments] == [
        ("It is ordered", True),
        ("It has come", True),
    ]


async def test_what_was_found_comes_with_how_it_stands(site: Site) -> None:
    made = await site.tracker.create(EFFECT, act())
    found = await site.tracker.look(LABEL, ours)
    assert found is not None
    assert found.snapshot == await site.read(made.key)


async def test_a_deleted_issue_reads_as_none(site: Site) -> None:
    made = await site.tracker.create(EFFECT, act())
    await site.delete(made.key)
    assert await site.tracker.read(made.key) is None


async def test_a_due_date_is_set_and_taken_away(site: Site) -> None:
    key = (await site.tracker.create(EFFECT, act())).key
    for due in (datetime.date(2026, 12, 24), None):
        assert await site.tracker.change(key, Change(fields=("due",), due=due)) == Changed()
        assert (await site.read(key)).due == due


async def test_a_priority_is_written_in_the_words_of_the_tracker(site: Site) -> None:
    site.needs("takes priorities by id")
    key = (await site.tracker.create(EFFECT, act(priority="low"))).key
    assert (await site.read(key)).priority == "low"
    assert await site.tracker.change(key, Change(fields=("priority",), priority="highest")) == Changed()
    assert (await site.read(key)).priority == "highest"
    assert (await site.fields(key))["priority"]["name"] == "Highest"


async def test_a_priority_that_is_not_there_is_named_and_the_rest_is_written(site: Site) -> None:
    made = await site.tracker.create(EFFECT, act(priority="Nope"))
    assert made.without == ("priority",)
    due = datetime.date(2026, 12, 24)
    changed = await site.tracker.change(made.key, Change(fields=("priority", "due"), priority="Nope", due=due))
    assert changed.refused == {"priority": "priority-unknown"}
    seen = await site.read(made.key)
    assert (seen.priority, seen.due) == ("medium", due)


async def test_an_issue_goes_from_hand_to_hand_and_back_to_nobody(site: Site) -> None:
    site.needs("finds people by e-mail")
    key = (await site.tracker.create(EFFECT, act())).key
    changed = await site.tracker.change(key, Change(fields=("assignee",), assignee=ANNA.email_address))
    seen = await site.read(key)
    assert changed.assignee is not None
    assert (changed.assignee, changed.refused) == (seen.assignee, {})
    await site.tracker.change(key, Change(fields=("assignee",)))
    assert (await site.read(key)).assignee is None


async def test_an_assignee_who_is_not_there_is_named(site: Site) -> None:
    key = (await site.tracker.create(EFFECT, act())).key
    changed = await site.tracker.change(key, Change(fields=("assignee",), assignee="nobody@example.com"))
    assert changed == Changed({"assignee": "user-unknown"})


async def test_an_issue_moves_to_every_stage_and_back(site: Site) -> None:
    key = (await site.tracker.create(EFFECT, act())).key
    for stage in ("underway", "done", "new", "done"):
        assert await site.tracker.change(key, Change(fields=("status",), status=stage)) == Changed()
        assert (await site.read(key)).status == stage


async def test_an_issue_that_is_where_it_should_be_is_left_alone(site: Site) -> None:
    key = (await site.tracker.create(EFFECT, act())).key
    before = await site.read(key)
    assert await site.tracker.change(key, Change(fields=("status",), status="new")) == Changed()
    assert await site.read(key) == before


async def test_what_was_not_done_is_closed_otherwise_than_what_was(site: Site) -> None:
    site.needs("takes resolutions by id")
    resolutions = []
    for number, declined in enumerate((False, True)):
        key = (await site.tracker.create(f"effect {number}", act())).key
        await site.tracker.change(key, Change(fields=("status",), status="done", declined=declined))
        resolutions.append((await site.fields(key))["resolution"]["name"])
    assert resolutions == ["Done", "Won't Do"]


async def test_a_change_touches_nothing_but_its_fields(site: Site) -> None:
    key = (await site.tracker.create(EFFECT, act(due=datetime.date(2026, 12, 1)))).key
    before = await site.read(key)
    await site.tracker.change(key, Change(fields=(), status="done"))
    assert await site.read(key) == before


async def test_a_link_to_a_page_is_there_once_and_can_be_changed(site: Site) -> None:
    key = (await site.tracker.create(EFFECT, act())).key
    await site.tracker.link(key, "butterboard:1", "https://bot.example/j/1", "Onboarding of Anna")
    await site.tracker.link(key, "butterboard:1", "https://bot.example/j/2", "Onboarding of Boris")
    [link] = await site.links(key)
    assert link["globalId"] == "butterboard:1"
    assert (link["object"]["url"], link["object"]["title"]) == ("https://bot.example/j/2", "Onboarding of Boris")


async def test_labels_that_somebody_took_away_are_put_back_beside_the_others(site: Site) -> None:
    site.needs("adds labels")
    key = (await site.tracker.create(EFFECT, act())).key
    await site.edit(key, labels=["urgent", LABEL])
    await site.tracker.relabel(key, (OURS, LABEL))
    assert sorted((await site.read(key)).labels) == sorted(("urgent", OURS, LABEL))


async def test_ours_are_counted_named_and_walked_through(site: Site) -> None:
    made = [await site.tracker.create(f"effect {number}", act()) for number in range(3)]
    page, keys = await site.tracker.changed(None, None), await site.tracker.keys(None)
    assert [(one.key, one.id) for one in page.snapshots] == [(one.key, one.id) for one in made]
    assert (page.cursor, keys.cursor) == (None, None)
    assert keys.keys == {one.id: one.key for one in made}
    assert await site.tracker.count() == 3


async def test_the_longest_unchanged_come_first(site: Site) -> None:
    site.needs("tells when an issue has changed")
    first, second = [await site.tracker.create(f"effect {number}", act()) for number in range(2)]
    await site.finish(first.key)
    page = await site.tracker.changed(None, None)
    assert [(one.key, one.status) for one in page.snapshots] == [(second.key, "new"), (first.key, "done")]


async def test_only_what_has_changed_since_is_walked_through(site: Site) -> None:
    site.needs("searches by time")
    made = await site.tracker.create(EFFECT, act())
    now = datetime.datetime.now(datetime.UTC)
    assert [one.key for one in (await site.tracker.changed(now, None)).snapshots] == [made.key]
    later = await site.tracker.changed(now + datetime.timedelta(hours=1), None)
    assert later == Page(())


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"project": "NOPE"}, "project-unknown"),
        ({"type": "Nope"}, "type-unknown"),
        ({"labels": ("two words",)}, "invalid"),
    ],
)
async def test_what_jira_does_not_have_is_refused_with_its_code(site: Site, wrong: dict[str, Any], code: str) -> None:
    if code == "invalid":
        site.needs("checks labels")
    with pytest.raises(Refused) as refused:
        await site.tracker.create(EFFECT, act(**wrong))
    assert refused.value.code == code
    assert await site.tracker.look(LABEL, ours) is None
