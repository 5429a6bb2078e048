"""What `make run` adds to the bot: a Jira and a Confluence of its own on loopback, and a fictional company."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Literal

import msgspec
from pydantic import SecretStr

from adapters.confluence.settings import ConfluenceSettings
from adapters.jira.settings import JiraSettings
from adapters.jira.webhook import PATH
from bot.calendar import calendar_of
from bot.people import Person
from bot.people_file import load_people
from sandbox import loopback
from sandbox.confluence import app as confluence_app
from sandbox.confluence import auth as confluence_auth
from sandbox.confluence.company import company as wiki
from sandbox.jira.app import make_app
from sandbox.jira.auth import Access
from sandbox.jira.people import People, User
from sandbox.jira.serve import serving
from sandbox.jira.site import default_site
from sandbox.jira.state import State
from sandbox.jira.webhooks import Webhooks
from wiring.sandbox_files import PEOPLE, PORTS

PROJECT = "ONB"
NEWCOMER = "newcomer"
SOON = 5  # working days
CRAWL_EVERY = 0.5  # minutes: whoever edits a page of the sandbox wants to see it found
USER = "butterboard@butterboard.example"


def company(today: datetime.date) -> tuple[Person, ...]:
    """The fictional company; its newcomer always begins soon."""
    people = [msgspec.structs.replace(person, origin="sandbox") for person in load_people(PEOPLE)]
    return tuple(
        msgspec.structs.replace(person, start_date=calendar_of(person.timezone, person.country).shift(today, SOON))
        if person.handle == NEWCOMER
        else person
        for person in people
    )


class _Ports(msgspec.Struct):
    """Where the stand-ins listened in the last run, so that links of yesterday's messages still open; 0: nowhere."""

    jira_port: int = 0
    confluence_port: int = 0


def _remembered_ports(data_dir: Path) -> _Ports:
    try:
        return msgspec.json.decode((data_dir / PORTS).read_bytes(), type=_Ports)
    except (OSError, msgspec.MsgspecError):
        return _Ports()


def _remember_port(data_dir: Path, name: Literal["jira_port", "confluence_port"], url: str) -> None:
    ports = msgspec.structs.replace(_remembered_ports(data_dir), **{name: int(url.rpartition(":")[2])})
    (data_dir / PORTS).write_bytes(msgspec.json.encode(ports))


async def _open(stack: AsyncExitStack, serve: Callable[[int], AbstractAsyncContextManager[str]], port: int) -> str:
    """On the remembered port; when somebody has taken it meanwhile, on a free one."""
    try:
        return await stack.enter_async_context(serve(port))
    except OSError:
        return await stack.enter_async_context(serve(0))


class PracticeJira(msgspec.Struct, frozen=True):
    """The settings to reach the stand-in, and where it tells what happens in it."""

    settings: JiraSettings
    webhooks: Webhooks

    def tell(self, address: str) -> None:
        """From now on, with signatures, the bot that listens at `address`."""
        secret = self.settings.webhook_secret
        self.webhooks.add(f"{address}{PATH}", secret.get_secret_value() if secret else None)


@asynccontextmanager
async def sandbox_jira(data_dir: Path, people: Sequence[Person], settle_seconds: float) -> AsyncIterator[PracticeJira]:
    """A Jira that keeps its issues in `data_dir`, with everybody of the company in it."""
    users = [User(name=person.handle, display_name=person.name, email_address=person.email) for person in people]
    site = default_site((PROJECT,))
    state = State(site, People(users), file=data_dir / "sandbox-jira.json")
    token, webhooks = secrets.token_urlsafe(16), Webhooks(state)
    async with AsyncExitStack() as stack:
        access = Access(USER, token)
        url = await _open(
            stack,
            lambda port: serving(make_app(state, access=access, webhooks=webhooks), port),
            _remembered_ports(data_dir).jira_port,
        )
        _remember_port(data_dir, "jira_port", url)
        settings = JiraSettings(
            url=url,
            user=USER,
            token=SecretStr(token),
            project=PROJECT,
            settle_seconds=settle_seconds,
            webhook_secret=SecretStr(secrets.token_urlsafe(24)),
        )
        yield PracticeJira(settings, webhooks)


@asynccontextmanager
async def sandbox_confluence(data_dir: Path) -> AsyncIterator[ConfluenceSettings]:
    """The wiki of the company, as it stands in the sandbox: what is changed in it lasts as long as the run."""
    state, token = wiki(), secrets.token_urlsafe(16)
    app = confluence_app.make_app(state, access=confluence_auth.Access(USER, token))
    spaces = tuple(state.spaces)
    async with AsyncExitStack() as stack:
        port = _remembered_ports(data_dir).confluence_port
        url = await _open(stack, lambda wanted: loopback.serving(app, wanted), port)
        _remember_port(data_dir, "confluence_port", url)
        yield ConfluenceSettings(url=url, user=USER, token=SecretStr(token), spaces=spaces, every=CRAWL_EVERY)
