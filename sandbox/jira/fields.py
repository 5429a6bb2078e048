"""Checks the `fields` of a create or an edit as Jira does, and turns them into attributes of an Issue."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sandbox.jira.people import User
from sandbox.jira.site import IssueType, named
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


def _parent(value: object, state: State) -> str:
    found = state.find(_reference(value, "key", "id"))
    if found is None:
        raise _WrongError("Could not find issue by id or key.")
    return found.key


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
CREATABLE: dict[str, Reader] = {"project": _project, **EDITABLE}
REQUIRED = {
    "project": "valid project is required",
    "issuetype": "issue type is required",
    "summary": "You must specify a summary of the issue.",
}


def cannot_be_set(field: str) -> str:
    return f"Field '{field}' cannot be set. It is not on the appropriate screen, or unknown."


def _read(fields: Mapping[str, object], readers: Mapping[str, Reader], state: State) -> dict[str, Any]:
    values, errors = {}, {}
    for field, value in fields.items():
        if field not in readers:
            errors[field] = cannot_be_set(field)
            continue
        try:
            values[field] = readers[field](value, state)
        except _WrongError as wrong:
            errors[field] = str(wrong)
    if errors:
        raise InvalidFieldsError(errors)
    return values


def _type_of(values: Mapping[str, Any], state: State) -> IssueType | None:
    return named(state.site.issue_types, values["issuetype"])


def for_create(fields: Mapping[str, object], state: State) -> dict[str, Any]:
    """Attributes for `State.create`. Raises InvalidFieldsError with every wrong field at once."""
    missing = {field: text for field, text in REQUIRED.items() if field not in fields}
    try:
        values = _read(fields, CREATABLE, state)
    except InvalidFieldsError as invalid:
        raise InvalidFieldsError({**missing, **invalid.errors}) from None
    if missing:
        raise InvalidFieldsError(missing)
    kind = _type_of(values, state)
    if kind is not None and kind.subtask and "parent" not in values:
        raise InvalidFieldsError({"parent": "Issue type is a sub-task but parent issue key or id not specified."})
    return values


def for_edit(fields: Mapping[str, object], state: State) -> dict[str, Any]:
    """Attributes for `State.edit`. Raises InvalidFieldsError with every wrong field at once."""
    return _read(fields, EDITABLE, state)


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
