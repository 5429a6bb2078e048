"""FAQ entries that HR writes in a chat: held to the limits of the files, on a shelf that all processes read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec
from pydantic import TypeAdapter, ValidationError

from bot import shelf, speech
from bot.answers.language import language_of
from bot.errors import Misunderstood
from bot.faq_file import MAX_ENTRIES, AnswerText, FaqEntry, Question, Questions
from bot.message import Local, Phrase, Text
from bot.texts import speaker
from bot.work import Work

T = TypeVar("T")
LANGUAGES = ("ru", "en")
_questions: TypeAdapter[str] = TypeAdapter(Question)
_answers: TypeAdapter[str] = TypeAdapter(AnswerText)
_ways: TypeAdapter[tuple[str, ...]] = TypeAdapter(Questions)
_entries = msgspec.json.Decoder(FaqEntry)


class WrongField(Misunderstood):
    """What was written cannot be taken; `field` is the one that it stands in."""

    def __init__(self, field: str, text: Text) -> None:
        super().__init__(text)
        self.field = field


# --- what was written


def written(entry_id: str, values: Mapping[str, str]) -> FaqEntry:
    """The entry of the fields question_ru, question_en, answer_ru, answer_en and also (a line for each way to ask).

    One language is enough: the other gets the same text.

    Raises:
        WrongField: the first field that cannot be taken.
    """
    return FaqEntry(
        id=entry_id,
        question=_question(values),
        answer=_in_both("answer", {one: answer_text(values, f"answer_{one}") for one in LANGUAGES}),
        source_title=Local(*(speaker(one)(Phrase("faq-source")) for one in LANGUAGES)),
        also=_also(values.get("also", "")),
    )


def fields(entry: FaqEntry) -> dict[str, str]:
    """The values that `written` would make the entry of."""
    values = {"also": "\n".join(entry.also)}
    for name, text in (("question", entry.question), ("answer", entry.answer)):
        languages = LANGUAGES if text.ru != text.en else (language_of(entry.question.ru, "ru"),)
        values |= {f"{name}_{one}": text.in_language(one) for one in languages}
    return values


def answer_text(values: Mapping[str, str], field: str) -> str:
    """An answer as people type it, "" for none.

    Raises:
        WrongField: it is too long, or has characters that nobody sees.
    """
    text = "\n".join(line.rstrip() for line in values.get(field, "").splitlines()).strip()
    return _checked(_answers, text, field) if text else ""


def _question(values: Mapping[str, str]) -> Local:
    asked = {one: " ".join(values.get(f"question_{one}", "").split()) for one in LANGUAGES}
    for one, text in asked.items():
        if text and not any(letter.isalnum() for letter in text):
            raise WrongField(f"question_{one}", Phrase("faq-no-question"))
    return _in_both(
        "question", {one: text and _checked(_questions, text, f"question_{one}") for one, text in asked.items()}
    )


def _in_both(name: str, texts: Mapping[str, str]) -> Local:
    some = next(filter(None, texts.values()), None)
    if some is None:
        raise WrongField(f"{name}_ru", Phrase(f"faq-no-{name}"))
    return Local(*(texts[one] or some for one in LANGUAGES))


def _also(text: str) -> tuple[str, ...]:
    lines = dict.fromkeys(" ".join(line.split()) for line in text.splitlines())
    return _checked(_ways, tuple(filter(None, lines)), "also")


def _checked(adapter: TypeAdapter[T], value: T, field: str) -> T:
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        (first, *_) = error.errors(include_url=False, include_input=False)
    limits = first.get("ctx", {})
    match first["type"]:
        case "string_too_long":
            raise WrongField(field, Phrase("faq-too-long", {"most": str(limits["max_length"])}))
        case "too_long":
            raise WrongField(field, Phrase("faq-too-many-ways", {"most": str(limits["max_length"])}))
    raise WrongField(field, Phrase("faq-hidden"))


# --- the shelf


async def entries(work: Work) -> dict[str, FaqEntry]:
    """All that were written in a chat, by their ids."""
    await work.read([f"shelf:{shelf.ENTRIES}"])  # before the index: who writes meanwhile makes this work begin again
    ids = sorted(await shelf.digests(work.company.store, shelf.ENTRIES))
    await work.read([f"{shelf.ENTRIES}:{one}" for one in ids])
    return {one: found for one in ids if (found := await entry(work, one)) is not None}


async def entry(work: Work, one: str) -> FaqEntry | None:
    state = await work.state(f"{shelf.ENTRIES}:{one}")
    return None if state is None else _entries.decode(state)


async def publish(work: Work, new: FaqEntry) -> None:
    """Every process finds it from now on, in the place of an entry with the same id.

    Raises:
        WrongField: another entry has the question already, or there are too many.
    """
    others = {one: known for one, known in (await entries(work)).items() if one != new.id}
    if len(others) >= MAX_ENTRIES:
        raise WrongField("question_ru", Phrase("faq-full", {"most": str(MAX_ENTRIES)}))
    for known in others.values():
        for field, asked in _asked(new):
            if asked in {one for _, one in _asked(known)}:
                raise WrongField(field, Phrase("faq-duplicate", {"question": known.question}))
    await shelf.put(work, shelf.ENTRIES, {new.id: new})


async def withdraw(work: Work, one: str) -> bool:
    """Nobody finds it any more. False: it was not there."""
    return await shelf.take_off(work, shelf.ENTRIES, [one]) > 0


def questions(entry: FaqEntry) -> tuple[str, ...]:
    """Every way to ask it."""
    return tuple(dict.fromkeys((entry.question.ru, entry.question.en, *entry.also)))


def _asked(entry: FaqEntry) -> list[tuple[str, str]]:
    named = [("question_ru", entry.question.ru), ("question_en", entry.question.en)]
    every = [*named, *(("also", one) for one in entry.also)]
    return [(field, plain) for field, one in every if (plain := speech.plain(one))]
