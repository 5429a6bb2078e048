"""The FAQ that HR writes in a chat: what stands in it, a new entry, other words for one, and taking one out."""

from __future__ import annotations

from bot import drafts, faq_written, speech
from bot.answers.language import language_of
from bot.errors import Misunderstood
from bot.faq_file import FaqEntry
from bot.message import Button, Item, Message, Phrase, Reply
from bot.turn import Turn
from handlers.faq_form import SHOWN, ask, for_editors, one_word, save

BAR = "|"  # between a question and its answer
USAGE = Phrase("faq-usage")


async def faq(turn: Turn) -> Reply | None:
    """`faq [words]` lists entries; `faq new [question | answer]`, `faq edit <id> question | answer`."""
    for_editors(turn)
    first = turn.text.split(maxsplit=1)[0].casefold() if turn.text else ""
    if first in speech.FAQ_NEW:
        return await _new(turn, speech.after(turn.text, 1))
    if first in speech.FAQ_EDIT:
        return await _edit(turn, speech.after(turn.text, 1))
    return await _list(turn, speech.plain(turn.text))


def is_meant(rest: tuple[str, ...]) -> bool:
    """Without the slash: nothing more, or an entry with its bar; "faq new laptop" may be a question."""
    if not rest:
        return True
    written = rest[0].casefold() in speech.FAQ_NEW | speech.FAQ_EDIT
    return written and (len(rest) == 1 or any(BAR in word for word in rest))


async def new_pressed(turn: Turn) -> Reply | None:
    for_editors(turn)
    return ask(turn, {}, "", USAGE)


async def _new(turn: Turn, text: str) -> Reply | None:
    if not text:
        return ask(turn, {}, "", USAGE)
    question, answer = _parted(text, USAGE)
    return await save(turn, _in_its_language(turn, question, answer), "")


async def _edit(turn: Turn, text: str) -> Reply | None:
    """Of an entry or a draft. What it says in the other language stays."""
    if not text:
        return await _list(turn, "")
    name = text.split(maxsplit=1)[0]
    entry = await faq_written.entry(turn, name)
    draft = await drafts.draft(turn, name) if entry is None else None
    if entry is None and draft is None:
        raise Misunderstood(Phrase("faq-gone"))
    question, answer = _parted(speech.after(text, 1), _usage_of(name))
    written = _in_its_language(turn, question, answer)
    if entry is None:
        return await save(turn, written, f"draft {name}")
    before = faq_written.fields(entry)
    kept = before if entry.question.ru != entry.question.en else {"also": before["also"]}
    return await save(turn, {**kept, **written}, f"entry {name}")


def _parted(text: str, usage: Phrase) -> tuple[str, str]:
    question, bar, answer = text.partition(BAR)
    if not bar:
        raise Misunderstood(usage)
    return question.strip(), answer.strip()


def _in_its_language(turn: Turn, question: str, answer: str) -> dict[str, str]:
    language = language_of(question, turn.speaker.locale)
    return {f"question_{language}": question, f"answer_{language}": answer}


def _usage_of(name: str) -> Phrase:
    return Phrase("faq-usage-edit", {"id": name})


# --- what stands in it


async def _list(turn: Turn, words: str) -> Reply | None:
    every = (await faq_written.entries(turn)).values()
    found = [one for one in every if any(words in speech.plain(asked) for asked in faq_written.questions(one))]
    new = Button("faq-new", "", Phrase("button-faq-new"), "primary")
    if not found:
        key = "faq-none-of" if every else "faq-none"
        return turn.answer(Message(Phrase(key, {"words": words} if every else {}), buttons=(new,)))
    found.sort(key=lambda one: speech.plain(one.question.ru))
    label = Phrase("button-open")
    items = tuple(
        Item(id=one.id, title=one.question, mark="done", button=Button("faq-show", one.id, label))
        for one in found[:SHOWN]
    )
    text = Phrase("faq", {"count": len(found)}) if len(found) <= SHOWN else _cut(len(found))
    return turn.answer(Message(text, items=items, buttons=(new,)))


def _cut(count: int) -> Phrase:
    return Phrase("faq-cut", {"count": count, "shown": SHOWN})


async def show_pressed(turn: Turn) -> Reply | None:
    """The button "Open" of an entry: all of it, and what can be done with it."""
    entry = await _pressed(turn)
    item = Item(id=entry.id, title=entry.question, mark="done", text=entry.answer)
    buttons = (
        Button("faq-edit", entry.id, Phrase("button-edit")),
        Button("faq-withdraw", entry.id, Phrase("button-faq-withdraw"), "danger"),
    )
    return turn.answer(Message(Phrase("faq-shown"), items=(item,), buttons=buttons))


async def edit_pressed(turn: Turn) -> Reply | None:
    entry = await _pressed(turn)
    return ask(turn, faq_written.fields(entry), f"entry {entry.id}", _usage_of(entry.id))


async def withdraw_pressed(turn: Turn) -> Reply | None:
    """Not without a second press."""
    entry = await _pressed(turn)
    button = Button("faq-withdraw-surely", entry.id, Phrase("button-faq-withdraw"), "danger")
    return turn.answer(Message(Phrase("faq-withdraw", {"question": entry.question}), buttons=(button,)))


async def withdrawn(turn: Turn) -> Reply | None:
    entry = await _pressed(turn)
    await faq_written.withdraw(turn, entry.id)
    return turn.answer(Message(Phrase("faq-withdrawn", {"question": entry.question})))


async def _pressed(turn: Turn) -> FaqEntry:
    entry = await faq_written.entry(turn, one_word(turn))
    if entry is None:
        raise Misunderstood(Phrase("faq-gone"))
    return entry
