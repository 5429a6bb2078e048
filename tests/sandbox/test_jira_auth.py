"""Who gets in: both kinds of credentials, and only callers on this machine."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from jira import JIRA, JIRAError

from sandbox.jira import Access, State, make_app, serving
from tests.sandbox.jira_kit import ACCESS, Stand, standing

MYSELF = "/rest/api/2/myself"


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    async with standing() as ready:
        yield ready


async def status_of(url: str, header: str | None) -> int:
    headers = {"Authorization": header} if header is not None else {}
    async with aiohttp.ClientSession(url) as http, http.get(MYSELF, headers=headers) as answer:
        return answer.status


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (aiohttp.encode_basic_auth(ACCESS.user, ACCESS.token), 200),
        ("Bearer personal-token", 200),
        ("bearer personal-token", 200),
        (aiohttp.encode_basic_auth(ACCESS.user, "wrong"), 401),
        (aiohttp.encode_basic_auth("other@example.com", ACCESS.token), 401),
        ("Bearer wrong", 401),
        ("Bearer тоже-нет", 401),
        ("Basic not-base64!", 401),
        ("Basic //8=", 401),
        ("Digest x", 401),
        ("", 401),
        (None, 401),
    ],
)
async def test_only_the_right_credentials_come_in(stand: Stand, header: str | None, status: int) -> None:
    assert await status_of(stand.url, header) == status


async def test_without_a_personal_token_no_bearer_comes_in() -> None:
    async with serving(make_app(access=Access("bot", "t"))) as url:
        assert await status_of(url, "Bearer ") == 401
        assert await status_of(url, "Bearer None") == 401


async def test_the_library_hears_of_wrong_credentials(stand: Stand) -> None:
    def sign_in(_: JIRA) -> None:
        client = JIRA(stand.url, basic_auth=(ACCESS.user, "wrong"), max_retries=0, get_server_info=False)
        try:
            client.myself()
        finally:
            client.close()  # type: ignore[no-untyped-call]

    with pytest.raises(JIRAError) as failure:
        await stand.ask(sign_in)
    assert failure.value.status_code == 401


async def test_the_bot_is_a_user_of_the_site_and_an_existing_one_when_there_is_one() -> None:
    state = State()
    make_app(state, access=Access("admin@jira.example", "t"))
    assert [user.name for user in state.people] == ["admin"]
    make_app(state, access=Access("bot", "t"))
    assert [user.name for user in state.people] == ["admin", "bot"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:80"},
    ],
)
async def test_a_strange_site_in_the_same_browser_is_turned_away(stand: Stand, headers: dict[str, str]) -> None:
    await stand.create()
    for path in ("/browse/ONB-1/move", "/_sandbox/settings", MYSELF):
        async with stand.http.post(path, headers=headers, data={"transition": "11"}) as answer:
            assert answer.status == 403
    assert stand.state.issue("ONB-1").changelog == ()


async def test_its_own_page_and_programs_are_let_in(stand: Stand) -> None:
    for headers in ({"Origin": stand.url}, {}):
        async with stand.http.get("/", headers=headers) as answer:
            assert answer.status == 200
