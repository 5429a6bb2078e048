"""What waits for somebody: what the steps of others than the newcomer ask of them, and the list of it all."""

from collections.abc import AsyncIterator, Iterable

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from bot.directory import import_directory
from bot.incoming import Place, Wrote
from bot.indexes import complete
from bot.journey.todo import READABLE
from bot.message import Item, Link, Local, Message, Phrase
from bot.people import Person
from bot.scenario import IssueTemplate, Scenario
from bot.scenario import Link as Page
from bot.texts import speaker
from bot.todo import todo_of
from bot.work import Work
from tests.bot.kit import ANNA, BORIS, EVERYBODY, HELGA, OLGA, OSCAR, moment, person, scenario, step
from tests.bot.office import Office, open_office
from tests.handlers.test_onboarding import heard, hears, key, phrase

ASKS = Local("Закажите ноутбук", "Order a laptop")
GUIDE = Page(Local("Как заказать", "How to order"), "https://wiki.example.org/laptops")
CHECK = IssueTemplate(summary=Local("Проверить", "Check"), on="done", assignee="manager")
STEPS = scenario(
    step("laptop", who="manager", day=-2, due=1, remind=(0,), escalate=1, text=ASKS, links=(GUIDE,)),
    step("papers", due=1, jira=CHECK),
    step("meeting", who="manager", due=5),
)
SHOWN = (ASKS, (Link(GUIDE.title, GUIDE.url),))


@pytest.fixture
async def office(redis_client: Redis, organisation: str) -> AsyncIterator[Office]:
    async with open_office(redis_client, organisation, (STEPS,)) as opened:
        await opened.writes(BORIS, "start @anna newcomer 2026-12-01")
        yield opened


def asked(message: Message, step_id: str = "laptop") -> tuple[object, tuple[Link, ...]]:
    """What a message shows of a step: its text, and its pages, beside it or below the message."""
    (found,) = [one for one in message.items if one.id.rpartition(":")[2] == step_id]
    pages = (*found.links, *message.links)
    return found.text, tuple(one for one in pages if one.url.startswith("https://wiki"))


def told(office: Office, who: Person, name: str) -> Message:
    return [one.message for one in office.chat.to(who) if phrase(one.message) == name][-1]


def steps_in(message: Message) -> list[str]:
    return [one.id.rpartition(":")[2] for one in message.items]


async def listed(office: Office, who: Person, text: str = "tasks") -> Message:
    await office.writes(who, text)
    return office.chat.to(who)[-1].message


async def begin_of_olga(office: Office) -> None:
    await office.writes(OSCAR, "start @olga newcomer 2026-12-01")


# --- what a step asks


async def test_the_message_about_a_managers_step_says_what_it_asks(office: Office) -> None:
    assert asked(told(office, BORIS, "step-for-manager")) == SHOWN


async def test_the_reminder_of_a_managers_step_says_what_it_asks_too(office: Office) -> None:
    await office.comes(moment("2026-12-01 07:00"))
    assert asked(told(office, BORIS, "remind-today")) == SHOWN
    await office.comes(moment("2026-12-02 07:00"))
    overdue = told(office, BORIS, "overdue")
    assert asked(overdue) == SHOWN
    assert overdue.buttons[0].action == "done"


async def test_a_status_of_a_person_has_their_managers_own_steps_with_what_they_ask(office: Office) -> None:
    shown = await listed(office, BORIS, "status @anna")
    assert asked(shown) == SHOWN
    assert [one.button.action for one in shown.items if one.button] == ["done"]
    await office.presses(BORIS, shown.items[0].button.action, shown.items[0].button.value)  # type: ignore[union-attr]
    assert (await office.journey_of(ANNA)).step("laptop").status == "done"


async def test_a_status_of_the_team_has_ones_own_steps_below_each_person(office: Office) -> None:
    assert asked(await listed(office, BORIS, "status team")) == SHOWN


async def test_the_home_page_of_a_manager_has_their_steps_and_follows_them(office: Office) -> None:
    await office.opens_home(BORIS)
    (waiting,) = [one for one in office.chat.at_home[BORIS.id].sections if "waiting" in phrase(one)]
    assert asked(waiting) == SHOWN
    await office.writes(BORIS, "done @anna laptop")
    assert [one for one in office.chat.at_home[BORIS.id].sections if "waiting" in phrase(one)] == []


async def test_whoever_gets_a_step_reads_what_it_asks_and_who_had_it_sees_it_no_longer(office: Office) -> None:
    for reader in (BORIS, OLGA):
        await office.opens_home(reader)
    await office.writes(BORIS, "change @anna laptop for @olga")
    assert asked(told(office, OLGA, "task-given")) == SHOWN
    assert asked(await listed(office, OLGA)) == SHOWN
    assert hears_nothing_waits(await listed(office, BORIS))
    heading, waiting = office.chat.at_home[OLGA.id].sections
    assert phrase(heading) == "home-tasks"
    assert asked(waiting) == SHOWN
    assert not any("waiting" in phrase(one) for one in office.chat.at_home[BORIS.id].sections)
    await office.writes(BORIS, "change @anna laptop for @boris")
    assert not any("waiting" in phrase(one) for one in office.chat.at_home[OLGA.id].sections)


async def test_whoever_takes_over_from_somebody_who_has_left_reads_what_the_steps_ask(office: Office) -> None:
    left = [replace(one, origin="directory") for one in EVERYBODY if one.id not in (BORIS.id, ANNA.id)]
    await import_directory(office.bot.runner, [*left, replace(ANNA, manager=OSCAR.id, origin="directory")], sure=True)
    await office.idle()
    assert asked(told(office, OSCAR, "left-to-you")) == SHOWN
    assert asked(await listed(office, OSCAR)) == SHOWN
    assert await todo_of(office.work(), BORIS.id) == []


async def test_a_step_given_to_the_newcomer_is_explained_in_their_own_plan_with_its_button(office: Office) -> None:
    await office.writes(BORIS, "change @anna laptop for anna@example.org")
    assert asked(told(office, ANNA, "task-for-you")) == SHOWN
    plan = [one.message for one in office.chat.to(ANNA) if phrase(one.message) == "checklist"][-1]
    assert asked(plan) == SHOWN
    assert next(one for one in plan.items if one.id == "laptop").button is not None


# --- who does not read it


async def test_the_newcomer_does_not_read_what_a_step_asks_of_others(office: Office) -> None:
    await office.comes(moment("2026-12-02 07:00"))
    await listed(office, ANNA, "status")
    await listed(office, ANNA, "status @anna")
    await listed(office, ANNA)
    await office.opens_home(ANNA)
    seen = [*(one.message for one in office.chat.to(ANNA)), *office.chat.at_home[ANNA.id].sections]
    assert "laptop" in {one.id for message in seen for one in message.items}
    assert ASKS not in {one.text for message in seen for one in message.items}


async def test_nobody_else_reads_it_but_who_may_see_the_journey(office: Office) -> None:
    for reader in (OSCAR, OLGA):
        for text in ("status @anna", "status team", "tasks", "status"):
            await office.writes(reader, text)
        assert ASKS not in {one.text for shown in office.chat.to(reader) for one in shown.message.items}
    shown = await listed(office, HELGA, "status @anna")
    assert asked(shown) == SHOWN
    assert shown.items[0].button is None  # it waits for somebody else
    assert hears_nothing_waits(await listed(office, HELGA))


async def test_in_a_channel_the_list_is_answered_in_private(office: Office) -> None:
    await office.writes(BORIS, "мои задачи", place=Place("chat", "C1", private=False))
    assert [phrase(one.message) for one in office.chat.to("C1")] == ["answered-in-private"]
    assert asked(office.chat.to(BORIS)[-1].message) == SHOWN


# --- the list


def hears_nothing_waits(message: Message) -> bool:
    return phrase(message) == "tasks-none"


@pytest.mark.parametrize("text", ["tasks", "задачи", "Мои задачи", "my tasks!", "Мои задачи?", "/onboarding tasks"])
async def test_the_list_is_called_by_its_name(office: Office, text: str) -> None:
    await office.writes(BORIS, text)
    assert hears(office, BORIS) == "tasks"
    assert key(await office.commands(BORIS, "tasks")) == "tasks"


@pytest.mark.parametrize("text", ["tasks @anna", 'задачи @anna "Подготовить ноутбук"', "tasks tomorrow"])
async def test_the_list_takes_nobodys_name_and_gives_nothing(office: Office, text: str) -> None:
    assert key(await office.commands(BORIS, text)) == "tasks-usage"
    if "@" in text.split()[1]:
        await office.writes(BORIS, text)
        assert hears(office, BORIS) == "tasks-usage"
    assert (await office.journey_of(ANNA)).tasks == ()


async def test_giving_a_task_is_not_taken_for_the_list(office: Office) -> None:
    assert key(await office.commands(BORIS, 'task @anna "X"')) == "task-added"
    (task,) = (await office.journey_of(ANNA)).tasks
    await office.writes(BORIS, "задача")
    assert hears(office, BORIS) == "task-usage"
    assert (await office.journey_of(ANNA)).tasks == (task,)


async def test_who_has_nothing_to_do_is_told_so_kindly(office: Office) -> None:
    assert hears_nothing_waits(await listed(office, HELGA))


async def test_a_task_for_somebody_with_an_onboarding_of_their_own_is_in_their_list(office: Office) -> None:
    await begin_of_olga(office)
    await office.comes(moment("2026-12-01 06:10"))
    await office.opens_home(OLGA)
    await office.writes(BORIS, 'task @anna "Show the office" due friday for @olga')
    (task,) = (await office.journey_of(ANNA)).tasks
    shown = await listed(office, OLGA)
    assert steps_in(shown) == ["papers", task.id]
    assert [one.button is not None for one in shown.items] == [True, True]
    await office.writes(OLGA, "status")
    assert heard(office, OLGA)[-2:] == ["checklist", "also-waiting"]
    assert steps_in(office.chat.to(OLGA)[-1].message) == [task.id]
    reply = await office.commands(OLGA, "status")
    assert reply is not None
    assert reply.message is not None
    assert reply.message.prompt == Phrase("also-waiting", {"count": 1})
    (pressed,) = reply.message.buttons
    assert steps_in((await press(office, OLGA, pressed.action, pressed.value))[-1]) == ["papers", task.id]
    assert any(task.id in steps_in(one) for one in office.chat.at_home[OLGA.id].sections)
    await office.presses(OLGA, shown.items[1].button.action, shown.items[1].button.value)  # type: ignore[union-attr]
    assert (await office.journey_of(ANNA)).step(task.id).status == "done"
    assert not any(task.id in steps_in(one) for one in office.chat.at_home[OLGA.id].sections)


async def press(office: Office, who: Person, action: str, value: str, **more: str) -> list[Message]:
    await office.presses(who, action, value, **more)
    return [one.message for one in office.chat.to(who)]


async def test_what_is_overdue_stands_first_then_what_is_due_then_questions_then_the_rest(office: Office) -> None:
    await begin_of_olga(office)
    await office.passes_on(ANNA, "Where is the herons' pond?")
    await office.writes(BORIS, 'task @anna "No day" for @boris')
    await office.writes(BORIS, 'task @anna "Later" due 2026-12-10 for @boris')
    await office.writes(BORIS, 'task @anna "Soon" due 2026-12-04 for @boris')
    await office.writes(ANNA, "done papers")
    await office.comes(moment("2026-12-03 07:00"))
    shown = await listed(office, BORIS)
    titles = [speaker("en")(one.title) for one in shown.items]
    assert [one.mark for one in shown.items] == ["overdue", *["open"] * 6]
    assert titles == [
        "1. Laptop", "6. Soon", "3. Meeting", "5. Later", "Where is the herons' pond?", "4. No day", "2. Papers",
    ]  # fmt: skip
    notes = [one.note.key for one in shown.items if isinstance(one.note, Phrase)]
    assert notes == [*["note-of-due"] * 4, "inquiry-note", "note-of", "note-check-of"]
    assert [one.button.action if one.button else None for one in shown.items] == [
        *["task-done"] * 4, "inquiry-answer", "task-done", None,
    ]  # fmt: skip


async def test_what_is_done_leaves_the_list_where_it_stands(office: Office) -> None:
    await listed(office, BORIS)
    shown = office.chat.to(BORIS)[-1]
    (button,) = [one.button for one in shown.message.items if one.id.endswith(":laptop")]
    assert button is not None
    await office.presses(BORIS, button.action, button.value, pressed=shown.ref)
    assert heard(office, BORIS)[-1] == "step-done"
    assert phrase(shown.message) == "tasks-none"
    assert (await office.journey_of(ANNA)).step("laptop").done_by == BORIS.id


async def test_where_the_acknowledgement_can_show_it_the_list_is_in_it(office: Office) -> None:
    shown = await listed(office, BORIS)
    button = shown.items[0].button
    assert button is not None
    reply = await office.presses(BORIS, button.action, button.value, on="card", pressed="card")
    assert reply is not None
    assert reply.instead is not None
    assert phrase(reply.instead) == "tasks-none"


@pytest.mark.parametrize("value", ["", "x", "x y", "x y z", "a b c d"])
async def test_a_button_of_the_list_made_up_by_somebody_changes_nothing(office: Office, value: str) -> None:
    before = await office.journey_of(ANNA)
    for made_up in (value, value.replace("x y", f"{before.id} laptop")):
        await office.presses(OLGA, "task-done", made_up)
        assert hears(office, OLGA) == "outdated"
    assert await office.journey_of(ANNA) == before


async def test_hr_finds_what_is_to_be_published_in_their_list(office: Office) -> None:
    await office.passes_on(ANNA, "Where is the key?")
    await office.writes(BORIS, "reply 1 Under the mat")
    (line,) = (await listed(office, HELGA)).items
    assert line.title == Phrase("tasks-drafts", {"count": 1})
    assert line.button is not None
    await office.presses(HELGA, line.button.action, line.button.value)
    assert hears(office, HELGA) == "drafts"
    assert "tasks-drafts" not in [getattr(one.title, "key", "") for one in (await listed(office, BORIS)).items]


# --- many of everything

NEWCOMERS = tuple(person(f"new{number:02}", f"New {number:02}", manager=BORIS.id) for number in range(50))
SHORT = scenario(step("laptop", who="manager", day=-2, due=1, text=ASKS, links=(GUIDE,)))
LONG = scenario(step("laptop", who="manager", day=-2, due=1, text=Local("я" * 2000, "x" * 2000)))


@pytest.mark.parametrize(("of", "people"), [(SHORT, NEWCOMERS), (LONG, NEWCOMERS[:7])], ids=["short", "long"])
async def test_a_manager_of_fifty_newcomers_pages_through_everything_once(
    redis_client: Redis, organisation: str, of: Scenario, people: tuple[Person, ...]
) -> None:
    async with open_office(redis_client, organisation, (of,), (*EVERYBODY, *people)) as office:
        for one in people:
            await office.receive(office.incoming(HELGA, Wrote(f"start @{one.handle}"), counted=True))
        pages = [message async for message in all_pages(office, BORIS)]
        seen = [one.id for page in pages for one in page.items]
        assert len(seen) == len(set(seen)) == len(people)
        assert len(pages) > 3
        assert all(len(page.items) <= 10 and weight(page.items) <= READABLE for page in pages)
        assert sum(bool(one.text) for page in pages for one in page.items) == len(people)
        for text in ("status team", "status"):
            shown = await listed(office, BORIS, text)
            assert shown.buttons[-1].action == "tasks"


def weight(items: Iterable[Item]) -> int:
    return sum(len(one.text.ru) for one in items if isinstance(one.text, Local))


async def all_pages(office: Office, who: Person) -> AsyncIterator[Message]:
    shown = await listed(office, who)
    yield shown
    while shown.buttons:
        (more,) = shown.buttons
        shown = (await press(office, who, more.action, more.value))[-1]
        yield shown


async def test_the_list_reads_the_journeys_in_which_something_waits_and_no_others(office: Office) -> None:
    for one in ("laptop", "papers", "meeting"):
        await office.writes(BORIS, f"done @anna {one}")
    assert await office.store.members(f"todo:{BORIS.id}") == [(await office.journey_of(ANNA)).id]  # to be checked
    await begin_of_olga(office)
    assert await office.store.members(f"todo:{OSCAR.id}") == [(await office.journey_of(OLGA)).id]
    await office.writes(OSCAR, "done @olga laptop")
    assert await office.store.members(f"todo:{OSCAR.id}") == []


async def test_a_stopped_onboarding_waits_for_nobody(office: Office) -> None:
    await office.stops(BORIS)
    assert hears_nothing_waits(await listed(office, BORIS))
    assert await office.store.members(f"todo:{BORIS.id}") == []


async def test_what_was_begun_by_an_earlier_version_is_in_the_list(office: Office) -> None:
    journey = await office.journey_of(ANNA)

    async def as_before(work: Work) -> None:
        work.member(f"todo:{BORIS.id}", journey.id, present=False)

    await office.bot.runner.run("test", as_before)
    assert hears_nothing_waits(await listed(office, BORIS))
    await complete(office.bot.runner)
    assert asked(await listed(office, BORIS)) == SHOWN
