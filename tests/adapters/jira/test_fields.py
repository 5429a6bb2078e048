"""Drafts in Jira's words."""

import pytest
from msgspec.structs import replace
from pydantic import SecretStr

from adapters.jira.fields import one_line
from adapters.jira.settings import JiraSettings
from adapters.jira.tracker import JiraTracker
from bot.errors import Refused, Retry
from bot.labels import label_of
from sandbox.faults import Kind
from sandbox.jira import Deployment
from tests.adapters.jira.kit import ANNA, BORIS, EFFECT, act, say, standing


def test_a_label_has_no_spaces_and_depends_on_nothing_but_the_effect() -> None:
    label = label_of("issue:journey 1:выдать ноутбук")
    assert label == label_of("issue:journey 1:выдать ноутбук")
    assert label != label_of(EFFECT)
    assert label.startswith("bb-")
    assert len(label.removeprefix("bb-")) == 20
    assert int(label.removeprefix("bb-"), 16)


def test_a_summary_is_cut_as_java_counts_and_never_through_a_character() -> None:
    assert one_line("x" * 255) == "x" * 255
    assert one_line("x" * 256) == "x" * 254 + "…"
    faces = one_line("😀" * 200)
    assert faces == "😀" * 127 + "…"


@pytest.mark.parametrize("deployment", list(Deployment))
async def test_among_people_with_similar_addresses_the_exact_one_wins(deployment: Deployment) -> None:
    async with standing(deployment) as stand, stand.tracker() as tracker:
        issue = await tracker.create(EFFECT, act(assignee="anna@example.com"))
        assert stand.state.issue(issue.key).assignee == ANNA.name


async def test_an_address_that_is_only_the_beginning_of_another_belongs_to_nobody() -> None:
    async with standing(Deployment.SERVER) as stand, stand.tracker() as tracker:
        issue = await tracker.create(EFFECT, act(assignee="ann"))
        assert (issue.assignee, issue.unassigned) == (None, True)
        assert stand.state.issue(issue.key).assignee is None


async def test_a_hidden_address_is_found_by_nobody_on_cloud_and_by_us_on_data_center() -> None:
    async with standing(Deployment.CLOUD) as stand, stand.tracker() as tracker:
        assert (await tracker.create(EFFECT, act(assignee=BORIS.email_address))).unassigned
    async with standing(Deployment.SERVER) as stand, stand.tracker() as tracker:
        issue = await tracker.create(EFFECT, act(assignee=BORIS.email_address))
        assert stand.state.issue(issue.key).assignee == BORIS.name


async def test_whoever_alone_answers_to_an_address_may_hide_it() -> None:
    async with standing(Deployment.CLOUD) as stand, stand.tracker() as tracker:
        stand.state.people.add(replace(BORIS, display_name=BORIS.email_address))
        issue = await tracker.create(EFFECT, act(assignee=BORIS.email_address))
        assert stand.state.issue(issue.key).assignee == BORIS.name


async def test_the_project_of_the_draft_goes_before_the_one_of_the_settings() -> None:
    async with standing() as stand, stand.tracker() as tracker:
        assert (await tracker.create(EFFECT, act())).key == "ONB-1"
        assert (await tracker.create(EFFECT, act(project="HR"))).key == "HR-1"


async def test_without_any_project_nothing_is_sent() -> None:
    async with standing(Deployment.SERVER) as stand:
        tracker = JiraTracker(JiraSettings(url=stand.url, pat=SecretStr("personal-token")), say)
        with pytest.raises(Refused) as refused:
            await tracker.create(EFFECT, act())
        assert refused.value.code == "project-unknown"
        await tracker.close()


async def test_a_search_for_people_that_fails_has_created_nothing() -> None:
    async with standing() as stand, stand.tracker() as tracker:
        stand.fail(Kind.ERROR, "user/search")
        with pytest.raises(Retry):
            await tracker.create(EFFECT, act(assignee=ANNA.email_address))
        assert stand.received["POST /issue"] == 0
