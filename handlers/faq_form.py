"""Writing for the FAQ: by a form, or in words where none can be shown; and what follows once it is published."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from bot import drafts, faq_written, inquiries, unanswered
from bot.drafts import Draft
from bot.errors import Misunderstood
from bot.faq_file import FaqEntry
from bot.faq_written import WrongField
from bot.incoming import Submitted
from bot.message import Fact, Field, Form, Message, Phrase, Reply
from bot.people import Role
from bot.turn import Turn
from bot.unanswered import Unanswered, subject

FORM = "faq"
EDITORS = frozenset({Role.HR, Role.ADMIN})
SHOWN = 20  # of a list


def for_editors(turn: Turn) -> None:
    """Raises Misunderstood where the speaker is none."""
    if not turn.has(*EDITORS):
        raise Misunderstood(Phrase("faq-of-hr"))


def one_word(turn: Turn) -> str:
    """The value of a button, which names one thing."""
    for_editors(turn)
    if len(turn.words) != 1:
        raise Misunderstood(Phrase("outdated"))
    return turn.words[0]


# --- the form


def ask(turn: Turn, values: Mapping[str, str], context: str, usage: Phrase) -> Reply | None:
    """Ask for an entry. `context` is what it is about: "" or `entry`, `draft`, `unanswered` and an id."""
    if turn.takes_forms:
        return turn.ask(form(values, context))
    return turn.answer(Message(usage))


def form(values: Mapping[str, str], context: str) -> Form:
    """One language is enough, and that of `values` comes first."""
    first, second = ("en", "ru") if "question_en" in values and "question_ru" not in values else ("ru", "en")
    names = [f"{what}_{language}" for language in (first, second) for what in ("question", "answer")]
    fields = [
        Field(
            name,
            Phrase(f"field-faq-{name.replace('_', '-')}"),
            "long" if name.startswith("answer") else "text",
            value=values.get(name, ""),
            required=False,
        )
        for name in names
    ]
    also = Field(
        "also",
        Phrase("field-faq-also"),
        "long",
        value=values.get("also", ""),
        required=False,
        hint=Phrase("hint-faq-also"),
    )
    return Form(FORM, Phrase("form-faq"), Phrase("form-faq-submit"), (*fields, also), context=context)


async def submitted(turn: Turn) -> Reply | None:
    """The form, sent off. Its errors stand beside its fields."""
    for_editors(turn)
    said = turn.incoming.said
    if not isinstance(said, Submitted):
        raise Misunderstood(Phrase("outdated"))
    try:
        return await save(turn, said.values, said.context)
    except WrongField as error:
        return turn.ask_again(form(said.values, said.context), error.field, error.text)


async def save(turn: Turn, values: Mapping[str, str], context: str) -> Reply | None:
    """Publish what was written about `context`.

    Raises:
        WrongField: a field cannot be taken.
        Misunderstood: what it is about is no longer there.
    """
    kind, _, about = context.partition(" ")
    match kind:
        case "" | "unanswered":
            return await _publish_new(turn, values, {about} - {""})
        case "entry":
            return await _change(turn, values, about)
        case "draft":
            draft = await drafts.draft(turn, about)
            if draft is None:
                raise Misunderstood(Phrase("draft-over"))
            return await publish_draft(turn, draft, values)
    raise Misunderstood(Phrase("outdated"))


async def _publish_new(turn: Turn, values: Mapping[str, str], subjects: set[str]) -> Reply | None:
    entry = faq_written.written(_new_id(turn), values)
    await _publish(turn, entry, subjects, told=())
    return turn.answer(Message(Phrase("faq-published", {"question": entry.question})))


async def _change(turn: Turn, values: Mapping[str, str], entry_id: str) -> Reply | None:
    if await faq_written.entry(turn, entry_id) is None:
        raise Misunderstood(Phrase("faq-gone"))
    entry = faq_written.written(entry_id, values)
    await _publish(turn, entry, set(), told=())
    return turn.answer(Message(Phrase("faq-changed", {"question": entry.question})))


def _new_id(turn: Turn) -> str:
    return f"chat-{hashlib.blake2b(turn.incoming.id.encode(), digest_size=5).hexdigest()}"


# --- drafts


async def publish_draft(turn: Turn, draft: Draft, values: Mapping[str, str]) -> Reply | None:
    """Publish what was made of a draft; whoever has answered is thanked. Raises WrongField."""
    if draft.status != "open":
        return await settled(turn, draft)
    entry = faq_written.written(_new_id(turn), values)
    asked = await inquiries.inquiry(turn, draft.id)
    await _publish(turn, entry, {subject(draft.question)}, told=() if asked is None else (asked.asker,))
    drafts.settle(turn, draft, "published", turn.speaker.id)
    helper = await turn.person(draft.helper)
    if helper is not None and helper.id != turn.speaker.id:
        thanks = Message(Phrase("draft-thanks", {"name": helper.first_name, "question": entry.question}))
        turn.say(f"draft:{draft.id}:thanks", helper, thanks)
    return turn.answer(Message(Phrase("faq-published", {"question": entry.question})))


def values_of(draft: Draft) -> dict[str, str]:
    """What the form has of a draft."""
    return {f"question_{draft.language}": draft.question, f"answer_{draft.language}": draft.answer}


async def settled(turn: Turn, draft: Draft) -> Reply | None:
    """Somebody was faster: who, and what they did."""
    if draft.by == turn.speaker.id:
        return turn.answer(Message(Phrase(f"draft-{draft.status}-by-you")))
    by = await turn.person(draft.by)
    return turn.answer(Message(Phrase(f"draft-{draft.status}-by", {"name": "HR" if by is None else by.name})))


# --- publishing


async def _publish(turn: Turn, entry: FaqEntry, subjects: set[str], told: Iterable[str]) -> None:
    """Lay it on the shelf. Who asked one of its questions in vain is told, but for those who know already."""
    await faq_written.publish(turn, entry)
    asked = sorted(subjects | {subject(one) for one in faq_written.questions(entry)})
    knowing = {*told, turn.speaker.id}
    for known in await unanswered.resolve(turn, asked):
        await _tell(turn, known, entry, knowing)
        knowing |= set(known.askers)


async def _tell(turn: Turn, known: Unanswered, entry: FaqEntry, knowing: set[str]) -> None:
    facts = (Fact(Phrase("fact-question"), known.question), Fact(Phrase("fact-source"), entry.source_title))
    answer = Message(entry.answer, facts=facts, language=known.language)
    for asker in await turn.people(one for one in known.askers if one not in knowing):
        turn.say(f"{turn.incoming.id}:{known.subject}:{asker.id}", asker, answer)
