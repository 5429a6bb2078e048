"""How events reach a bot: signatures, Slack's retries, and Socket Mode."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import SLACK_DELAYS, SlackUser
from sandbox.slack.delivery import HttpTransport
from tests.sandbox.slack_kit import Stage, listening, stage

Responder = Callable[[web.Request], web.Response]


@dataclass
class Bot:
    """A bot that answers with the next of `answers` (200 when they run out) and keeps what it got."""

    answers: list[web.Response] = field(default_factory=list)
    silent: bool = False
    requests: list[web.Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        self.requests.append(request)
        self.bodies.append(await request.read())
        if self.silent:
            await asyncio.Event().wait()
        return self.answers.pop(0) if self.answers else web.Response()

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/slack/events", self.handle)
        return app


@dataclass
class Naps:
    """Takes the place of sleep and notes how long it would have been."""

    taken: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


@pytest.fixture
async def slack() -> AsyncIterator[Stage]:
    async with stage() as ready:
        yield ready


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
async def bot_url(bot: Bot) -> AsyncIterator[str]:
    async with listening(bot.app()) as url:
        yield url


@pytest.fixture
def naps() -> Naps:
    return Naps()


def patient(slack: Stage, bot_url: str, naps: Naps, timeout: float = 3.0) -> SlackUser:
    return slack.ann(bot_url, retry_delays=SLACK_DELAYS, sleep=naps, timeout=timeout)


async def test_every_kind_of_request_is_signed_as_slack_signs(slack: Stage, bot: Bot, bot_url: str) -> None:
    ann = slack.ann(bot_url)
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go"}
    message = {"ts": "1.000001", "blocks": [{"type": "actions", "block_id": "b", "elements": [button]}]}
    await ann.say("hello")
    await ann.command("/onboarding", "a & b")
    await ann.press(message, "go")
    verifier = SignatureVerifier(slack.workspace.signing_secret)
    for request, body in zip(bot.requests, bot.bodies, strict=True):
        assert verifier.is_valid_request(body, dict(request.headers))
    assert not SignatureVerifier("other").is_valid_request(bot.bodies[0], dict(bot.requests[0].headers))


async def test_an_event_that_fails_comes_three_times_more(slack: Stage, bot: Bot, bot_url: str, naps: Naps) -> None:
    bot.answers = [web.Response(status=500) for _ in range(4)]
    reply = await patient(slack, bot_url, naps).say("hello")
    numbers = [request.headers.get("x-slack-retry-num") for request in bot.requests]
    reasons = {request.headers.get("x-slack-retry-reason") for request in bot.requests[1:]}
    assert numbers == [None, "1", "2", "3"]
    assert reasons == {"http_error"}
    assert len(set(bot.bodies)) == 1
    assert naps.taken == [0.0, 60.0, 300.0]
    assert (reply.status, reply.attempts, reply.ok) == (500, 4, False)


async def test_retries_end_with_the_first_success(slack: Stage, bot: Bot, bot_url: str, naps: Naps) -> None:
    bot.answers = [web.Response(status=503)]
    reply = await patient(slack, bot_url, naps).say("hello")
    assert (reply.status, reply.attempts, reply.reasons) == (200, 2, ("http_error",))


async def test_no_retry_is_honoured(slack: Stage, bot: Bot, bot_url: str, naps: Naps) -> None:
    bot.answers = [web.Response(status=500, headers={"X-Slack-No-Retry": "1"})]
    reply = await patient(slack, bot_url, naps).say("hello")
    assert (reply.status, reply.attempts, naps.taken) == (500, 1, [])


async def test_silence_is_a_timeout(slack: Stage, bot: Bot, bot_url: str, naps: Naps) -> None:
    bot.silent = True
    reply = await patient(slack, bot_url, naps, timeout=0.05).say("hello")
    assert (reply.status, reply.reasons) == (0, ("http_timeout",) * 4)


async def test_nobody_there_is_a_failed_connection(slack: Stage, naps: Naps) -> None:
    reply = await patient(slack, "http://127.0.0.1:9", naps).say("hello")
    assert set(reply.reasons) == {"connection_failed"}


async def test_running_in_circles_is_too_many_redirects(slack: Stage, bot: Bot, bot_url: str, naps: Naps) -> None:
    back = {"Location": "/slack/events"}
    bot.answers = [web.Response(status=307, headers=back) for _ in range(3)]
    reply = await patient(slack, bot_url, naps).say("hello")
    assert reply.reasons == ("too_many_redirects",)
    assert reply.ok


async def test_a_command_is_sent_once(slack: Stage, bot: Bot, bot_url: str, naps: Naps) -> None:
    bot.answers = [web.Response(status=500)]
    reply = await patient(slack, bot_url, naps).command("/onboarding")
    assert (reply.status, len(bot.requests)) == (500, 1)


async def test_the_handshake_and_the_ssl_check_look_as_slacks(slack: Stage, bot: Bot, bot_url: str) -> None:
    bot.answers = [web.json_response({"challenge": "abc"})]
    transport = HttpTransport(bot_url, slack.workspace.signing_secret, slack.workspace.now)
    assert (await transport.verify("abc")).status == 200
    assert (await transport.check_ssl()).status == 200
    assert b'"url_verification"' in bot.bodies[0]
    assert b"ssl_check=1" in bot.bodies[1]


@pytest.fixture
async def socket(slack: Stage) -> AsyncIterator[SocketModeClient]:
    client = SocketModeClient(
        app_token=slack.workspace.app_token,
        web_client=AsyncWebClient(base_url=slack.client.base_url),
        ping_interval=0.05,
    )
    await client.connect()  # type: ignore[no-untyped-call]
    yield client
    await client.close()  # type: ignore[no-untyped-call]


async def acknowledge(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
    payload = {"text": "hi"} if request.accepts_response_payload else None
    await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))


async def test_socket_mode_carries_events_and_answers(slack: Stage, socket: SocketModeClient) -> None:
    got: list[SocketModeRequest] = []

    async def listener(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        got.append(request)
        await acknowledge(client, request)

    socket.socket_mode_request_listeners.append(listener)
    ann = slack.ann()
    said = await ann.say("hello")
    asked = await ann.command("/onboarding", "start")
    assert [request.type for request in got] == ["events_api", "slash_commands"]
    assert got[0].payload["event"]["text"] == "hello"
    assert (said.status, said.body) == (200, "")
    assert asked.json() == {"text": "hi"}
    assert slack.workspace.posts[-1].message["text"] == "hi"


async def test_an_envelope_without_acknowledgement_comes_again(slack: Stage, socket: SocketModeClient) -> None:
    got: list[SocketModeRequest] = []

    async def listener(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        got.append(request)
        if request.retry_attempt:
            await acknowledge(client, request)

    socket.socket_mode_request_listeners.append(listener)
    reply = await slack.ann(retry_delays=(0.0,), timeout=1.0).say("hello")
    assert [(request.retry_attempt, request.retry_reason) for request in got] == [(0, ""), (1, "timeout")]
    assert got[0].payload == got[1].payload
    assert reply.ok


async def test_a_client_that_is_sent_away_comes_back(slack: Stage, socket: SocketModeClient) -> None:
    socket.socket_mode_request_listeners.append(acknowledge)
    sockets = slack.workspace.sockets
    first = sockets.connections[0]
    await sockets.disconnect()
    await slack.workspace.until(lambda: len(slack.workspace.calls) == 2)
    await slack.workspace.until(lambda: first not in sockets.connections and sockets.connections)
    assert (await slack.ann().say("hello")).ok


async def test_a_socket_that_closes_before_the_answer_is_a_failed_connection(
    slack: Stage, socket: SocketModeClient
) -> None:
    async def hang_up(client: AsyncBaseSocketModeClient, _: SocketModeRequest) -> None:
        await client.close()  # type: ignore[no-untyped-call]

    socket.socket_mode_request_listeners.append(hang_up)
    assert (await slack.ann().say("hello")).reasons == ("connection_failed",)


async def test_without_a_connection_nothing_arrives(slack: Stage) -> None:
    reply = await slack.ann().say("hello")
    assert (reply.status, reply.reasons) == (0, ("connection_failed",))


async def test_an_eleventh_connection_is_sent_away(slack: Stage) -> None:
    web_client = AsyncWebClient(base_url=slack.client.base_url)
    app_token = slack.workspace.app_token
    clients = [SocketModeClient(app_token, web_client=web_client) for _ in range(10)]
    for client in clients:
        await client.connect()  # type: ignore[no-untyped-call]
    url = (await web_client.apps_connections_open(app_token=app_token))["url"]
    async with clients[0].aiohttp_client_session.ws_connect(url) as extra:
        assert (await extra.receive_json())["reason"] == "too_many_websockets"
    again = await clients[0].aiohttp_client_session.get(url.replace("ws:", "http:"))
    assert again.status == 401
    for client in clients:
        await client.close()  # type: ignore[no-untyped-call]
