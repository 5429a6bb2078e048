"""What waits for the speaker, in every journey and from every colleague: a list with buttons, a page at a time."""

from __future__ import annotations

import msgspec

from bot import drafts, inquiries
from bot.effects import Effect, Lane, Say
from bot.errors import Misunderstood
from bot.inquiries import Inquiry
from bot.journey.todo import item, rank, readable
from bot.message import Arg, Button, Item, Message, Phrase, Reply
from bot.people import Role
from bot.todo import employees, todo_of
from bot.turn import Turn
from handlers import onboarding, steps

PAGE = 10
DONE = "task-done"
QUESTIONS, DRAFTS = "2", "5"  # where they stand among the steps; see `rank`


class Line(msgspec.Struct, frozen=True):
    """`rank` sorts the list, and names the place in it from which its next page goes on."""

    rank: str
    item: Item


async def tasks(turn: Turn) -> Reply | None:
    """`tasks`: what waits for the speaker, the overdue first. Giving a task is `task`: that one names somebody."""
    if turn.words:
        raise Misunderstood(Phrase("tasks-usage"))
    return turn.answer_in_private(await _page(turn, ""))


async def pressed(turn: Turn) -> Reply | None:
    """The button "My tasks", and that of a list for its next page, whose value is where that begins."""
    return turn.answer_in_private(await _page(turn, turn.words[0] if turn.words else ""))


async def done_pressed(turn: Turn) -> Reply | None:
    """ "Done" in the list: its value is the journey, the step, and where the page began. The page is then as it is."""
    begun = turn.words[2] if len(turn.words) == 3 else ""
    turn.words = turn.words[:2]
    reply = await onboarding.done_pressed(turn)
    on, place = turn.incoming.pressed, turn.incoming.place
    if reply is not None or (on is None and turn.incoming.on is None):
        return reply
    after = await _page(turn, begun)
    if turn.incoming.on is not None:
        return Reply(turn.speaker.locale, instead=after)
    if place.private:
        act = Say(after, person=turn.speaker.id, on=on)
        turn.add(Effect(id=f"{turn.incoming.id}:tasks", lane=Lane(place.channel, turn.speaker.id), act=act))
    return None


async def _page(turn: Turn, after: str) -> Message:
    """`after`: the rank of the last line of the page before it."""
    every = [*await _steps(turn, after), *await _questions(turn), *await _drafts(turn)]
    if not every:
        return Message(Phrase("tasks-none", {"name": turn.speaker.first_name}))
    lines = sorted(every, key=lambda one: one.rank)
    rest = [one for one in lines if one.rank > after] or lines  # all of the last page may be done
    shown = readable([one.item for one in rest], PAGE)
    first = len(lines) - len(rest) + 1
    counts: dict[str, Arg] = {"count": len(lines), "first": first, "last": first + len(shown) - 1}
    text = Phrase("tasks-page" if len(shown) < len(lines) else "tasks", counts)
    more = Button("tasks", rest[len(shown) - 1].rank, Phrase("button-more"))
    return Message(text, items=shown, buttons=(more,) if len(shown) < len(rest) else ())


async def _steps(turn: Turn, page: str) -> list[Line]:
    found, today = await todo_of(turn, turn.speaker.id), steps.today(turn)
    whose = await employees(turn, found, turn.speaker)
    return [Line(rank(one, today), item(one, whose.get(one.journey.person), today, DONE, page)) for one in found]


async def _questions(turn: Turn) -> list[Line]:
    """What colleagues wait for."""
    found = await inquiries.open_on_desk(turn, turn.speaker.id)
    names = {one.id: one.name for one in await turn.people(asked.asker for asked in found.values())}
    return [
        Line(f"{QUESTIONS}:{number:09}", _question(number, asked, names.get(asked.asker, "")))
        for number, asked in found.items()
    ]


def _question(number: int, asked: Inquiry, name: str) -> Item:
    note = Phrase("inquiry-note", {"name": name, "number": str(number)})
    button = Button("inquiry-answer", asked.id, Phrase("button-inquiry-answer"))
    return Item(id=asked.id, title=asked.question, mark="open", note=note, button=button)


async def _drafts(turn: Turn) -> list[Line]:
    """One line for all that wait to be published, for those who are told of them."""
    if not turn.has(Role.HR) and (not turn.has(Role.ADMIN) or await turn.with_role(Role.HR)):
        return []
    count = len(await turn.company.store.members(drafts.INDEX))
    if not count:
        return []
    button = Button("answers", "drafts", Phrase("button-open"))
    return [Line(DRAFTS, Item(id="drafts", title=Phrase("tasks-drafts", {"count": count}), mark="open", button=button))]
