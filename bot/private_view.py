"""What is said of a sensitive message: help, the answer that there may be, and a way to somebody who keeps it."""

from __future__ import annotations

import msgspec

from bot import answers_view
from bot.choices import Choice, label
from bot.knowledge import Answer, Found
from bot.message import Arg, Button, Fact, Item, Link, Message, Phrase
from bot.sensitive import Topic
from bot.whom import Helper

GUESSES = 2


def offer(topic: Topic, found: Found, helper: Helper | None, question: str, country: str) -> Message:
    """The ordinary answer where it is one, with a button that leads to HR; else help, whom to call, what is
    confidential, and what may have been meant.

    `helper` is whoever may be asked in confidence, None: there is nobody.
    """
    confidential = {one.id for one in found.confidential}
    best = found.best
    if found.band == "answer" and best is not None and not topic.help_first and best.id not in confidential:
        return _beside(answers_view.answer(found, best, question), helper, question)
    lines = [Fact(one.title, one.contact) for one in topic.lines if one.serves(country)]
    # Beside words of comfort a guess that is none would hurt: there only what surely answers is offered.
    sure = (best,) if found.band == "answer" else ()
    meant = sure if topic.help_first else (best, *found.others)
    guesses = [one for one in meant if one is not None and one.id not in confidential][:GUESSES]
    buttons = (*_to_hr(helper, question), *(_guess(question, one) for one in guesses))
    return Message(
        _text(topic, helper),
        facts=tuple(lines),
        items=tuple(map(_item, found.confidential)),
        buttons=buttons,
        language=found.language,
    )


def _beside(answer: Message, helper: Helper | None, question: str) -> Message:
    return msgspec.structs.replace(answer, buttons=(*answer.buttons, *_to_hr(helper, question)))


def _text(topic: Topic, helper: Helper | None) -> Phrase:
    args: dict[str, Arg] = {"care": topic.care if topic.care is not None else Phrase("private-care")}
    if helper is None:
        return Phrase("private-offer-nobody", args)
    return Phrase("private-offer", {**args, "name": helper.name})


def _to_hr(helper: Helper | None, question: str) -> tuple[Button, ...]:
    if helper is None:
        return ()
    return (Button("ask-hr", question, Phrase("button-ask-hr"), "primary"),)


def _guess(question: str, one: Answer) -> Button:
    return Button("answer", Choice(question, one.id).value, label(one))


def _item(one: Answer) -> Item:
    links = (Link(Phrase("link-open"), one.url),) if one.url else ()
    return Item(id=one.id, title=one.label, mark="waiting", text=one.text, links=links)
