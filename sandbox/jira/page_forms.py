"""What a person may do to an issue on the page besides moving it: change it, comment on it, delete it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sandbox.jira.html import Html, element, join, void
from sandbox.jira.issue import Issue
from sandbox.jira.state import State
from sandbox.jira.texts import Texts

_EDITED = ("assignee", "duedate", "priority")


class Forms:
    """Renders the forms of one issue, in the language of the reader."""

    def __init__(self, state: State, texts: Texts) -> None:
        self._state = state
        self._texts = texts

    def edit(self, issue: Issue) -> Html:
        """One form for all that can be changed; what it showed goes along, so that only a change is one."""
        controls: dict[str, Callable[[], Html]] = {
            "assignee": lambda: self._choice(issue, "assignee", self._people()),
            "duedate": lambda: self._day(issue),
            "priority": lambda: self._choice(issue, "priority", self._priorities()),
        }
        absent = self._state.site.not_on_screens.get(issue.project, frozenset())
        rows = [self._labelled(name, build()) for name, build in controls.items() if name not in absent]
        was = [void("input", type="hidden", name=f"was-{name}", value=_shown(issue, name)) for name in controls]
        button = element("button", self._texts["save"], id=f"save-{issue.key}")
        return self._form(issue, "edit", *rows, *was, button)

    def _people(self) -> list[tuple[str, str]]:
        able = (user for user in self._state.people if user.active and user.assignable)
        return [("", self._texts["nobody"]), *((user.name, user.display_name) for user in able)]

    def _priorities(self) -> list[tuple[str, str]]:
        return [(priority.id, priority.name) for priority in self._state.site.priorities]

    @staticmethod
    def _choice(issue: Issue, name: str, choices: Iterable[tuple[str, str]]) -> Html:
        current = _shown(issue, name)
        options = (
            element("option", text, value=value, **({"selected": ""} if value == current else {}))
            for value, text in choices
        )
        return element("select", *options, name=name, id=f"{name}-{issue.key}")

    @staticmethod
    def _day(issue: Issue) -> Html:
        return void("input", type="date", name="duedate", id=f"duedate-{issue.key}", value=_shown(issue, "duedate"))

    def _labelled(self, name: str, control: Html) -> Html:
        return element("label", element("span", self._texts[name.replace("duedate", "due")]), control)

    def comment(self, issue: Issue) -> Html:
        box = element("textarea", name="body", id=f"comment-{issue.key}", rows="3", required="")
        button = element("button", self._texts["say"], id=f"say-{issue.key}")
        return self._form(issue, "comment", self._labelled("new_comment", box), button)

    def delete(self, issue: Issue) -> Html:
        """Behind a fold: nobody deletes by a slip of the hand."""
        sure = element("p", self._texts["delete_more"])
        button = element("button", self._texts["delete_now"], id=f"delete-{issue.key}", class_="danger")
        form = self._form(issue, "delete", button)
        return element("details", element("summary", self._texts["delete"]), sure, form, id=f"fold-{issue.key}")

    def _form(self, issue: Issue, act: str, *content: Html) -> Html:
        address = f"/browse/{issue.key}/{act}{self._texts.query()}"
        return element("form", join(*content), method="post", action=address, class_=act)


def _shown(issue: Issue, name: str) -> str:
    """The value of a field as a form sends it."""
    value = getattr(issue, name)
    return "" if value is None else str(value)


def changes(form: Mapping[str, object], state: State) -> dict[str, Any]:
    """The attributes that a person changed in the form of `Forms.edit`; what makes no sense is left out."""
    changed = {name: str(form[name]) for name in _EDITED if name in form and form[name] != form.get(f"was-{name}")}
    readers: dict[str, Callable[[str, State], Sequence[object]]] = {
        "assignee": _assignee,
        "duedate": _duedate,
        "priority": _priority,
    }
    read = ((name, readers[name](text, state)) for name, text in changed.items())
    return {name: values[0] for name, values in read if values}


def _assignee(text: str, state: State) -> list[str | None]:
    """One value, or none when the text is none; so the other readers."""
    if not text:
        return [None]
    return [user.name for user in state.people if user.name == text and user.active and user.assignable]


def _duedate(text: str, _: State) -> list[date | None]:
    if not text:
        return [None]
    try:
        return [date.fromisoformat(text)]
    except ValueError:
        return []


def _priority(text: str, state: State) -> list[str]:
    return [priority.id for priority in state.site.priorities if priority.id == text]
