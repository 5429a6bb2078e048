"""What is known about a question, as a message: in the language of the question, whatever that of the person is."""

from __future__ import annotations

import msgspec

from bot import previews
from bot.choices import Choice, Other, cut, label, others
from bot.knowledge import Answer, Found
from bot.message import Arg, Button, Fact, Item, Link, Message, Phrase
from bot.whom import Helper

EXTRACT = 240  # characters of a hit
NONE_OF_THESE = Phrase("button-none-of-these")


# --- the three bands


def answer(found: Found, best: Answer, question: str) -> Message:
    """The answer with its source; is it the right one? If not, it may be one of two more."""
    more = others(found.others)
    choice = Choice(question, best.id, more)
    buttons = (*_rate(choice), *(_read(question, one) for one in more))
    prompt = Phrase("prompt-others") if more else None
    return msgspec.structs.replace(_with_source(best, found.language, buttons), prompt=prompt)


def maybe(found: Found, question: str) -> Message:
    """Nothing is certain: one of these may be meant."""
    buttons = tuple(_read(question, one) for one in others(found.others))
    none = Button("not-helpful", Choice(question).value, NONE_OF_THESE)
    return Message(Phrase("maybe"), buttons=(*buttons, none), language=found.language)


def unknown(question: str, helper: Helper | None, language: str) -> Message:
    """The honest no, with whoever may know."""
    return _with_helper("no-answer", {}, (), question, helper, language)


# --- what follows an answer


def read(best: Answer, question: str, language: str, rated: str | None = None) -> Message:
    """The answer that was asked for by a button. `rated`: what this person has said of it."""
    buttons = [button for button in _rate(Choice(question, best.id)) if button.action != rated]
    facts = () if rated is None else (Fact(Phrase("fact-rated"), Phrase(f"rated-{rated}")),)
    return _with_source(best, language, tuple(buttons), facts)


def gone(language: str) -> Message:
    return Message(Phrase("answer-gone"), language=language)


def rating_over(language: str) -> Message:
    """It was shown too long ago, or never."""
    return Message(Phrase("rating-over"), language=language)


def thanks(language: str) -> Message:
    return Message(Phrase("rated-thanks"), language=language)


def not_helpful(choice: Choice, helper: Helper | None, language: str) -> Message:
    """It was not what was asked for: what else it may have been, and whoever may know."""
    buttons = tuple(_read(choice.question, one) for one in choice.others)
    return _with_helper("not-helpful", {"others": len(buttons)}, buttons, choice.question, helper, language)


# --- a search


def hits(found: Found, words: str) -> Message:
    """What has to do with the words, each with where it stands and a line of it."""
    items = tuple(_hit(number, one, words) for number, one in enumerate(found.others, start=1))
    text = Phrase("search-found", {"count": len(items), "words": words})
    return Message(text, items=items, language=found.language)


def no_hits(words: str, helper: Helper | None, language: str) -> Message:
    buttons = () if helper is None or helper.person is None else (_ask_person(words),)
    return Message(Phrase("search-nothing", {"words": words}), buttons=buttons, language=language)


def _hit(number: int, one: Answer, words: str) -> Item:
    links = (Link(Phrase("link-open"), one.url),) if one.url else ()
    show = Button("answer", Choice(words, one.id).value, Phrase("button-show"))
    text = cut(" ".join(one.text.split()), EXTRACT)
    title = one.source if one.kind == "page" else one.label
    return Item(id=str(number), title=title or label(one), mark="waiting", text=text, links=links, button=show)


# --- parts


def _with_source(best: Answer, language: str, buttons: tuple[Button, ...], facts: tuple[Fact, ...] = ()) -> Message:
    links = _links(best)
    source = () if links else (Fact(Phrase("fact-source"), best.source),)
    composed = (Fact(Phrase("fact-composed"), Phrase("composed")),) if best.kind == "composed" else ()
    facts = (*source, *composed, *facts)
    return Message(best.text, facts=facts, links=links, buttons=buttons, language=language)


def _links(best: Answer) -> tuple[Link, ...]:
    if best.cited:
        numbered = enumerate(best.cited, 1)
        return tuple(
            Link(Phrase("source-cited", {"number": number, "title": one.source}), one.url)
            for number, one in numbered
            if one.url
        )
    return (Link(Phrase("source", {"title": best.source}), best.url),) if best.url else ()


def _rate(choice: Choice) -> tuple[Button, ...]:
    bare = Choice(choice.question, choice.answer)
    return (
        Button("helpful", bare.value, Phrase("button-helpful")),
        Button("not-helpful", choice.value, Phrase("button-not-helpful")),
    )


def _read(question: str, other: Other) -> Button:
    return Button("answer", Choice(question, other.id).value, other.label)


def _ask_person(question: str) -> Button:
    return Button("ask-person", cut(question, previews.LONGEST), Phrase("button-ask-person"), "primary")


def _with_helper(
    key: str, args: dict[str, int], buttons: tuple[Button, ...], question: str, helper: Helper | None, language: str
) -> Message:
    """Whom the bot can write to is asked with a button; of anybody else the name and the e-mail are told."""
    if helper is None:
        return Message(Phrase(f"{key}-nobody", {**args}), buttons=buttons, language=language)
    told: dict[str, Arg] = {**args, "name": helper.name, "email": helper.email}
    if helper.contact is not None:
        told["topic"] = helper.contact.topic
    if helper.person is None:
        return Message(Phrase(f"{key}-contact", told), buttons=buttons, language=language)
    kind = key if helper.contact is None else f"{key}-topic"
    return Message(Phrase(kind, told), buttons=(*buttons, _ask_person(question)), language=language)
