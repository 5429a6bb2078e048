"""Socket Mode: the same app over a WebSocket that we open, so that no address of ours need be reachable."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.app import bolt_request
from adapters.slack.settings import SlackSettings


class Envelopes(AsyncSocketModeHandler):
    """Bolt's handler with our reading of the body. An answer other than 200 is not sent: Slack repeats the envelope."""

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        started = time.time()
        answer = await self.app.async_dispatch(bolt_request(req.payload, mode="socket_mode"))
        await send_async_response(client, req, answer, started)


@contextlib.asynccontextmanager
async def socket_mode(settings: SlackSettings, app: AsyncApp, client: AsyncWebClient) -> AsyncIterator[None]:
    """Listen for as long as the context lasts; connecting, and connecting again, goes on beside it.

    Raises ValueError without SLACK_APP_TOKEN.
    """
    if settings.app_token is None:
        raise ValueError("SLACK_APP_TOKEN is not set")
    handler = Envelopes(app, settings.app_token.get_secret_value(), web_client=client)
    connecting = asyncio.create_task(handler.connect_async())  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        connecting.cancel()
        await asyncio.gather(connecting, return_exceptions=True)
        await handler.close_async()  # type: ignore[no-untyped-call]
