"""What colleagues have answered, offered to HR for the FAQ: published as it is, put into other words, or dismissed."""

from __future__ import annotations

from bot import drafts
from bot.drafts import Draft
from bot.errors import Misunderstood
from bot.faq_written import WrongField
from bot.message import Button, Item, Message, Phrase, Reply
from bot.people import Person, Role
from bot.turn import Turn
from handlers.faq_form import ask, for_editors, one_word, publish_draft, settled, values_of
from handlers.paging import Rank, paged, rank_of


async def offer(turn: Turn, draft: Draft) -> None:
    """Let everybody of HR know of a new draft; where nobody has that role, the administrators."""
    await drafts.offer(turn, draft)
    helper = await turn.person(draft.helper)
    for reader in await turn.with_role(Role.HR) or await turn.with_role(Role.ADMIN):
        turn.say(f"draft:{draft.id}:{reader.id}", reader, _shown(draft, helper))


async def listed(turn: Turn) -> Reply | None:
    """What waits to be published."""
    for_editors(turn)
    return await _page(turn, None)


async def more_pressed(turn: Turn) -> Reply | None:
    """Those that come after the ones shown, in the end all of them."""
    for_editors(turn)
    return await _page(turn, rank_of(turn.words))


async def _page(turn: Turn, after: Rank | None) -> Reply | None:
    found = await drafts.waiting(turn)
    if not found:
        return turn.answer(Message(Phrase("drafts-none")))
    page = paged(found, lambda one: (0, 0, one.id), after)
    label = Phrase("button-open")
    items = tuple(
        Item(id=one.id, title=one.question, mark="open", button=Button("draft-show", one.id, label))
        for one in page.members
    )
    text = Phrase("drafts", {"count": page.count})
    if not page.is_all:
        text = Phrase("drafts-page", {"count": page.count, "first": page.first, "last": page.last})
    return turn.answer_in_private(Message(text, items=items, buttons=page.buttons("draft-more")))


def _shown(draft: Draft, helper: Person | None) -> Message:
    note = None if helper is None else Phrase("draft-note", {"name": helper.name})
    item = Item(id=draft.id, title=draft.question, mark="open", note=note, text=draft.answer)
    buttons = (
        Button("draft-publish", draft.id, Phrase("button-draft-publish"), "primary"),
        Button("draft-edit", draft.id, Phrase("button-edit")),
        Button("draft-dismiss", draft.id, Phrase("button-draft-dismiss")),
    )
    return Message(Phrase("draft"), items=(item,), buttons=buttons)


async def _pressed(turn: Turn) -> Draft:
    draft = await drafts.draft(turn, one_word(turn))
    if draft is None:
        raise Misunderstood(Phrase("draft-over"))
    return draft


async def show_pressed(turn: Turn) -> Reply | None:
    draft = await _pressed(turn)
    if draft.status != "open":
        return await settled(turn, draft)
    return turn.answer_in_private(_shown(draft, await turn.person(draft.helper)))


async def publish_pressed(turn: Turn) -> Reply | None:
    """As it was asked and answered; what is too long for the FAQ must be put into other words."""
    draft = await _pressed(turn)
    try:
        return await publish_draft(turn, draft, values_of(draft))
    except WrongField as error:
        edit = Button("draft-edit", draft.id, Phrase("button-edit"), "primary")
        return turn.answer(Message(Phrase("draft-wrong", {"wrong": error.text}), buttons=(edit,)))


async def edit_pressed(turn: Turn) -> Reply | None:
    draft = await _pressed(turn)
    if draft.status != "open":
        return await settled(turn, draft)
    return ask(turn, values_of(draft), f"draft {draft.id}", Phrase("faq-usage-edit", {"id": draft.id}))


async def dismiss_pressed(turn: Turn) -> Reply | None:
    draft = await _pressed(turn)
    if draft.status != "open":
        return await settled(turn, draft)
    drafts.settle(turn, draft, "dismissed", turn.speaker.id)
    return turn.answer(Message(Phrase("draft-dismissed", {"question": draft.question})))
