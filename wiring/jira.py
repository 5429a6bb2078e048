"""Jira, wired: one client for the tracker and for what is learnt of the site in the background."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass

from aiohttp import web

from adapters.jira.client import JiraClient
from adapters.jira.identity import JiraIdentity
from adapters.jira.settings import JiraSettings
from adapters.jira.tracker import SEARCH_PAUSE, JiraTracker
from adapters.jira.webhook import jira_webhook_routes
from bot.ports import TrackerInbox
from bot.texts import speaker
from wiring.background import ended


@dataclass(frozen=True)
class WiredJira:
    """`settings` are those of the Jira that is really there: in the sandbox the stand-in's."""

    settings: JiraSettings
    tracker: JiraTracker
    identity: JiraIdentity

    def webhook(self, inbox: TrackerInbox, key: bytes) -> list[web.RouteDef]:
        """The routes that Jira tells its news to; `key` is the one of their address, where nothing is signed."""
        secret = self.settings.webhook_secret
        signing = None if secret is None else secret.get_secret_value().encode()
        return jira_webhook_routes(inbox, lambda: self.identity.known, signing=signing, key=key)


def wire_jira(stack: AsyncExitStack, settings: JiraSettings) -> WiredJira:
    """A look waits between two searches, but no longer than the search may lag."""
    client = JiraClient(settings)
    pause = min(SEARCH_PAUSE, settings.settle_seconds)
    identity = JiraIdentity(client, settings.base, settings.priorities, settings.former_accounts)
    tracker = JiraTracker(settings, speaker, client=client, identity=identity, search_pause=pause)
    stack.push_async_callback(tracker.close)
    learning = asyncio.create_task(identity.keep_learning(), name="jira identity")
    stack.push_async_callback(ended, learning)
    return WiredJira(settings, tracker, identity)
