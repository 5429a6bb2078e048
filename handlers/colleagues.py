"""What a colleague was asked through the bot: their answer comes back, or it is passed on.

How a question comes to them is in `passing.py`.
"""

from __future__ import annotations

import datetime
import re

import msgspec

from bot import drafts, inquiries, speech, unanswered
from bot.errors import Misunderstood
from bot.faq_written import WrongField, answer_text
from bot.incoming import Submitted
from bot.inquiries import Inquiry
from bot.message import Button, Fact, Field, Form, Item, Message, Phrase, Reply
from bot.people import Person, Role
from bot.turn import Turn
from bot.whom import in_confidence
from bot.work import Work
from handlers.drafts import offer

FORM = "inquiry"
SHOWN = 20
STILL_WAITS = datetime.timedelta(hours=2)  # after that whoever asked gets the answer in their working hours
NUMBER = re.compile(r"[#№]?([0-9]{1,9})[.,:;)]?")


# --- what has been asked


async def asked_before(turn: Turn, known: Inquiry, helper: Person) -> Message:
    """What became of it, for whoever asks the same of the same person once more."""
    if known.status == "answered":
        return await _answer(turn, known)
    if known.status == "declined":
        return await _nobody(turn, known, helper)
    return Message(Phrase("question-passed", {"name": helper.name}))


async def _nobody(work: Work, known: Inquiry, by: Person) -> Message:
    """For the asker; of what is sensitive with somebody else of HR, if there is anybody."""
    if not inquiries.is_private(work, known):
        return Message(Phrase("inquiry-nobody"), facts=(quoted(known),))
    asker = await work.person(known.asker)
    others = [] if asker is None else await in_confidence(work, known.question, asker)
    other = next((one for one in others if one.id != by.id), None)
    facts, key = (quoted(known),), "inquiry-nobody-private"
    if other is None:
        return Message(Phrase(key, {"name": by.name}), facts=facts)
    button = Button("ask-hr", known.question, Phrase("button-ask-hr"), "primary")
    return Message(Phrase(key, {"name": by.name}), facts=facts, buttons=(button,))


async def lay_before(work: Work, asked: Inquiry, asker: Person, helpers: list[Person]) -> None:
    """Ask those who may know. Who was asked first may pass it on."""
    buttons = [Button("inquiry-answer", asked.id, Phrase("button-inquiry-answer"), "primary")]
    if asked.passed_by is None:
        buttons.append(Button("inquiry-pass", asked.id, Phrase("button-inquiry-pass")))
    key = "question-private" if inquiries.is_private(work, asked) else "question-passed-on"
    for helper in helpers:
        number = await inquiries.lay_on_desk(work, helper.id, asked.id)
        text = Phrase(key, {"name": asker.name, "number": str(number)})
        work.say(
            f"inquiry:{asked.id}:{helper.id}", helper, Message(text, facts=(quoted(asked),), buttons=tuple(buttons))
        )


def quoted(asked: Inquiry) -> Fact:
    return Fact(Phrase("fact-question"), asked.question)


# --- answering


async def answer_pressed(turn: Turn) -> Reply | None:
    """The button "Answer" of an inquiry: a form, or the words to write where none can be shown."""
    asked = await _theirs(turn, turn.words[0] if len(turn.words) == 1 else "")
    if asked.status == "answered":
        return await _answered_already(turn, asked)
    if turn.takes_forms:
        return turn.ask(_form(asked))
    numbers = (await inquiries.desk(turn, turn.speaker.id)).numbers
    number = next((str(number) for number, one in numbers.items() if one == asked.id), None)
    if number is None:
        raise Misunderstood(Phrase("outdated"))
    return turn.answer(Message(Phrase("inquiry-usage", {"number": number}), facts=(quoted(asked),)))


async def answer_submitted(turn: Turn) -> Reply | None:
    """The form of an answer; its context is the inquiry."""
    said = turn.incoming.said
    if not isinstance(said, Submitted):
        raise Misunderstood(Phrase("outdated"))
    asked = await _theirs(turn, said.context)
    if asked.status == "answered":
        return await _answered_already(turn, asked)
    try:
        text = _text(said.values.get("answer", ""))
    except WrongField as error:
        return turn.ask_again(_form(asked), "answer", error.text)
    return await _answered(turn, asked, text)


async def reply(turn: Turn) -> Reply | None:
    """`reply 3 <text>`: the answer to the inquiry of that number; alone: what waits for the speaker's answer."""
    if not turn.text:
        return await _waiting(turn)
    found = NUMBER.fullmatch(turn.text.split(maxsplit=1)[0])
    if found is None:
        raise Misunderstood(Phrase("inquiry-usage", {"number": "3"}))
    number, text = int(found[1]), speech.after(turn.text, 1)
    if not text:
        raise Misunderstood(Phrase("inquiry-usage", {"number": str(number)}))
    name = (await inquiries.desk(turn, turn.speaker.id)).numbers.get(number)
    asked = None if name is None else await inquiries.inquiry(turn, name)
    if asked is None:
        raise Misunderstood(Phrase("inquiry-unknown", {"number": str(number)}))
    if asked.status == "answered":
        return await _answered_already(turn, asked)
    return await _answered(turn, asked, _text(text))


def is_numbered(rest: tuple[str, ...]) -> bool:
    """Without the slash: "reply 3 Monday" is an answer, "reply to all?" is not."""
    return not rest or NUMBER.fullmatch(rest[0]) is not None


def _text(written: str) -> str:
    text = answer_text({"answer": written}, "answer")
    if not any(letter.isalnum() for letter in text):
        raise WrongField("answer", Phrase("inquiry-no-answer"))
    return text


async def _theirs(turn: Turn, name: str) -> Inquiry:
    """The inquiry of a button or a form, if it was the speaker who was asked."""
    asked = await inquiries.inquiry(turn, name) if name else None
    if asked is None:
        raise Misunderstood(Phrase("inquiry-over"))
    if turn.speaker.id not in asked.helpers:
        raise Misunderstood(Phrase("inquiry-not-yours"))
    return asked


async def _answered(turn: Turn, asked: Inquiry, text: str) -> Reply | None:
    after = msgspec.structs.replace(asked, status="answered", answer=text, answered_by=turn.speaker.id)
    inquiries.put(turn, after)
    asker = await turn.person(asked.asker)
    if asker is not None:
        waits = asked.at is not None and turn.now - asked.at < STILL_WAITS
        turn.say(f"inquiry:{asked.id}:answer", asker, await _answer(turn, after), urgent=waits)
    if not inquiries.is_private(turn, asked):
        draft = drafts.Draft(
            id=asked.id, question=asked.question, answer=text, language=asked.language, helper=turn.speaker.id
        )
        await offer(turn, draft)
    name = "" if asker is None else asker.name
    return turn.answer(Message(Phrase("inquiry-thanks", {"name": name}), facts=(quoted(asked),)))


async def _answer(turn: Turn, asked: Inquiry) -> Message:
    """What the asker gets: the colleague's own words, whole."""
    helper = await turn.person(asked.answered_by)
    by = () if helper is None else (Fact(Phrase("fact-answered-by"), helper.name),)
    return Message(asked.answer, facts=(quoted(asked), *by), language=asked.language)


async def _answered_already(turn: Turn, asked: Inquiry) -> Reply | None:
    helper = await turn.person(asked.answered_by)
    if helper is None or helper.id == turn.speaker.id:
        return turn.answer(Message(Phrase("inquiry-answered-by-you"), facts=(quoted(asked),)))
    return turn.answer(Message(Phrase("inquiry-answered-by", {"name": helper.name}), facts=(quoted(asked),)))


async def _waiting(turn: Turn) -> Reply | None:
    found = await inquiries.open_on_desk(turn, turn.speaker.id)
    if not found:
        return turn.answer(Message(Phrase("inquiries-none")))
    names = {one.id: one.name for one in await turn.people(asked.asker for asked in found.values())}
    label = Phrase("button-inquiry-answer")
    items = tuple(
        Item(
            id=asked.id,
            title=asked.question,
            mark="open",
            note=Phrase("inquiry-note", {"name": names.get(asked.asker, ""), "number": str(number)}),
            button=Button("inquiry-answer", asked.id, label),
        )
        for number, asked in list(found.items())[: -SHOWN - 1 : -1]
    )
    return turn.answer_in_private(Message(Phrase("inquiries", {"count": len(found)}), items=items))


def _form(asked: Inquiry) -> Form:
    field = Field("answer", Phrase("field-inquiry-answer"), "long", hint=asked.question)
    return Form(FORM, Phrase("form-inquiry"), Phrase("form-inquiry-submit"), (field,), context=asked.id)


# --- passing it on


async def pass_pressed(turn: Turn) -> Reply | None:
    """The button "Not for me": everybody of HR is asked instead, and the first answer counts. What is sensitive goes to
    nobody else: its author is told, and chooses."""
    asked = await _theirs(turn, turn.words[0] if len(turn.words) == 1 else "")
    if asked.status == "answered":
        return await _answered_already(turn, asked)
    if inquiries.is_private(turn, asked):
        if asked.status == "open":
            await _decline(turn, asked, turn.speaker)
        return turn.answer(Message(Phrase("inquiry-declined-private"), facts=(quoted(asked),)))
    if asked.passed_by is not None or asked.status == "declined":
        return turn.answer(Message(Phrase("inquiry-passed"), facts=(quoted(asked),)))
    passed = await _pass_on(turn, asked, turn.speaker)
    return turn.answer(Message(Phrase("inquiry-passed" if passed else "inquiry-declined"), facts=(quoted(asked),)))


async def _pass_on(work: Work, asked: Inquiry, by: Person) -> bool:
    """Ask everybody of HR. False: nobody else can be asked; whoever asked is told so, and HR finds it among what nobody
    could answer."""
    asker = await work.person(asked.asker)
    others = [one for one in await work.with_role(Role.HR) if one.id not in (asked.asker, by.id)]
    if asker is not None and others and not inquiries.is_private(work, asked):
        helpers = tuple(dict.fromkeys((*asked.helpers, *(one.id for one in others))))
        after = msgspec.structs.replace(asked, helpers=helpers, passed_by=by.id)
        inquiries.put(work, after)
        await lay_before(work, after, asker, others)
        return True
    await _decline(work, asked, by)
    return False


async def _decline(work: Work, asked: Inquiry, by: Person) -> None:
    after = msgspec.structs.replace(asked, status="declined")
    inquiries.put(work, after)
    if not inquiries.is_private(work, asked):
        await unanswered.note_unanswered(work, asked.question, asked.asker, asked.language)
    asker = await work.person(asked.asker)
    if asker is not None:
        work.say(f"inquiry:{asked.id}:declined", asker, await _nobody(work, after, by))


async def pass_on_of(work: Work, leaver: Person) -> None:
    """What waits for the answer of somebody who has left is asked of HR, if it has not been yet."""
    waiting = [one for one in (await inquiries.open_on_desk(work, leaver.id)).values() if one.passed_by is None]
    for asked in waiting[-SHOWN:]:
        await _pass_on(work, asked, leaver)
