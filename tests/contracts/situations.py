"""What the bot says when there is much of everything: the longest scenario that a file may hold, names that are markup,
the longest answer, forms, lists to choose from; as the handlers and the views make it."""

from collections.abc import Iterator

from msgspec.structs import replace
from redis.asyncio import Redis

from bot.calendar import calendar_of
from bot.incoming import Place
from bot.journey import views
from bot.journey.state import IssueRef, Journey
from bot.message import Form, Home, Local, Message, Phrase
from bot.message import Link as MessageLink
from bot.scenario import IssueTemplate, Link, Scenario, Step, make_scenario
from bot.scenario_file import MAX_STEPS
from tests.bot.kit import ANNA, EVERYBODY, Story, moment
from tests.bot.office import open_office

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


def _journey() -> Journey:
    story = Story(of=LONGEST)
    story.starts("2026-11-30 09:00", "2026-12-01")
    story.wakes("2026-12-01 06:00")
    journey = story.now_standing
    for number, step in enumerate(LONGEST.steps):
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
    yield "home of a stranger", views.home((), ())


def answers() -> Iterator[tuple[str, Message]]:
    for name, text in (
        ("plain", "слово " * 500),
        ("markup", EVIL * 60),
        ("lines", "a\n" * 1500),
        ("one word", "&" * ANSWER),
    ):
        links = (MessageLink(Phrase("source", {"title": LINE}), URL),)
        yield f"answer of {name}", Message(text[:ANSWER], links=links)


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
            for text in ("help", "status", "status team", "whoami", "channel", "sync report"):
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
            "hello",
            "who are you?",
            EVIL,
            f"feedback {EVIL * 50}",
        ):
            await does(anna.handle.upper(), text)
        first = LONGEST.steps[0]
        await office.presses(anna, "done", f"{(await office.journey_of(ANNA)).id} {first.id}")
        await office.writes(anna, "vpn?", place=Place("chat", "C1", "t", private=False))
        await office.presses(anna, "ask-person", EVIL)
        for text in (
            "skip @anna",
            "change @anna due friday",
            "reopen @anna",
            f'task @anna "{LINE}" priority high due friday',
        ):
            await does(boris.handle.upper(), text)
        for text in ("status team", "status @anna", "status"):
            await does(helga.handle.upper(), text)
        for _ in range(5):
            await office.passes(days=1)
        heard += [(f"{shown.effect} to {shown.to}", shown.message) for shown in office.chat.shown]
    return heard
