"""Whatever stands in a header, a token or an address: it is somebody's mistake and none of ours, so never 500."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
from aiohttp import web
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from adapters.web.rooms import Rooms
from adapters.web.routes import WebChat
from bot.people import Person
from bot.texts import speaker
from sandbox.teams.issuer import ISSUER
from tests.adapters.teams.door_kit import SERVICE_URL, Teams, teams
from tests.adapters.teams.recorded import APP_ID, payload
from tests.adapters.web.kit import EVERYBODY, SECRET, FlakyStore, RememberingInbox, Ticking
from tests.walks.kit import Set, Stage, stage
from wiring.connections import Limits
from wiring.listener import listening

CHEAP = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
HEADERS = (
    "Authorization", "Accept", "Accept-Language", "Content-Type", "Content-Encoding", "Content-Length", "Cookie",
    "Expect", "Host", "If-Modified-Since", "If-None-Match", "Last-Event-ID", "Origin", "Range", "Sec-Fetch-Site",
    "Transfer-Encoding", "Upgrade", "X-Atlassian-Webhook-Identifier", "X-Forwarded-For", "X-Hub-Signature",
    "X-Slack-Request-Timestamp", "X-Slack-Signature",
)  # fmt: skip
TELLING = (
    "Bearer a.b.c", "butterboard=a.b", "v0=" + "0" * 64, str(int(time.time())), "sha256=" + "0" * 64,
    "sha256=\udcc5\udcbf", "gzip", "application/json", "multipart/form-data", "text/html; charset=\udcff", "bytes=9-1",
    "100-continue", "chunked", "[::1", "//", "²", "-1", "9" * 5000,
)  # fmt: skip
values = st.binary(max_size=40) | st.sampled_from([one.encode(errors="surrogateescape") for one in TELLING])
clean = values.map(lambda value: value.replace(b"\r", b"").replace(b"\n", b"").replace(b"\0", b""))
headers = st.lists(st.tuples(st.sampled_from(HEADERS), clean), max_size=6)
bodies = st.binary(max_size=40) | st.sampled_from([b"{", b"[" * 5_000, b'{"a":' * 5_000, b'{"id":' + b"[" * 5_000])


async def status(address: str, method: str, path: str, told: list[tuple[str, bytes]], body: bytes) -> int:
    where = urlsplit(address)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    lines = [f"{method} {path} HTTP/1.1".encode(), *(name.encode() + b": " + value for name, value in told)]
    for name, value in (("Host", where.netloc), ("Content-Length", str(len(body)))):
        if all(name != given for given, _ in told):
            lines.append(f"{name}: {value}".encode())
    try:
        writer.write(b"\r\n".join([*lines, b"Connection: close", b"", body]))
        writer.write_eof()
        async with asyncio.timeout(30):
            first = await reader.readline()
            while first.split()[1:2] == [b"100"]:
                await reader.readline()
                first = await reader.readline()
            return int(first.split()[1]) if first else 0
    finally:
        writer.close()


@pytest.fixture
async def on(tmp_path: Path, store_url: str, organisation: str) -> AsyncIterator[Stage]:
    async with stage(tmp_path, store_url, organisation, wanted=Set(teams=True, linked=True)) as made:
        yield made


@given(path=st.sampled_from(["/slack/events", "/api/messages", "/jira/webhook"]), told=headers, body=bodies)
@example("/slack/events", [("Expect", b"\x80")], b"")
@CHEAP
async def test_no_header_breaks_an_endpoint(on: Stage, path: str, told: list[tuple[str, bytes]], body: bytes) -> None:
    assert await status(on.running.address, "POST", path, told, body) < 500


@given(
    path=st.sampled_from(["/journeys/", "/journeys/assets/", "/healthz", "/chat/", "/jira/webhook/"]),
    end=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20),
    told=headers,
)
@CHEAP
async def test_no_address_breaks_a_page(on: Stage, path: str, end: str, told: list[tuple[str, bytes]]) -> None:
    assert await status(on.running.address, "GET", path + end, told, b"") < 500


# --- the web chat


@pytest.fixture
async def chat(redis_client: Redis, organisation: str) -> AsyncIterator[str]:
    async def people() -> Sequence[Person]:
        return EVERYBODY

    clock, app = Ticking(), web.Application()
    rooms = Rooms(FlakyStore(redis_client, organisation, log_cap=12), clock)
    WebChat(RememberingInbox(), rooms, speaker, clock, SECRET, people).mount(app, enabled=True)
    async with listening(app, "127.0.0.1", 0, Limits(50, 50)) as port:
        yield f"http://127.0.0.1:{port}"


@given(
    asked=st.sampled_from([("GET", "/"), ("GET", "/chat?as=a1"), ("GET", "/chat/log?as=a1"), ("GET", "/chat/assets/x")])
    | st.sampled_from([("POST", "/chat/session"), ("POST", "/chat/say?as=a1"), ("POST", "/chat/press?as=%ff")]),
    told=headers,
    body=bodies,
)
@example(("POST", "/chat/session"), [("Content-Type", b"application/json")], b'{"id":' + b"[" * 60_000)
@example(("POST", "/chat/session"), [("Content-Type", b"application/json")], b'{"a":' * 10_000)
@CHEAP
async def test_no_header_breaks_the_web_chat(
    chat: str, asked: tuple[str, str], told: list[tuple[str, bytes]], body: bytes
) -> None:
    assert await status(chat, *asked, told, body) < 500


# --- tokens of Teams


@pytest.fixture
async def in_teams() -> AsyncIterator[Teams]:
    async with teams() as made:
        yield made


def packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.mark.parametrize("nested", [b"[" * 5_000, b'{"a":' * 1_000, b"[" * 900 + b"]" * 900])
async def test_a_deeply_nested_token_is_401(in_teams: Teams, nested: bytes) -> None:
    now = time.time()
    claims = {"iss": ISSUER, "aud": APP_ID, "nbf": now - 1, "exp": now + 600, "serviceurl": SERVICE_URL}
    header = {"alg": "RS256", "kid": in_teams.issuer.key.kid}
    good_header, good_claims = json.dumps(header).encode(), json.dumps(claims).encode()
    for first, second in (
        (nested, good_claims),
        (good_header, nested),
        (good_header[:-1] + b', "x":' + nested + b"}", good_claims),
        (good_header, good_claims[:-1] + b', "x":' + nested + b"}"),
    ):
        token = f"{packed(first)}.{packed(second)}.AAAA"
        assert (await in_teams.send(payload("personal_message"), f"Bearer {token}")).status == 401
    assert in_teams.inbox.received == []


simple = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
anything = simple | st.lists(simple, max_size=2) | st.dictionaries(st.text(max_size=3), simple, max_size=2)
CLAIMS = ("iss", "aud", "exp", "nbf", "iat", "serviceurl", "ver", "appid", "azp", "jti", "sub", "tid", "idtyp")


@given(odd=st.dictionaries(st.sampled_from(CLAIMS), anything, min_size=1, max_size=3))
@example({"ver": "1.0", "appid": []})
@example({"iat": {"a": 1}})
@CHEAP
async def test_no_claim_breaks_the_check_of_a_token_that_is_signed(in_teams: Teams, odd: dict[str, Any]) -> None:
    now, key = time.time(), in_teams.issuer.key
    claims = {"iss": ISSUER, "aud": APP_ID, "nbf": now - 1, "exp": now + 600, "serviceurl": SERVICE_URL, **odd}
    token = jwt.PyJWS().encode(json.dumps(claims).encode(), key.private, "RS256", {"kid": key.kid})
    assert (await in_teams.send(payload("personal_message"), f"Bearer {token}")).status in (201, 401)


@given(
    odd=st.dictionaries(st.sampled_from(("alg", "kid", "typ", "crit", "b64", "jku", "x5c")), anything, max_size=3),
    signature=st.binary(max_size=300),
)
@CHEAP
async def test_no_header_of_a_token_breaks_its_check(in_teams: Teams, odd: dict[str, Any], signature: bytes) -> None:
    head = json.dumps({"alg": "RS256", "kid": in_teams.issuer.key.kid, **odd}).encode()
    claims = in_teams.issuer.token(SERVICE_URL).split(".")[1]
    token = f"{packed(head)}.{claims}.{packed(signature)}"
    assert (await in_teams.send(payload("personal_message"), f"Bearer {token}")).status == 401
