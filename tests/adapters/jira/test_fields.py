"""Drafts in Jira's words."""

import datetime

import pytest
from msgspec.structs import replace
from pydantic import SecretStr

from adapters.jira.fields import one_line
from adapters.jira.plain import plain
from adapters.jira.settings import JiraSettings
from adapters.jira.tracker import JiraTracker
from bot.effects import RaiseTicket
from bot.errors import Refused, Retry
from bot.texts import speaker
from bot.tracker.labels import OURS, IssueLabels, former_label
from sandbox.faults import Kind
from sandbox.jira import Deployment
from tests.adapters.jira.kit import (
    ANNA,
    BORIS,
    EFFECT,
    LABEL,
    act,
    draft,
    name_of,
    ours,
    settings_for,
    speaks,
    standing,
)

DUE = datetime.date(2026, 12, 24)


def test_a_label_has_no_spaces_and_cannot_be_made_without_the_key() -> None:
    effect = "issue:journey 1:выдать ноутбук"
    label, others = IssueLabels(b"the key of the tests").of(effect), IssueLabels(b"the key of somebody else")
    assert label == IssueLabels(b"the key of the tests").of(effect)
    assert label not in {LABEL, others.of(effect), former_label(effect)}
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
        tracker = JiraTracker(JiraSettings(url=stand.url, pat=SecretStr("personal-token")), speaks)
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


@pytest.mark.parametrize("field", ["priority", "duedate"])
@pytest.mark.parametrize("deployment", list(Deployment))
async def test_what_the_screen_does_not_take_is_left_out_and_named(deployment: Deployment, field: str) -> None:
    async with standing(deployment) as stand, stand.tracker() as tracker:
        stand.state.site = stand.state.site.without_fields("ONB", field)
        issue = await tracker.create(EFFECT, act(priority="high", due=DUE))
        made = stand.state.issue(issue.key)
        assert issue.without == ({"duedate": "due"}.get(field, field),)
        assert (made.priority == "2", made.duedate == DUE) == (field != "priority", field != "duedate")
        assert made.labels == (OURS, LABEL)
        assert len(stand.state.issues()) == 1


@pytest.mark.parametrize("deployment", list(Deployment))
async def test_words_of_people_in_a_description_are_no_markup_and_those_of_the_scenario_are(
    deployment: Deployment,
) -> None:
    typed = "!https://evil.example/x.png! [~admin] [the bank|https://evil.example]\nh1. {html}"
    async with standing(deployment) as stand, stand.tracker() as tracker:
        wanted = act(description="*[the plan|https://plan.example]*: {feedback}", values={"feedback": typed})
        issue = await tracker.create(EFFECT, wanted)
        text = stand.state.issue(issue.key).description or ""
        assert text.startswith("*[the plan|https://plan.example]*: \\!https://evil.example/x.png\\! \\[")
        assert plain(text) == f"the plan (https://plan.example): {typed}"


async def test_a_name_in_the_text_is_no_markup() -> None:
    async with standing() as stand:
        tracker = JiraTracker(settings_for(stand.url), speaker, search_pause=0.0)
        issue = await tracker.create(EFFECT, act(assignee="gone@example.com", assignee_name="[~admin]"))
        assert "\\[\\~admin\\]" in (stand.state.issue(issue.key).description or "")
        await tracker.close()


@pytest.mark.parametrize("deployment", list(Deployment))
async def test_whoever_cannot_be_assigned_is_named_in_the_text(deployment: Deployment) -> None:
    async with standing(deployment) as stand, stand.tracker() as tracker:
        stand.state.people.add(replace(ANNA, assignable=False))
        issue = await tracker.create(EFFECT, act(assignee=ANNA.email_address, priority="high"))
        made = stand.state.issue(issue.key)
        assert (issue.assignee, issue.unassigned, issue.without) == (None, True, ())
        assert (made.assignee, made.priority) == (None, "2")
        assert made.description == "With a charger\n\njira-unassigned"


@pytest.mark.parametrize("deployment", list(Deployment))
async def test_without_labels_there_is_no_issue(deployment: Deployment) -> None:
    async with standing(deployment) as stand, stand.tracker() as tracker:
        stand.state.site = stand.state.site.without_fields("ONB", "labels", "duedate")
        with pytest.raises(Refused):
            await tracker.create(EFFECT, act(due=DUE))
        assert stand.state.issues() == []


async def test_an_issue_that_is_refused_for_more_than_it_can_do_without_is_refused() -> None:
    async with standing() as stand, stand.tracker() as tracker:
        stand.state.site = stand.state.site.without_fields("ONB", "duedate")
        with pytest.raises(Refused) as refused:
            await tracker.create(EFFECT, act(due=DUE, type="Nope"))
        assert refused.value.code == "type-unknown"
        assert stand.received["POST /issue"] == 1


@pytest.mark.parametrize("deployment", list(Deployment))
async def test_an_issue_belongs_to_its_epic_and_a_sub_task_to_its_task(deployment: Deployment) -> None:
    async with standing(deployment) as stand, stand.tracker() as tracker:
        epic = await tracker.create("epic", act("Anna begins", type="Epic"))
        task = await tracker.create("task", act(), epic.key)
        part = await tracker.create("part", act(type="Sub-task"), task.key)
        parents = [stand.state.issue(one.key).parent for one in (epic, task, part)]
        assert parents == [None, epic.key, task.key]
        assert [one.without for one in (epic, task, part)] == [(), (), ()]
        name = stand.state.issue(epic.key).epic_name
        assert name == (None if stand.cloud else "Anna begins")


@pytest.mark.parametrize("deployment", list(Deployment))
async def test_an_issue_that_cannot_be_put_under_another_is_made_beside_it(deployment: Deployment) -> None:
    async with standing(deployment) as stand, stand.tracker() as tracker:
        other = await tracker.create("other", act())
        for parent in (other.key, "ONB-999"):
            issue = await tracker.create(f"under {parent}", act(), parent)
            assert issue.without == ("parent",)
            assert stand.state.issue(issue.key).parent is None


async def test_a_data_center_without_epics_makes_issues_side_by_side() -> None:
    async with standing(Deployment.SERVER) as stand, stand.tracker() as tracker:
        parent = await tracker.create("parent", act())
        stand.state.site = replace(stand.state.site, epic_link="customfield_1", epic_name="customfield_2")
        stand.state.site = stand.state.site.without_fields("ONB", "customfield_1")
        issue = await tracker.create("child", act(), parent.key)
        assert issue.without == ("parent",)


async def test_a_parent_needs_no_further_question_on_cloud() -> None:
    async with standing(Deployment.CLOUD) as stand, stand.tracker() as tracker:
        epic = await tracker.create("epic", act(type="Epic"))
        for path in ("/field", "/project/"):
            stand.fail(Kind.ERROR, path, times=None)
        assert (await tracker.create("task", act(), epic.key)).without == ()


async def test_a_ticket_of_a_rule_is_made_like_any_issue() -> None:
    async with standing() as stand, stand.tracker() as tracker:
        ticket = RaiseTicket("leaver", "anna:2026", draft("Take back the laptop", priority="high"), label=LABEL)
        issue = await tracker.create("ticket:leaver:anna:2026", ticket)
        assert stand.state.issue(issue.key).summary == "Take back the laptop"
        assert name_of(await tracker.look(LABEL, ours)) == name_of(issue)


@pytest.mark.parametrize("deployment", list(Deployment))
async def test_of_an_issue_without_a_priority_it_is_told_which_one_jira_has_given_it(deployment: Deployment) -> None:
    async with standing(deployment) as stand, stand.tracker() as tracker:
        assert (await tracker.create(EFFECT, act(priority=None))).priority == "medium"
        assert (await tracker.create("another", act(priority="high"))).priority is None
        stand.fail(Kind.ERROR, "GET /rest/api/2/issue/")
        made = await tracker.create("a third", act(priority=None))
        assert (made.key, made.priority) == ("ONB-3", None)
