"""The stand-in as a process of its own, against a bot that is made of Microsoft's stock library alone."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
from aiohttp import web
from botbuilder.core import ActivityHandler, MessageFactory, TurnContext
from botbuilder.core.teams import TeamsInfo
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botbuilder.schema import Activity
from botframework.connector.auth import AppCredentials, PasswordServiceClientCredentialFactory

from sandbox.teams import APP_ID, TENANT_ID
from sandbox.teams.issuer import ISSUER, SCOPE
from tests.sandbox.process_kit import ended, orphan, started
from tests.sandbox.slack_kit import listening
from tests.sandbox.teams_kit import card, with_card

SIGNED_IN = ("--app-password", "secret")


class Credentials(PasswordServiceClientCredentialFactory):  # type: ignore[misc]  # the library has no types
    """The library's own, but for a token that was fetched before: its msal takes no login without TLS."""

    def __init__(self, token: str) -> None:
        super().__init__(APP_ID, "secret")
        self._token = token

    async def create_credentials(self, *_: Any, **__: Any) -> AppCredentials:
        credentials = AppCredentials(app_id=APP_ID)
        credentials.get_access_token = lambda *_: self._token
        return credentials


class Echo(ActivityHandler):  # type: ignore[misc]
    """Says back who has said what, below it in a channel, and puts another text in the place of the first."""

    async def on_message_activity(self, context: TurnContext) -> None:
        member = await TeamsInfo.get_member(context, context.activity.from_property.id)
        reply = await context.send_activity(MessageFactory.text("wait"))
        said = MessageFactory.text(f"{member.email} said {context.activity.text}")
        said.id, said.conversation = reply.id, context.activity.conversation
        await context.update_activity(said)
        await context.send_activity(Activity().deserialize(with_card(card())))


async def stock_bot(addresses: dict[str, str], session: aiohttp.ClientSession) -> web.Application:
    form = {"grant_type": "client_credentials", "client_id": APP_ID, "client_secret": "secret", "scope": SCOPE}
    async with session.post(f"{addresses['url']}/{TENANT_ID}/oauth2/v2.0/token", data=form) as answer:
        token = (await answer.json())["access_token"]
    settings = SimpleNamespace(
        TO_BOT_FROM_CHANNEL_TOKEN_ISSUER=ISSUER,
        TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL=addresses["metadata_url"],
        TO_CHANNEL_FROM_BOT_OAUTH_SCOPE=ISSUER,
    )
    authentication = ConfigurationBotFrameworkAuthentication(settings, credentials_factory=Credentials(token))
    adapter, echo = CloudAdapter(authentication), Echo()

    async def receive(request: web.Request) -> web.Response:
        answer: web.Response = await adapter.process(request, echo)
        return answer

    app = web.Application()
    app.add_routes([web.post("/api/messages", receive)])
    return app


async def test_microsofts_own_library_believes_it_and_answers_through_it(tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    people.write_text(json.dumps([{"name": "Ann Lee", "email": "ann@example.com"}]))
    async with (
        started("sandbox.teams", *SIGNED_IN, "--people", str(people), "--installed") as (_, addresses),
        aiohttp.ClientSession(addresses["url"]) as session,
        listening(await stock_bot(addresses, session)) as bot_url,
    ):
        await session.post("/_sandbox/settings", json={"bot_url": bot_url})
        async with session.post("/_sandbox/people/ann@example.com/say", json={"text": "hello"}) as answer:
            assert [reply["status"] for reply in await answer.json()] == [201]
        async with session.get("/_sandbox/messages?at_least=3") as answer:
            posts = (await answer.json())["posts"]
    assert [post["kind"] for post in posts] == ["post", "update", "post"]
    assert posts[1]["message"]["activity"]["text"] == "ann@example.com said hello"
    assert posts[2]["message"]["activity"]["attachments"][0]["content"] == card()


async def test_it_ends_on_sigterm() -> None:
    async with started("sandbox.teams", *SIGNED_IN) as (running, addresses):
        assert addresses["url"].startswith("http://127.0.0.1:")
        running.terminate()
        assert await ended(running) == 0


async def test_it_ends_when_its_stdin_closes() -> None:
    async with started("sandbox.teams", *SIGNED_IN, "--until-stdin-closes") as (running, _):
        orphan(running)
        assert await ended(running) == 0
