"""`check` says what would make issues fail before one does."""

import socket
from typing import Any

import pytest
from msgspec.structs import replace
from pydantic import SecretStr

from adapters.jira.check import check
from adapters.jira.settings import JiraSettings
from bot.flaw import Flaw
from sandbox.faults import Kind
from sandbox.jira import Deployment
from sandbox.jira.site import Priority
from tests.adapters.jira.kit import settings_for, standing


@pytest.mark.parametrize("deployment", list(Deployment))
async def test_a_jira_that_has_everything_has_no_findings(deployment: Deployment) -> None:
    async with standing(deployment) as stand:
        settings = settings_for(stand.url, cloud=stand.cloud)
        assert await check(settings, projects={"HR"}, types={"task", "Epic"}, priorities={"High"}) == []


@pytest.mark.parametrize(
    ("names", "code", "detail"),
    [
        ({"projects": {"NOPE"}}, "project-unknown", {"project": "NOPE"}),
        ({"types": {"Nope"}}, "type-unknown", {"project": "ONB", "type": "Nope", "known": "Epic, Sub-task, Task"}),
        (
            {"priorities": {"Nope"}},
            "priority-unknown",
            {"priority": "Nope", "known": "High, Highest, Low, Lowest, Medium"},
        ),
    ],
)
async def test_what_jira_does_not_have_is_named(names: dict[str, Any], code: str, detail: dict[str, str]) -> None:
    async with standing() as stand:
        assert await check(settings_for(stand.url), **names) == [Flaw(code, detail)]


async def test_each_of_our_priorities_must_be_there_under_some_name() -> None:
    async with standing() as stand:
        levels = tuple(Priority(str(number), name) for number, name in enumerate(("P1", "Low"), 1))
        stand.state.site = replace(stand.state.site, priorities=levels)
        settings = settings_for(stand.url)
        lost = [finding.detail["priority"] for finding in await check(settings, priorities={"P1", "P9"})]
        assert lost == ["P9", "high", "highest", "lowest", "medium"]
        chosen = settings.model_copy(update={"priorities": {"high": "P1", "low": "Nope"}})
        assert [finding.detail["priority"] for finding in await check(chosen)] == ["highest", "low", "lowest", "medium"]


async def test_issues_without_any_project_are_found_out() -> None:
    async with standing(Deployment.SERVER) as stand:
        found = await check(JiraSettings(url=stand.url, pat=SecretStr("personal-token")))
    assert [finding.code for finding in found] == ["project-missing"]


async def test_wrong_credentials_are_found_out() -> None:
    async with standing(Deployment.SERVER) as stand:
        found = await check(JiraSettings(url=stand.url, pat=SecretStr("wrong")))
    assert [finding.code for finding in found] == ["unauthorized"]


async def test_a_jira_that_is_not_there_is_found_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    found = await check(settings_for(f"http://127.0.0.1:{port}"))
    assert [finding.code for finding in found] == ["unreachable"]


async def test_a_jira_that_fails_is_unreachable_and_the_rest_is_not_guessed() -> None:
    async with standing() as stand:
        stand.fail(Kind.ERROR, "/project/", times=None)
        found = await check(settings_for(stand.url), priorities={"Nope"})
    assert found == [replace(found[0], code="unreachable")]
