"""What the bot says when there is much of everything: the longest scenario that a file may hold, names that are markup,
the longest answer, forms, lists to choose from; as the handlers and the views make it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Literal

from msgspec.structs import replace
from redis.asyncio import Redis

from bot import answers_view, private_view
from bot.calendar import calendar_of
from bot.choices import Choice, Other, others
from bot.contacts import Contact
from bot.effects import Say
from bot.faq_written import entries
from bot.incoming import Place
from bot.journey import views
from bot.journey.state import IssueRef, Journey
from bot.journey.todo import READABLE, Todo, item, readable
from bot.knowledge import Answer, Cited, Found
from bot.message import Form, Home, Local, Message, Phrase
from bot.people import Person
from bot.scenario import IssueTemplate, Link, Scenario, Step, make_scenario
from bot.scenario_file import MAX_STEPS
from bot.sensitive import HelpLine, Topic
from bot.todo import ALL, others_message
from bot.whom import Helper
from tests.bot.kit import ANNA, BORIS, EVERYBODY, HELGA, Story, moment
from tests.bot.office import Office, open_office

EVIL = "*x* _y_ <!channel> [z](https://evil.example) <b>&</b> "
LINE = (EVIL * 3)[:100]
URL = "https://wiki.example.org/" + "page_(1)/" * 100
TITLE, TEXT, ANSWER, LINKS = 120, 2000, 3000, 10
NOW = moment("2026-12-01 09:00")
CALENDAR = calendar_of("Europe/Moscow", "RU")


def _local(text: str, length: int) -> Local:
    return Local(ru=f"{text} по-русски " + "я" * (length - len(text) - 11), en=text + "x" * (length - len(text)))


def _step(number: int, **more: object) -> Step:
    title = _local(f"Step {number} {LINE}"[: TITLE - 12], TITLE)
    links = tuple(Link(title, URL) for _ in range(LINKS))
    issue = IssueTemplate(summary=Local("Задача", "Task"), on="open")
    made = Step(id=f"step-{number:035}", title=title, text=_local(EVIL, TEXT), links=links, due=1, jira=issue)
    return replace(made, remind=(0, 1), escalate=2, **more)


LONGEST: Scenario = make_scenario("longest", _local(LINE, TITLE), tuple(map(_step, range(MAX_STEPS))))
OTHERS: Scenario = make_scenario(
    "others", _local(LINE, TITLE), tuple(_step(number, who="manager") for number in range(MAX_STEPS))
)
PEOPLE = tuple(replace(one, name=f"{one.first_name} {LINE}") for one in EVERYBODY)


def plans() -> Iterator[tuple[str, Message]]:
    """The longest plan in every state, and what is made of it for its people."""
    open_ = _journey()
    for name, journey in {
        "open": open_,
        "half done": _settled(open_, MAX_STEPS // 2),
        "finished": replace(_settled(open_, MAX_STEPS), status="finished"),
        "stopped": replace(open_, status="stopped"),
    }.items():
        for when, now in (("in time", NOW), ("late", moment("2027-03-01 09:00"))):
            yield f"checklist {name} {when}", views.checklist(journey, LONGEST, CALENDAR, now)
            yield f"standing {name} {when}", views.standing(journey, PEOPLE[1], LONGEST, CALENDAR, now)
            every = tuple(step.id for step in LONGEST.steps)
            for count in (1, MAX_STEPS):
                reminder = views.reminder(journey, every[-count:], LONGEST, CALENDAR, now)
                if reminder is not None:
                    yield f"reminder of {count} {name} {when}", reminder


def todo() -> Iterator[tuple[str, Message]]:
    """The longest steps that wait for a manager, wherever they read of them."""
    for effect in _story(OTHERS).effects:
        if isinstance(effect.act, Say):
            yield effect.id, effect.act.message
    journey = _journey(OTHERS)
    for head in (BORIS.id, HELGA.id):
        yield f"standing for {head}", views.standing(journey, PEOPLE[1], OTHERS, CALENDAR, NOW, head)
    every = tuple(step.id for step in OTHERS.steps)
    reminder = views.reminder(journey, every, OTHERS, CALENDAR, NOW, PEOPLE[1])
    assert reminder is not None
    yield "reminder of steps for somebody else", reminder
    for today in (NOW.date(), moment("2027-03-01 09:00").date()):
        items = [item(Todo(journey, OTHERS, step), PEOPLE[1], today) for step in OTHERS.steps]
        yield f"steps of others on {today}", others_message(Phrase("also-waiting", {"count": len(items)}), items)
        shown = readable(items, len(items))
        yield f"page on {today}", Message(Phrase("tasks", {"count": len(items)}), items=shown, buttons=(ALL,))


def readable_page() -> Message:
    """A page of the list of tasks as full as it gets, of steps as people write them."""
    text, links = Local("я" * TEXT, "x" * TEXT), (Link(Local("Страница", "A page"), "https://wiki.example.org/x"),)
    steps = tuple(replace(step, text=text, links=links) for step in OTHERS.steps)
    journey, of = _story(OTHERS).now_standing, make_scenario("others", OTHERS.title, steps)
    items = [item(Todo(journey, of, step), PEOPLE[1], NOW.date()) for step in steps]
    page = readable(items, len(items))
    assert len(page) == READABLE // TEXT
    return Message(Phrase("tasks", {"count": len(items)}), items=page, buttons=(ALL,))


def _story(of: Scenario) -> Story:
    story = Story(of=of)
    story.starts("2026-11-30 09:00", "2026-12-01")
    story.wakes("2026-12-01 06:00")
    return story


def _journey(of: Scenario = LONGEST) -> Journey:
    journey = _story(of).now_standing
    for number, step in enumerate(of.steps):
        journey = journey.with_issue(step.id, IssueRef(key=f"ONBOARDING-{number}", url=URL))
    return journey


def _settled(journey: Journey, count: int) -> Journey:
    for step in LONGEST.steps[:count]:
        journey = journey.with_step(step.id, status="done")
    return journey


def homes() -> Iterator[tuple[str, Home]]:
    journey = _journey()
    plan = views.checklist(journey, LONGEST, CALENDAR, NOW)
    standing = views.standing(journey, PEOPLE[1], LONGEST, CALENDAR, NOW)
    yield "home of a newcomer", views.home((plan,), ())
    yield "home of a head", views.home((plan, plan), (standing,) * 30)
    waiting = tuple(message for name, message in todo() if name.startswith("steps of others"))
    yield "home of a head with much to do", views.home((plan,), (standing,) * 30, waiting[:1])
    yield "home of a colleague", views.home((), (), waiting[:1])
    yield "home of a stranger", views.home((), ())


def answers() -> Iterator[tuple[str, Message]]:
    for name, text in (
        ("plain", "слово " * 500),
        ("markup", EVIL * 60),
        ("lines", "a\n" * 1500),
        ("one word", "&" * ANSWER),
    ):
        best = _answer("best", text[:ANSWER])
        more = tuple(_answer(one, text[:ANSWER]) for one in ("one", "two", "three"))
        question, helper = text[:1000], Helper(EVIL, "x@example.org", contact=CONTACT)
        for language in BOTH:
            sure = Found(band="answer", language=language, best=best, others=more[:2])
            unsure = Found(band="maybe", language=language, others=more)
            choice = Choice(question, best.id, others(more))
            yield f"answer of {name}", answers_view.answer(sure, best, question)
            cited = replace(best, kind="composed", cited=(Cited(best.source, URL),) * 5)
            yield f"composed answer of {name}", answers_view.answer(sure, cited, question)
            yield f"answer of {name} that was rated", answers_view.read(best, question, language, "helpful")
            yield f"guess of {name}", answers_view.maybe(unsure, question)
            yield f"no answer to {name}", answers_view.unknown(question, helper, language)
            for how, found in (
                ("answer", sure),
                ("guess", unsure),
                ("nothing", Found(band="unknown", language=language)),
            ):
                private = replace(found, confidential=more)
                yield f"{how} of the private {name}", private_view.offer(CRISIS, private, helper, question, "RU")
            yield f"what follows an answer of {name}", answers_view.not_helpful(choice, helper, language)
            yield f"search for {name}", answers_view.hits(replace(unsure, others=more * 3), question)
            yield f"search in vain for {name}", answers_view.no_hits(question, Helper("x", "y", ANNA), language)


def _answer(name: str, text: str) -> Answer:
    """As hostile as a page can be, with the longest of everything."""
    return Answer(id=name * 100, label=EVIL * 20, text=text, source=f"{EVIL * 3} > {EVIL * 3}", url=URL)


BOTH: tuple[Literal["ru", "en"], ...] = ("ru", "en")
CRISIS = Topic(
    id="crisis",
    help_first=True,
    care=_local(EVIL * 3, TEXT),
    lines=tuple(HelpLine(_local(LINE, TITLE), "1" * TITLE) for _ in range(20)),
)
CONTACT = Contact(id="evil", topic=_local(LINE, TITLE), words=("x",), name=EVIL, email="x@example.org")


async def _colleagues(office: Office, does: Callable[..., Awaitable[None]]) -> AsyncIterator[Form]:
    """Long questions that nobody knew, answered by a colleague and written into the FAQ by HR; the forms."""
    boris, anna, helga = PEOPLE[0], PEOPLE[1], PEOPLE[4]
    await office.passes(minutes=5)  # nobody presses that fast
    await office.presses(anna, "ask-person", f"preview {EVIL * 20}")
    edit = office.chat.to(anna)[-1].message.buttons[-2]
    opened = await office.presses(anna, edit.action, edit.value, opens_forms=True)
    assert opened is not None
    assert opened.form is not None
    yield opened.form
    for action, text, times in (("ask-hr", '"слово" ' * 150, 11), ("ask-person", EVIL * 20, 25)):  # HR is called EVIL
        for number in range(times):
            if number % 8 == 0:
                await office.passes(minutes=5)
            await office.passes_on(anna, f"{number} {text}", action)
    await does(boris.handle.upper(), "reply", answers_at_once=True)
    asked = office.chat.to(boris)[-1].message.buttons[0]
    await office.presses(boris, asked.action, asked.value)
    opened = await office.presses(boris, asked.action, asked.value, opens_forms=True)
    assert opened is not None
    assert opened.form is not None
    yield opened.form
    await office.writes(boris, f"reply 1 {(EVIL * 60)[:ANSWER]}")
    await office.passes_on(anna, f"0 {EVIL * 20}")
    for action in ("inquiry-answer", "inquiry-pass"):
        await office.presses(boris, action, asked.value)
    draft = office.chat.to(helga)[-2].message.buttons[0].value
    for action in ("draft-publish", "draft-edit", "draft-show"):
        await office.presses(helga, action, draft, takes_forms=True)
    for number in range(25):
        await office.writes(helga, f"faq new {number} {LINE} | {(EVIL * 60)[:ANSWER]}")
    for text in ("faq", "faq new", "answers unanswered", "answers drafts"):
        await does(helga.handle.upper(), text, answers_at_once=True)
    entry = next(iter(await entries(office.work())))
    for action in ("faq-show", "faq-edit", "faq-withdraw", "faq-withdraw-surely"):
        await office.presses(helga, action, entry, takes_forms=True)
    await office.presses(helga, "draft-dismiss", draft)


async def _rate(office: Office, who: Person) -> None:
    """All that can be done about an answer."""
    for action in ("answer", "helpful", "not-helpful"):
        await office.presses(who, action, Choice(EVIL, "vpn", (Other("vpn", EVIL[:40]),)).value)


async def talk(redis_client: Redis, organisation: str) -> list[tuple[str, Message | Form]]:
    """Everything that is said and asked while people use every capability."""
    heard: list[tuple[str, Message | Form]] = []
    async with open_office(redis_client, organisation, (LONGEST,), PEOPLE) as office:
        boris, anna, helga = PEOPLE[0], PEOPLE[1], PEOPLE[4]

        async def does(who: str, text: str, **more: object) -> None:
            reply = await office.commands(who, text, **more) if more else await office.writes(who, text)
            if reply is not None:
                parts = (reply.message, reply.form, reply.instead)
                heard.extend((f"reply to {text}", part) for part in parts if part is not None)

        for person in PEOPLE:
            for text in ("help", "status", "status team", "tasks", "whoami", "channel", "sync report", "answers"):
                await does(person.handle.upper(), text)
        for text in ("start", "task"):
            await does(boris.handle.upper(), text, answers_at_once=True)
            await office.writes(boris, text, takes_forms=True)
        await office.writes(boris, "start @anna longest 2026-12-01")
        await office.comes(moment("2026-12-01 06:10"))
        for text in (
            "status",
            "done",
            "done step",
            "reopen",
            "vpn?",
            "search vpn",
            "search herons",
            "hello",
            "who are you?",
            EVIL,
            f"feedback {EVIL * 50}",
        ):
            await does(anna.handle.upper(), text)
        first = LONGEST.steps[0]
        await office.presses(anna, "done", f"{(await office.journey_of(ANNA)).id} {first.id}")
        await office.writes(anna, "vpn?", place=Place("chat", "C1", "t", private=False))
        heard += [("form of an answer", form) async for form in _colleagues(office, does)]
        await _rate(office, anna)
        for text in (
            "skip @anna",
            "change @anna due friday",
            "reopen @anna",
            f'task @anna "{LINE}" priority high due friday',
        ):
            await does(boris.handle.upper(), text)
        await does(boris.handle.upper(), "tasks @anna")
        for text in ("status team", "status @anna", "status", "tasks"):
            await does(helga.handle.upper(), text)
        for _ in range(5):
            await office.passes(days=1)
        heard += [(f"{shown.effect} to {shown.to}", shown.message) for shown in office.chat.shown]
    return heard
