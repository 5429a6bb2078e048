"""Passing a question on: before it goes anywhere, its author sees to whom and what, and may change both.

Nothing is sent by the button below an answer. It shows the preview; there the text goes off with one press, however
often it is pressed.
"""

from __future__ import annotations

from bot import asked, inquiries, previews, unanswered
from bot.answers.language import language_of
from bot.effects import Effect, Lane, Say
from bot.errors import Misunderstood
from bot.incoming import Submitted
from bot.inquiries import Inquiry
from bot.message import Button, Fact, Field, Form, Message, Phrase, Reply
from bot.people import Person, Role
from bot.previews import Preview, preview_of
from bot.turn import Turn
from bot.whom import in_confidence, whom_to_ask
from handlers.colleagues import asked_before, lay_before, quoted

FORM = "passing"
INSTEAD = 3  # people who are offered instead of the one who is shown


# --- what is about to be sent


async def ask_person(turn: Turn) -> Reply | None:
    """The button that passes a question on, its value."""
    return await _begin(turn, getattr(turn.incoming.said, "value", ""))


async def ask_hr(turn: Turn) -> Reply | None:
    """The same of a sensitive one, whatever its words are."""
    return await _begin(turn, getattr(turn.incoming.said, "value", ""), private=True)


async def rephrase(turn: Turn) -> Reply | None:
    """`rephrase <text>`: a text to pass on, where no form can be shown."""
    if not any(letter.isalnum() for letter in turn.text):
        raise Misunderstood(Phrase("rephrase-usage"))
    here = turn.incoming.account, turn.speaker.id, turn.incoming.place
    return await _begin(turn, turn.text, private=await asked.follows_private(turn, *here))


async def _begin(turn: Turn, text: str, *, private: bool = False) -> Reply | None:
    if not text.strip():
        raise Misunderstood(Phrase("outdated"))
    private = private or turn.company.sensitive.topic(text) is not None
    if private:
        everybody = await in_confidence(turn, text, turn.speaker)
    else:
        first = await whom_to_ask(turn, text, turn.speaker)
        everybody = [] if first is None or first.person is None else [first.person]
    if not everybody:
        raise Misunderstood(Phrase("private-nobody" if private else "outdated"))
    before: Message | None = None
    for one in everybody:
        made = preview_of(text, one.id, turn.incoming.id, private=private)
        known = await _inquiry(turn, made)
        if known is None:
            return await _show(turn, made)
        before = before or await asked_before(turn, known, one)
        if known.status != "declined":
            break
    return None if before is None else await _said(turn, before)


async def _show(turn: Turn, made: Preview, *, changed: bool = False) -> Reply | None:
    """Who will read it, and every word of it."""
    everybody = await _recipients(turn, made)
    to = next((one for one in everybody if one.id == made.to), None)
    if to is None:
        raise Misunderstood(Phrase("private-nobody" if made.private else "outdated"))
    await previews.note(turn, made, turn.speaker.id)
    others = [one for one in everybody if one.id != to.id][:INSTEAD]
    key = "preview-changed" if changed else "preview-private" if made.private else "preview"
    facts = (
        Fact(Phrase("fact-to"), to.name),
        Fact(Phrase("fact-from"), turn.speaker.name),
        Fact(Phrase("fact-question"), made.text),
    )
    buttons = (
        Button(previews.SEND, made.value, Phrase("button-send"), "primary"),
        *(Button("inquiry-to", made.instead(one.id).value, _label(turn, one)) for one in others),
        Button("inquiry-edit", made.value, Phrase("button-preview-edit")),
        Button("inquiry-cancel", made.value, Phrase("button-preview-cancel")),
    )
    prompt = Phrase("prompt-preview") if others else None
    return await _said(turn, Message(Phrase(key, {"name": to.name}), facts=facts, buttons=buttons, prompt=prompt))


def _label(turn: Turn, one: Person) -> str:
    return f"HR: {one.name}" if Role.HR in turn.company.policy.roles(one) else one.name


async def _recipients(turn: Turn, made: Preview) -> list[Person]:
    """Those who may read it, the likeliest first: of what is sensitive only those of HR whom it does not concern."""
    if made.private or turn.company.sensitive.topic(made.text) is not None:
        return await in_confidence(turn, made.text, turn.speaker)
    first = await whom_to_ask(turn, made.text, turn.speaker)
    hr = [one for one in await turn.with_role(Role.HR) if one.id != turn.speaker.id]
    every = [*([first.person] if first is not None and first.person is not None else []), *hr]
    return list({one.id: one for one in every}.values())


# --- its buttons


async def send_pressed(turn: Turn) -> Reply | None:
    """One press sends it; another finds it sent."""
    made = _pressed(turn)
    known, to = await _inquiry(turn, made), await turn.person(made.to)
    if known is not None and to is not None:
        await previews.end(turn, made, turn.speaker.id)
        return await _said(turn, await asked_before(turn, known, to), in_place=True)
    if not await previews.is_good(turn, made, turn.speaker.id):
        return await _over(turn)
    everybody = await _recipients(turn, made)
    await previews.end(turn, made, turn.speaker.id)
    if made.to not in {one.id for one in everybody}:  # they have left, or the list of topics is another one now
        if not everybody:
            raise Misunderstood(Phrase("private-nobody" if made.private else "outdated"))
        private = made.private or turn.company.sensitive.topic(made.text) is not None
        other = preview_of(made.text, everybody[0].id, turn.incoming.id, private=private)
        return await _show(turn, other, changed=True)
    return await _said(
        turn, await _send(turn, made, next(one for one in everybody if one.id == made.to)), in_place=True
    )


async def _send(turn: Turn, made: Preview, to: Person) -> Message:
    private = made.private or turn.company.sensitive.topic(made.text) is not None
    language = language_of(made.text, turn.speaker.locale)
    waiting = (await inquiries.open_on_desk(turn, to.id)).values()
    theirs = sum(one.asker == turn.speaker.id for one in waiting)
    if theirs >= inquiries.OF_ONE_ASKER:
        if private:
            return Message(Phrase("inquiries-too-many-private", {"count": theirs, "name": to.name}))
        if await unanswered.one(turn, unanswered.subject(made.text)) is None:
            await unanswered.note_unanswered(turn, made.text, turn.speaker.id, language)
        return Message(Phrase("inquiries-too-many", {"count": theirs, "name": to.name}))
    new = Inquiry(
        id=inquiries.inquiry_id(turn.speaker.id, made.text, to.id),
        question=made.text,
        asker=turn.speaker.id,
        helpers=(to.id,),
        language=language,
        private=private,
    )
    inquiries.put(turn, new)
    await lay_before(turn, new, turn.speaker, [to])
    return Message(Phrase("question-passed", {"name": to.name}), facts=(quoted(new),))


async def to_pressed(turn: Turn) -> Reply | None:
    """Somebody else is to read it: shown once more, before it goes anywhere."""
    made = _pressed(turn)
    if not made.other or not await previews.is_good(turn, made, turn.speaker.id):
        return await _over(turn)
    await previews.end(turn, made, turn.speaker.id)
    return await _show(turn, preview_of(made.text, made.other, turn.incoming.id, private=made.private))


async def cancel_pressed(turn: Turn) -> Reply | None:
    made = _pressed(turn)
    if not await previews.is_good(turn, made, turn.speaker.id):
        return await _over(turn)
    await previews.end(turn, made, turn.speaker.id)
    return await _said(turn, Message(Phrase("preview-cancelled")), in_place=True)


async def edit_pressed(turn: Turn) -> Reply | None:
    """The text in a form, or where none can be shown, how to write another."""
    made = _pressed(turn)
    if not await previews.is_good(turn, made, turn.speaker.id):
        return await _over(turn)
    if turn.takes_forms:
        return turn.ask(_form(made))
    await previews.end(turn, made, turn.speaker.id)
    if made.private:  # the other text is about the same, whatever its words are
        await asked.ask(turn, turn.incoming.account, turn.speaker.id, turn.incoming.place, "", private=True)
    return await _said(turn, Message(Phrase("rephrase-usage"), facts=(Fact(Phrase("fact-question"), made.text),)))


async def edit_submitted(turn: Turn) -> Reply | None:
    """The form; its context is what was shown. The other text is shown, too, before it goes anywhere."""
    said = turn.incoming.said
    made = previews.pressed(said.context) if isinstance(said, Submitted) else None
    if made is None or not isinstance(said, Submitted) or not await previews.is_good(turn, made, turn.speaker.id):
        raise Misunderstood(Phrase("preview-over"))
    text = " ".join(said.values.get("text", "").split())
    if not any(letter.isalnum() for letter in text):
        return turn.ask_again(_form(made), "text", Phrase("preview-empty"))
    if len(text) > previews.LONGEST:
        return turn.ask_again(_form(made), "text", Phrase("faq-too-long", {"most": str(previews.LONGEST)}))
    private = made.private or turn.company.sensitive.topic(text) is not None
    other = preview_of(text, made.to, turn.incoming.id, private=private)
    everybody = await _recipients(turn, other)
    if not everybody:
        raise Misunderstood(Phrase("private-nobody" if private else "outdated"))
    await previews.end(turn, made, turn.speaker.id)
    kept = made.to in {one.id for one in everybody}
    to = made.to if kept else everybody[0].id
    return await _show(turn, preview_of(text, to, turn.incoming.id, private=private), changed=not kept)


def _form(made: Preview) -> Form:
    field = Field("text", Phrase("field-preview-text"), "long", value=made.text)
    return Form(FORM, Phrase("form-preview"), Phrase("form-preview-submit"), (field,), context=made.shown.value)


# --- parts


def _pressed(turn: Turn) -> Preview:
    made = previews.pressed(getattr(turn.incoming.said, "value", ""))
    if made is None:
        raise Misunderstood(Phrase("outdated"))
    return made


async def _inquiry(turn: Turn, made: Preview) -> Inquiry | None:
    return await inquiries.inquiry(turn, inquiries.inquiry_id(turn.speaker.id, made.text, made.to))


async def _over(turn: Turn) -> Reply | None:
    return await _said(turn, Message(Phrase("preview-over")), in_place=True)


async def _said(turn: Turn, message: Message, *, in_place: bool = False) -> Reply | None:
    """To the author alone, as a message that lasts; `in_place`: of the preview, whose buttons have done their work."""
    place, on = turn.incoming.place, turn.incoming.pressed
    if in_place and on is not None and place.private:
        act = Say(message, person=turn.speaker.id, on=on)
        turn.add(Effect(id=f"{turn.incoming.id}:answer", lane=Lane(place.channel, turn.speaker.id), act=act))
        return None
    turn.say(f"{turn.incoming.id}:preview", turn.speaker, message)
    if place.private:
        return None
    return turn.answer(Message(Phrase("answered-in-private")))
