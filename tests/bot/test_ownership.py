"""Whose issue is it? What carries our label is ours only when our own account has made it where it was asked for."""

import msgspec
import pytest
from msgspec.structs import replace

from bot.effects import CreateIssue, Effect, IssueDraft, Lane
from bot.errors import Unknown
from bot.message import Phrase
from bot.ports import Commit
from bot.tracker.labels import IssueLabels, former_label, label_name
from bot.tracker.snapshot import Snapshot
from bot.work import Work
from tests.bot.kit import ADAM, ANNA, BORIS
from tests.bot.office import Office
from tests.bot.platform import LOST, Kept, Trouble
from tests.bot.test_runner import phrases

DOWN = Unknown("the request was lost")
TOLD = "alert-foreign-issue"


@pytest.fixture
async def begun(office: Office) -> Office:
    office.bot.runner.company = replace(office.company, project="ONB")
    await office.writes(BORIS, "start @anna newcomer 2026-11-30")
    return office


async def issue_of(office: Office, step: str = "reading") -> str | None:
    issue = (await office.journey_of(ANNA)).step(step).issue
    return issue.key if issue else None


async def label(office: Office) -> str:
    (found,) = await office.store.lookup([label_name(f"{(await office.journey_of(ANNA)).id}:issue:reading")])
    assert found is not None
    return found


async def appears(office: Office, key: str, *, made_by_us: bool | None) -> Snapshot:
    """An issue with the label of the step's, older than all others."""
    number = int(key.partition("-")[2])
    snapshot = Snapshot(
        id=str(70000 + number),
        key=key,
        url=f"https://tracker.example/{key}",
        updated=office.tracker._now(),
        status="done",
        labels=("butterboard", await label(office)),
        made_by_us=made_by_us,
    )
    draft = IssueDraft(summary="", description="", type="Task")
    kept = Kept(label="", act=CreateIssue("", "", draft), snapshot=snapshot)
    office.tracker.kept = {key: kept, **office.tracker.kept}
    return snapshot


async def asked_in_vain(office: Office) -> None:
    """The step is done, and the first attempt to make its issue has not come through."""
    office.tracker.meets(Trouble(DOWN))
    await office.writes(ANNA, "done reading")


def told(office: Office) -> list[str]:
    """The issues that administrators have heard of."""
    texts = [one.message.text for one in office.chat.to(ADAM)]
    return [str(one.args["key"]) for one in texts if isinstance(one, Phrase) and one.key == TOLD]


@pytest.mark.parametrize(
    ("key", "made_by_us", "news", "comparison"),
    [
        ("ONB-901", True, True, True),
        ("onb-901", True, True, True),
        ("ONB-901", False, False, False),
        ("IT-901", False, False, False),
        ("IT-901", True, False, False),
        ("ONB-901", None, False, False),
    ],
)
async def test_an_issue_is_taken_up_only_when_we_have_made_it_where_it_was_asked_for(
    begun: Office, key: str, made_by_us: bool | None, *, news: bool, comparison: bool
) -> None:
    await asked_in_vain(begun)
    snapshot = await appears(begun, key, made_by_us=made_by_us)
    await begun.hears(snapshot)
    assert (await issue_of(begun) == key) == news
    await begun.reconciles()
    assert (await issue_of(begun) == key) == comparison
    assert (await begun.journey_of(ANNA)).step("reading").approved == comparison


async def test_what_is_not_ours_is_told_once_and_never_closed(begun: Office) -> None:
    await begun.writes(ANNA, "done reading")
    for number in range(20):
        snapshot = await appears(begun, f"COPY-{number}", made_by_us=False)
        for _ in range(2):
            await begun.hears(snapshot)
    await begun.reconciles()
    assert told(begun) == [f"COPY-{number}" for number in range(5)], "and no flood of them"
    assert begun.tracker.closed == []
    assert begun.tracker.calls.count("look") == 0


async def test_one_of_ours_elsewhere_is_told_by_the_comparison_alone(begun: Office) -> None:
    """News may be faster than the answer to the create, by which the issue is known however its project is called."""
    await asked_in_vain(begun)
    snapshot = await appears(begun, "IT-901", made_by_us=True)
    await begun.hears(snapshot)
    assert told(begun) == []
    await begun.reconciles()
    assert told(begun) == ["IT-901"]


async def test_while_it_is_unknown_who_we_are_nothing_is_taken_up_and_nobody_is_accused(begun: Office) -> None:
    await asked_in_vain(begun)
    snapshot = await appears(begun, "ONB-901", made_by_us=None)
    await begun.hears(snapshot)
    assert (await issue_of(begun), told(begun)) == (None, [])
    await begun.hears(replace(snapshot, made_by_us=True))
    assert await issue_of(begun) == "ONB-901"


async def test_an_issue_that_is_known_as_another_steps_is_not_taken_up_under_a_second_label(begun: Office) -> None:
    begun.tracker.meets(LOST)
    await begun.writes(ANNA, "done reading")  # made, but the answer is lost
    other = await appears(begun, "ONB-900", made_by_us=True)
    await _name(begun, f"issue-id:{other.id}", f"{(await begun.journey_of(ANNA)).id} papers")
    await begun.passes(seconds=31)
    assert await issue_of(begun) == "ONB-1"
    assert begun.tracker.closed == []


async def test_a_ticket_under_the_label_of_a_step_stays_a_ticket(begun: Office) -> None:
    begun.tracker.meets(Trouble(DOWN))
    await begun.writes(ANNA, "done reading")
    ticket = await appears(begun, "ONB-900", made_by_us=True)

    async def decision(work: Work) -> None:
        work.member("tickets", ticket.id)

    await begun.bot.runner.run("test", decision)
    await begun.hears(ticket)
    assert await issue_of(begun) is None
    await begun.passes(seconds=31)
    assert await issue_of(begun) == "ONB-1"
    assert begun.tracker.closed == []


async def _name(office: Office, lookup: str, value: str) -> None:
    async def decision(work: Work) -> None:
        work.name(lookup, value)

    await office.bot.runner.run("test", decision)


# --- what was asked for before, or under another key


async def test_an_issue_in_doubt_is_found_after_a_start_with_another_key(begun: Office) -> None:
    begun.tracker.meets(LOST)
    await begun.writes(ANNA, "done reading")
    begun.bot.runner.company = replace(begun.bot.runner.company, labels=IssueLabels.passing())
    await begun.passes(seconds=31)
    await begun.passes(minutes=30)
    assert await issue_of(begun) == "ONB-1"
    assert len(begun.tracker.made) == 1


async def test_what_is_decided_again_under_another_key_keeps_its_label(begun: Office) -> None:
    await asked_in_vain(begun)
    before = await label(begun)
    begun.bot.runner.company = replace(begun.bot.runner.company, labels=IssueLabels.passing())
    await begun.writes(ANNA, "reopen reading")
    await begun.writes(ANNA, "done reading")
    assert await label(begun) == before
    await begun.passes(seconds=31)
    assert before in begun.tracker.issue("ONB-1").labels
    assert await issue_of(begun) == "ONB-1"


async def test_an_issue_that_was_in_doubt_before_labels_had_a_key_is_not_made_twice(begun: Office) -> None:
    begun.tracker.labels = None
    journey = await begun.journey_of(ANNA)
    effect = f"{journey.id}:issue:papers"
    waiting = (
        f'{{"id":"{effect}","lane":{{"destination":"tracker","key":"{journey.id}","bulk":false}},"act":{{'
        f'"type":"issue","journey":"{journey.id}","step":"papers","draft":{{"summary":"Check","description":"",'
        '"type":"Task","project":null,"priority":null,"due":null,"labels":[],"assignee":null,"assignee_name":""}},'
        f'"subject":"{journey.id}","steps":[],"replaces":false,"once":false,"quiet":false,"in_doubt":"repeat",'
        '"not_before":null,"expires":null,"needs":null}'
    )
    begun.tracker.meets(LOST)
    await begun.store.commit(Commit(effects=(msgspec.json.decode(waiting, type=Effect),)))
    begun.nudge()
    await begun.idle()
    assert former_label(effect) in begun.tracker.issue("ONB-1").labels
    await begun.passes(seconds=31)
    await begun.passes(minutes=30)
    assert await issue_of(begun, "papers") == "ONB-1"
    assert len(begun.tracker.made) == 1
    assert phrases(begun, ADAM) == []


async def test_news_of_an_issue_under_a_former_label_are_followed(begun: Office) -> None:
    """The version before has named the label of each effect that it decided."""
    journey = await begun.journey_of(ANNA)
    await asked_in_vain(begun)
    await _name(begun, f"label:{former_label(f'{journey.id}:issue:reading')}", f"{journey.id} reading")
    snapshot = await appears(begun, "ONB-901", made_by_us=True)
    old = ("butterboard", former_label(f"{journey.id}:issue:reading"))
    await begun.hears(replace(snapshot, labels=old, made_by_us=False))
    assert (await issue_of(begun), told(begun)) == (None, ["ONB-901"])
    await begun.hears(replace(snapshot, labels=old))
    assert await issue_of(begun) == "ONB-901"


def test_an_effect_keeps_the_label_it_was_decided_with() -> None:
    act = CreateIssue("j", "reading", IssueDraft(summary="", description="", type="Task"))
    effect = Effect(id="j:issue:reading", lane=Lane("tracker", "j"), act=act)
    first = IssueLabels.passing().labelled(effect)
    assert isinstance(first.act, CreateIssue)
    assert first.act.label
    assert IssueLabels.passing().labelled(first) == first
    with pytest.raises(ValueError, match="16 bytes"):
        IssueLabels(b"short")
