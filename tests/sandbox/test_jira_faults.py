"""Every way in which the stand-in fails its callers on demand, and what it counts meanwhile."""

from collections.abc import AsyncIterator

import pytest
import requests

from sandbox.faults import Kind, Rule
from tests.sandbox.jira_kit import Stand, standing, task, until

CREATE = "POST /rest/api/2/issue"


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    async with standing() as ready:
        yield ready


async def counts(stand: Stand, write: str = "POST /issue") -> tuple[int, int]:
    """How often a write was received, and how often it was applied."""
    shown = await stand.get("/_sandbox/issues")
    return shown["calls"].get(write, 0), shown["applied"].get(write, 0)


async def test_a_rate_limit_answers_429_with_retry_after_and_writes_nothing(stand: Stand) -> None:
    stand.faults.add(Rule(kind=Kind.RATE_LIMIT, match=CREATE, times=1, retry_after=7))
    refusal = await stand.refused(lambda jira: jira.create_issue(fields=task()))
    assert refusal.status_code == 429
    assert refusal.response is not None
    assert refusal.response.headers["Retry-After"] == "7"
    assert await counts(stand) == (1, 0)
    await stand.create()
    assert await counts(stand) == (2, 1)


async def test_an_error_answers_500_and_writes_nothing(stand: Stand) -> None:
    stand.faults.add(Rule(kind=Kind.ERROR, match=CREATE, times=1))
    assert (await stand.refused(lambda jira: jira.create_issue(fields=task()))).status_code == 500
    assert await counts(stand) == (1, 0)
    assert stand.state.issues() == []


async def test_a_hanging_request_is_never_written(stand: Stand) -> None:
    stand.faults.add(Rule(kind=Kind.HANG, match=CREATE, times=1, seconds=30))
    with pytest.raises(requests.exceptions.ReadTimeout):
        await stand.ask(lambda jira: jira.create_issue(fields=task()), timeout=0.2)
    assert await counts(stand) == (1, 0)
    assert stand.state.issues() == []


async def test_a_late_request_is_written_after_its_caller_gave_up(stand: Stand) -> None:
    stand.faults.add(Rule(kind=Kind.LATE, match=CREATE, times=1, seconds=2.0))
    with pytest.raises(requests.exceptions.ReadTimeout):
        await stand.ask(lambda jira: jira.create_issue(fields=task()), timeout=0.1)
    assert stand.state.issues() == []
    await until(lambda: len(stand.state.issues()) == 1)
    assert await counts(stand) == (1, 1)


async def test_a_lost_answer_was_written_all_the_same(stand: Stand) -> None:
    stand.faults.add(Rule(kind=Kind.LOST, match=CREATE, times=1))
    with pytest.raises(requests.exceptions.ConnectionError):
        await stand.ask(lambda jira: jira.create_issue(fields=task(), prefetch=False))
    assert [issue.key for issue in stand.state.issues()] == ["ONB-1"]
    assert await counts(stand) == (1, 1)


async def test_faults_are_set_over_the_control_address(stand: Stand) -> None:
    rule = {"kind": "error", "match": "GET /rest/api/2/myself", "times": 1}
    assert (await stand.post("/_sandbox/faults", [rule]))[0] == 200
    assert (await stand.refused(lambda jira: jira.myself())).status_code == 500
    assert (await stand.ask(lambda jira: jira.myself()))["displayName"] == "Butterboard"


async def test_faults_are_for_programs_and_leave_the_page_alone(stand: Stand) -> None:
    stand.faults.add(Rule(kind=Kind.ERROR, times=1))
    for path in ("/", "/revision", "/assets/page.js"):
        async with stand.http.get(path) as answer:
            assert answer.status == 200
    assert (await stand.refused(lambda jira: jira.myself())).status_code == 500


async def test_every_write_is_counted_by_its_address(stand: Stand) -> None:
    await stand.create()
    await stand.ask(lambda jira: jira.add_comment("ONB-1", "раз"))
    await stand.ask(lambda jira: jira.transition_issue("ONB-1", "Start"))
    await stand.refused(lambda jira: jira.transition_issue("ONB-1", "11"))
    await stand.ask(lambda jira: jira.search_issues("project = ONB", use_post=True))
    shown = await stand.get("/_sandbox/issues")
    assert shown["calls"] == {
        "POST /issue": 1,
        "POST /issue/{issue}/comment": 1,
        "POST /issue/{issue}/transitions": 2,
    }
    assert shown["applied"]["POST /issue/{issue}/transitions"] == 1


async def test_one_person_who_moves_issues_on_the_page_is_not_counted_as_a_program(stand: Stand) -> None:
    await stand.create()
    async with stand.http.post("/browse/ONB-1/move", data={"transition": "11"}) as answer:
        assert answer.status == 200
    assert (await stand.get("/_sandbox/issues"))["calls"] == {"POST /issue": 1}
