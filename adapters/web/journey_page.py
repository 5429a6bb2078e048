"""The page of one journey as HTML, for whoever was given its link: where it stands, and nothing to press."""

from __future__ import annotations

import datetime

import msgspec

from adapters.web.render import said
from adapters.web.templates import Html, fill, texts
from bot.calendar import calendar_of
from bot.journey import views
from bot.journey.state import IssueRef, Journey
from bot.message import Day, Fact, Item, Link, Message, Phrase, StepMark, Text
from bot.people import Person
from bot.ports import Say
from bot.scenario import Scenario, Step

SHARED = ("title", "other-language")
PAGE_TEXTS = ("journey-kind", "journey-issue", "journey-steps", "journey-about", "progress-name")
SHAPES: dict[StepMark, str] = {
    "waiting": "",
    "open": "",
    "overdue": "M12 6V13M12 17V17.4",
    "done": "M5 12.5 10 17.5 19 7",
    "skipped": "M6 12H18",
}


def journey_page(
    journey: Journey, person: Person, scenario: Scenario, now: datetime.datetime, language: str, say: Say
) -> str:
    """The plan of `person` in the reader's language."""
    plan = said(_plan(journey, person, scenario, now), say)
    done = views.progress(journey, scenario)
    values = {
        **texts(PAGE_TEXTS, say),
        "name": person.name,
        "plan": say(plan.text),
        "facts": Html("".join(_fact(fact, say) for fact in plan.facts)),
        "issue": _links(plan.links, say),
        "hide-issue": Html("" if plan.links else "hidden"),
        "done": str(done.done),
        "total": str(max(done.total, 1)),
        "progress": say(Phrase("web-journey-progress", {"done": done.done, "total": done.total})),
        "steps": Html("".join(_step(item, say) for item in plan.items)),
    }
    return leaf_page(person.name, fill("journey.html", values), language, say)


def notice_page(key: str, language: str, say: Say) -> str:
    """A page that says in two sentences why there is none: `key` is that of its title, `key`-text of what to do."""
    values = {"notice": say(Phrase(key)), "text": say(Phrase(f"{key}-text"))}
    return leaf_page(values["notice"], fill("notice.html", values), language, say)


def leaf_page(heading: str, content: Html, language: str, say: Say, assets: str = "assets") -> str:
    """A page for reading. `assets`: where its styles are, from where it stands."""
    other = "ru" if language == "en" else "en"
    shown = {"lang": language, "other": other, "heading": heading, "content": content, "assets": assets}
    values = {**texts(SHARED, say), **shown}
    return fill("leaf.html", values)


def _plan(journey: Journey, person: Person, scenario: Scenario, now: datetime.datetime) -> Message:
    """What the person sees, without what only they need: buttons and explanations. Links lead to issues; what somebody
    has to do for them stands with all that it asks, since they have no plan to read it in."""
    calendar = calendar_of(person.timezone, person.country)
    plan = views.checklist(journey, scenario, calendar, now)
    standing = views.standing(journey, person, scenario, calendar, now)
    return Message(
        plan.text,
        facts=standing.facts,
        items=tuple(_read_only(journey, scenario, item) for item in plan.items),
        links=_link(journey.issue),
    )


def _read_only(journey: Journey, scenario: Scenario, item: Item) -> Item:
    links, step = _link(journey.step(item.id).issue), scenario.step(item.id)
    if step is None or not _of_others(journey, step):
        return msgspec.structs.replace(item, note=_note(journey, item), text=None, links=links, button=None)
    links += views.step_links(step)
    return msgspec.structs.replace(item, note=_note(journey, item), text=step.text, links=links, button=None)


def _of_others(journey: Journey, step: Step) -> bool:
    """Does it wait for somebody else than the person of the journey?"""
    is_open = journey.status == "active" and journey.step(step.id).status == "open"
    return is_open and journey.executor(step) != journey.person


def _note(journey: Journey, item: Item) -> Text | None:
    """The due day, also where the checklist tells its reader something else."""
    state = journey.step(item.id)
    if journey.status != "active" or state.settled or state.due is None:
        return item.note
    due = Phrase("note-due", {"due": Day(state.due)})
    if item.note is None or item.note == due:
        return due
    return Phrase("web-journey-notes", {"note": item.note, "due": due})


def _link(issue: IssueRef | None) -> tuple[Link, ...]:
    return () if issue is None else (Link(issue.key, issue.url),)


def _fact(fact: Fact, say: Say) -> Html:
    return fill("fact.html", {"name": say(fact.name), "value": say(fact.value)})


def _step(item: Item, say: Say) -> Html:
    note = "" if item.note is None else say(item.note)
    text = "" if item.text is None else say(item.text)
    values = {
        "mark": item.mark,
        "shape": SHAPES[item.mark],
        "label": say(Phrase("fact-overdue" if item.mark == "overdue" else f"web-mark-{item.mark}")),
        "title": say(item.title),
        "note": note,
        "hide-note": Html("" if note else "hidden"),
        "text": text,
        "hide-text": Html("" if text else "hidden"),
        "links": _links(item.links, say),
        "hide-links": Html("" if item.links else "hidden"),
    }
    return fill("step.html", values)


def _links(links: tuple[Link, ...], say: Say) -> Html:
    return Html("".join(fill("link.html", {"label": say(link.label), "url": link.url}) for link in links))
