"""What Jira Cloud tells of its issues, signed and ready for the wire, in the words of the stand-in."""

import datetime
import hashlib
import hmac
import json
from collections.abc import Callable

from msgspec.structs import replace

from sandbox.jira import Event, Happened, State
from sandbox.jira.issue import Change, ChangeItem, Issue
from sandbox.jira.notice import notice_of
from sandbox.jira.people import ADMIN
from tests.bench.linked import DUE, PROJECT, SITE, TRACKED, jira_with, ref

__all__ = ["KINDS", "PROJECT", "TOKEN", "USER", "WEBHOOK_SECRET", "identifier", "webhooks"]

USER, TOKEN = "bot@company.example", "bench-token"
WEBHOOK_SECRET = "bench-webhook-secret"
JOURNEYS = 500
ISSUES = JOURNEYS * len(TRACKED)


def due_in(turn: int) -> datetime.date:
    """The due day of all issues after so many rounds of news."""
    return DUE + datetime.timedelta(days=turn + 1)


def identifier(kind: str, number: int) -> str:
    """Of a delivery, the same when it is repeated."""
    return f"{kind}-{number:012d}"


def webhooks(kind: str, first: int, count: int) -> list[bytes]:
    """So many requests, each about another issue, in rounds; neighbours are about different journeys."""
    state, tell = jira_with(JOURNEYS), KINDS[kind]
    return [
        _request(_body(tell(state, number), state), identifier(kind, number)) for number in range(first, first + count)
    ]


def _whose(number: int, state: State) -> Issue:
    place, journey = divmod(number % ISSUES, JOURNEYS)
    return state.issue(ref(journey, place)[0])


def _news(state: State, number: int) -> Happened:
    """An administrator moves the due day of an issue by a day."""
    turn, issue = number // ISSUES, _whose(number, state)
    return _moved(issue, due_in(turn - 1), due_in(turn), state)


def _echo(state: State, number: int) -> Happened:
    """Somebody has reworded an issue of which we know all else already."""
    turn, issue, now = number // ISSUES, _whose(number, state), state.clock()
    worded = replace(issue, summary=f"{issue.summary}!", duedate=due_in(turn), updated=now)
    item = ChangeItem("summary", None, issue.summary, None, worded.summary)
    return _updated(worded, item, now)


def _strange(state: State, number: int) -> Happened:
    """Something happens to an issue of somebody else's."""
    issue = replace(_whose(number, state), id=str(9_000_000 + number), key=f"IT-{number + 1}", labels=("laptop",))
    return _moved(issue, DUE, due_in(0), state)


KINDS: dict[str, Callable[[State, int], Happened]] = {"news": _news, "echo": _echo, "strange": _strange}
"""How the events of each kind come about."""


def _moved(issue: Issue, old: datetime.date, new: datetime.date, state: State) -> Happened:
    now = state.clock()
    item = ChangeItem("duedate", old.isoformat(), f"{old} 00:00:00.0", new.isoformat(), f"{new} 00:00:00.0")
    return _updated(replace(issue, duedate=new, updated=now), item, now)


def _updated(issue: Issue, item: ChangeItem, now: datetime.datetime) -> Happened:
    change = Change(id="20001", author=ADMIN.name, created=now, items=(item,))
    return Happened(event=Event.UPDATED, issue=issue, actor=ADMIN.name, at=now, change=change)


def _body(happened: Happened, state: State) -> bytes:
    return json.dumps(notice_of(happened, state, SITE), ensure_ascii=False).encode()


def _request(body: bytes, name: str) -> bytes:
    """A whole request of HTTP/1.1, with the headers that Jira Cloud sends."""
    digest = hmac.new(WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
    head = (
        "POST /jira/webhook HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\n"
        "User-Agent: Atlassian Webhook HTTP Client\r\n"
        "Accept-Encoding: gzip,deflate\r\n"
        f"X-Atlassian-Webhook-Identifier: {name}\r\n"
        "X-Atlassian-Webhook-Flow: Primary\r\n"
        f"X-Hub-Signature: sha256={digest}\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Content-Type: application/json; charset=utf-8\r\n"
        "\r\n"
    )
    return head.encode() + body
