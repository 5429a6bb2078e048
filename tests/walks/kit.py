"""A whole bot against the stand-ins of Slack and Jira: what people do goes in over signed HTTP, nothing is skipped."""

from __future__ import annotations

import asyncio
import datetime
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import ClientSession
from pydantic import SecretStr

from adapters.jira.settings import JiraSettings
from adapters.slack.settings import SlackSettings
from bot.people import person_id
from sandbox.faults import FaultPlan
from sandbox.jira import Access, People, State, User, make_app, serving
from sandbox.slack import Person, SlackUser, Workspace, serve
from wiring.parts import NO_TESTS, ForTests
from wiring.run import Running, started
from wiring.settings import AllSettings, Settings

PEOPLE = """\
people:
  - {email: pavel@company.example, name: Павел Орлов, roles: [manager]}
  - {email: anna@company.example, name: Анна Новикова, department: Разработка, manager: pavel@company.example}
  - {email: emma@company.example, name: Emma Clarke, locale: en, manager: pavel@company.example}
  - {email: grace@company.example, name: Grace Miller, locale: en, roles: [manager]}
  - {email: irina@company.example, name: Ирина Соколова, roles: [hr]}
  - {email: admin@company.example, name: Семён Админов, roles: [admin]}
"""
SLACK_PEOPLE = {
    "pavel": "U0PAVEL", "anna": "U0ANNA", "emma": "U0EMMA", "grace": "U0GRACE", "irina": "U0IRINA", "admin": "U0ADMIN",
}  # fmt: skip
PATIENCE = 15.0


class Stage(msgspec.Struct, frozen=True):
    """Everything a walk looks at."""

    running: Running
    workspace: Workspace
    jira: State
    slack_faults: FaultPlan
    jira_faults: FaultPlan
    users: dict[str, SlackUser]

    def person(self, name: str) -> str:
        return person_id(f"{name}@company.example")

    def issues(self) -> list[Any]:
        return list(self.jira.issues())


async def until(condition: Callable[[], Any], what: str) -> Any:
    """The first true value of `condition`, asked again and again."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not (value := condition()):  # noqa: ASYNC110  -- the condition is about another system
                await asyncio.sleep(0.02)
            return value
    except TimeoutError as error:
        raise AssertionError(f"waited in vain for {what}") from error


class Clock:
    """Time that a walk sets, and that goes on from there as time does."""

    def __init__(self, now: datetime.datetime) -> None:
        self.set(now)

    def set(self, now: datetime.datetime) -> None:
        self._set, self._at = now, time.monotonic()

    def __call__(self) -> datetime.datetime:
        return self._set + datetime.timedelta(seconds=time.monotonic() - self._at)


def texts(user: SlackUser) -> str:
    """All that the bot has written to somebody in private, as they see it now."""
    return "\n".join(str(message) for message in user.inbox())


@asynccontextmanager
async def stage(
    tmp_path: Path, store_url: str, organisation: str, tests: ForTests = NO_TESTS, **slack: Any
) -> AsyncIterator[Stage]:
    """A company on Slack with a Jira, and the bot between them."""
    people_file = tmp_path / "people.yaml"
    people_file.write_text(PEOPLE, encoding="utf-8")
    workspace = Workspace(
        people=[Person(id=one, name=name, email=f"{name}@company.example") for name, one in SLACK_PEOPLE.items()]
    )
    users = [User(name=name, display_name=name, email_address=f"{name}@company.example") for name in SLACK_PEOPLE]
    jira, slack_faults, jira_faults = State(people=People(users)), FaultPlan(), FaultPlan()
    access = Access("bot@company.example", "token")
    async with (
        serve(workspace, slack_faults) as slack_url,
        serving(make_app(jira, access=access, faults=jira_faults)) as jira_url,
        ClientSession() as session,
    ):
        settings = AllSettings(
            main=Settings(
                port=0, redis_url=store_url, organisation=organisation, people_file=people_file, _env_file=None
            ),
            slack=SlackSettings(
                bot_token=SecretStr(workspace.token),
                signing_secret=SecretStr(workspace.signing_secret),
                api_url=f"{slack_url}/api/",
                posts_per_second_per_conversation=1000,
                posts_per_second=1000,
                burst=1000,
                **slack,
            ),
            jira=JiraSettings(
                url=jira_url, user=access.user, token=SecretStr(access.token), project="ONB", settle_seconds=0.2
            ),
        )
        async with started(settings, lambda _: None, tests) as running:
            hands = {
                name: SlackUser(workspace, one, running.address, session=session) for name, one in SLACK_PEOPLE.items()
            }
            yield Stage(running, workspace, jira, slack_faults, jira_faults, hands)
