"""The one client of Slack's Web API, and who it speaks as."""

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import translated
from adapters.slack.inbound import Installation
from adapters.slack.settings import SlackSettings
from bot.errors import DeliveryError

CONNECT_SECONDS = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
log = logging.getLogger(__name__)

# Below warnings Slack's libraries write down what people say (bolt the whole body of a request that it refuses); and a
# logger without a level of its own makes them build those lines for every call, to throw them away.
LIBRARIES = logging.getLogger(f"{__name__}.libraries")
LIBRARIES.setLevel(logging.WARNING)
_QUERY = re.compile(r"(\b(?:wss?|https?)://[^\s?'\"]+)\?[^\s'\"]*")


def without_tickets(record: logging.LogRecord) -> bool:
    """A socket's address has a ticket in it that lets in whoever shows it, and an error quotes the address."""
    record.msg, record.args = _QUERY.sub(r"\1", record.getMessage()), None
    return True


LIBRARIES.addFilter(without_tickets)


@contextlib.asynccontextmanager
async def web_client(settings: SlackSettings) -> AsyncIterator[AsyncWebClient]:
    """A client over one session. It never repeats a call by itself: the lanes know what may be sent again."""
    timeout = aiohttp.ClientTimeout(total=settings.timeout_seconds, sock_connect=CONNECT_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        yield AsyncWebClient(
            settings.token, base_url=settings.api_url, session=session, retry_handlers=[], logger=LIBRARIES
        )


class Identity:
    """Where and as whom we are installed, from one auth.test."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self.installation = Installation()

    async def learn(self) -> Installation:
        """The installation; asks Slack the first time. Raises DeliveryErrors."""
        if not self.installation.team:
            with translated(writes=False):
                answer = await self._client.auth_test()
            fields = {"team": "team_id", "user": "user_id", "bot": "bot_id", "app": "app_id"}
            self.installation = Installation(**{ours: str(answer.get(theirs, "")) for ours, theirs in fields.items()})
        return self.installation

    async def keep_learning(self) -> None:
        """Ask until Slack answers. Until then events are taken without comparing whose they are: they are signed."""
        pause = FIRST_PAUSE
        while not self.installation.team:
            try:
                await self.learn()
            except DeliveryError as error:
                log.warning("slack has not said who we are", extra={"error": error.detail, "again_in": pause})
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
