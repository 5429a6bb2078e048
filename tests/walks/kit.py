"""A whole bot against the stand-ins of Slack, Teams, Jira and Confluence: what people do goes in over signed HTTP,
nothing is skipped."""

from __future__ import annotations

import asyncio
import datetime
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import ClientSession
from pydantic import SecretStr

from adapters.confluence.settings import ConfluenceSettings
from adapters.jira.settings import JiraSettings
from adapters.jira.signature import webhook_token
from adapters.llm.settings import LlmSettings
from adapters.slack.settings import SlackSettings
from adapters.teams.settings import TeamsSettings
from bot.people import person_id
from sandbox import confluence
from sandbox.faults import FaultPlan
from sandbox.jira import Access, People, Site, State, User, Webhooks, default_site, make_app, serving
from sandbox.slack import Person, SlackUser, Workspace, serve
from sandbox.teams import Company, TeamsUser
from sandbox.teams import Person as Member
from sandbox.teams import serve as serve_teams
from tests.ready_answers import lay_answers
from wiring.parts import NO_TESTS, ForTests
from wiring.run import Running, started
from wiring.secret import derived_key
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
PATIENCE = 60.0
SHIPPED = Path(__file__).parents[2] / "scenarios"
ACCESS = Access("bot@company.example", "token", pat="pat")
WIKI_ACCESS = confluence.Access("bot@company.example", "token", "pat")
SIGNING = "what only Jira and the bot know"
SECRET_KEY = "the key of links and addresses, long enough"


class Wiki(msgspec.Struct, frozen=True, kw_only=True):
    """A Confluence to crawl: what stands in it, what it shows wrong, and how it is crawled. It may be on several
    stages, one after the other. `calls`: how often each address was asked.
    """

    state: confluence.State
    faults: FaultPlan = msgspec.field(default_factory=FaultPlan)
    calls: Counter[str] = msgspec.field(default_factory=Counter)
    spaces: tuple[str, ...] = ()  # none: all
    restricted: bool = False
    every: float = 0.01  # minutes
    timeout: float = 30.0


class Stage(msgspec.Struct, frozen=True):
    """Everything a walk looks at. `members` are the same people at Teams, on a stage with Teams."""

    running: Running
    workspace: Workspace
    jira: State
    webhooks: Webhooks
    slack_faults: FaultPlan
    jira_faults: FaultPlan
    users: dict[str, SlackUser]
    teams: Company
    teams_faults: FaultPlan
    members: dict[str, TeamsUser]
    settings: AllSettings

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


async def until_known(condition: Callable[[], Awaitable[Any]], what: str) -> Any:
    """As `until`, of what has to be asked for."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not (value := await condition()):  # noqa: ASYNC110  -- as there
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


def said(user: SlackUser, words: str) -> list[Any]:
    """The bot's messages to somebody that have these words in them, as they are now."""
    return [message for message in user.inbox() if words in str(message)]


def value_of(message: Any, step: str) -> str:
    """The value of the step's button in a checklist."""
    for block in message["blocks"]:
        value = str(block.get("accessory", {}).get("value", ""))
        if value.endswith(f" {step}"):
            return value
    return ""


class Set(msgspec.Struct, frozen=True, kw_only=True):
    """What a walk wants otherwise than others do. `linked`: people who work in Jira can reach the bot. `teams`: the
    company is in Teams as well as in Slack. `wiki`: there is a Confluence, too. `people`: the file of the directory.
    """

    site: Site | None = None
    scenarios: Path | None = None
    linked: bool = False
    teams: bool = False
    wiki: Wiki | None = None
    people: str = PEOPLE


PLAIN = Set()


@asynccontextmanager
async def stage(
    tmp_path: Path,
    store_url: str,
    organisation: str,
    tests: ForTests = NO_TESTS,
    wanted: Set = PLAIN,
    **slack: Any,
) -> AsyncIterator[Stage]:
    """A company on Slack with a Jira that tells what happens in it, and the bot between them."""
    people_file = tmp_path / "people.yaml"
    people_file.write_text(wanted.people, encoding="utf-8")
    workspace = Workspace(
        people=[
            Person(id=one, name=name, email=f"{name}@company.example", locale="ru-RU")
            for name, one in SLACK_PEOPLE.items()
        ]
    )
    workspace.tickets.trigger_seconds = PATIENCE
    company, teams_faults = Company(people=_members() if wanted.teams else ()), FaultPlan()
    jira, slack_faults, jira_faults = _jira(wanted), FaultPlan(), FaultPlan()
    webhooks = Webhooks(jira)
    async with (
        serve(workspace, slack_faults) as slack_url,
        serve_teams(company, teams_faults) as teams_url,
        serving(make_app(jira, access=ACCESS, faults=jira_faults, webhooks=webhooks)) as jira_url,
        ClientSession() as session,
        AsyncExitStack() as stack,
    ):
        settings = AllSettings(
            main=_main(wanted, store_url, organisation, people_file, quiet_hours=tests.clock is not None),
            slack=_slack_settings(workspace, slack_url, **slack),
            teams=_teams_settings(company, teams_url) if wanted.teams else TeamsSettings(_env_file=None),
            jira=_jira_settings(jira.site, jira_url),
            confluence=await _confluence(stack, wanted.wiki),
            llm=LlmSettings(_env_file=None),
        )
        lay_answers(settings.main.data_dir, organisation)
        async with started(settings, lambda _: None, tests) as running:
            _tell(webhooks, jira.site, running.address)
            hands = {
                name: SlackUser(workspace, one, running.address, session=session, timeout=PATIENCE)
                for name, one in SLACK_PEOPLE.items()
            }
            members = {
                (one.email or "").partition("@")[0]: TeamsUser(company, one, running.address, session)
                for one in company.people
            }
            yield Stage(
                running,
                workspace,
                jira,
                webhooks,
                slack_faults,
                jira_faults,
                hands,
                company,
                teams_faults,
                members,
                settings,
            )


async def _confluence(stack: AsyncExitStack, wiki: Wiki | None) -> ConfluenceSettings:
    if wiki is None:
        return ConfluenceSettings(_env_file=None)
    app = confluence.make_app(wiki.state, access=WIKI_ACCESS, faults=wiki.faults)
    app[confluence.CALLS].received = wiki.calls
    url = await stack.enter_async_context(confluence.serving(app))
    cloud = {"user": WIKI_ACCESS.user, "token": SecretStr(WIKI_ACCESS.token)}
    return ConfluenceSettings(
        url=url,
        spaces=wiki.spaces or tuple(wiki.state.spaces),
        restricted=wiki.restricted,
        every=wiki.every,
        timeout=wiki.timeout,
        requests_per_second=1000,
        _env_file=None,
        **(cloud if wiki.state.is_cloud else {"pat": SecretStr(WIKI_ACCESS.pat or "")}),
    )


def _members() -> list[Member]:
    """In capital letters, as Teams may tell an address."""
    return [Member(name=name.title(), email=f"{name}@Company.example", locale="ru-RU") for name in SLACK_PEOPLE]


def _slack_settings(workspace: Workspace, url: str, **more: Any) -> SlackSettings:
    return SlackSettings(
        bot_token=SecretStr(workspace.token),
        signing_secret=SecretStr(workspace.signing_secret),
        api_url=f"{url}/api/",
        posts_per_second_per_conversation=1000,
        posts_per_second=1000,
        burst=1000,
        **more,
    )


def _teams_settings(company: Company, url: str) -> TeamsSettings:
    company.limits.configure((), (), None)
    return TeamsSettings(
        app_id=company.app_id,
        app_password=SecretStr(company.issuer.app_password),
        tenant_id=company.tenant_id,
        openid_metadata_url=company.issuer.metadata_url,
        login_url=url,
        service_url=f"{url}/teams",
        requests_per_second=1000,
        burst=1000,
        _env_file=None,
    )


def _jira(wanted: Set) -> State:
    users = [
        User(name=name, display_name=name.title(), email_address=f"{name}@company.example") for name in SLACK_PEOPLE
    ]
    return State(wanted.site or default_site(), People(users))


def _main(wanted: Set, store_url: str, organisation: str, people_file: Path, *, quiet_hours: bool) -> Settings:
    """Only a walk that sets the time is on at a known hour."""
    port = _free_port() if wanted.linked else 0
    return Settings(
        port=port,
        public_url=f"http://127.0.0.1:{port}" if wanted.linked else None,
        redis_url=store_url,
        organisation=organisation,
        quiet_hours="on" if quiet_hours else "off",
        people_file=people_file,
        data_dir=people_file.parent / "data",
        secret_key=SecretStr(SECRET_KEY),
        _env_file=None,
        scenarios_dir=wanted.scenarios or SHIPPED,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _jira_settings(site: Site, url: str) -> JiraSettings:
    """Cloud signs what it tells; Data Center does not, and so tells it to an address that nobody can guess."""
    if site.is_cloud:
        return JiraSettings(
            url=url,
            user=ACCESS.user,
            token=SecretStr(ACCESS.token),
            project="ONB",
            webhook_secret=SecretStr(SIGNING),
            settle_seconds=0.2,
        )
    return JiraSettings(url=url, pat=SecretStr(ACCESS.pat or ""), project="ONB", settle_seconds=0.2)


def _tell(webhooks: Webhooks, site: Site, address: str) -> None:
    if site.is_cloud:
        webhooks.add(f"{address}/jira/webhook", SIGNING)
    else:
        webhooks.add(f"{address}/jira/webhook/{webhook_token(derived_key(SECRET_KEY.encode(), 'jira-webhook'))}")
