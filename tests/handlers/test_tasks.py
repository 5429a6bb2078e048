"""Tasks that heads give, and steps that they change, skip and open again, as people see it in a messenger."""

import pytest

from bot.incoming import Place
from bot.message import Day, Fact, Phrase
from bot.scenario import Step
from bot.texts import speaker
from tests.bot.kit import ANNA, BORIS, HELGA, OLGA, OSCAR, day, moment, statuses
from tests.bot.office import Office
from tests.handlers.test_onboarding import begin, heard, hears, key, phrase

PREPARE = "Подготовить ноутбук"


@pytest.fixture
async def begun(office: Office) -> Office:
    """Anna's first morning, a Tuesday, ten past nine. Boris, Olga and Anna have accounts in the tracker."""
    office.tracker.knows(BORIS, OLGA, ANNA)
    await begin(office)
    await office.comes(moment("2026-12-01 06:10"))
    return office


async def task_of(office: Office) -> Step:
    (task,) = (await office.journey_of(ANNA)).tasks
    return task


async def issue_of(office: Office) -> str:
    """The key of the task's issue."""
    issue = (await office.journey_of(ANNA)).step((await task_of(office)).id).issue
    assert issue is not None
    return issue.key


async def status_of(office: Office, name: str) -> str:
    return statuses(await office.journey_of(ANNA))[name]


# --- giving a task


@pytest.mark.parametrize(
    "text",
    [
        f'/onboarding task @anna "{PREPARE}" priority high due friday for @olga',
        f"задача @anna {PREPARE} приоритет высокий до пятницы для @olga",
        f"поручить для @olga к пятнице «{PREPARE}» @anna приоритет важно",
        f"/onboarding task Anna Smirnova “{PREPARE}” due 2026-12-04 priority High исполнитель olga@example.org",
    ],
)
async def test_a_task_is_understood_however_it_is_put(begun: Office, text: str) -> None:
    await begun.writes(BORIS, text)
    task, journey = await task_of(begun), await begun.journey_of(ANNA)
    state = journey.step(task.id)
    assert (task.title.ru, task.title.en, task.who) == (PREPARE, PREPARE, "manager")
    assert (state.status, state.due, state.priority, state.assignee) == ("open", day("2026-12-04"), "high", OLGA.id)
    assert "task-given" in heard(begun, OLGA)
    assert "task-added" in heard(begun, BORIS)


@pytest.mark.parametrize("text", ["срок 1 декабря", "1 декабря", "due 1 December 2026"])
async def test_a_changed_day_may_be_written_out(begun: Office, text: str) -> None:
    await begun.writes(BORIS, f"изменить @anna papers {text}")
    assert (await begun.journey_of(ANNA)).step("papers").due == day("2026-12-01")


async def test_a_task_becomes_an_issue_named_after_it_and_the_person(begun: Office) -> None:
    await begun.writes(BORIS, f'task @anna "{PREPARE}" priority high due friday for @olga')
    (_, act), *_ = begun.tracker.made
    assert act.draft.summary == f"{PREPARE}: Anna Smirnova"
    assert (act.draft.priority, act.draft.due, act.draft.assignee) == ("high", day("2026-12-04"), OLGA.email)
    issue = (await begun.journey_of(ANNA)).step((await task_of(begun)).id).issue
    assert issue is not None
    assert not issue.approves


async def test_a_task_of_nobody_else_is_the_newcomers_own(begun: Office) -> None:
    assert key(await begun.commands(BORIS, "task @anna Fill in the tax form")) == "task-added"
    task = await task_of(begun)
    assert (task.who, task.remind, task.title.en) == ("newcomer", (), "Fill in the tax form")
    assert hears(begun, ANNA) == "task-for-you"
    await begun.writes(ANNA, "done tax form")
    assert (await begun.journey_of(ANNA)).step(task.id).status == "done"


async def test_a_task_of_the_newcomer_named_once_is_theirs(begun: Office) -> None:
    await begun.writes(BORIS, 'task "Fill in the tax form" for @anna due tomorrow')
    assert (await task_of(begun)).who == "newcomer"
    assert (await begun.journey_of(ANNA)).step((await task_of(begun)).id).due == day("2026-12-02")


async def test_the_confirmation_says_what_was_understood(begun: Office) -> None:
    reply = await begun.commands(BORIS, f'task @anna "{PREPARE}" priority high due friday for @olga')
    assert reply is not None
    assert reply.message is not None
    assert reply.message.facts == (
        Fact(Phrase("fact-executor"), OLGA.name),
        Fact(Phrase("fact-priority"), Phrase("priority-high")),
        Fact(Phrase("fact-due"), Day(day("2026-12-04"))),
    )
    assert PREPARE in speaker("ru")(reply.message.text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('task @anna "X" priority huge', "priority-unknown"),
        ('task @anna "X" priority', "priority-missing"),
        ('task @anna "X" due someday', "date-unknown"),
        ('task @anna "X" due 31.02.2027', "date-unknown"),
        ('task @anna "X" due 2026-11-30', "due-past"),
        ('task @anna "X" due 2029-01-01', "date-too-far"),
        ('task "X" due friday', "task-nobody"),
        ("task Prepare a laptop", "task-nobody"),
        ('task Nobody "X"', "person-unknown"),
        ('task Nobody "X" for @olga', "person-unknown"),
        ('task @nobody "X"', "person-unknown"),
        ('task @anna "X" for @nobody', "person-unknown"),
        ('task @anna "X" @olga', "task-usage"),
        ("task @anna", "task-no-title"),
        ('task @anna "\u200b!"', "task-no-title"),
        (f'task @anna "{"x" * 201}"', "task-title-long"),
        ('task @olga "X"', "not-your-person"),
    ],
)
async def test_what_cannot_be_given_is_said_in_plain_words(begun: Office, text: str, said: str) -> None:
    assert key(await begun.commands(BORIS, text)) == said
    assert (await begun.journey_of(ANNA)).tasks == ()


async def test_who_has_no_onboarding_gets_no_task(begun: Office) -> None:
    assert key(await begun.commands(HELGA, 'task @olga "X"')) == "journey-none-of"


async def test_a_task_alone_in_a_conversation_tells_how_it_is_put(begun: Office) -> None:
    await begun.writes(BORIS, "задача")
    assert hears(begun, BORIS) == "task-usage"


async def test_a_newcomer_gives_no_task(begun: Office) -> None:
    assert key(await begun.commands(ANNA, 'task @anna "X"')) == "not-allowed"


async def test_a_title_is_one_line(begun: Office) -> None:
    await begun.writes(BORIS, 'task @anna "Prepare\n  the\u00a0desk\u200b"')
    assert (await task_of(begun)).title.en == "Prepare the desk"


async def test_a_comma_before_what_follows_is_none_of_the_title(begun: Office) -> None:
    await begun.writes(BORIS, "task for @olga: show @anna the office, due friday, priority low")
    assert (await task_of(begun)).title.en == "show the office"


async def test_what_is_quoted_inside_a_title_stays(begun: Office) -> None:
    await begun.writes(BORIS, "task @anna Read «War and Peace» for fun by friday")
    assert (await task_of(begun)).title.en == "Read «War and Peace» for fun"


# --- the form


async def test_a_bare_slash_task_opens_a_form(begun: Office) -> None:
    reply = await begun.commands(BORIS, "task")
    assert reply is not None
    assert reply.form is not None
    needed = {field.name: field.required for field in reply.form.fields}
    assert needed == {"person": True, "title": True, "priority": True, "due": False, "executor": False}


async def test_a_filled_in_form_gives_the_task(begun: Office) -> None:
    values = {"person": "<@ANNA>", "title": PREPARE, "priority": "high", "due": "2026-12-04", "executor": "<@OLGA>"}
    assert key(await begun.submits(BORIS, "task", **values)) == "task-added"
    assert (await task_of(begun)).title.ru == PREPARE
    assert "task-given" in heard(begun, OLGA)


async def test_what_a_form_leaves_out_is_left_out(begun: Office) -> None:
    values = {"person": "<@ANNA>", "title": PREPARE, "priority": "medium", "due": "", "executor": ""}
    assert key(await begun.submits(BORIS, "task", **values)) == "task-added"
    task = await task_of(begun)
    assert (task.who, (await begun.journey_of(ANNA)).step(task.id).due) == ("newcomer", None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"priority": "huge"}, "priority"),
        ({"due": "someday"}, "due"),
        ({"due": "2026-11-30"}, "due"),
        ({"executor": "nobody"}, "executor"),
        ({"person": ""}, "person"),
        ({"person": "<@OLGA>"}, "person"),
    ],
)
async def test_errors_of_the_form_stand_beside_their_field(begun: Office, wrong: dict[str, str], field: str) -> None:
    values = {"person": "<@ANNA>", "title": PREPARE, "priority": "high", "due": "2026-12-04", "executor": ""}
    reply = await begun.submits(BORIS, "task", **{**values, **wrong})
    assert reply is not None
    assert [*reply.errors] == [field]


# --- whoever has a step


async def test_whoever_got_a_task_completes_it_by_button_or_word(begun: Office) -> None:
    await begun.writes(BORIS, f'task @anna "{PREPARE}" for @olga')
    given = next(one.message for one in begun.chat.to(OLGA) if phrase(one.message) == "task-given")
    button = given.buttons[0]
    await begun.presses(OLGA, button.action, button.value)
    assert (await begun.journey_of(ANNA)).step((await task_of(begun)).id).status == "done"


async def test_whoever_got_a_task_finds_it_without_naming_anybody(begun: Office) -> None:
    await begun.writes(BORIS, f'task @anna "{PREPARE}" for @olga')
    await begun.writes(OLGA, "status")
    shown = begun.chat.to(OLGA)[-1].message
    assert hears(begun, OLGA) == "steps-given"
    assert [item.id.partition(":")[2] for item in shown.items] == [(await task_of(begun)).id]
    assert [link.label for link in shown.items[0].links] == [await issue_of(begun)]
    await begun.writes(OLGA, f"done {PREPARE}")
    assert (await begun.journey_of(ANNA)).step((await task_of(begun)).id).status == "done"
    await begun.writes(OLGA, "status")
    assert hears(begun, OLGA) == "journey-none"


async def test_the_issue_of_a_task_is_told_to_whoever_has_no_plan_to_see_it_in(begun: Office) -> None:
    await begun.writes(BORIS, f'task @anna "{PREPARE}" for @olga')
    for reader in (OLGA, BORIS):
        (told,) = [one.message for one in begun.chat.to(reader) if phrase(one.message) == "task-issue"]
        assert [link.label for link in told.links] == [await issue_of(begun)]
    assert "task-issue" not in heard(begun, ANNA)


@pytest.mark.parametrize("verb", ["skip", "reopen"])
async def test_the_issue_stands_beside_a_step_to_choose(begun: Office, verb: str) -> None:
    await begun.writes(BORIS, f'task @anna "{PREPARE}"')
    if verb == "reopen":
        await begun.writes(ANNA, f"done {PREPARE}")
    await begun.writes(BORIS, f"{verb} @anna")
    assert phrase(begun.chat.to(BORIS)[-1].message) == f"{verb}-which"
    (shown,) = [one for one in begun.chat.to(BORIS)[-1].message.items if one.id == (await task_of(begun)).id]
    assert [link.label for link in shown.links] == [await issue_of(begun)]


async def test_whoever_got_a_task_completes_that_one_and_no_other(begun: Office) -> None:
    await begun.writes(BORIS, f'task @anna "{PREPARE}" for @olga')
    await begun.writes(OLGA, "done @anna papers")
    assert hears(begun, OLGA) == "not-your-person"
    await begun.writes(OLGA, "done @anna")
    assert [*begun.chat.to(OLGA)[-1].lines] == [(await task_of(begun)).id]
    await begun.writes(OLGA, f"готово @anna «{PREPARE}»")
    assert (await begun.journey_of(ANNA)).step((await task_of(begun)).id).status == "done"
    assert await status_of(begun, "papers") == "open"


# --- changing a step


async def test_a_step_gets_another_day_priority_and_person(begun: Office) -> None:
    await begun.writes(BORIS, "change @anna laptop due friday priority high for @olga")
    state = (await begun.journey_of(ANNA)).step("laptop")
    assert (state.due, state.priority, state.assignee) == (day("2026-12-04"), "high", OLGA.id)
    assert [fact.name for fact in begun.chat.to(BORIS)[-1].message.facts] == [
        Phrase("fact-executor"),
        Phrase("fact-priority"),
        Phrase("fact-due"),
    ]
    assert hears(begun, OLGA) == "task-given"


@pytest.mark.parametrize("text", ["перенести @anna papers на пятницу", "/onboarding change Anna 2 2026-12-04"])
async def test_a_step_is_moved_as_people_say_it(begun: Office, text: str) -> None:
    await begun.writes(BORIS, text)
    assert (await begun.journey_of(ANNA)).step("papers").due == day("2026-12-04")
    assert hears(begun, ANNA) == "due-changed"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("change", "change-usage"),
        ("change @anna papers", "change-usage"),
        ("change @anna due friday", "change-which"),
        ("change @anna dance due friday", "step-unknown-of"),
        ("change @anna papers due 2026-11-30", "due-past"),
        ("change @anna papers for @olga", "change-not-assignable"),
        ("change @anna papers due 2026-12-02", "changed-already"),
        ("change @olga papers due friday", "not-your-person"),
    ],
)
async def test_what_cannot_be_changed_is_said(begun: Office, text: str, said: str) -> None:
    assert key(await begun.commands(BORIS, text)) == said


# --- open again, skip


async def test_a_step_is_opened_again_by_its_person(begun: Office) -> None:
    await begun.writes(ANNA, "done papers")
    await begun.writes(ANNA, "вернуть papers")
    assert await status_of(begun, "papers") == "open"
    assert hears(begun, ANNA) == "reopened"


async def test_a_head_opens_again_also_what_has_finished(begun: Office) -> None:
    for name in ("papers", "reading", "meeting", "laptop"):
        await begun.writes(BORIS, f"done @anna {name}")
    assert (await begun.journey_of(ANNA)).status == "finished"
    await begun.writes(BORIS, "reopen @anna papers")
    assert ((await begun.journey_of(ANNA)).status, await status_of(begun, "papers")) == ("active", "open")
    assert hears(begun, BORIS) == "reopened"
    assert "step-reopened" in heard(begun, ANNA)


async def test_reopen_alone_shows_what_is_done_each_with_its_button(begun: Office) -> None:
    await begun.writes(ANNA, "reopen")
    assert hears(begun, ANNA) == "reopen-nothing"
    await begun.writes(ANNA, "done papers")
    await begun.writes(ANNA, "reopen")
    (line,) = begun.chat.to(ANNA)[-1].message.items
    assert line.button is not None
    await begun.presses(OLGA, line.button.action, line.button.value)
    assert hears(begun, OLGA) == "outdated"
    await begun.presses(ANNA, line.button.action, line.button.value)
    assert await status_of(begun, "papers") == "open"


async def test_a_finished_onboarding_that_was_begun_anew_stays_finished(begun: Office) -> None:
    for name in ("papers", "reading", "meeting", "laptop"):
        await begun.writes(BORIS, f"done @anna {name}")
    old = await begun.journey_of(ANNA)
    await begin(begun, "start @anna newcomer 2026-12-02")
    await begun.presses(BORIS, "reopen", f"{old.id} papers")
    assert hears(begun, BORIS) == "outdated"
    await begun.writes(BORIS, "reopen @anna papers")
    assert hears(begun, BORIS) == "step-not-done"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("reopen @olga papers", "not-your-person"),
        ("reopen papers", "reopen-usage"),
        ("reopen @anna papers", "step-not-done"),
    ],
)
async def test_what_cannot_be_opened_again_is_said(begun: Office, text: str, said: str) -> None:
    assert key(await begun.commands(BORIS, text)) == said


async def test_a_step_is_skipped_by_a_head(begun: Office) -> None:
    await begun.writes(BORIS, "пропустить @anna papers")
    assert (await status_of(begun, "papers"), hears(begun, BORIS)) == ("skipped", "skipped")
    await begun.writes(BORIS, "skip @anna papers")
    assert hears(begun, BORIS) == "skipped-already"


async def test_skip_with_a_person_alone_shows_what_is_left(begun: Office) -> None:
    await begun.writes(BORIS, "skip @anna")
    shown = begun.chat.to(BORIS)[-1].message
    assert (phrase(shown), [item.id for item in shown.items]) == (
        "skip-which",
        ["laptop", "papers", "reading", "meeting"],
    )
    button = shown.items[1].button
    assert button is not None
    await begun.presses(OSCAR, button.action, button.value)
    assert hears(begun, OSCAR) == "outdated"
    await begun.presses(BORIS, button.action, button.value)
    assert await status_of(begun, "papers") == "skipped"


@pytest.mark.parametrize(("text", "said"), [("skip", "skip-usage"), ("skip @olga papers", "not-your-person")])
async def test_what_cannot_be_skipped_is_said(begun: Office, text: str, said: str) -> None:
    assert key(await begun.commands(BORIS, text)) == said


async def test_a_newcomer_skips_nothing(begun: Office) -> None:
    assert key(await begun.commands(ANNA, "skip @anna papers")) == "not-allowed"


# --- what is a question


@pytest.mark.parametrize(
    "text", ["вернуть ноутбук", "задача не создаётся", "изменить пароль", "пропустить обед", "сверка зарплаты"]
)
async def test_words_of_everyday_stay_questions(begun: Office, text: str) -> None:
    await begun.writes(BORIS, text)
    assert begun.handbook.asked == [text]


# --- an issue that was deleted


async def test_a_deleted_issue_is_made_again_at_the_press_of_a_button(begun: Office) -> None:
    await begun.writes(ANNA, "done reading")
    journey = await begun.journey_of(ANNA)
    begun.tracker.delete("ONB-1")
    await begun.writes(BORIS, "sync")
    shown = next(one for one in begun.chat.to(BORIS) if phrase(one.message) == "issue-lost")
    button = shown.message.buttons[0]
    await begun.presses(OSCAR, button.action, button.value)
    assert hears(begun, OSCAR) == "outdated"
    assert key(await begun.commands(BORIS, "sync report", place=Place("chat", "BORIS"))) == "sync-done"
    await begun.presses(BORIS, button.action, button.value)
    assert "remaking" in heard(begun, BORIS)
    assert [label for label, _ in begun.tracker.made][-1] == f"{journey.id}:issue:reading:1"
    await begun.presses(BORIS, button.action, button.value)
    assert hears(begun, BORIS) == "outdated"


async def test_an_issue_of_a_finished_onboarding_opened_again_in_the_tracker_counts_beside_a_newer_one(
    begun: Office,
) -> None:
    for name in ("papers", "reading", "meeting", "laptop"):
        await begun.writes(BORIS, f"done @anna {name}")
    old = await begun.journey_of(ANNA)
    await begun.writes(BORIS, "sync")
    begun.tracker.edit("ONB-1", status="done")
    await begun.writes(BORIS, "sync")
    await begin(begun, "start @anna newcomer 2026-12-02")
    begun.tracker.edit("ONB-1", status="new")
    await begun.writes(BORIS, "sync")
    again = await begun.work().journey(old.id)
    assert again is not None
    assert again.step("reading").status == "open"
    assert await begun.dead() == []
