"""Which language an issue is written in: the one its template names, else that of whoever it is for."""

from __future__ import annotations

from collections.abc import Iterable

from bot.locales import Language, language
from bot.people import Person
from bot.scenario import IssueTemplate, ParentTemplate

WITHOUT_READERS: Language = "ru"


def issue_language(template: IssueTemplate | ParentTemplate | None, readers: Iterable[Person | None]) -> Language:
    """`readers`: whoever the issue is for, then those who look at what is assigned to nobody; the first one decides."""
    if template is not None and template.language is not None:
        return template.language
    return next((language(one.locale) for one in readers if one is not None), WITHOUT_READERS)
