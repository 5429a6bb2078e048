"""What `make run` adds to the bot: a Jira of its own on loopback, and a fictional company."""

from __future__ import annotations

import datetime
import json
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec
from pydantic import SecretStr

from adapters.jira.settings import JiraSettings
from adapters.jira.webhook import PATH
from bot.calendar import calendar_of
from bot.people import Person
from bot.people_file import load_people
from sandbox.jira.app import make_app
from sandbox.jira.auth import Access
from sandbox.jira.people import People, User
from sandbox.jira.serve import serving
from sandbox.jira.site import default_site
from sandbox.jira.state import State
from sandbox.jira.webhooks import Webhooks

PEOPLE = Path(__file__).parents[1] / "sandbox" / "people.yaml"
PORTS = "sandbox.json"
PROJECT = "ONB"
NEWCOMER = "newcomer"
SOON = 5  # working days
USER = "butterboard@butterboard.example"


def company(today: datetime.date) -> tuple[Person, ...]:
    """The fictional company; its newcomer always begins soon."""
    people = load_people(PEOPLE)
    return tuple(
        msgspec.structs.replace(person, start_date=calendar_of(person.timezone, person.country).shift(today, SOON))
        if person.handle == NEWCOMER
        else person
        for person in people
    )


def _remembered_port(data_dir: Path) -> int:
    """The port of the last run, so that links of yesterday's messages still open; 0 when there was none."""
    try:
        return int(json.loads((data_dir / PORTS).read_text(encoding="utf-8"))["jira_port"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _remember_port(data_dir: Path, url: str) -> None:
    (data_dir / PORTS).write_text(json.dumps({"jira_port": int(url.rpartition(":")[2])}), encoding="utf-8")


async def _open(stack: AsyncExitStack, state: State, webhooks: Webhooks, access: Access, port: int) -> str:
    """On the remembered port; when somebody has taken it meanwhile, on a free one."""
    try:
        return await stack.enter_async_context(serving(make_app(state, access=access, webhooks=webhooks), port))
    except OSError:
        return await stack.enter_async_context(serving(make_app(state, access=access, webhooks=webhooks)))


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
        url = await _open(stack, state, webhooks, Access(USER, token), _remembered_port(data_dir))
        _remember_port(data_dir, url)
        settings = JiraSettings(
            url=url,
            user=USER,
            token=SecretStr(token),
            project=PROJECT,
            settle_seconds=settle_seconds,
            webhook_secret=SecretStr(secrets.token_urlsafe(24)),
        )
        yield PracticeJira(settings, webhooks)
