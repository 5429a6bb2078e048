"""What would make a crawl fail is named before it does."""

import socket

from adapters.confluence.check import check
from bot.flaw import Flaw
from sandbox.confluence import Deployment, Readers
from sandbox.faults import Kind
from tests.adapters.confluence.kit import Stand, settings_for


async def test_a_confluence_that_has_everything_has_no_findings(stand: Stand) -> None:
    assert await check(stand.settings(spaces="HR,IT")) == []


async def test_spaces_that_are_not_there_or_hidden_from_us_are_named(stand: Stand) -> None:
    stand.state.add_space("BOARD", "Board", Readers(groups=("directors",)))
    found = await check(stand.settings(spaces="HR,BOARD,NOPE"))
    assert found == [Flaw("space-unknown", {"space": "BOARD"}), Flaw("space-unknown", {"space": "NOPE"})]


async def test_wrong_credentials_are_found_out(stand: Stand) -> None:
    wrong = {"token": "wrong"} if stand.cloud else {"pat": "wrong"}
    assert [finding.code for finding in await check(stand.settings(**wrong))] == ["unauthorized"]


async def test_a_search_that_does_not_work_is_found_out(stand: Stand) -> None:
    stand.fail(Kind.ERROR, "/search", status=400)
    assert [finding.code for finding in await check(stand.settings())] == ["search-refused"]


async def test_a_confluence_that_is_not_there_is_found_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    for deployment in Deployment:
        settings = settings_for(f"http://127.0.0.1:{port}", cloud=deployment is Deployment.CLOUD)
        assert [finding.code for finding in await check(settings)] == ["unreachable"]


async def test_an_address_without_a_confluence_is_found_out(stand: Stand) -> None:
    settings = settings_for(f"{stand.url}/nowhere", cloud=stand.cloud)
    assert [finding.code for finding in await check(settings)] == ["not-found"]
