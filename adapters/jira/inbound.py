"""The body of a webhook as an `Observed`; pure. What is not for us is None, what cannot be read is an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from adapters.jira.errors import UNREADABLE
from adapters.jira.priorities import Priorities
from adapters.jira.snapshots import NOBODY, comment_of, is_for_all, snapshot_of, user_of
from bot.tracker.snapshot import Observed, TrackerUser

Json = Mapping[str, Any]

ID = re.compile(r"[0-9]{1,20}")
COMMENT_ADDRESS = re.compile(r"/rest/api/[a-z0-9]{1,10}/issue/([0-9]{1,20})/comment/[0-9]{1,20}")
COMMENTED = "issue_commented"
SHAPELESS: tuple[type[Exception], ...] = (msgspec.MsgspecError, ArithmeticError, RecursionError, *UNREADABLE)


class Known(msgspec.Struct, frozen=True):
    """What is known by now of the site: its address, who we are there, what its priorities mean. `former`: accounts
    that were ours before."""

    base: str
    me: str | None
    priorities: Priorities
    former: frozenset[str] = frozenset()

    @property
    def us(self) -> frozenset[str]:
        """Our accounts; none while it is unknown who we are."""
        return frozenset() if self.me is None else self.former | {self.me}


class UnreadableEvent(Exception):
    """An event that we listen to, in a shape that is none of Jira's. `kind` is its name, which holds nobody's words."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def observed(body: Json, mark: str, known: Known) -> Observed | None:
    """What happened, if it concerns us. Raises UnreadableEvent."""
    kind = body.get("webhookEvent")
    translate = KINDS.get(kind) if isinstance(kind, str) else None
    if translate is None:
        return None
    try:
        return translate(body, mark, known)
    except SHAPELESS as error:
        raise UnreadableEvent(str(kind)) from error


def _changed(body: Json, mark: str, known: Known) -> Observed:
    """Data Center tells a new comment twice: by itself without its issue, and as a change of the issue."""
    comment = body.get("comment") if body.get("issue_event_type_name") == COMMENTED else None
    return Observed(
        mark=mark,
        issue=_id(body["issue"]),
        actor=_actor(body),
        snapshot=snapshot_of(body["issue"], known.base, known.priorities, known.us),
        comment=comment_of(comment, known.us) if comment is not None and is_for_all(comment) else None,
    )


def _deleted(body: Json, mark: str, _: Known) -> Observed:
    return Observed(mark=mark, issue=_id(body["issue"]), actor=_actor(body), deleted=True)


def _commented(body: Json, mark: str, known: Known) -> Observed | None:
    """Beside a comment Cloud shortens the issue, Data Center leaves it out: only a whole one says how it stands."""
    if not is_for_all(body["comment"]):
        return None
    comment, issue = comment_of(body["comment"], known.us), body.get("issue")
    whole = issue is not None and "updated" in issue["fields"]
    return Observed(
        mark=mark,
        issue=_id_in_address(body["comment"]["self"]) if issue is None else _id(issue),
        actor=None if comment.author == NOBODY else comment.author,
        snapshot=snapshot_of(issue, known.base, known.priorities, known.us) if whole else None,
        comment=comment,
    )


def _actor(body: Json) -> TrackerUser | None:
    """Nobody for what a rule of Jira or an import did."""
    user = body.get("user")
    return None if user is None else user_of(user)


def _id(issue: Json) -> str:
    found: str = issue["id"]
    if not ID.fullmatch(found):
        raise ValueError("an id of an issue is a number")
    return found


def _id_in_address(address: str) -> str:
    found = COMMENT_ADDRESS.search(address)
    if found is None:
        raise ValueError("the address of a comment names its issue")
    return found[1]


KINDS: Mapping[str, Callable[[Json, str, Known], Observed | None]] = {
    "jira:issue_created": _changed,
    "jira:issue_updated": _changed,
    "jira:issue_deleted": _deleted,
    "comment_created": _commented,
}
