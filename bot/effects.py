"""What must happen outside: each `Effect` waits in a lane until an adapter has done its `Act`.

An effect's id comes from its meaning (journey, step, purpose, occurrence), so the same decision taken twice is the
same effect, and a platform that was asked twice can be looked at.
"""

from __future__ import annotations

import datetime
from typing import Literal

import msgspec

from bot.incoming import Account, Incoming, Place
from bot.locales import Language
from bot.message import Message


class Lane(msgspec.Struct, frozen=True):
    """The ordered queue of one aggregate toward one destination; `bulk` lanes go after those people wait for, and hold
    nothing up when what is in them has to wait for the morning."""

    destination: str
    key: str
    bulk: bool = False


class Say(msgspec.Struct, frozen=True, tag="say"):
    """Say a message to a person wherever they are reached, or at a place (then `person` is whose language it is in).

    `on` is the `ref` of a message in the person's conversation, in the place of which it is said; where that is gone,
    nothing is said.
    """

    message: Message
    person: str | None = None
    place: Place | None = None
    on: str | None = None


class ShowChecklist(msgspec.Struct, frozen=True, tag="checklist"):
    """Bring the checklist of a journey up to date in the person's conversation. `afresh`: post a new one; `standing`:
    only where it stands already."""

    journey: str
    person: str
    afresh: bool = False
    standing: bool = False


class Remind(msgspec.Struct, frozen=True, tag="remind"):
    """Remind a person of steps; composed at delivery, so that a step done meanwhile is not named."""

    journey: str
    person: str
    steps: tuple[str, ...]


class ShowHome(msgspec.Struct, frozen=True, tag="home"):
    person: str


class Identify(msgspec.Struct, frozen=True, tag="identify"):
    """Find out from the platform whose account this is; `place` is where it was met. `anew`: because something about it
    has just changed there."""

    account: Account
    place: Place | None = None
    anew: bool = False


class Resume(msgspec.Struct, frozen=True, tag="resume"):
    """Handle what was said while its account was not yet known."""

    incoming: Incoming


class FindAnswer(msgspec.Struct, frozen=True, tag="answer"):
    """Look for an answer, to be said at `place` to `person`; `event` names the question.

    `how`: ask for the best answer; read the one whose id is `answer`; or search, for all that has to do with the words.
    `before` is what they asked in the same conversation a moment ago. `rated`: what they have just said of the answer;
    then it is shown with that in the place of the message `on`. `topic`: the sensitive one that the question is about,
    None: none; nobody but the person learns of it then.
    """

    event: str
    question: str
    person: str
    place: Place
    how: Literal["ask", "read", "search"] = "ask"
    answer: str = ""
    before: str = ""
    rated: Literal["helpful", "not-helpful"] | None = None
    on: str | None = None
    topic: str | None = None


class Crawl(msgspec.Struct, frozen=True, tag="crawl"):
    """One page of a crawl of the wiki: what has changed since `since` (None, or `full`: everything), then which pages
    there still are (`listed` parts of that list are kept), then a look at those about which list and shelf differ.

    `run` names it, `began` is when it did; `reached` is the last change that was read, from where a crawl whose cursor
    has become too old goes on, after so many `restarts`. Runs that come by themselves do so `every` so many seconds.
    `invisible`: so many pages are missing that none was removed. `asked_by`: the person who is told of its end; None:
    nobody is.
    """

    run: str
    began: datetime.datetime
    since: datetime.datetime | None = None
    phase: Literal["changed", "listed", "checked"] = "changed"
    cursor: str | None = None
    page: int = 0
    full: bool = False
    reached: datetime.datetime | None = None
    read: int = 0
    changed: int = 0
    removed: int = 0
    asked_by: str | None = None
    every: float = 300.0
    listed: int = 0
    restarts: int = 0
    invisible: int = 0


class IssueDraft(msgspec.Struct, frozen=True):
    """An issue as the scenario wants it. `assignee` is an e-mail, `priority` as in a Snapshot; `project` None is the
    tracker's default. `assignee_name` is written into the text where the tracker does not know the e-mail.

    `values` are words of people for the placeholders of the description: whoever writes it into the tracker fills them
    in, and sees to it that they stay words there. `language` is what the issue is written in.
    """

    summary: str
    description: str
    type: str
    project: str | None = None
    priority: str | None = None
    due: datetime.date | None = None
    labels: tuple[str, ...] = ()
    assignee: str | None = None
    assignee_name: str = ""
    values: dict[str, str] = {}
    language: Language = "ru"


class CreateIssue(msgspec.Struct, frozen=True, tag="issue"):
    """The issue of a step; of no step: that of the journey, the parent of those of its steps.

    `under_parent`: it becomes a child of the journey's own issue. `label`: by what it is found again; none: the act was
    decided before labels had a key.
    """

    journey: str
    step: str
    draft: IssueDraft
    under_parent: bool = False
    label: str = ""


class SyncIssue(msgspec.Struct, frozen=True, tag="sync"):
    """Bring the issue of a step (of no step: the journey's own) up to what the onboarding has, as it is by then."""

    journey: str
    step: str


class LinkIssue(msgspec.Struct, frozen=True, tag="link"):
    """Give the issue of a step (of no step: the journey's own) a link back to the journey."""

    journey: str
    step: str


class RaiseTicket(msgspec.Struct, frozen=True, tag="ticket"):
    """An issue that a rule wants, once for its `cause`; `journey` and `person` are what it is about, if anything.

    `label` as in CreateIssue. While one about that person is open, it becomes a comment there.
    """

    rule: str
    cause: str
    draft: IssueDraft
    journey: str | None = None
    label: str = ""
    person: str | None = None


class Reconcile(msgspec.Struct, frozen=True, tag="reconcile"):
    """One page of a reconciliation: compare issues with journeys, and repair what differs.

    `run` names it, `began` is when it did. It reads what has changed since `since` (None, or `full`: every issue of
    ours), then looks for those that are `missing`. So many were `checked` and `repaired` before this page. `asked_by`:
    the person who is told of its end; None: it came by itself.
    """

    run: str
    began: datetime.datetime
    since: datetime.datetime | None = None
    phase: Literal["changed", "missing"] = "changed"
    cursor: str | None = None
    page: int = 0
    full: bool = False
    checked: int = 0
    repaired: int = 0
    asked_by: str | None = None


class VerifyIssue(msgspec.Struct, frozen=True, tag="verify"):
    """Some time after a create that was in doubt: is there still exactly one live issue of `of` (an effect's id)?
    `label` as in CreateIssue."""

    journey: str
    step: str
    of: str
    label: str = ""


class Moved(msgspec.Struct, frozen=True):
    """A step of a journey that is now that of `to`; of no step: `to` has become the manager of the journey."""

    to: str
    journey: str
    step: str = ""


class Depart(msgspec.Struct, frozen=True, tag="depart"):
    """One page of what follows when `people` have left the company: their onboardings end, and what was theirs in
    those of others goes to somebody else.

    `waiting` are those whose things are not in order yet. So far `moved` has found somebody else, and as many
    onboardings have been `stopped`. At the end HR hears of it, and whoever has got something.
    """

    people: tuple[str, ...]
    waiting: tuple[str, ...]
    moved: tuple[Moved, ...] = ()
    stopped: int = 0
    page: int = 0


class Vouch(msgspec.Struct, frozen=True, tag="vouch"):
    """One page of a round in which platforms are asked about accounts again, that of the people behind `after`."""

    after: str = ""


class Digest(msgspec.Struct, frozen=True, tag="digest"):
    """Say in one message what waited for a person's working hours; what is no longer true of it is left out."""

    person: str
    news: tuple[Effect, ...]


Act = (
    Say
    | ShowChecklist
    | Remind
    | ShowHome
    | Identify
    | Resume
    | FindAnswer
    | CreateIssue
    | VerifyIssue
    | SyncIssue
    | LinkIssue
    | RaiseTicket
    | Reconcile
    | Crawl
    | Depart
    | Vouch
    | Digest
)


class Lapse(msgspec.Struct, frozen=True, omit_defaults=True):
    """When what has waited for working hours is no longer worth saying: the journey is in none of the states `only_in`,
    the steps `until` are settled by now, or one of those that were `settled` is not any more."""

    only_in: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """An act, the lane it waits in, and what the delivery must know about it.

    `subject`: the journey that `wanted` is asked about before the act; with `steps`, it is pointless once these are
    settled. `replaces`: it takes the place of a waiting effect with the same id. `once`: never enqueued again while its
    mark is kept. `quiet`: keeps the person's working hours; `at`: when it was decided, if it does; `lapses`: when it
    does not outlive the wait for them. `urgent`: never becomes quiet. `in_doubt`: what to do where the destination
    cannot be looked at. `tried`: channels on which the person could not be reached.
    """

    id: str
    lane: Lane
    act: Act
    subject: str | None = None
    steps: tuple[str, ...] = ()
    replaces: bool = False
    once: bool = False
    quiet: bool = False
    in_doubt: Literal["repeat", "give_up"] = "repeat"
    not_before: datetime.datetime | None = None
    expires: datetime.datetime | None = None
    needs: str | None = None
    tried: tuple[str, ...] = ()
    at: datetime.datetime | None = None
    lapses: Lapse | None = None
    urgent: bool = False
