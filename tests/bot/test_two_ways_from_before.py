"""What the version before both ways has stored and left waiting is read, and means what it meant."""

import msgspec
import pytest

from bot import commands
from bot.effects import CreateIssue, Effect, SyncIssue, VerifyIssue
from bot.events import JourneyEvent
from bot.journey.evolve import fold
from bot.journey.state import Journey, unsynced
from tests.bot.kit import Story, moment

STATE = (
    '{"id":"j","person":"9386f8123b1818b8","manager":"ba72e72d48ca8907","by":"ba72e72d48ca8907",'
    '"scenario":"newcomer","version":"456cf331ac887305","start":"2026-11-30","started_at":"2026-11-30T09:00:00Z",'
    '"status":"active","ended_at":null,"steps":{"laptop":{"status":"open","opened":"2026-11-30","due":"2026-12-01"},'
    '"papers":{"status":"done","opened":"2026-11-30","due":"2026-12-01","done_at":"2026-11-30T10:00:00Z",'
    '"done_by":"9386f8123b1818b8"},"reading":{"status":"done","opened":"2026-11-30","due":"2026-12-02",'
    '"done_at":"2026-11-30T10:00:00Z","done_by":"9386f8123b1818b8",'
    '"issue":{"key":"ONB-1","url":"https://t/ONB-1"}}}}'
)
LOG = (
    '{"type":"JourneyStarted","journey":"j","person":"9386f8123b1818b8","manager":"ba72e72d48ca8907",'
    '"by":"ba72e72d48ca8907","scenario":"newcomer","version":"456cf331ac887305","start":"2026-11-30",'
    '"at":"2026-11-30T09:00:00Z"}',
    '{"type":"StepOpened","step":"laptop","opened":"2026-11-30","due":"2026-12-01","at":"2026-11-30T09:00:00Z"}',
    '{"type":"StepOpened","step":"papers","opened":"2026-11-30","due":"2026-12-01","at":"2026-11-30T09:00:00Z"}',
    '{"type":"StepOpened","step":"reading","opened":"2026-11-30","due":"2026-12-02","at":"2026-11-30T09:00:00Z"}',
    '{"type":"StepCompleted","step":"papers","by":"9386f8123b1818b8","at":"2026-11-30T10:00:00Z"}',
    '{"type":"StepCompleted","step":"reading","by":"9386f8123b1818b8","at":"2026-11-30T10:00:00Z"}',
    '{"type":"IssueRecorded","step":"reading","key":"ONB-1","url":"https://t/ONB-1","at":"2026-11-30T10:01:00Z"}',
)
WAITING = (
    '{"id":"j:issue:reading","lane":{"destination":"tracker","key":"j","bulk":false},"act":{"type":"issue",'
    '"journey":"j","step":"reading","draft":{"summary":"Check","description":"","type":"Task","project":null,'
    '"priority":null,"due":"2026-12-03","labels":[],"assignee":"boris@example.org","assignee_name":""}},'
    '"subject":"j","steps":[],"replaces":false,"once":false,"quiet":false,"in_doubt":"repeat","not_before":null,'
    '"expires":null,"needs":null}',
    '{"id":"j:issue:reading:verify:0","lane":{"destination":"tracker","key":"j:issue:reading:verify:0","bulk":false},'
    '"act":{"type":"verify","journey":"j","step":"reading","of":"j:issue:reading"},"subject":null,"steps":[],'
    '"replaces":false,"once":false,"quiet":false,"in_doubt":"repeat","not_before":"2026-11-30T10:03:00Z",'
    '"expires":null,"needs":null}',
)


def stored() -> Journey:
    return msgspec.json.decode(STATE, type=Journey)


def test_a_journey_and_its_log_from_before_are_the_same() -> None:
    assert fold(None, [msgspec.json.decode(line, type=JourneyEvent) for line in LOG]) == stored()


@pytest.mark.parametrize(("line", "kind"), list(zip(WAITING, (CreateIssue, VerifyIssue), strict=True)))
def test_what_waits_in_lanes_from_before_can_be_delivered(line: str, kind: type) -> None:
    assert isinstance(msgspec.json.decode(line, type=Effect).act, kind)


def test_nothing_is_written_to_an_issue_that_was_never_seen() -> None:
    assert unsynced(stored(), "reading") == ()
    story = Story()
    story.journey = stored()
    story.completes("laptop", "2026-12-01 10:00", by=story.manager)
    story.wakes("2026-12-14 10:00")
    assert not any(isinstance(effect.act, SyncIssue) for effect in story.effects)


def test_an_issue_from_before_approves_as_its_scenario_says_once_its_id_is_known() -> None:
    story = Story()
    story.journey = stored()
    record = commands.RecordIssue(step="reading", key="ONB-1", url="https://t/ONB-1", id="10001")
    story.does(record, moment("2026-12-01 10:00"))
    issue = story.now_standing.step("reading").issue
    assert issue is not None
    assert (issue.id, issue.approves, issue.own_due) == ("10001", True, True)
    assert "step-done-issue" not in [said for person in story.people.values() for said in story.said_to(person)]
    assert story.does(record, moment("2026-12-01 10:01")) == ()
