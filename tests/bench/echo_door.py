"""What we compare with, a process of its own: an echo on the stock CloudAdapter, as Microsoft's manual writes it.

It verifies the tokens of activities itself and replies over its own connector client. One thing is other than stock,
and makes it faster: its token for the connector is fetched once, before the load. Stock makes an msal client for every
turn, whose cache is empty, and asks the login server again each time; and msal speaks to no login server over http.
"""

import asyncio
import sys
from types import SimpleNamespace

from aiohttp import ClientSession, web
from botbuilder.core import ActivityHandler, MessageFactory, TurnContext
from botbuilder.core.integration import aiohttp_error_middleware
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from msrest.authentication import BasicTokenAuthentication

from sandbox.teams.issuer import ISSUER, SCOPE
from tests.bench.activities import APP_ID, APP_PASSWORD, TENANT
from tests.bench.children import say_ready, until_stdin_ends

ECHO = "Echo: "


class Echo(ActivityHandler):  # type: ignore[misc]  # the library has no types
    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(MessageFactory.text(f"{ECHO}{turn_context.activity.text}"))


class Application:
    """The app with a token that is there already (the library's ServiceClientCredentialsFactory)."""

    def __init__(self, token: str) -> None:
        self._credentials = BasicTokenAuthentication({"access_token": token})

    async def is_valid_app_id(self, app_id: str) -> bool:
        return app_id == APP_ID

    async def is_authentication_disabled(self) -> bool:
        return False

    async def create_credentials(self, *_: object, **__: object) -> BasicTokenAuthentication:
        return self._credentials


async def application(teams_url: str) -> web.Application:
    configuration = SimpleNamespace(
        TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL=f"{teams_url}/v1/.well-known/openidconfiguration",
        TO_BOT_FROM_CHANNEL_TOKEN_ISSUER=ISSUER,
        TO_CHANNEL_FROM_BOT_OAUTH_SCOPE=SCOPE,
    )
    credentials = Application(await _token(teams_url))
    adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(configuration, credentials_factory=credentials))
    bot = Echo()

    async def messages(request: web.Request) -> web.Response:
        answer: web.Response = await adapter.process(request, bot)
        return answer

    app = web.Application(middlewares=[aiohttp_error_middleware])
    app.router.add_post("/api/messages", messages)
    return app


async def _token(teams_url: str) -> str:
    asked = {
        "grant_type": "client_credentials",
        "client_id": APP_ID,
        "client_secret": APP_PASSWORD,
        "scope": SCOPE,
    }
    url = f"{teams_url}/{TENANT}/oauth2/v2.0/token"
    async with ClientSession() as session, session.post(url, data=asked, raise_for_status=True) as answer:
        return str((await answer.json())["access_token"])


async def main(teams_url: str) -> None:
    runner = web.AppRunner(await application(teams_url), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    say_ready(runner.addresses[0][1])
    await until_stdin_ends()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
