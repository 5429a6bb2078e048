"""The library in its threads: never in the way of the loop, never longer than it may, never twice."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator

import pytest
from pydantic import SecretStr

from adapters.jira.client import JiraClient
from adapters.jira.people import myself
from bot.errors import Retry, Unauthorized, Unknown
from sandbox.faults import Kind
from sandbox.jira import Deployment
from tests.adapters.jira.kit import EFFECT, Stand, act, settings_for, standing
from tests.hurry import SHORT


@pytest.fixture(params=list(Deployment))
async def stand(request: pytest.FixtureRequest) -> AsyncIterator[Stand]:
    async with standing(request.param) as ready:
        yield ready


@pytest.fixture
async def narrow(stand: Stand) -> AsyncIterator[JiraClient]:
    """A client with one thread and little patience."""
    client = JiraClient(settings_for(stand.url, cloud=stand.cloud, timeout=0.2, slots=1))
    yield client
    await client.close()


@pytest.fixture
def stuck() -> Iterator[threading.Event]:
    """What a call can wait for in its thread; set in the end, or the threads of a failed test would never end."""
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.parametrize("cloud", [True, False])
async def test_both_ways_to_sign_in_are_understood(stand: Stand, cloud: bool) -> None:
    client = JiraClient(settings_for(stand.url, cloud=cloud))
    assert (await myself(client)).identity
    await client.close()


@pytest.mark.parametrize("cloud", [True, False])
async def test_wrong_credentials_are_unauthorized(stand: Stand, cloud: bool) -> None:
    wrong = SecretStr("wrong")
    client = JiraClient(settings_for(stand.url, cloud=cloud).model_copy(update={"token": wrong, "pat": wrong}))
    with pytest.raises(Unauthorized):
        await myself(client)
    with pytest.raises(Unauthorized):
        await client.write(lambda jira: jira.add_comment("ONB-1", "Hello"))
    await client.close()


async def test_which_jira_it_is_is_asked_once(stand: Stand) -> None:
    client = JiraClient(settings_for(stand.url, cloud=stand.cloud))
    assert await client.is_cloud() is stand.cloud
    stand.fail(Kind.ERROR, "serverInfo", times=None)
    assert await client.is_cloud() is stand.cloud
    await client.close()


@pytest.mark.parametrize("kind", [Kind.RATE_LIMIT, Kind.ERROR, Kind.LOST])
async def test_the_library_sends_nothing_twice(stand: Stand, kind: Kind) -> None:
    stand.fail(kind, "POST /rest/api/2/issue", times=None)
    async with stand.tracker() as tracker:
        with pytest.raises((Retry, Unknown)):
            await tracker.create(EFFECT, act())
    assert stand.received["POST /issue"] == 1


async def test_the_loop_goes_on_while_jira_is_silent(stand: Stand) -> None:
    stand.fail(Kind.HANG, "POST /rest/api/2/issue")
    turns = 0
    async with stand.tracker(timeout=SHORT) as tracker:
        task = asyncio.create_task(tracker.create(EFFECT, act()))
        while not task.done():
            await asyncio.sleep(0.01)
            turns += 1
        with pytest.raises(Unknown):
            await task
    assert turns > 3, "one, if the loop stood still meanwhile"


async def test_a_write_that_does_not_end_is_unknown(narrow: JiraClient, stuck: threading.Event) -> None:
    with pytest.raises(Unknown):
        await narrow.write(lambda _: stuck.wait())


async def test_a_read_that_does_not_end_is_repeated(narrow: JiraClient, stuck: threading.Event) -> None:
    with pytest.raises(Retry):
        await narrow.read(lambda _: stuck.wait())


async def test_what_never_got_a_thread_has_surely_not_happened(narrow: JiraClient, stuck: threading.Event) -> None:
    ran = threading.Event()
    with pytest.raises(Unknown):
        await narrow.write(lambda _: stuck.wait())
    with pytest.raises(Retry):
        await narrow.write(lambda _: ran.set())
    stuck.set()
    assert await narrow.read(lambda _: ran.is_set()) is False


async def test_a_silent_server_does_not_keep_a_thread_for_ever(stand: Stand, narrow: JiraClient) -> None:
    stand.fail(Kind.HANG, "GET /rest/api/2/myself", times=3)
    for _ in range(3):
        with pytest.raises(Retry):
            await myself(narrow)
    assert (await myself(narrow)).identity
