"""What the tests of the Jira adapter share: a stand-in that can be made blind, and trackers for it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from msgspec.structs import replace
from pydantic import SecretStr

from adapters.jira.settings import JiraSettings
from adapters.jira.tracker import JiraTracker
from bot.effects import CreateIssue, IssueDraft
from bot.message import Text
from bot.ports import Say
from bot.results import Issue as MadeIssue
from bot.tracker.labels import IssueLabels
from bot.tracker.ownership import made_as_asked
from bot.tracker.snapshot import Snapshot
from sandbox.faults import FaultPlan, Kind, Rule
from sandbox.jira import CALLS, Access, Deployment, People, State, User, default_site, make_app, serving
from sandbox.jira.issue import Issue, Link
from sandbox.jira.site import LINK_TYPES, LinkType
from tests.hurry import LONG

ACCESS = Access("bot@example.com", "api-token", "personal-token")
ANNA = User(name="anna", display_name="Anna", email_address="anna@example.com")
ANNABEL = User(name="annabel", display_name="anna@example.com.au", email_address="anna@example.com.au")
BORIS = User(name="boris", display_name="Boris", email_address="boris@example.com", hidden_email=True)
DUPLICATE_LINK = LinkType("10002", "Duplicate", "is duplicated by", "duplicates")
EFFECT = "issue:journey-1:laptop"
LABEL = IssueLabels(b"the key of the tests").of(EFFECT)


def say(text: Text) -> str:
    """Says only which text it would be."""
    return str(getattr(text, "key", text))


def speaks(_: str) -> Say:
    """The same whatever the locale."""
    return say


def draft(summary: str = "A laptop", **more: object) -> IssueDraft:
    return replace(IssueDraft(summary=summary, description="With a charger", type="Task"), **more)


def act(summary: str = "A laptop", **more: object) -> CreateIssue:
    return CreateIssue("journey-1", "laptop", draft(summary, **more), label=LABEL)


async def ours(found: Sequence[Snapshot]) -> set[str]:
    """Those that our account has made in the project of the tests."""
    return {one.id for one in found if made_as_asked(one, "ONB") == "own"}


def name_of(issue: MadeIssue | None) -> tuple[str, str, str] | None:
    """By what an issue is known, whether it was made or found."""
    return None if issue is None else (issue.id, issue.key, issue.url)


def settings_for(url: str, *, cloud: bool = True, timeout: float = LONG, slots: int = 4) -> JiraSettings:
    return JiraSettings(
        url=url,
        user=ACCESS.user if cloud else None,
        token=SecretStr(ACCESS.token) if cloud else None,
        pat=None if cloud else SecretStr(str(ACCESS.pat)),
        project="ONB",
        settle_seconds=0.0,
        timeout=timeout,
        slots=slots,
    )


class ForgetfulState(State):
    """A Jira whose next searches see what `shown` says, and where an issue answers to a former key in `renamed`.

    `searches` counts them.
    """

    shown: list[list[Issue]]
    renamed: dict[str, str]
    searches: int = 0

    def searchable(self, fresh: frozenset[str] = frozenset()) -> list[Issue]:
        self.searches += 1
        return self.shown.pop(0) if self.shown else super().searchable(fresh)

    def find(self, key_or_id: str) -> Issue | None:
        return super().find(self.renamed.get(key_or_id, key_or_id))


@dataclass(frozen=True)
class Stand:
    """A running stand-in; `received` counts the writes that callers sent."""

    url: str
    state: ForgetfulState
    faults: FaultPlan
    received: Counter[str]

    @property
    def cloud(self) -> bool:
        return self.state.site.is_cloud

    def fail(
        self, kind: Kind, match: str, *, times: int | None = 1, seconds: float = 30.0, retry_after: int = 1
    ) -> None:
        self.faults.add(Rule(kind=kind, match=match, times=times, seconds=seconds, retry_after=retry_after))

    @asynccontextmanager
    async def tracker(self, *, timeout: float = LONG) -> AsyncIterator[JiraTracker]:
        settings = settings_for(self.url, cloud=self.cloud, timeout=timeout)
        tracker = JiraTracker(settings, speaks, search_pause=0.0)
        try:
            yield tracker
        finally:
            await tracker.close()

    def category(self, key: str) -> str:
        status = self.state.issue(key).status
        return next(known.category.key for known in self.state.site.statuses if known.id == status)

    def links(self, key: str) -> list[Link]:
        return self.state.links_of(key)


@asynccontextmanager
async def standing(deployment: Deployment = Deployment.CLOUD) -> AsyncIterator[Stand]:
    site = default_site(("ONB", "HR"), deployment=deployment)
    site = replace(site, link_types=(*LINK_TYPES, DUPLICATE_LINK))
    state, plan = ForgetfulState(site, People([ANNABEL, ANNA, BORIS])), FaultPlan()
    state.shown, state.renamed = [], {}
    app = make_app(state, access=ACCESS, faults=plan)
    async with serving(app) as url:
        yield Stand(url, state, plan, app[CALLS].received)


async def until(holds: Callable[[], bool], seconds: float = 5.0) -> None:
    """Waits for a condition, and fails when it does not come true in time."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110  -- it waits for things that no event tells of
            await asyncio.sleep(0.01)
