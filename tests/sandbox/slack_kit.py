"""What the tests of the Slack stand-in share: a workspace with people, a client for it, and places for bots."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.faults import FaultPlan
from sandbox.slack import Channel, Person, SlackUser, Workspace, serve
from sandbox.slack.workspace import BOT_SCOPES

ANN = Person(id="U0ANN", name="ann", real_name="Ann Lee", email="Ann@example.com", tz="Europe/Berlin")
BOB = Person(id="U0BOB", name="bob", email="bob@example.com", deleted=True)
EVE = Person(id="U0EVE", name="eve", email="eve@other.example", is_stranger=True, team_id="T0OTHER")
MORE_SCOPES = (*BOT_SCOPES, "channels:history", "channels:read", "groups:read", "im:read")


class Clock:
    """A clock that only a test moves."""

    def __init__(self) -> None:
        self.now = 1_760_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Stage:
    workspace: Workspace
    client: AsyncWebClient
    faults: FaultPlan
    url: str

    def ann(self, bot_url: str | None = None, **options: object) -> SlackUser:
        return SlackUser(self.workspace, ANN.id, bot_url, **options)  # type: ignore[arg-type]


def new_workspace(clock: Clock | None = None) -> Workspace:
    people = [ANN, BOB, EVE]
    workspace = (
        Workspace(people=people, scopes=MORE_SCOPES)
        if clock is None
        else Workspace(people=people, scopes=MORE_SCOPES, clock=clock)
    )
    workspace.add_channel(Channel(id="C0ALL", name="all", members={workspace.bot_user, ANN.id}))
    workspace.add_channel(Channel(id="C0OPEN", name="open"))
    workspace.add_channel(Channel(id="C0OLD", name="old", is_archived=True, members={workspace.bot_user}))
    workspace.add_channel(Channel(id="C0SECRET", name="secret", is_private=True))
    return workspace


@asynccontextmanager
async def stage(clock: Clock | None = None) -> AsyncIterator[Stage]:
    """A served workspace and a client that never repeats a request by itself."""
    workspace, faults = new_workspace(clock), FaultPlan()
    async with serve(workspace, faults) as url:
        client = AsyncWebClient(workspace.token, base_url=f"{url}/api/", retry_handlers=[])
        yield Stage(workspace, client, faults, url)


@asynccontextmanager
async def listening(app: web.Application) -> AsyncIterator[str]:
    """The address of a bot that is up for as long as the block runs."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def error_of(failure: SlackApiError) -> str:
    return str(failure.response["error"])
