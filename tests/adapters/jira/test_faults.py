"""Whatever gets lost between us and Jira: in the end there is one live issue."""

import pytest
from aiohttp import web

from adapters.jira.tracker import JiraTracker
from bot.errors import Retry, Unauthorized, Unknown
from sandbox.faults import Kind
from sandbox.jira import serving
from tests.adapters.jira.kit import EFFECT, LABEL, Stand, act, name_of, ours, settings_for, speaks, until
from tests.hurry import SHORT

CREATE = "POST /rest/api/2/issue"


async def test_a_rate_limit_says_how_long_and_has_created_nothing(stand: Stand, tracker: JiraTracker) -> None:
    stand.fail(Kind.RATE_LIMIT, CREATE, retry_after=7)
    with pytest.raises(Retry) as error:
        await tracker.create(EFFECT, act())
    assert (error.value.after, error.value.everywhere) == (7.0, True)
    assert stand.state.issues() == []


async def test_an_error_of_the_server_is_unknown_and_the_look_finds_nothing(stand: Stand, tracker: JiraTracker) -> None:
    stand.fail(Kind.ERROR, CREATE)
    with pytest.raises(Unknown):
        await tracker.create(EFFECT, act())
    assert await tracker.look(LABEL, ours) is None


async def test_an_answer_lost_after_the_write_is_unknown_and_the_look_finds_the_issue(
    stand: Stand, tracker: JiraTracker
) -> None:
    stand.fail(Kind.LOST, CREATE)
    with pytest.raises(Unknown):
        await tracker.create(EFFECT, act())
    found = await tracker.look(LABEL, ours)
    assert found is not None
    assert (found.key, found.twins) == ("ONB-1", ())


async def test_an_attempt_that_lands_after_the_next_one_is_closed_as_its_duplicate(stand: Stand) -> None:
    stand.fail(Kind.LATE, CREATE, seconds=SHORT + 1.0)
    async with stand.tracker(timeout=SHORT) as tracker:
        with pytest.raises(Unknown):
            await tracker.create(EFFECT, act())
        assert await tracker.look(LABEL, ours) is None
        second = await tracker.create(EFFECT, act())
        await until(lambda: len(stand.state.issues()) == 2)
        found = await tracker.look(LABEL, ours)
    assert found is not None
    assert (found.key, found.twins) == (second.key, ("ONB-2",))
    assert stand.category("ONB-2") == "done"


async def test_an_issue_that_the_search_shows_late_is_found_by_its_second_try(
    stand: Stand, tracker: JiraTracker
) -> None:
    made = await tracker.create(EFFECT, act())
    stand.state.shown = [[]]
    assert name_of(await tracker.look(LABEL, ours)) == name_of(made)


async def test_what_a_search_missed_a_later_look_puts_right(stand: Stand, tracker: JiraTracker) -> None:
    first = await tracker.create(EFFECT, act())
    stand.state.shown = [[], []]
    assert await tracker.look(LABEL, ours) is None
    second = await tracker.create(EFFECT, act())
    found = await tracker.look(LABEL, ours)
    assert found is not None
    assert (found.key, found.twins) == (first.key, (second.key,))


async def test_a_search_that_still_shows_a_deleted_issue_is_not_believed(stand: Stand, tracker: JiraTracker) -> None:
    made = await tracker.create(EFFECT, act())
    gone = stand.state.issue(made.key)
    stand.state.delete(gone.key, "admin")
    stand.state.shown = [[gone], [gone]]
    assert await tracker.look(LABEL, ours) is None


@pytest.mark.parametrize("match", ["/myself", "/search", "GET /rest/api/2/issue/"])
@pytest.mark.parametrize("kind", [Kind.ERROR, Kind.LOST, Kind.RATE_LIMIT])
async def test_a_look_that_fails_never_says_that_there_is_nothing(
    stand: Stand, tracker: JiraTracker, match: str, kind: Kind
) -> None:
    made = await tracker.create(EFFECT, act())
    stand.fail(kind, match)
    with pytest.raises(Retry):
        await tracker.look(LABEL, ours)
    assert name_of(await tracker.look(LABEL, ours)) == name_of(made)


async def test_a_stranger_is_told_of_the_token_and_not_of_the_project() -> None:
    """Cloud answers a create with an expired token as if it came from a stranger."""
    app = web.Application()

    async def refuse(_: web.Request) -> web.Response:
        return web.json_response({"errorMessages": [], "errors": {"project": "valid project is required"}}, status=400)

    async def nobody(_: web.Request) -> web.Response:
        return web.json_response({"errorMessages": ["Client must be authenticated"]}, status=401)

    app.add_routes([web.post("/rest/api/2/issue", refuse), web.get("/rest/api/2/myself", nobody)])
    async with serving(app) as url:
        tracker = JiraTracker(settings_for(url), speaks)
        with pytest.raises(Unauthorized):
            await tracker.create(EFFECT, act())
        with pytest.raises(Unauthorized):
            await tracker.look(LABEL, ours)
        await tracker.close()


@pytest.mark.parametrize("body", ["<html>Welcome back</html>", "[]", "{}", "null"])
async def test_a_success_that_cannot_be_read_is_unknown(body: str) -> None:
    app = web.Application()

    async def strange(_: web.Request) -> web.Response:
        return web.Response(status=201, text=body, content_type="application/json")

    app.add_routes([web.post("/rest/api/2/issue", strange)])
    async with serving(app) as url:
        tracker = JiraTracker(settings_for(url), speaks)
        with pytest.raises(Unknown):
            await tracker.create(EFFECT, act())
        await tracker.close()
