"""The issuer of the Teams stand-in, asked by the libraries that a bot asks it with: PyJWT and msal."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import jwt
import msal
import pytest
import requests

from sandbox.faults import FaultPlan, Kind, Rule
from sandbox.teams.app import serve_issuer
from sandbox.teams.errors import Json
from sandbox.teams.issuer import ISSUER, SCOPE, Issuer

APP = "5d2f3c1e-8f0a-4c57-9c0d-2f6f3c0a1b02"
TENANT = "7a4c0f5e-1d55-4f0f-9a27-6f3f1f6f0b01"
SERVICE = "http://127.0.0.1:1/emea/"
FORM = {"grant_type": "client_credentials", "client_id": APP, "client_secret": "secret", "scope": SCOPE}


class Loopback(requests.Session):
    """What msal needs to speak to an authority without TLS."""

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        plain = str(url).replace("https://127.0.0.1:", "http://127.0.0.1:", 1)
        return super().request(method, plain, *args, **kwargs)


@pytest.fixture(scope="module")
def keys() -> Issuer:
    """Made once: keys take a moment."""
    return Issuer(APP, "secret", TENANT)


@pytest.fixture
def issuer(keys: Issuer) -> Issuer:
    keys.asked.clear()
    return keys


@pytest.fixture
def faults() -> FaultPlan:
    return FaultPlan()


@pytest.fixture
async def session(issuer: Issuer, faults: FaultPlan) -> AsyncIterator[aiohttp.ClientSession]:
    async with serve_issuer(issuer, faults) as url, aiohttp.ClientSession(url) as ready:
        yield ready


async def told(session: aiohttp.ClientSession, path: str) -> Json:
    async with session.get(path) as answer:
        found: Json = await answer.json()
        return found


async def public_keys(issuer: Issuer, session: aiohttp.ClientSession) -> dict[str, jwt.PyJWK]:
    metadata = await told(session, issuer.metadata_url.removeprefix(issuer.url))
    document = await told(session, metadata["jwks_uri"].removeprefix(issuer.url))
    return {key["kid"]: jwt.PyJWK(key) for key in document["keys"]}


async def asked(session: aiohttp.ClientSession, tenant: str = TENANT, **changes: str) -> tuple[int, Json]:
    async with session.post(f"/{tenant}/oauth2/v2.0/token", data=FORM | changes) as answer:
        return answer.status, await answer.json()


async def test_a_token_can_be_checked_with_the_keys_that_the_metadata_lead_to(
    issuer: Issuer, session: aiohttp.ClientSession
) -> None:
    token = issuer.token(SERVICE)
    keys = await public_keys(issuer, session)
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(token, key, algorithms=["RS256"], audience=APP, issuer=ISSUER)
    assert claims["serviceurl"] == SERVICE
    assert issuer.asked == {"metadata": 1, "keys": 1}


async def test_keys_tell_the_channels_that_they_speak_for(issuer: Issuer, session: aiohttp.ClientSession) -> None:
    silent, other = issuer.new_key(None), issuer.new_key(("webchat",))
    document = await told(session, "/v1/.well-known/keys")
    told_of = {key["kid"]: key.get("endorsements") for key in document["keys"]}
    assert told_of == {issuer.key.kid: ["msteams"], silent.kid: None, other.kid: ["webchat"]}
    issuer.withdraw(silent)
    issuer.withdraw(other)
    assert set(await public_keys(issuer, session)) == {issuer.key.kid}


async def test_tokens_can_be_wrong_in_every_way(issuer: Issuer, session: aiohttp.ClientSession) -> None:
    key = (await public_keys(issuer, session))[issuer.key.kid]
    forged = issuer.new_key(())
    issuer.withdraw(forged)
    wrong = {
        issuer.token(SERVICE, expires_in=-400): jwt.ExpiredSignatureError,
        issuer.token(SERVICE, audience="another"): jwt.InvalidAudienceError,
        issuer.token(SERVICE, issuer="https://elsewhere.example"): jwt.InvalidIssuerError,
        issuer.token(SERVICE, key=forged, kid=issuer.key.kid): jwt.InvalidSignatureError,
    }
    for token, error in wrong.items():
        with pytest.raises(error):
            jwt.decode(token, key, algorithms=["RS256"], audience=APP, issuer=ISSUER)
    assert jwt.get_unverified_header(issuer.token(SERVICE, kid="none"))["kid"] == "none"
    assert "serviceurl" not in jwt.decode(issuer.token(None), options={"verify_signature": False})


@pytest.mark.usefixtures("session")
async def test_msal_gets_a_token_of_the_bot_over_loopback(issuer: Issuer) -> None:
    def acquire() -> list[Json]:
        with Loopback() as client:
            app = msal.ConfidentialClientApplication(
                APP,
                client_credential="secret",
                authority=f"{issuer.url.replace('http://', 'https://', 1)}/{TENANT}",
                instance_discovery=False,
                http_client=client,
            )
            return [app.acquire_token_for_client([SCOPE]) for _ in range(2)]

    first, second = await asyncio.to_thread(acquire)
    assert first["access_token"] == second["access_token"]
    assert first["expires_in"] == 3600
    assert issuer.takes(f"Bearer {first['access_token']}")
    assert issuer.asked == {"authority": 1, "token": 1}  # the second came from msal's own cache


@pytest.mark.usefixtures("session")
async def test_msal_itself_refuses_an_authority_without_tls(issuer: Issuer) -> None:
    for name in ("authority", "oidc_authority"):
        address: Any = {name: f"{issuer.url}/{TENANT}"}
        app = msal.ConfidentialClientApplication
        with pytest.raises(ValueError, match="https url"):
            app(APP, client_credential="secret", instance_discovery=False, http_client=Loopback(), **address)


@pytest.mark.parametrize(
    ("changes", "status", "error", "code"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"client_secret": ""}, 401, "invalid_client", 7000216),
        ({"client_id": "another"}, 400, "unauthorized_client", 700016),
        ({"client_id": ""}, 400, "invalid_request", 900144),
        ({"scope": "https://graph.microsoft.com/.default"}, 400, "invalid_scope", 70011),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
        ({"tenant": "another"}, 400, "invalid_request", 90002),
    ],
)
async def test_whoever_asks_wrongly_gets_no_token(
    session: aiohttp.ClientSession, changes: dict[str, str], status: int, error: str, code: int
) -> None:
    answered, said = await asked(session, **changes)
    assert (answered, said["error"], said["error_codes"]) == (status, error, [code])
    assert said["error_description"].startswith(f"AADSTS{code}: ")
    assert "access_token" not in said


async def test_tokens_are_refused_once_they_have_expired_or_are_revoked(
    issuer: Issuer, session: aiohttp.ClientSession
) -> None:
    _, said = await asked(session)
    header = f"Bearer {said['access_token']}"
    assert issuer.takes(header)
    issuer.given[said["access_token"]] -= 3600
    assert not issuer.takes(header)
    _, again = await asked(session)
    issuer.revoke()
    assert not issuer.takes(f"Bearer {again['access_token']}")
    assert not issuer.takes("Bearer nonsense")
    assert not issuer.takes("")


async def test_it_fails_and_hangs_on_demand(issuer: Issuer, faults: FaultPlan, session: aiohttp.ClientSession) -> None:
    faults.add(Rule(kind=Kind.ERROR, match="GET /v1/.well-known/openidconfiguration ", times=1))
    faults.add(Rule(kind=Kind.HANG, match="oauth2", times=1))
    async with session.get("/v1/.well-known/openidconfiguration") as answer:
        assert answer.status == 500
    with pytest.raises(TimeoutError):
        await session.post(f"/{TENANT}/oauth2/v2.0/token", data=FORM, timeout=aiohttp.ClientTimeout(total=0.1))
    assert (await told(session, "/v1/.well-known/openidconfiguration"))["issuer"] == ISSUER
    assert issuer.asked == {"metadata": 1}
