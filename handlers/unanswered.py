"""What nobody could answer, for HR: most asked first, with a way to write the answer."""

from __future__ import annotations

from bot import unanswered
from bot.errors import Misunderstood
from bot.message import Button, Item, Message, Phrase, Reply
from bot.turn import Turn
from bot.unanswered import Unanswered
from handlers.faq_form import ask, for_editors, one_word
from handlers.paging import Rank, paged, rank_of


async def listed(turn: Turn) -> Reply | None:
    """The questions that were asked most."""
    for_editors(turn)
    return await _page(turn, None)


async def more_pressed(turn: Turn) -> Reply | None:
    """Those that come after the ones shown, in the end all of them."""
    for_editors(turn)
    return await _page(turn, rank_of(turn.words))


async def _page(turn: Turn, after: Rank | None) -> Reply | None:
    found = await unanswered.waiting(turn)
    if not found:
        return turn.answer(Message(Phrase("unanswered-none")))
    page = paged(found, _rank, after)
    label = Phrase("button-open")
    items = tuple(
        Item(
            id=one.subject,
            title=one.question,
            mark="open",
            note=_times(one),
            button=Button("unanswered-show", one.subject, label),
        )
        for one in page.members
    )
    text = Phrase("unanswered", {"count": page.count})
    if not page.is_all:
        text = Phrase("unanswered-page", {"count": page.count, "first": page.first, "last": page.last})
    return turn.answer_in_private(Message(text, items=items, buttons=page.buttons("unanswered-more")))


def _rank(one: Unanswered) -> Rank:
    """Most asked first, then the latest."""
    return -one.count, -round(one.last.timestamp() * 1000), one.subject


def _times(one: Unanswered) -> Phrase:
    return Phrase("unanswered-note", {"count": one.count})


async def show_pressed(turn: Turn) -> Reply | None:
    one = await _pressed(turn)
    item = Item(id=one.subject, title=one.question, mark="open", note=_times(one))
    buttons = (
        Button("unanswered-write", one.subject, Phrase("button-unanswered-write"), "primary"),
        Button("unanswered-dismiss", one.subject, Phrase("button-unanswered-dismiss")),
    )
    return turn.answer_in_private(Message(Phrase("unanswered-shown"), items=(item,), buttons=buttons))


async def write_pressed(turn: Turn) -> Reply | None:
    """The form of the FAQ, with the question in it."""
    one = await _pressed(turn)
    usage = Phrase("faq-usage-answer", {"question": one.question})
    return ask(turn, {f"question_{one.language}": one.question}, f"unanswered {one.subject}", usage)


async def dismiss_pressed(turn: Turn) -> Reply | None:
    one = await _pressed(turn)
    await unanswered.resolve(turn, [one.subject])
    return turn.answer(Message(Phrase("unanswered-dismissed", {"question": one.question})))


async def _pressed(turn: Turn) -> Unanswered:
    found = await unanswered.one(turn, one_word(turn))
    if found is None:
        raise Misunderstood(Phrase("unanswered-gone"))
    return found
