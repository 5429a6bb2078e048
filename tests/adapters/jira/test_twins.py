"""Closing duplicates: safe to repeat after any crash, and never what people have made."""

import msgspec
import pytest
from msgspec.structs import replace

from adapters.jira.tracker import JiraTracker
from adapters.jira.transitions import Transition
from adapters.jira.twins import closing
from bot.errors import Retry, Unknown
from bot.tracker.labels import DUPLICATE, OURS
from sandbox.faults import Kind
from sandbox.jira.site import LINK_TYPES, Resolution
from tests.adapters.jira.kit import ANNA, DUPLICATE_LINK, EFFECT, LABEL, Stand, act, name_of, ours, settings_for, speaks

LINK = "POST /rest/api/2/issueLink"
COMMENT = "POST /rest/api/2/issue/ONB-2/comment"
MARK = "PUT /rest/api/2/issue/"
MOVE = "POST /rest/api/2/issue/ONB-2/transitions"


@pytest.fixture
async def twins(tracker: JiraTracker) -> tuple[str, str]:
    """Two issues for one effect."""
    first, second = [await tracker.create(EFFECT, act()) for _ in range(2)]
    return first.key, second.key


@pytest.mark.parametrize("step", [LINK, COMMENT, MARK, MOVE])
@pytest.mark.parametrize("kind", [Kind.ERROR, Kind.LOST])
async def test_a_closing_that_breaks_off_anywhere_is_finished_by_the_next_look(
    stand: Stand, tracker: JiraTracker, twins: tuple[str, str], step: str, kind: Kind
) -> None:
    first, twin = twins
    stand.fail(kind, step)
    with pytest.raises(Unknown):
        await tracker.look(LABEL, ours)
    found = await tracker.look(LABEL, ours)
    assert found is not None
    assert (found.key, found.twins) == (first, (twin,))
    closed = stand.state.issue(twin)
    assert stand.category(twin) == "done"
    assert (len(stand.links(twin)), len(closed.comments), closed.labels.count(DUPLICATE)) == (1, 1, 1)


async def test_a_rate_limit_in_the_middle_is_waited_for(
    stand: Stand, tracker: JiraTracker, twins: tuple[str, str]
) -> None:
    stand.fail(Kind.RATE_LIMIT, MARK, retry_after=3)
    with pytest.raises(Retry):
        await tracker.look(LABEL, ours)
    found = await tracker.look(LABEL, ours)
    assert found is not None
    assert found.twins == twins[1:]


async def test_a_marked_twin_is_never_the_one_that_stays(
    stand: Stand, tracker: JiraTracker, twins: tuple[str, str]
) -> None:
    await tracker.look(LABEL, ours)
    stand.state.delete(twins[0], "admin")
    assert await tracker.look(LABEL, ours) is None


async def test_what_people_have_closed_as_a_duplicate_is_not_live(stand: Stand, tracker: JiraTracker) -> None:
    duplicate = Resolution("10002", "Дубликат")
    stand.state.site = replace(stand.state.site, resolutions=(*stand.state.site.resolutions, duplicate))
    first, second = [await tracker.create(EFFECT, act()) for _ in range(2)]
    stand.state.move(first.key, "21", "admin")
    stand.state.edit(first.key, {"resolution": duplicate.id}, "admin")
    found = await tracker.look(LABEL, ours)
    assert found is not None
    assert found.key == second.key
    assert DUPLICATE not in stand.state.issue(first.key).labels
    assert stand.category(second.key) == "new"


async def test_a_copy_that_a_person_made_is_left_alone(stand: Stand, tracker: JiraTracker) -> None:
    made = await tracker.create(EFFECT, act())
    copied = stand.state.issue(made.key)
    values = {"project": "ONB", "issuetype": copied.issuetype, "summary": "CLONE - A laptop", "labels": copied.labels}
    copy = stand.state.create(values, ANNA.name)
    assert name_of(await tracker.look(LABEL, ours)) == name_of(made)
    assert stand.category(copy.key) == "new"
    assert stand.state.issue(copy.key).labels == (OURS, LABEL)


async def test_what_others_have_made_under_the_label_is_neither_found_nor_closed(
    stand: Stand, tracker: JiraTracker
) -> None:
    values = {"project": "ONB", "issuetype": "10001", "summary": "A laptop", "labels": (LABEL,)}
    first = stand.state.create(values, ANNA.name)
    assert await tracker.look(LABEL, ours) is None
    made = await tracker.create(EFFECT, act())
    second = stand.state.create(values, ANNA.name)
    found = await tracker.look(LABEL, ours)
    assert found is not None
    assert (found.key, found.twins) == (made.key, ())
    assert [stand.category(key) for key in (first.key, made.key, second.key)] == ["new"] * 3


async def test_what_a_former_account_of_ours_has_made_is_ours(stand: Stand) -> None:
    values = {"project": "ONB", "issuetype": "10001", "summary": "A laptop", "labels": (LABEL,)}
    before = stand.state.create(values, ANNA.name)
    account = ANNA.account if stand.cloud else f"JIRAUSER-{ANNA.name}"
    settings = settings_for(stand.url, cloud=stand.cloud).model_copy(update={"former_accounts": (account,)})
    tracker = JiraTracker(settings, speaks, search_pause=0.0)
    found = await tracker.look(LABEL, ours)
    assert found is not None
    assert found.key == before.key
    await tracker.close()


async def test_a_site_without_duplicate_links_closes_twins_without_one(
    stand: Stand, tracker: JiraTracker, twins: tuple[str, str]
) -> None:
    stand.state.site = replace(stand.state.site, link_types=LINK_TYPES)
    assert DUPLICATE_LINK not in stand.state.site.link_types
    found = await tracker.look(LABEL, ours)
    assert found is not None
    assert found.twins == twins[1:]
    assert stand.links(twins[1]) == []


async def test_a_twin_that_the_workflow_cannot_close_is_logged_and_not_named(
    stand: Stand, tracker: JiraTracker, twins: tuple[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    stand.state.site = replace(stand.state.site, transitions=stand.state.site.transitions[:1])
    found = await tracker.look(LABEL, ours)
    assert found is not None
    assert (found.key, found.twins) == (twins[0], ())
    assert DUPLICATE in stand.state.issue(twins[1]).labels
    assert [record.message for record in caplog.records if record.name.startswith("adapters.jira")] == [
        "twin not closed"
    ]


async def test_an_issue_that_moves_to_another_project_does_not_become_its_own_twin(
    stand: Stand, tracker: JiraTracker
) -> None:
    made = await tracker.create(EFFECT, act())
    moved = stand.state.issue(made.key)
    stand.state.renamed = {"HR-7": made.key}
    stand.state.shown = [[replace(moved, key="HR-7")], [moved]]
    assert name_of(await tracker.look(LABEL, ours)) == name_of(made)


def transition(id_: str, category: str, **fields: object) -> Transition:
    to = {"name": "Готово", "statusCategory": {"id": 3, "key": category}}
    return msgspec.convert({"id": id_, "name": "Далее", "to": to, "fields": fields}, Transition)


RESOLUTIONS = [{"id": "1", "name": "Готово"}, {"id": "3", "name": "Дубликат"}]


def test_the_way_out_is_known_by_its_category_and_not_by_its_name() -> None:
    steps = [transition("11", "indeterminate"), transition("21", "done")]
    step = closing(steps)
    assert step is not None
    assert step.step.id == "21"
    assert closing(steps[:1]) is None


def test_a_way_that_takes_the_resolution_duplicate_is_better() -> None:
    steps = [transition("21", "done"), transition("31", "done", resolution={"allowedValues": RESOLUTIONS})]
    step = closing(steps)
    assert step is not None
    assert step.resolution is not None
    assert (step.step.id, step.resolution.id) == ("31", "3")


def test_a_way_that_demands_what_we_cannot_say_is_the_last_choice() -> None:
    worklog = {"required": True, "hasDefaultValue": False}
    known = {"required": True, "allowedValues": RESOLUTIONS}
    steps = [transition("21", "done", worklog=worklog), transition("31", "done", resolution=known)]
    step = closing(steps)
    assert step is not None
    assert step.step.id == "31"
    assert [move.unanswered for one in steps if (move := closing([one]))] == [1, 0]
