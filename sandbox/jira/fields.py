"""Checks the `fields` of a create or an edit as Jira does, and turns them into attributes of an Issue."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sandbox.jira.issue import Issue
from sandbox.jira.people import User
from sandbox.jira.site import IssueType, Site, Transition, named
from sandbox.jira.state import State

LONGEST_SUMMARY = 255
LONGEST_LABEL = 255
LONGEST_TEXT = 32_767


class InvalidFieldsError(Exception):
    """Jira's 400: texts by field in `errors`, texts about the whole request in `messages`."""

    def __init__(self, errors: Mapping[str, str] | None = None, messages: tuple[str, ...] = ()) -> None:
        super().__init__(errors or messages)
        self.errors = dict(errors or {})
        self.messages = list(messages)


class _WrongError(ValueError):
    """What is wrong with one field."""


def _summary(value: object, _: State) -> str:
    if not isinstance(value, str):
        raise _WrongError("Operation value must be a string")
    if not value.strip():
        raise _WrongError("You must specify a summary of the issue.")
    if "\n" in value or "\r" in value:
        raise _WrongError("The summary is invalid because it contains newline characters.")
    if len(value) > LONGEST_SUMMARY:
        raise _WrongError(f"Summary must be less than {LONGEST_SUMMARY} characters.")
    return value


def _description(value: object, _: State) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise _WrongError("Operation value must be a string")
    if len(value) > LONGEST_TEXT:
        raise _WrongError(f"The entered text is too long. It exceeds the allowed limit of {LONGEST_TEXT} characters.")
    return value


def _reference(value: object, *names: str) -> str:
    """The text that a {"id": ...} or {"name": ...} refers by."""
    if not isinstance(value, Mapping):
        raise _WrongError("data was not an object")
    for name in names:
        if isinstance(value.get(name), str | int):
            return str(value[name])
    raise _WrongError(f"expected an object with one of the properties: {', '.join(names)}")


def _project(value: object, state: State) -> str:
    project = state.site.project(_reference(value, "key", "id"))
    if project is None:
        raise _WrongError("valid project is required")
    return project.key


def _issue_type(value: object, state: State) -> str:
    found = named(state.site.issue_types, _reference(value, "id", "name"))
    if found is None:
        raise _WrongError("The issue type selected is invalid.")
    return found.id


def _priority(value: object, state: State) -> str:
    found = named(state.site.priorities, _reference(value, "id", "name"))
    if found is None:
        raise _WrongError("The priority selected is invalid.")
    return found.id


def _duedate(value: object, _: State) -> date | None:
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise _WrongError(f"Error parsing date string: {value}") from None


def _label(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise _WrongError("Operation value must be a string")
    if any(letter.isspace() for letter in value):
        raise _WrongError(f"The label '{value}' contains spaces which is invalid.")
    if len(value) > LONGEST_LABEL:
        raise _WrongError(f"The label '{value}' exceeds the maximum length for a single label.")
    return value


def _labels(value: object, _: State) -> tuple[str, ...]:
    """Labels are a set: Jira keeps each once."""
    if not isinstance(value, list):
        raise _WrongError("data was not an array")
    return tuple(dict.fromkeys(_label(item) for item in value))


def _user(value: object, state: State, unknown: str) -> User:
    wanted = _reference(value, *(("accountId", "id") if state.site.is_cloud else ("name",)))
    user = state.people.identified(wanted, state.site.deployment)
    if user is None or not user.active:
        raise _WrongError(unknown.format(wanted))
    return user


def _is_nobody(value: object) -> bool:
    return value is None or (isinstance(value, Mapping) and bool(value) and set(value.values()) == {None})


def _assignee(value: object, state: State) -> str | None:
    if _is_nobody(value):
        return None
    user = _user(value, state, "User '{}' does not exist.")
    if not user.assignable:
        raise _WrongError(f"User '{user.name}' cannot be assigned issues.")
    return user.name


def _reporter(value: object, state: State) -> str:
    return _user(value, state, "The reporter specified is not a user.").name


def _parent(value: object, state: State) -> str | None:
    if _is_nobody(value):
        return None
    found = state.find(_reference(value, "key", "id"))
    if found is None:
        raise _WrongError("Could not find issue by id or key.")
    return found.key


def _epic_link(value: object, state: State) -> str | None:
    """Data Center's way to an epic: its key as a text."""
    if value is None:
        return None
    found = state.find(str(value))
    kind = named(state.site.issue_types, found.issuetype) if found else None
    if found is None or kind is None or not kind.epic:
        raise _WrongError(f"Issue with key '{value}' is not an epic.")
    return found.key


def _epic_name(value: object, _: State) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _WrongError(EPIC_NAME_MISSING)
    return value


def _resolution(value: object, state: State) -> str:
    found = named(state.site.resolutions, _reference(value, "id", "name"))
    if found is None:
        raise _WrongError("The resolution selected is invalid.")
    return found.id


Reader = Callable[[object, State], object]
EDITABLE: dict[str, Reader] = {
    "issuetype": _issue_type,
    "summary": _summary,
    "description": _description,
    "priority": _priority,
    "duedate": _duedate,
    "labels": _labels,
    "assignee": _assignee,
    "reporter": _reporter,
    "parent": _parent,
}
EPIC_NAME_MISSING = "Epic Name is required."
WRONG_PARENT = "Given parent work item does not belong to appropriate hierarchy."
REQUIRED = {
    "project": "valid project is required",
    "issuetype": "issue type is required",
    "summary": "You must specify a summary of the issue.",
}


def cannot_be_set(field: str) -> str:
    return f"Field '{field}' cannot be set. It is not on the appropriate screen, or unknown."


def readers_for(state: State, project: str | None, kind: IssueType | None) -> dict[str, Reader]:
    """What the screens of a project take for issues of a type; None when the project or type is not known."""
    taken = dict(EDITABLE)
    if not state.site.is_cloud and kind is not None:
        taken |= _epic_readers(state.site, kind)
        if not kind.subtask:
            del taken["parent"]
    absent = state.site.not_on_screens.get(project or "", frozenset())
    return {field: reader for field, reader in taken.items() if field not in absent}


def _epic_readers(site: Site, kind: IssueType) -> dict[str, Reader]:
    if kind.epic:
        return {site.epic_name: _epic_name}
    return {site.epic_link: _epic_link} if kind.is_standard else {}


def attribute_of(field: str, site: Site) -> str:
    """The attribute of Issue in which a field is kept."""
    return {site.epic_link: "parent", site.epic_name: "epic_name"}.get(field, field)


def _read(fields: Mapping[str, object], readers: Mapping[str, Reader], state: State) -> dict[str, Any]:
    values, errors = {}, {}
    for field, value in fields.items():
        if field not in readers:
            errors[field] = cannot_be_set(field)
            continue
        try:
            values[attribute_of(field, state.site)] = readers[field](value, state)
        except _WrongError as wrong:
            errors[field] = str(wrong)
    if errors:
        raise InvalidFieldsError(errors)
    return values


def _guessed(reader: Reader, value: object, state: State) -> str | None:
    """What a field says, for the choice of a screen; it is complained about later when it is wrong."""
    try:
        return str(reader(value, state))
    except _WrongError:
        return None


def _type_named(wanted: str | None, state: State) -> IssueType | None:
    return named(state.site.issue_types, wanted) if wanted else None


def _check_parent(values: Mapping[str, Any], kind: IssueType | None, state: State) -> None:
    """A sub-task is part of a standard issue, a standard issue of an epic, an epic of nothing."""
    parent = state.find(values["parent"]) if values.get("parent") else None
    above = _type_named(parent.issuetype, state) if parent else None
    if kind is None or above is None:
        return
    fits = above.is_standard if kind.subtask else above.epic and kind.is_standard
    if not fits:
        raise InvalidFieldsError({"parent": WRONG_PARENT})


def _missing(fields: Mapping[str, object], kind: IssueType | None, site: Site) -> dict[str, str]:
    """The texts of the fields that a create needs and that were not given."""
    needed = dict(REQUIRED)
    if kind is not None and kind.epic and not site.is_cloud:
        needed[site.epic_name] = EPIC_NAME_MISSING
    if kind is not None and kind.subtask:
        needed["parent"] = "Issue type is a sub-task but parent issue key or id not specified."
    return {field: text for field, text in needed.items() if field not in fields}


def for_create(fields: Mapping[str, object], state: State) -> dict[str, Any]:
    """Attributes for `State.create`. Raises InvalidFieldsError with every wrong field at once."""
    project = _guessed(_project, fields.get("project"), state)
    kind = _type_named(_guessed(_issue_type, fields.get("issuetype"), state), state)
    missing = _missing(fields, kind, state.site)
    try:
        values = _read(fields, {"project": _project, **readers_for(state, project, kind)}, state)
    except InvalidFieldsError as invalid:
        raise InvalidFieldsError({**missing, **invalid.errors}) from None
    if missing:
        raise InvalidFieldsError(missing)
    _check_parent(values, kind, state)
    return values


def for_edit(fields: Mapping[str, object], state: State, issue: Issue) -> dict[str, Any]:
    """Attributes for `State.edit`. Raises InvalidFieldsError with every wrong field at once."""
    wanted = _guessed(_issue_type, fields["issuetype"], state) if "issuetype" in fields else issue.issuetype
    kind = _type_named(wanted, state)
    values = _read(fields, readers_for(state, issue.project, kind), state)
    _check_parent(values, kind, state)
    return values


def for_move(fields: Mapping[str, object], state: State, step: Transition) -> dict[str, Any]:
    """Attributes for `State.move`: the screen of a step takes a resolution or nothing at all.

    Raises InvalidFieldsError.
    """
    if step.needs_resolution and "resolution" not in fields:
        raise InvalidFieldsError({"resolution": "Resolution is required."})
    return _read(fields, {"resolution": _resolution} if step.has_screen else {}, state)


def relabelled(labels: tuple[str, ...], operations: object) -> tuple[str, ...]:
    """The labels after `update.labels`: a list of {"add": label}, {"remove": label}, {"set": labels}.

    Raises InvalidFieldsError, also for plain texts: Jira takes operations only.
    """
    if not isinstance(operations, list) or not all(isinstance(item, Mapping) for item in operations):
        raise InvalidFieldsError({"labels": "data was not an array of operations"})
    try:
        for operation in operations:
            labels = _after(labels, operation)
    except _WrongError as wrong:
        raise InvalidFieldsError({"labels": str(wrong)}) from None
    return labels


def _after(labels: tuple[str, ...], operation: Mapping[str, object]) -> tuple[str, ...]:
    match dict(operation):
        case {"add": label}:
            return tuple(dict.fromkeys((*labels, _label(label))))
        case {"remove": label}:
            return tuple(known for known in labels if known != label)
        case {"set": list(every)}:
            return tuple(dict.fromkeys(_label(label) for label in every))
    raise _WrongError("expected one of the operations: add, remove, set")
