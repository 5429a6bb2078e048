"""What every tracker promises: one live issue for each effect. Run against each Jira that there is to run against."""

from __future__ import annotations

import asyncio
import datetime
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import aiohttp
import pytest
import uvicorn
from jira820.config import Config
from jira820.server import make_app as make_jira820
from jira820.store import Store

from adapters.jira.settings import JiraSettings
from adapters.jira.tracker import JiraTracker
from bot.effects import VerifyIssue
from bot.errors import Refused
from bot.labels import DUPLICATE, OURS, label_of
from bot.ports import Tracker
from sandbox.jira import Deployment
from tests.adapters.jira.kit import ACCESS, ANNA, EFFECT, act, name_of, say, settings_for, standing, until

Ability = Literal[
    "checks labels",
    "takes priorities by id",
    "finds people by e-mail",
    "adds labels",
    "searches by time",
    "tells when an issue has changed",
]
LACKS: dict[str, dict[Ability, str]] = {
    "jira820": {
        "checks labels": "jira820 accepts any label",
        "takes priorities by id": "jira820 takes priorities by name only",
        "finds people by e-mail": "jira820 looks people up by name only",
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

    async def comments(self, key: str) -> list[str]:
        async with self.http.get(f"/rest/api/2/issue/{key}/comment") as answer:
            return [comment["body"] for comment in (await answer.json())["comments"]]

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


@asynccontextmanager
async def jira820() -> AsyncIterator[str]:
    """A Data Center 8.20 that others have written, in a thread; gives its address."""
    store = Store(Config(project_key="ONB"), seed=False)
    config = uvicorn.Config(make_jira820(store=store), log_level="error", lifespan="off", ws="none", loop="asyncio")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        try:
            await until(lambda: server.started)
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            await asyncio.to_thread(thread.join)


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
        tracker = JiraTracker(settings_of(name, url), say, search_pause=0.0)
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
    assert fields["labels"] == ["onboarding", OURS, label_of(EFFECT)]


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
    await site.tracker.create("another effect", act())
    assert await site.tracker.look(EFFECT) is None


async def test_what_was_made_is_found_as_it_was_given(site: Site) -> None:
    made = await site.tracker.create(EFFECT, act())
    await site.tracker.create("another effect", act())
    assert name_of(await site.tracker.look(EFFECT)) == name_of(made)
    assert name_of(await site.tracker.verify(VerifyIssue("journey-1", "laptop", EFFECT))) == name_of(made)


async def test_an_issue_that_people_have_finished_is_still_the_live_one(site: Site) -> None:
    made = await site.tracker.create(EFFECT, act())
    await site.finish(made.key)
    assert name_of(await site.tracker.look(EFFECT)) == name_of(made)


async def test_a_deleted_issue_is_not_found(site: Site) -> None:
    made = await site.tracker.create(EFFECT, act())
    await site.delete(made.key)
    assert await site.tracker.look(EFFECT) is None


async def test_of_twins_the_oldest_stays_and_the_newer_are_closed(site: Site) -> None:
    keys = [(await site.tracker.create(EFFECT, act())).key for _ in range(3)]
    other = await site.tracker.create("another effect", act())
    found = await site.tracker.look(EFFECT)
    assert found is not None
    assert (found.key, list(found.twins)) == (keys[0], keys[1:])
    assert [await site.is_done(key) for key in [*keys, other.key]] == [False, True, True, False]


async def test_a_closed_twin_says_what_it_was_a_twin_of(site: Site) -> None:
    first, twin = [(await site.tracker.create(EFFECT, act())) for _ in range(2)]
    await site.tracker.look(EFFECT)
    fields = await site.fields(twin.key)
    assert DUPLICATE in fields["labels"]
    assert [first.url in comment for comment in await site.comments(twin.key)] == [True]
    [link] = fields["issuelinks"]
    assert (link["type"]["outward"], link["outwardIssue"]["key"]) == ("duplicates", first.key)


async def test_looking_again_finds_the_same_and_changes_nothing(site: Site) -> None:
    _, twin = [(await site.tracker.create(EFFECT, act())) for _ in range(2)]
    before = await site.tracker.look(EFFECT)
    after = await site.tracker.verify(VerifyIssue("journey-1", "laptop", EFFECT))
    assert before == after
    assert len(await site.comments(twin.key)) == 1
    assert len((await site.fields(twin.key))["issuelinks"]) == 1


async def test_of_a_finished_original_and_an_open_twin_the_original_stays(site: Site) -> None:
    first, twin = [(await site.tracker.create(EFFECT, act())) for _ in range(2)]
    await site.finish(first.key)
    found = await site.tracker.look(EFFECT)
    assert found is not None
    assert (found.key, found.twins) == (first.key, (twin.key,))
    assert await site.is_done(twin.key)


async def test_two_who_look_at_once_agree(site: Site) -> None:
    first, twin = [(await site.tracker.create(EFFECT, act())) for _ in range(2)]
    found = await asyncio.gather(*(site.tracker.look(EFFECT) for _ in range(2)))
    assert [(issue.key, issue.twins) for issue in found if issue] == [(first.key, (twin.key,))] * 2
    assert not await site.is_done(first.key)


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
    assert await site.tracker.look(EFFECT) is None
