"""The two pages of the chat as HTML: where one picks a person, and where one talks."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Sequence

import msgspec

from adapters.web.templates import Html, fill, texts
from bot.calendar import calendar_of
from bot.message import Phrase, Text
from bot.people import Person, Role
from bot.ports import Say
from bot.speech import MAX_TEXT

NEW_FOR = datetime.timedelta(days=90)
HEADS = frozenset({Role.MANAGER, Role.HR, Role.ADMIN})
ROLES = (
    (Role.ADMIN, Phrase("web-role-admin")),
    (Role.HR, Phrase("web-role-hr")),
    (Role.MANAGER, Phrase("web-role-manager")),
)
PAGE_TEXTS = (
    "title", "tagline", "about-1", "about-2", "about-3", "sandbox-note", "pick", "pick-hint", "nobody", "elsewhere",
    "other-language", "privacy", "terms", "no-script", "bot", "bot-about", "skip", "people", "start-page", "plan",
    "plan-close", "conversation", "empty-text", "composer", "composer-placeholder", "composer-hint", "send",
    "suggestions",
)  # fmt: skip
SCRIPT_TEXTS = (
    "pick-failed", "plan-empty", "by-bot", "by-me", "today", "yesterday", "typing", "updated", "new-messages",
    "to-latest", "progress", "progress-name", "done-fold", "waiting-fold", "mark-waiting", "mark-open", "mark-overdue",
    "mark-done", "mark-skipped", "sending", "repeating", "not-sent", "offline", "online", "signed-out",
    "too-long",
)  # fmt: skip


class PageLink(msgspec.Struct, frozen=True):
    """What can be opened from the start page. `url` None: it does not run now; the label says how it is started."""

    label: Text
    url: str | None


def role(person: Person, today: datetime.date) -> Phrase:
    """The highest role; somebody whose first day lies ahead or not long ago is a newcomer."""
    found = next((text for one, text in ROLES if one in person.roles), None)
    if found is not None:
        return found
    if person.start_date is not None and person.start_date > today - NEW_FOR:
        return Phrase("web-role-newcomer")
    return Phrase("web-role-employee")


def _about(person: Person, today: datetime.date, say: Say) -> str:
    parts = (say(role(person, today)), person.department)
    return " · ".join(dict.fromkeys(part for part in parts if part))


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:2]).upper()


def _cards(template: str, people: Sequence[Person], now: datetime.datetime, say: Say, picked: str = "") -> Html:
    cards = (
        fill(
            template,
            {
                "id": person.id,
                "name": person.name,
                "about": _about(person, now.date(), say),
                "handle": f"@{person.handle}",
                "initials": _initials(person.name),
                "tone": str(sum(person.id.encode()) % 6),
                "current": "true" if person.id == picked else "false",
            },
        )
        for person in people
    )
    return Html("".join(cards))


def ordered(people: Sequence[Person]) -> list[Person]:
    """Teams together, the largest first, each behind its head; HR and administrators last."""
    sizes = Counter(one.manager or one.id for one in people)

    def place(one: Person) -> tuple[bool, int, str, bool, str]:
        head = one.manager or one.id
        return not one.roles.isdisjoint({Role.HR, Role.ADMIN}), -sizes[head], head, one.id != head, one.name

    return sorted(people, key=place)


def start_page(
    people: Sequence[Person], links: Sequence[PageLink], now: datetime.datetime, language: str, say: Say
) -> str:
    """What Butterboard is, and whom one may be."""
    others = (
        fill("no-link.html", {"label": say(link.label)})
        if link.url is None
        else fill("link.html", {"label": say(link.label), "url": link.url})
        for link in links
    )
    values = {
        **texts(PAGE_TEXTS, say),
        "lang": language,
        "other": "ru" if language == "en" else "en",
        "texts": json.dumps(texts(SCRIPT_TEXTS, say), ensure_ascii=False),
        "people-cards": _cards("person.html", ordered(people), now, say),
        "links": Html("".join(others)),
        "hide-nobody": Html("hidden" if people else ""),
        "hide-links": Html("" if links else "hidden"),
    }
    return fill("start.html", values)


def chat_page(person: Person, people: Sequence[Person], now: datetime.datetime, language: str, say: Say) -> str:
    """The conversation of one person."""
    hints = (fill("suggestion.html", {"text": text}) for text in suggestions(person, people, now, say))
    values = {
        **texts(PAGE_TEXTS, say),
        "lang": language,
        "texts": json.dumps(texts(SCRIPT_TEXTS, say), ensure_ascii=False),
        "person": person.id,
        "longest": str(MAX_TEXT),
        "name": person.name,
        "about": _about(person, now.date(), say),
        "initials": _initials(person.name),
        "tone": str(sum(person.id.encode()) % 6),
        "empty-title": say(Phrase("web-empty-title", {"name": person.name.partition(" ")[0]})),
        "people-cards": _cards("switch.html", ordered(people), now, say, person.id),
        "hints": Html("".join(hints)),
    }
    return fill("chat.html", values)


def suggestions(person: Person, people: Sequence[Person], now: datetime.datetime, say: Say) -> list[str]:
    """What one may try first; for those who lead people, starting an onboarding."""
    newcomer = _somebody_new(person, people)
    found = [say(Phrase("web-suggest-status")), say(Phrase("web-suggest-question")), say(Phrase("web-suggest-help"))]
    if newcomer is None:
        return found
    calendar = calendar_of(newcomer.timezone, newcomer.country)
    day = newcomer.start_date or calendar.shift(calendar.today(now), 1)
    start = Phrase("web-suggest-start", {"handle": newcomer.handle, "day": day.isoformat()})
    return [say(start), *found]


def _somebody_new(person: Person, people: Sequence[Person]) -> Person | None:
    """Of those whom this person may start: of their own team, and rather one who starts soon or speaks as they do."""
    if person.roles.isdisjoint(HEADS):
        return None
    led = [one for one in people if one.manager == person.id]
    able = led or [one for one in people if one.roles.isdisjoint(HEADS)]

    def place(one: Person) -> tuple[int, bool, str]:
        return -(one.start_date or datetime.date.min).toordinal(), one.locale != person.locale, one.name

    return min(able, key=place, default=None)
