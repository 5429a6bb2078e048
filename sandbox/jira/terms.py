"""What the fields of a JQL query mean: what an issue has in them, and how a written value is understood."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from sandbox.jira.issue import Issue
from sandbox.jira.jql import JqlError
from sandbox.jira.people import User
from sandbox.jira.site import CATEGORIES, Named, named
from sandbox.jira.state import State

SORTED = ("<", "<=", ">", ">=")
SAME = ("=", "!=", "in", "not in")
EMPTINESS = ("is", "is not")
WORDS = ("~", "!~")


class Asker(Struct, frozen=True):
    """Who asks and when: what currentUser(), now() and "-1d" mean.

    One who is not `strict` finds nothing where a query names what is not there, instead of being refused.
    """

    state: State
    user: str
    now: datetime
    strict: bool = True


Read = Callable[[Issue, State], tuple[Any, ...]]
Resolve = Callable[[str, str, Asker], Any]  # (field name, text) -> what is compared; raises JqlError


class Field(Struct, frozen=True):
    """`read` gives the values an issue has (none when it is empty), `resolve` reads one of the query.

    `rank` is what ORDER BY sorts by where that is not what `read` gives.
    """

    read: Read
    resolve: Resolve
    operators: tuple[str, ...]
    rank: Read | None = None


def _no_such(field: str, text: str) -> JqlError:
    return JqlError(f"The value '{text}' does not exist for the field '{field}'.")


def _thing(of: Callable[[State], tuple[Named, ...]]) -> Resolve:
    def resolve(field: str, text: str, asker: Asker) -> str:
        found = named(of(asker.state), text)
        if found is None:
            raise _no_such(field, text)
        return found.id

    return resolve


def _project(field: str, text: str, asker: Asker) -> str:
    projects = asker.state.site.projects
    found = asker.state.site.project(text.upper()) or named(projects, text)
    if found is None:
        raise _no_such(field, text)
    return found.key


def _category(field: str, text: str, _: Asker) -> str:
    found = next((c for c in CATEGORIES if c.key == text.casefold()), None) or named(CATEGORIES, text)
    if found is None:
        raise _no_such(field, text)
    return found.key


def _user(field: str, text: str, asker: Asker) -> str:
    if text == "currentuser()":
        return asker.user
    found: User | None = asker.state.people.any_match(text)
    if found is None:
        raise _no_such(field, text)
    return found.name


def _ordinal(key: str) -> tuple[str, int]:
    """A key as it sorts: ONB-9 before ONB-10."""
    project, _, number = key.rpartition("-")
    return project, int(number)


def _key(field: str, text: str, asker: Asker) -> tuple[str, int]:
    """An issue that is there, whatever the search lags behind: Jira asks its database here, not its index."""
    found = asker.state.find(text)
    if found is None:
        raise JqlError(f"An issue with key '{text}' does not exist for field '{field}'.")
    return _ordinal(found.key)


def _plain(_: str, text: str, __: Asker) -> str:
    return text.casefold()


_PERIOD = re.compile(r"([+-]?)(\d+)([wdhm])")
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}


def _period(text: str) -> timedelta | None:
    """What "-4w 2d" says: the first sign counts for all."""
    parts = _PERIOD.findall(text)
    if not parts or _PERIOD.sub("", text).strip():
        return None
    total = sum((timedelta(**{_UNITS[unit]: int(count)}) for _, count, unit in parts), timedelta())
    return -total if parts[0][0] == "-" else total


def _moment(field: str, text: str, asker: Asker) -> datetime:
    """A time as whoever asks means it: in their time zone, to the minute."""
    return _read_moment(field, text, asker, ZoneInfo(asker.state.people.named(asker.user).time_zone))


def _day(field: str, text: str, asker: Asker) -> datetime:
    """A day has no time zone; its midnight in UTC stands for it, as in what is read from an issue."""
    return _read_moment(field, text, asker, UTC)


def _read_moment(field: str, text: str, asker: Asker, zone: tzinfo) -> datetime:
    if text == "now()":
        return asker.now
    period = _period(text)
    if period is not None:
        return asker.now + period
    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.replace("/", "-"), form).replace(tzinfo=zone)
        except ValueError:
            continue
    raise JqlError(
        f"Date value '{text}' for field '{field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
        "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
    )


def _midnight(day: date | None) -> tuple[datetime, ...]:
    return (datetime(day.year, day.month, day.day, tzinfo=UTC),) if day else ()


def _one(value: object | None) -> tuple[object, ...]:
    return () if value is None else (value,)


def _category_of(issue: Issue, state: State) -> tuple[str, ...]:
    status = named(state.site.statuses, issue.status)
    return (status.category.key,) if status else ()


def _places(things: Callable[[State], tuple[Named, ...]], read: Read, direction: int = 1) -> Read:
    """Ranks by the place in the administrator's list; direction -1 puts its first entry highest."""

    def rank(issue: Issue, state: State) -> tuple[int, ...]:
        ids = [thing.id for thing in things(state)]
        return tuple(direction * ids.index(value) for value in read(issue, state) if value in ids)

    return rank


def _catalogued(things: Callable[[State], tuple[Named, ...]], read: Read, direction: int = 1) -> Field:
    return Field(read, _thing(things), SAME + EMPTINESS, _places(things, read, direction))


def _person(read: Callable[[Issue], str | None]) -> Field:
    def shown(issue: Issue, state: State) -> tuple[str, ...]:
        name = read(issue)
        return (state.people.named(name).display_name,) if name else ()

    return Field(lambda issue, _: _one(read(issue)), _user, SAME + EMPTINESS, shown)


_MOMENTS = SORTED + SAME + EMPTINESS
_KEY = Field(lambda issue, _: (_ordinal(issue.key),), _key, (*SAME, *SORTED))
_TYPE = _catalogued(lambda state: state.site.issue_types, lambda issue, _: (issue.issuetype,))
_DUE = Field(lambda issue, _: _midnight(issue.duedate), _day, _MOMENTS)
_PARENT = Field(lambda issue, _: (_ordinal(issue.parent),) if issue.parent else (), _key, SAME + EMPTINESS)
_LABELS = Field(lambda issue, _: tuple(label.casefold() for label in issue.labels), _plain, SAME + EMPTINESS)
FIELDS: dict[str, Field] = {
    "project": Field(lambda issue, _: (issue.project,), _project, SAME + EMPTINESS),
    "key": _KEY,
    "issuekey": _KEY,
    "issue": _KEY,
    "id": _KEY,
    "issuetype": _TYPE,
    "type": _TYPE,
    "status": _catalogued(lambda state: state.site.statuses, lambda issue, _: (issue.status,)),
    "statuscategory": Field(_category_of, _category, SAME + EMPTINESS),
    "priority": _catalogued(lambda state: state.site.priorities, lambda issue, _: (issue.priority,), -1),
    "resolution": _catalogued(lambda state: state.site.resolutions, lambda issue, _: _one(issue.resolution)),
    "assignee": _person(lambda issue: issue.assignee),
    "reporter": _person(lambda issue: issue.reporter),
    "labels": _LABELS,
    "parent": _PARENT,
    "epic link": _PARENT,
    "summary": Field(lambda issue, _: (issue.summary.casefold(),), _plain, WORDS + EMPTINESS),
    "created": Field(lambda issue, _: (issue.created,), _moment, _MOMENTS),
    "updated": Field(lambda issue, _: (issue.updated,), _moment, _MOMENTS),
    "duedate": _DUE,
    "due": _DUE,
}


def field_named(name: str) -> Field:
    """Raises JqlError for a field that this Jira does not have."""
    found = FIELDS.get(name.casefold())
    if found is None:
        raise JqlError(f"Field '{name}' does not exist or you do not have permission to view it.")
    return found
