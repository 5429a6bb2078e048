"""Where people stand: one's own plan, one's people, everyone; and the home page."""

from __future__ import annotations

import msgspec

from bot import roster, speech
from bot.calendar import calendar_of
from bot.effects import Effect, Lane, ShowChecklist
from bot.errors import Misunderstood
from bot.journey import plan, views
from bot.journey.state import Journey
from bot.journey.todo import in_order, item, readable
from bot.message import Arg, Button, Item, Message, Phrase, Reply, StepMark
from bot.people import Person, Role
from bot.todo import ALL, items_of, others_message, todo_of
from bot.todo import SHOWN as TODO_SHOWN
from bot.turn import Turn
from handlers import steps

SHOWN = 25  # onboardings of a page
DIGITS = 6  # of a place in the list


async def status(turn: Turn) -> Reply | None:
    """`status`: one's own plan, or one's people for somebody who has no plan; `status @person`; `status team`."""
    refs = [ref for word in turn.words if (ref := speech.ref(word))]
    if refs:
        return await _of(turn, await turn.find(refs[0]))
    if turn.words and turn.words[0].casefold() not in speech.TEAM:
        return await _of(turn, await turn.find(speech.Ref("name", " ".join(turn.words))))
    own = [] if turn.words else await turn.journeys_of(turn.speaker.id)
    if own:
        return await _own(turn, own)
    if turn.has(Role.MANAGER, Role.HR, Role.ADMIN):
        return await _people(turn, 0)
    if turn.words:
        return turn.answer(Message(Phrase("team-of-heads")))
    return await _given(turn)


async def _given(turn: Turn) -> Reply | None:
    """Somebody without a plan may have steps of others'."""
    found = await todo_of(turn, turn.speaker.id, own=False)
    if not found:
        return turn.answer(Message(Phrase("journey-none")))
    items = await items_of(turn, found, turn.speaker)
    return turn.answer_in_private(others_message(Phrase("steps-given"), items))


async def pressed(turn: Turn) -> Reply | None:
    """The button "Progress" of somebody's message to their manager."""
    person = await turn.person(turn.words[0]) if turn.words else None
    if person is None:
        raise Misunderstood(Phrase("outdated"))
    return await _of(turn, person)


async def more_pressed(turn: Turn) -> Reply | None:
    """The button below a page of onboardings: its value is the place of the next one."""
    value = turn.words[0] if turn.words else ""
    if not turn.has(Role.MANAGER, Role.HR, Role.ADMIN):
        return turn.answer(Message(Phrase("team-of-heads")))
    if not (value.isascii() and value.isdigit()) or len(value) > DIGITS:
        raise Misunderstood(Phrase("outdated"))
    return await _people(turn, int(value))


async def _own(turn: Turn, journeys: list[Journey]) -> Reply | None:
    """In a conversation the checklist itself moves down to where the person is looking."""
    shown = [journey for journey in journeys if journey.status == "active"] or journeys[:1]
    others = await todo_of(turn, turn.speaker.id, own=False)
    also = Phrase("also-waiting", {"count": len(others)})
    if turn.incoming.answers_at_once or not turn.incoming.place.private:
        plan_ = await _plan(turn, shown[0])
        return turn.answer(msgspec.structs.replace(plan_, prompt=also, buttons=(ALL,)) if others else plan_)
    for journey in shown:
        turn.add(
            Effect(
                id=f"{journey.id}:checklist:{turn.incoming.id}",
                lane=Lane(turn.incoming.place.channel, turn.speaker.id),
                act=ShowChecklist(journey.id, turn.speaker.id, afresh=True),
            )
        )
    return turn.answer(others_message(also, await items_of(turn, others, turn.speaker))) if others else None


async def _plan(turn: Turn, journey: Journey) -> Message:
    calendar = calendar_of(turn.speaker.timezone, turn.speaker.country)
    return views.checklist(journey, await turn.scenario(journey), calendar, turn.now)


async def _of(turn: Turn, person: Person) -> Reply | None:
    if person.id != turn.speaker.id and not turn.heads(person):
        raise Misunderstood(Phrase("not-your-person", {"name": person.name}))
    journeys = await turn.journeys_of(person.id)
    if not journeys and person.id == turn.speaker.id:
        return turn.answer(Message(Phrase("journey-none")))
    if not journeys:
        return turn.answer(Message(Phrase("journey-none-of", {"name": person.name, "handle": person.handle})))
    standing = await _standing(turn, person, journeys[0])
    return turn.answer(standing) if person.id == turn.speaker.id else turn.answer_in_private(standing)


async def _standing(turn: Turn, person: Person, journey: Journey) -> Message:
    calendar = calendar_of(person.timezone, person.country)
    head = None if person.id == turn.speaker.id else turn.speaker.id
    return views.standing(journey, person, await turn.scenario(journey), calendar, turn.now, head)


async def _people(turn: Turn, first: int) -> Reply | None:
    """A manager's people, for HR everyone: an onboarding in a line, those first that need them most."""
    page = await roster.page(turn, turn.speaker, first, SHOWN)
    items = tuple([await _line(turn, row.person, row.journey) for row in page.rows])
    after = page.first + SHOWN
    if not items:
        return turn.answer(Message(Phrase("team-empty" if first == 0 else "team-end")))
    counts: dict[str, Arg] = {"count": page.total, "first": first + 1, "last": min(after, page.total)}
    more = (Button("team", str(after), Phrase("button-more")),) if after < page.total else ()
    key = "team" if first == 0 and not more else "team-page"
    own, hidden = await _own_steps(turn, frozenset(line.id for line in items))
    with_own = tuple(one for line in items for one in (line, *own.get(line.id, ())))
    buttons = (*more, ALL) if hidden else more
    return turn.answer_in_private(Message(Phrase(key, counts), items=with_own, buttons=buttons))


async def _own_steps(turn: Turn, journeys: frozenset[str]) -> tuple[dict[str, list[Item]], int]:
    """What waits for the speaker in these journeys: the most urgent ones, since the list of the team is read, too. And
    how much more waits for them in the onboardings of others."""
    today = steps.today(turn)
    everything = in_order(await todo_of(turn, turn.speaker.id, own=False), today)
    found = [one for one in everything if one.journey.id in journeys]
    shown = readable([item(one, None, today) for one in found], TODO_SHOWN)
    by_journey: dict[str, list[Item]] = {}
    for one, line in zip(found, shown, strict=False):
        by_journey.setdefault(one.journey.id, []).append(line)
    return by_journey, len(everything) - len(shown)


async def _line(turn: Turn, person: Person, journey: Journey) -> Item:
    scenario = await turn.scenario(journey)
    today = calendar_of(person.timezone, person.country).today(turn.now)
    marks = [views.mark(journey, step, today) for step in scenario.steps]
    ended: dict[str, StepMark] = {"finished": "done", "stopped": "skipped"}
    mark = ended.get(journey.status, "overdue" if "overdue" in marks else "open")
    done = views.progress(journey, scenario)
    key = "team-line-stopped" if journey.status == "stopped" else "team-line"
    note = Phrase(key, {"scenario": scenario.title, "done": done.done, "total": done.total})
    button = Button("progress", person.id, Phrase("button-progress"))
    return Item(id=journey.id, title=person.name, mark=mark, note=note, button=button)


async def opened(turn: Turn) -> Reply | None:
    """Somebody opened their home page: from now on it is kept up to date there."""
    channel = turn.incoming.account.channel
    if channel not in turn.speaker.homes:
        turn.speaker = msgspec.structs.replace(turn.speaker, homes=(*turn.speaker.homes, channel))
        turn.put_person(turn.speaker)
    turn.add(plan.home(turn.speaker, channel))
    return None
