"""Tickets that rules want about something that is no journey: asked for once for each cause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.calendar import calendar_of
from bot.journey.issue_language import issue_language
from bot.journey.tracking import raise_ticket, ticket_draft, written
from bot.people import Person
from bot.rules import Rule
from bot.work import Work


async def raise_tickets(
    work: Work, rules: Iterable[Rule], cause: str, values: Mapping[str, str], person: Person | None = None
) -> None:
    """Ask for the ticket of each rule, unless it was asked for already.

    `values` fill the placeholders of the rules' texts; those of `person`, whom it is about, and the date come by
    themselves.
    """
    tracker = work.company.tracker
    if tracker is None:
        return
    calendar = calendar_of(person.timezone, person.country) if person else calendar_of("Europe/Moscow", "RU")
    manager = None if person is None else await work.person(person.manager)
    manager = manager if manager is not None and manager.is_active else None
    about = {} if person is None else {"name": person.name, "department": person.department}
    for rule in rules:
        name = f"ticket:{rule.id}:{cause}"
        (asked,) = await work.company.store.lookup([name])
        if asked is not None:
            continue
        work.name(name, "asked", vacant=True)
        language = issue_language(rule.issue, (await _assignee(work, rule, manager), manager))
        filled = {"date": written(calendar.today(work.now), language), **about, **values}
        draft = ticket_draft(rule, filled, language, calendar, work.now, manager)
        work.add(raise_ticket(tracker, rule, cause, draft, None if person is None else person.id))


async def _assignee(work: Work, rule: Rule, manager: Person | None) -> Person | None:
    """Whoever the ticket is for, as far as the directory knows them."""
    named = rule.issue.assignee
    if named is None or named == "manager":
        return manager
    return await work.person_by_email(named)
