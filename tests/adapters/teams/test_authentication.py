"""Whom the door believes: real tokens of an issuer on loopback. What is not believed changes nothing."""

import asyncio
import base64
import hmac
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import jwt
import pytest
from aiohttp import ClientSession
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from adapters.teams.authentication import LEEWAY, LONGEST_TOKEN, MOST_KEPT, Authentication, NotAuthentic
from adapters.teams.signing_keys import (
    AFTER_FAILURE_SECONDS,
    BETWEEN_SECONDS,
    FRESH_SECONDS,
    KeysUnavailable,
    SigningKeys,
)
from sandbox.faults import Kind, Rule
from sandbox.teams.issuer import ISSUER, Issuer
from tests.adapters.teams.door_kit import SERVICE_URL, Teams, teams
from tests.adapters.teams.recorded import APP_ID, payload


@pytest.fixture
async def door() -> AsyncIterator[Teams]:
    async with teams() as made:
        yield made


def bearer(token: str) -> str:
    return f"Bearer {token}"


def handmade(claims: object, header: dict[str, Any], secret: bytes | None = None) -> str:
    """A token that no library would make: with an HMAC of the secret, or with an empty signature."""
    head = f"{packed(json.dumps(header).encode())}.{packed(json.dumps(claims).encode())}"
    return f"{head}.{packed(hmac.digest(secret, head.encode(), 'sha256')) if secret else ''}"


def packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def claims(**other: object) -> dict[str, Any]:
    now = time.time()
    return {"iss": ISSUER, "aud": APP_ID, "nbf": now - 1, "exp": now + 600, "serviceurl": SERVICE_URL, **other}


def signed_with_the_public_key(issuer: Issuer, alg: str) -> str:
    """With an HMAC, of which the secret is what everybody knows."""
    public = issuer.key.private.public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return handmade(claims(), {"alg": alg, "kid": issuer.key.kid}, pem)


def bent(token: str) -> str:
    """The same token with a signature that is another's."""
    head, _, signature = token.rpartition(".")
    return f"{head}.{signature[:-8]}{'A' * 8}"


def bad_tokens(issuer: Issuer) -> dict[str, str]:
    """The Authorization headers that nobody may come in with."""
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    good = issuer.token(SERVICE_URL)
    tokens = {
        "garbage": "x",
        "three parts of garbage": "a.b.c",
        "nothing behind Bearer": "",
        "too long": good.ljust(LONGEST_TOKEN, "A"),
        "expired": issuer.token(SERVICE_URL, expires_in=-LEEWAY - 1),
        "not yet valid": issuer.token(SERVICE_URL, nbf=time.time() + LEEWAY + 60),
        "issued in the future": issuer.token(SERVICE_URL, iat=time.time() + LEEWAY + 60),
        "for another bot": issuer.token(SERVICE_URL, audience="6d2f3c1e-8f0a-4c57-9c0d-2f6f3c0a1b02"),
        "for nobody": issuer.token(SERVICE_URL, aud=""),
        "for several": issuer.token(SERVICE_URL, aud=[APP_ID, "another"]),
        "of another issuer": issuer.token(SERVICE_URL, issuer="https://evil.example"),
        "of a part of the issuer": issuer.token(SERVICE_URL, issuer="api.botframework.com"),
        "of an issuer that goes on": issuer.token(SERVICE_URL, issuer=f"{ISSUER}.evil.example"),
        "of no issuer": issuer.token(SERVICE_URL, iss=""),
        "of the emulator": issuer.token(
            SERVICE_URL,
            issuer="https://login.microsoftonline.com/f8cdef31-a31e-4b4a-93e4-5f571e91255a/v2.0",
            ver="2.0",
            azp=APP_ID,
        ),
        "of another bot, as a skill": issuer.token(SERVICE_URL, ver="1.0", appid="another"),
        "of an anonymous skill": issuer.token(SERVICE_URL, appid="AnonymousSkill"),
        "for another service URL": issuer.token("https://evil.example/"),
        "for a part of the service URL": issuer.token(SERVICE_URL.rstrip("/")),
        "for no service URL": issuer.token(None),
        "for an empty service URL": issuer.token(""),
        "of an unknown key": issuer.token(SERVICE_URL, kid="unknown"),
        "of no key": issuer.token(SERVICE_URL, kid=""),
        "of a key of another's": issuer.token(SERVICE_URL, kid=issuer.new_key(("msteams",)).kid),
        "of a key without endorsements": issuer.token(SERVICE_URL, key=issuer.new_key(None)),
        "of a key that endorses nothing": issuer.token(SERVICE_URL, key=issuer.new_key(())),
        "of a key for another channel": issuer.token(SERVICE_URL, key=issuer.new_key(("webchat", "msteams2"))),
        "signed by a stranger": jwt.encode(claims(), stranger, algorithm="RS256", headers={"kid": issuer.key.kid}),
        "signed in another way": jwt.encode(
            claims(), issuer.key.private, algorithm="RS512", headers={"kid": issuer.key.kid}
        ),
        "with a bent signature": bent(good),
        "without a signature": good.rpartition(".")[0] + ".",
        "that says it needs none": handmade(claims(), {"alg": "none", "kid": issuer.key.kid}),
        "that needs none and has one": handmade(claims(), {"alg": "none", "kid": issuer.key.kid}, b"x"),
        "signed with the public key": signed_with_the_public_key(issuer, "HS256"),
        "signed with the public key, told otherwise": signed_with_the_public_key(issuer, "RS256"),
        "with an odd time": issuer.token(SERVICE_URL, exp="soon"),
        "without claims": handmade({"iss": ISSUER}, {"alg": "RS256", "kid": "k"}, b"x"),
        "that are no claims": handmade([], {"alg": "RS256", "kid": "k"}, b"x"),
        "with a kid that is no text": handmade(claims(), {"alg": "RS256", "kid": {}}, b"x"),
    }
    headers = {name: bearer(token) for name, token in tokens.items()}
    return {
        **headers,
        "none": "",
        "in lower case": good,
        "of another kind": f"Basic {good}",
        "twice": f"Bearer {good} {good}",
        "with a space too many": f"Bearer  {good}",
        "in other letters": f"Bearer {good}é",
    }


async def test_a_good_token_comes_in(door: Teams) -> None:
    assert (await door.say()).status == 201
    assert len(door.inbox.received) == 1


async def test_a_bad_token_is_401_and_writes_nothing(door: Teams) -> None:
    for name, authorization in bad_tokens(door.issuer).items():
        answer = await door.send(payload("personal_message"), authorization)
        assert (answer.status, answer.body) == (401, b""), name
    assert door.inbox.received == []


async def test_a_bad_token_stays_bad_when_a_good_one_has_come_before(door: Teams) -> None:
    """Nothing that is remembered of a good token helps another."""
    good = door.issuer.token(SERVICE_URL)
    assert (await door.send(payload("personal_message"), bearer(good))).status == 201
    elsewhere = {**payload("personal_message"), "serviceUrl": "https://evil.example/"}
    assert (await door.send(elsewhere, bearer(good))).status == 401
    assert (await door.send({**payload("personal_message"), "channelId": "webchat"}, bearer(good))).status == 401
    assert (await door.send(payload("personal_message"), bearer(bent(good)))).status == 401
    assert len(door.inbox.received) == 1


async def test_a_clock_that_is_a_little_off_does_not_matter(door: Teams) -> None:
    late = door.issuer.token(SERVICE_URL, expires_in=-LEEWAY + 30)
    early = door.issuer.token(SERVICE_URL, nbf=time.time() + LEEWAY - 30)
    for token in (late, early):
        assert (await door.send(payload("personal_message"), bearer(token))).status == 201


async def test_another_channel_that_its_key_speaks_for_is_not_served(door: Teams) -> None:
    token = door.issuer.token(SERVICE_URL, key=door.issuer.new_key(("webchat", "msteams")))
    answer = await door.send({**payload("personal_message"), "channelId": "webchat"}, bearer(token))
    assert answer.status == 403
    assert door.inbox.received == []


@pytest.mark.parametrize(
    ("told", "held"),
    [
        ("another", "another"),
        ("another", None),
        (None, "another"),
        (None, None),
        ("ours", "another"),
        ("another", "ours"),
        ("", ""),
    ],
)
async def test_another_tenant_is_refused(door: Teams, told: str | None, held: str | None) -> None:
    activity = payload("personal_message")
    ids = {"ours": door.issuer.tenant_id}
    activity["channelData"] = {} if told is None else {"tenant": {"id": ids.get(told, told)}}
    activity["conversation"]["tenantId"] = held and ids.get(held, held)
    assert (await door.send(activity)).status == 403
    assert door.inbox.received == []


async def test_one_of_the_two_tenants_may_be_missing_and_case_does_not_matter(door: Teams) -> None:
    activity = payload("personal_message")
    activity["channelData"]["tenant"]["id"] = door.issuer.tenant_id.upper()
    del activity["conversation"]["tenantId"]
    assert (await door.send(activity)).status == 201
    activity = payload("personal_message")
    del activity["channelData"]
    assert (await door.send(activity)).status == 201


# --- keys


async def test_keys_are_fetched_once_for_many_activities(door: Teams) -> None:
    await asyncio.gather(*(door.say() for _ in range(20)))
    for _ in range(5):
        await door.say()
    assert (door.issuer.asked["metadata"], door.issuer.asked["keys"]) == (1, 1)


async def test_bad_tokens_make_us_ask_nobody(door: Teams) -> None:
    tokens = (
        door.issuer.token(SERVICE_URL, issuer="https://evil.example"),
        door.issuer.token(SERVICE_URL, issuer="api.botframework.com"),
        door.issuer.token(SERVICE_URL, audience="6d2f3c1e-8f0a-4c57-9c0d-2f6f3c0a1b02"),
        door.issuer.token(SERVICE_URL, expires_in=-LEEWAY - 1),
        door.issuer.token(None),
    )
    for token in ("x", "a.b.c", *tokens):
        assert (await door.send(payload("personal_message"), bearer(token))).status == 401
    assert door.issuer.asked["metadata"] == 0


async def test_unknown_keys_do_not_become_a_flood_of_requests(door: Teams) -> None:
    for number in range(20):
        token = door.issuer.token(SERVICE_URL, kid=f"unknown-{number}")
        assert (await door.send(payload("personal_message"), bearer(token))).status == 401
    assert door.issuer.asked["keys"] == 1


async def test_when_nobody_can_tell_the_keys_it_is_no_fault_of_the_token(door: Teams) -> None:
    door.faults.add(Rule(kind=Kind.ERROR, match="openid"))
    answer = await door.say()
    assert answer.status == 503
    assert answer.headers["Retry-After"]
    assert door.inbox.received == []


class Hands:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as made:
        yield made


async def test_a_new_key_is_looked_for_every_few_minutes(door: Teams, session: ClientSession) -> None:
    hands = Hands()
    keys = SigningKeys(session, door.issuer.metadata_url, hands)
    assert await keys.find("unknown") is None
    new = door.issuer.new_key(("msteams",))
    assert await keys.find(new.kid) is None
    hands.now += BETWEEN_SECONDS
    found = await keys.find(new.kid)
    assert found is not None
    assert found.endorsements == {"msteams"}


async def test_old_keys_serve_while_nobody_can_tell_new_ones(door: Teams, session: ClientSession) -> None:
    hands = Hands()
    keys = SigningKeys(session, door.issuer.metadata_url, hands, fetch_seconds=600)
    assert await keys.find(door.issuer.key.kid)
    hands.now += FRESH_SECONDS
    door.faults.add(Rule(kind=Kind.HANG, match="openid", seconds=600))
    assert await asyncio.wait_for(keys.find(door.issuer.key.kid), 60)


async def test_keys_are_renewed_beside_the_requests_after_a_day(door: Teams, session: ClientSession) -> None:
    hands = Hands()
    keys = SigningKeys(session, door.issuer.metadata_url, hands)
    before = await keys.find(door.issuer.key.kid)
    hands.now += FRESH_SECONDS
    assert await keys.find(door.issuer.key.kid) is before
    async with asyncio.timeout(60):
        while await keys.find(door.issuer.key.kid) is before:  # noqa: ASYNC110  -- the fetch is nobody's to wait for
            await asyncio.sleep(0)
    assert door.issuer.asked["keys"] == 2


async def test_after_a_failure_nobody_is_asked_for_a_moment(door: Teams, session: ClientSession) -> None:
    hands = Hands()
    keys = SigningKeys(session, door.issuer.metadata_url, hands)
    door.faults.add(Rule(kind=Kind.ERROR, match="openid", times=1))
    for _ in range(3):
        with pytest.raises(KeysUnavailable):
            await keys.find(door.issuer.key.kid)
    assert door.issuer.asked["metadata"] == 0
    hands.now += AFTER_FAILURE_SECONDS
    assert await keys.find(door.issuer.key.kid)


async def test_an_unknown_key_is_no_bad_token_while_nobody_can_be_asked(door: Teams, session: ClientSession) -> None:
    hands = Hands()
    keys = SigningKeys(session, door.issuer.metadata_url, hands)
    assert await keys.find(door.issuer.key.kid)
    door.faults.add(Rule(kind=Kind.ERROR, match="openid"))
    hands.now += BETWEEN_SECONDS
    with pytest.raises(KeysUnavailable):
        await keys.find("new")
    assert await keys.find(door.issuer.key.kid)


async def test_metadata_that_hangs_is_given_up_and_holds_up_nobody_else(door: Teams, session: ClientSession) -> None:
    door.faults.add(Rule(kind=Kind.HANG, match="openid"))
    keys = SigningKeys(session, door.issuer.metadata_url, fetch_seconds=0.2)
    with pytest.raises(KeysUnavailable):
        await asyncio.wait_for(keys.find(door.issuer.key.kid), 60)


async def test_who_gives_up_waiting_does_not_end_the_fetch_for_others(door: Teams, session: ClientSession) -> None:
    keys = SigningKeys(session, door.issuer.metadata_url)
    first = asyncio.create_task(keys.find(door.issuer.key.kid))
    second = asyncio.create_task(keys.find(door.issuer.key.kid))
    await asyncio.sleep(0)
    first.cancel()
    assert await second
    assert door.issuer.asked["metadata"] == 1


@pytest.mark.parametrize("where", ["http://evil.example/keys", "file:///etc/passwd", "", "https://user@127.0.0.1/"])
async def test_keys_are_not_taken_from_anywhere(session: ClientSession, where: str) -> None:
    keys = SigningKeys(session, where)
    with pytest.raises(KeysUnavailable):
        await keys.find("k")


# --- what is remembered of a token


@pytest.fixture
async def keys(door: Teams, session: ClientSession) -> SigningKeys:
    return SigningKeys(session, door.issuer.metadata_url)


async def test_a_token_that_is_remembered_still_expires(door: Teams, keys: SigningKeys) -> None:
    hands = Hands()
    hands.now = time.time()
    authentication = Authentication(APP_ID, ISSUER, keys, hands)
    token = bearer(door.issuer.token(SERVICE_URL, expires_in=60))
    await authentication.check(token)
    hands.now += 60 + LEEWAY + 1
    with pytest.raises(NotAuthentic):
        await authentication.check(token)


async def test_a_key_that_is_no_longer_told_vouches_for_nothing(door: Teams, session: ClientSession) -> None:
    keys = SigningKeys(session, door.issuer.metadata_url)
    authentication = Authentication(APP_ID, ISSUER, keys)
    token = bearer(door.issuer.token(SERVICE_URL))
    await authentication.check(token)
    door.issuer.new_key(("msteams",))
    door.issuer.keys.remove(door.issuer.key)
    await keys.refresh()
    with pytest.raises(NotAuthentic):
        await authentication.check(token)


async def test_a_key_that_is_told_anew_under_its_old_name_is_another(door: Teams, session: ClientSession) -> None:
    keys = SigningKeys(session, door.issuer.metadata_url)
    authentication = Authentication(APP_ID, ISSUER, keys)
    token = bearer(door.issuer.token(SERVICE_URL))
    await authentication.check(token)
    new = door.issuer.new_key(("msteams",))
    new.kid = door.issuer.key.kid
    door.issuer.keys.remove(door.issuer.key)
    await keys.refresh()
    with pytest.raises(NotAuthentic):
        await authentication.check(token)


async def test_a_bounded_number_of_tokens_is_remembered(door: Teams, keys: SigningKeys) -> None:
    authentication = Authentication(APP_ID, ISSUER, keys)
    for number in range(MOST_KEPT + 5):
        await authentication.check(bearer(door.issuer.token(SERVICE_URL, number=number)))
    assert len(authentication._verified) == MOST_KEPT


@pytest.mark.parametrize(("app_id", "issuer"), [("", ISSUER), (APP_ID, "")])
async def test_without_an_app_id_nothing_starts(keys: SigningKeys, app_id: str, issuer: str) -> None:
    with pytest.raises(ValueError, match="nobody could be told"):
        Authentication(app_id, issuer, keys)
