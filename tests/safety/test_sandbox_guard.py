"""The sandbox lets in whoever sits at its machine. A visitor behind a proxy, or of another machine, is nobody in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, HttpVersion10, web
from aiohttp.test_utils import make_mocked_request

from adapters.teams.app import PATH as TEAMS
from sandbox.loopback import is_from_here
from tests.ready_answers import lay_answers
from wiring.run import Running, started
from wiring.settings import KINDS, AllSettings, Settings

PASSED_ON = (
    {"Forwarded": "for=203.0.113.5"},
    {"X-Forwarded-For": "203.0.113.5"},
    {"x-forwarded-proto": "https"},
    {"X-Forwarded-Prefix": ""},
    {"X-Real-IP": "203.0.113.5"},
    {"Via": "1.1 proxy.example"},
    {"X-Original-Host": "onboarding.example"},
    {"True-Client-IP": "203.0.113.5"},
    {"CF-Connecting-IP": "203.0.113.5"},
    {"Host": "onboarding.example"},
    {"Host": "127.0.0.1.evil.example"},
    {"Host": "192.168.0.7"},
    {"Origin": "https://onboarding.example"},
)


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Running]:
    main = Settings(port=0, sandbox="on", data_dir=tmp_path / "data", _env_file=None)
    others = {name: kind(_env_file=None) for name, kind in KINDS.items()}
    lay_answers(main.data_dir, main.organisation)
    async with started(AllSettings.model_validate({**others, "main": main}), lambda _: None) as running:
        yield running


def everything(running: Running) -> list[tuple[str, str, Any]]:
    """All that the sandbox offers: method, address, body."""
    here, jira, wiki = running.address, running.jira_url, running.confluence_url
    pages = ["/", "/chat", "/chat/log", "/chat/events", "/chat/assets/chat.js", "/journeys/x", "/healthz", "/readyz"]
    acts = ["/chat/session", "/chat/say", "/chat/press", TEAMS, "/jira/webhook"]
    stand_ins = [f"{jira}/", f"{jira}/rest/api/2/myself", f"{wiki}/", f"{wiki}/rest/api/space"]
    return [
        *(("GET", f"{here}{path}", None) for path in pages),
        *(("POST", f"{here}{path}", {}) for path in acts),
        *(("GET", url, None) for url in stand_ins),
    ]


async def test_what_has_come_through_a_proxy_is_refused_by_everything_that_the_sandbox_offers(sandbox: Running) -> None:
    async with ClientSession() as session:
        for method, url, body in everything(sandbox):
            for headers in PASSED_ON:
                async with session.request(method, url, json=body, headers=headers, allow_redirects=False) as answer:
                    assert answer.status == 403, (method, url, headers)
    async with ClientSession(version=HttpVersion10) as nginx:  # as it speaks unless it is told otherwise
        for method, url, body in everything(sandbox):
            async with nginx.request(method, url, json=body, allow_redirects=False) as answer:
                assert answer.status == 403, (method, url)


async def test_whoever_sits_at_the_machine_is_let_in_by_address_and_by_its_own_name(sandbox: Running) -> None:
    port = sandbox.address.rpartition(":")[2]
    async with ClientSession() as session:
        for url in (sandbox.address, f"http://localhost:{port}", str(sandbox.jira_url), str(sandbox.confluence_url)):
            async with session.get(f"{url}/") as answer:
                assert answer.status == 200, url


async def test_whoever_is_refused_hears_in_their_language_what_to_do(sandbox: Running) -> None:
    async with ClientSession() as session:
        for language, said in (("ru", "Откройте её там по адресу"), ("en", "Open it there, at the address")):
            headers = {"Accept-Language": language, "X-Forwarded-For": "203.0.113.5"}
            async with session.get(sandbox.address, headers=headers) as answer:
                assert said in await answer.text()


def asked(remote: str | None, host: str = "127.0.0.1:8080") -> web.Request:
    return make_mocked_request("GET", "/", headers={"Host": host}).clone(remote=remote or "")


@pytest.mark.parametrize("remote", ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"])
def test_a_peer_on_this_machine_is_here(remote: str) -> None:
    assert is_from_here(asked(remote))


@pytest.mark.parametrize("remote", ["203.0.113.5", "172.17.0.1", "10.0.0.7", "fd00::1", "::ffff:10.0.0.7", "", "x"])
def test_a_peer_elsewhere_is_not(remote: str) -> None:
    assert not is_from_here(asked(remote))


def test_a_request_without_a_host_or_with_two_is_not() -> None:
    assert not is_from_here(make_mocked_request("GET", "/", headers={}).clone(remote="127.0.0.1"))
    two = [("Host", "127.0.0.1"), ("Host", "127.0.0.1")]
    assert not is_from_here(make_mocked_request("GET", "/", headers=two).clone(remote="127.0.0.1"))
