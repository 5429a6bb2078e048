"""Which channels are on: the one place that knows each of them by name."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Self

import msgspec
from aiohttp import ClientSession, web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.app import bolt_app, routes
from adapters.slack.client import Identity, web_client
from adapters.slack.members import Members
from adapters.slack.outbound import SlackChannel
from adapters.slack.socket_mode import socket_mode
from adapters.teams.app import routes as teams_routes
from adapters.teams.connector import Connector, http_session
from adapters.teams.credentials import Credentials
from adapters.teams.outbound import TeamsChannel
from adapters.web.chat import WebChannel
from adapters.web.rooms import Rooms
from adapters.web.routes import Links, WebChat
from bot.people import Person
from bot.ports import Store
from bot.reach import Finds
from bot.runner import Runner
from bot.texts import speaker
from bot.work import Work
from wiring.background import ended
from wiring.parts import Wired, utc_now
from wiring.settings import AllSettings

CALLS = 2.5  # a first message takes up to three calls: who it is, their language, the message


class Channels:
    """The channels in use, in order of preference, from settings to routes."""

    def __init__(self, settings: AllSettings, store: Store, session_key: bytes, stand_ins: Links | None) -> None:
        self._settings, self._session_key, self._stand_ins = settings, session_key, stand_ins
        self._rooms = Rooms(store, utc_now) if settings.sandboxed else None
        self._slack: tuple[AsyncWebClient, Identity] | None = None
        self._members: Members | None = None
        self._bolt: AsyncApp | None = None
        self._teams: ClientSession | None = None
        self._inbox: Runner | None = None

    @classmethod
    async def open(
        cls, stack: AsyncExitStack, settings: AllSettings, store: Store, *, session_key: bytes, stand_ins: Links | None
    ) -> Self:
        channels = cls(settings, store, session_key, stand_ins)
        if settings.slack.configured:
            client = await stack.enter_async_context(web_client(settings.slack))
            channels._slack = (client, Identity(client))
        if channels._teams_is_on:
            channels._teams = await stack.enter_async_context(http_session(settings.teams))
        return channels

    @property
    def any(self) -> bool:
        return self._settings.slack.configured or self._teams_is_on

    @property
    def _teams_is_on(self) -> bool:
        """In the sandbox for Microsoft's Agents Playground, which anybody may start beside it."""
        return self._settings.teams.configured or self._settings.sandboxed

    @property
    def names(self) -> tuple[str, ...]:
        on = {
            "slack": self._settings.slack.configured,
            "teams": self._settings.teams.configured,
            "web": self._settings.sandboxed,
        }
        found = [name for name, is_on in on.items() if is_on]
        if self._settings.sandboxed:
            found.append("teams")  # after the web chat, which is always there for whoever has not spoken yet
        return tuple(found) or ("none",)

    @property
    def finds(self) -> dict[str, Finds]:
        """Slack is asked for the account of an e-mail; Teams finds nobody by it; the web chat has whoever there is."""
        return {"slack": "by-email", "web": "everybody"}

    def wire(self, runner: Runner) -> tuple[Wired, ...]:
        """The channels for the delivery; what they hear is brought to `runner`."""
        self._inbox = runner
        wired: list[Wired] = []
        if self._slack is not None:
            client, identity = self._slack
            figures = self._settings.slack
            self._members = Members(client, identity)
            self._bolt = bolt_app(figures, client, identity, runner, speaker, utc_now, self._members)
            pace = 1 / figures.posts_per_second_per_conversation
            channel = SlackChannel(client, identity, members=self._members)
            wired.append(Wired(channel, pace=pace, timeout=CALLS * figures.timeout_seconds))
        if self._teams is not None:
            wired.append(self._wired_teams(self._teams))
        if self._rooms is not None:
            wired.append(Wired(WebChannel(self._rooms, runner.company.store)))
        return tuple(wired)

    def _wired_teams(self, session: ClientSession) -> Wired:
        """The conversation itself says how long it must rest, so there is no pace."""
        figures = self._settings.teams
        credentials = Credentials(figures) if figures.configured else None
        channel = TeamsChannel(Connector(session, figures, credentials), figures.tenant_id)
        return Wired(channel, timeout=CALLS * figures.timeout_seconds)

    async def start(self, stack: AsyncExitStack) -> None:
        """What runs beside the lanes: who we are at each platform, sockets."""
        if self._slack is None or self._bolt is None:
            return
        client, identity = self._slack
        learning = asyncio.create_task(identity.keep_learning(), name="slack identity")
        stack.push_async_callback(ended, learning)
        if self._members is not None:
            stack.push_async_callback(self._members.close)
        if self._settings.slack.socket_mode:
            await stack.enter_async_context(socket_mode(self._settings.slack, self._bolt, client))

    def mount(self, app: web.Application) -> None:
        if self._bolt is not None:
            app.add_routes(routes(self._settings.slack, self._bolt))
        if self._teams is not None and self._inbox is not None:
            settings = self._settings
            app.add_routes(
                teams_routes(settings.teams, self._teams, self._inbox, speaker, utc_now, playground=settings.sandboxed)
            )
        if self._rooms is not None and self._inbox is not None:
            self._web_chat(self._rooms, self._inbox).mount(app, enabled=self._settings.sandboxed)

    def _web_chat(self, rooms: Rooms, runner: Runner) -> WebChat:
        async def people() -> list[Person]:
            """Everybody, with the roles that they have in effect."""
            of = runner.company
            found = await Work(of, utc_now()).everybody()
            return [msgspec.structs.replace(person, roles=of.policy.roles(person)) for person in found]

        return WebChat(runner, rooms, speaker, utc_now, self._session_key, people, self._stand_ins)
