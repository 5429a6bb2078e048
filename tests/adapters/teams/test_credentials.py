"""The bot's own token, from the issuer of the stand-in over HTTP: asked for once, renewed in time, never shown."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from adapters.teams.credentials import Credentials
from adapters.teams.settings import TeamsSettings
from bot.errors import Retry, Unauthorized
from sandbox.faults import FaultPlan, Kind, Rule
from sandbox.teams.app import serve_issuer
from sandbox.teams.issuer import Issuer
from tests.hurry import SHORT, call_seconds

APP, TENANT = "0b0e0b0e-1111-4222-8333-444455556666", "7e7e7e7e-1111-4222-8333-444455556666"
SECRET = "hunter2-secret"


@dataclass
class Login:
    """Who gives tokens, what goes wrong there, and our side; `now` is our clock."""

    issuer: Issuer
    faults: FaultPlan
    now: float = 1_000.0

    def credentials(self, **changed: Any) -> Credentials:
        given = {
            "app_id": APP,
            "app_password": SecretStr(SECRET),
            "tenant_id": TENANT,
            "login_url": self.issuer.url,
            "timeout_seconds": 2.0,
        }
        return Credentials(TeamsSettings.model_validate({**given, **changed}), lambda: self.now)


@pytest.fixture
async def login() -> AsyncIterator[Login]:
    issuer, faults = Issuer(APP, SECRET, TENANT), FaultPlan()
    async with serve_issuer(issuer, faults):
        yield Login(issuer, faults)


async def until_given(login: Login, times: int) -> None:
    async with asyncio.timeout(60):
        while len(login.issuer.given) < times:  # noqa: ASYNC110  -- it is given in a thread that nobody waits for
            await asyncio.sleep(0)


async def test_a_token_is_asked_for_once(login: Login) -> None:
    credentials = login.credentials()
    first = await credentials.token()
    assert login.issuer.takes(f"Bearer {first}")
    assert [await credentials.token() for _ in range(3)] == [first] * 3
    assert login.issuer.asked["token"] == 1


async def test_everybody_who_needs_one_meanwhile_waits_for_the_same_answer(login: Login) -> None:
    credentials = login.credentials()
    tokens = await asyncio.gather(*(credentials.token() for _ in range(50)))
    assert len(set(tokens)) == 1
    assert login.issuer.asked["token"] == 1


async def test_whoever_no_longer_waits_ends_it_for_nobody(login: Login) -> None:
    credentials = login.credentials()
    impatient, patient = asyncio.create_task(credentials.token()), asyncio.create_task(credentials.token())
    await asyncio.sleep(0)
    impatient.cancel()
    assert login.issuer.takes(f"Bearer {await patient}")
    with contextlib.suppress(asyncio.CancelledError):
        await impatient
    assert login.issuer.asked["token"] == 1


async def test_shortly_before_its_end_it_is_renewed_beside_the_calls(login: Login) -> None:
    credentials = login.credentials()
    first = await credentials.token()
    login.now += 3600 - 301
    assert await credentials.token() == first
    login.now += 2
    assert await credentials.token() == first  # nobody waits for the new one
    await until_given(login, 2)
    async with asyncio.timeout(60):
        while await credentials.token() == first:  # noqa: ASYNC110  -- nor does anything tell of its arrival
            await asyncio.sleep(0)
    assert login.issuer.asked["token"] == 2


async def test_an_old_one_serves_while_no_new_one_can_be_had(login: Login) -> None:
    credentials = login.credentials()
    first = await credentials.token()
    login.faults.add(Rule(kind=Kind.ERROR, match="/oauth2/v2.0/token "))
    login.now += 3590
    for _ in range(5):
        assert await credentials.token() == first
    login.now += 11
    with pytest.raises(Retry):
        await credentials.token()


async def test_one_that_is_short_lived_from_the_beginning_is_not_asked_for_with_every_call(login: Login) -> None:
    login.issuer.lasts = 60
    credentials = login.credentials()
    for _ in range(20):
        await credentials.token()
        await asyncio.sleep(0)
    assert login.issuer.asked["token"] == 1
    login.now += 6
    await credentials.token()
    await until_given(login, 2)


async def test_an_expired_one_is_not_used(login: Login) -> None:
    credentials = login.credentials()
    first = await credentials.token()
    login.now += 3601
    assert await credentials.token() != first


async def test_one_that_was_refused_is_dropped_and_a_newer_one_stays(login: Login) -> None:
    credentials = login.credentials()
    first = await credentials.token()
    credentials.drop(first)
    second = await credentials.token()
    assert second != first
    credentials.drop(first)
    assert await credentials.token() == second


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"app_password": SecretStr("wrong-hunter2")}, "invalid_client AADSTS7000215"),
        ({"app_id": TENANT}, "unauthorized_client AADSTS700016"),
        ({"tenant_id": APP}, "login knows no such tenant"),
        ({"token_issuer": "https://api.botframework.us"}, "invalid_scope AADSTS70011"),
    ],
)
async def test_what_is_wrong_in_the_settings_stops_everything(
    login: Login, changed: dict[str, Any], why: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(Unauthorized, match=why) as raised:
        await login.credentials(**changed).token()
    assert "hunter2" not in str(raised.value)
    assert "hunter2" not in caplog.text


async def test_a_mended_secret_is_believed_at_once(login: Login) -> None:
    login.issuer.app_password = "another"
    credentials = login.credentials()
    with pytest.raises(Unauthorized):
        await credentials.token()
    login.issuer.app_password = SECRET
    assert login.issuer.takes(f"Bearer {await credentials.token()}")


@pytest.mark.parametrize("path", ["/openid-configuration ", "/oauth2/v2.0/token "])
@pytest.mark.parametrize("kind", [Kind.ERROR, Kind.HANG, Kind.LOST, Kind.RATE_LIMIT])
async def test_a_login_that_fails_is_asked_again_later(
    login: Login, kind: Kind, path: str, request: pytest.FixtureRequest
) -> None:
    login.faults.add(Rule(kind=kind, match=path, times=1, seconds=30.0, retry_after=7))
    credentials = login.credentials(timeout_seconds=call_seconds(request))
    with pytest.raises(Retry) as raised:
        await credentials.token()
    assert raised.value.after == (7.0 if kind is Kind.RATE_LIMIT else None)
    assert not raised.value.everywhere


async def test_after_a_failure_the_next_one_asks_afresh(login: Login) -> None:
    login.faults.add(Rule(kind=Kind.ERROR, match="/oauth2/v2.0/token ", times=1))
    credentials = login.credentials()
    with pytest.raises(Retry):
        await credentials.token()
    assert login.issuer.takes(f"Bearer {await credentials.token()}")


async def test_a_login_that_cannot_be_reached_is_asked_again_later() -> None:
    async with serve_issuer(gone := Issuer(APP, SECRET, TENANT)):
        pass
    with pytest.raises(Retry):
        await Login(gone, FaultPlan()).credentials().token()


async def test_the_loop_goes_on_while_the_login_is_silent(login: Login) -> None:
    login.faults.add(Rule(kind=Kind.HANG, seconds=30.0))
    waiting = asyncio.create_task(login.credentials(timeout_seconds=SHORT).token())
    turns = 0
    while not waiting.done():
        turns += 1
        await asyncio.sleep(0.01)
    assert turns > 3, "one, if the loop stood still meanwhile"
    assert isinstance(waiting.exception(), Retry)


async def test_neither_the_secret_nor_a_token_is_written_down(login: Login, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    credentials = login.credentials()
    token = await credentials.token()
    assert token not in caplog.text
    assert SECRET not in caplog.text
    assert token not in repr(credentials)


# --- a managed identity: the machine is asked, and there is no secret


@contextlib.asynccontextmanager
async def machine(monkeypatch: pytest.MonkeyPatch, answer: web.Response) -> AsyncIterator[list[web.Request]]:
    """An Azure App Service, as msal finds it: an address and a word in the environment."""
    asked: list[web.Request] = []

    async def token(request: web.Request) -> web.Response:
        asked.append(request)
        return answer

    app = web.Application()
    app.router.add_get("/msi/token", token)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://127.0.0.1:{runner.addresses[0][1]}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "word")
        yield asked
    finally:
        await runner.cleanup()


def of_machine() -> Credentials:
    return Credentials(TeamsSettings(app_id=APP, tenant_id=TENANT, app_type="UserAssignedMSI", timeout_seconds=60.0))


async def test_a_managed_identity_gets_its_token_from_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"access_token": "of the machine", "expires_on": "9999999999", "resource": "r", "token_type": "Bearer"}
    async with machine(monkeypatch, web.json_response(told)) as asked:
        assert await of_machine().token() == "of the machine"
    (request,) = asked
    assert request.query["resource"] == "https://api.botframework.com"
    assert request.query["client_id"] == APP


async def test_a_machine_without_the_identity_stops_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = web.json_response({"statusCode": 400, "message": "No MSI found"}, status=400)
    async with machine(monkeypatch, refused):
        with pytest.raises(Unauthorized):
            await of_machine().token()


@pytest.mark.parametrize("status", [200, 503])
async def test_a_machine_that_answers_oddly_is_asked_again(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    async with machine(monkeypatch, web.Response(status=status, text=json.dumps("busy")[:-1])):
        with pytest.raises(Retry):
            await of_machine().token()
