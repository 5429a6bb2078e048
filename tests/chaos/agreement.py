"""What must be true of both sides in the end: each sentence that is not comes back as a problem.

What the store holds is compared with what the stand-in holds, field by field, without anything in between.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import msgspec

from adapters.store.redis_store import RedisStore
from bot.events import JourneyEvent
from bot.journey.merge import FIELDS, Fields, Stage
from bot.journey.state import IssueRef, Journey, fields_of
from bot.journey.tracking import issue_id
from bot.people import person_id
from bot.ports import DeadLetter
from bot.priority import normal
from bot.tracker.issues import GONE
from bot.tracker.labels import DUPLICATE
from tests.chaos.authorship import BOT, touched, wrongs
from tests.chaos.both_sides import NEWCOMERS_OWN, WITH_ISSUES, Book
from tests.chaos.company import Company
from tests.chaos.evidence import Copy, copies_of, labels_of
from tests.chaos.stands import Stands
from tests.chaos.summary import Wrong

Json = dict[str, Any]
Problems = Iterator[str]
STAGES: dict[str, Stage] = {"new": "new", "indeterminate": "underway", "done": "done"}
_journey = msgspec.json.Decoder(Journey)
_event = msgspec.json.Decoder(JourneyEvent)


class Sides(NamedTuple):
    """`issues` are those of Jira by their key, `journeys` those of the store by the newcomer's id; `events` theirs by
    the journey; `names` the lookups by id of an issue; `known` the index of issues; `copies` the messages in Slack by
    their effect.
    """

    company: Company
    book: Book
    issues: dict[str, Json]
    journeys: dict[str, list[Journey]]
    events: dict[str, list[JourneyEvent]]
    names: dict[str, str | None]
    known: frozenset[str]
    copies: dict[str, list[Copy]]
    dead: list[DeadLetter]
    labels: dict[str, str]

    @property
    def steps(self) -> Iterator[tuple[Journey, str]]:
        return _steps(self.journeys)

    def label(self, journey: Journey, step: str) -> str:
        return self.labels.get(issue_id(journey, step), "")

    def was_deleted(self, journey: Journey, step: str) -> bool:
        """An issue of the step, be it the one that is there no more or one before it."""
        label = self.label(journey, step)
        return any(label in labels for labels in self.book.deleted.values())

    @property
    def linked(self) -> Iterator[tuple[Journey, str, IssueRef]]:
        for journey, step in self.steps:
            issue = journey.issue_of(step)
            if issue is not None:
                yield journey, step, issue


async def gather_sides(company: Company, book: Book, stands: Stands, store: RedisStore) -> Sides:
    issues = {issue["key"]: issue for issue in (await stands.issues())["issues"]}
    ids = [*(issue["id"] for issue in issues.values()), *book.deleted]
    names = dict(zip(ids, await store.lookup([f"issue-id:{one}" for one in ids]), strict=True))
    journeys = {one.id: await _journeys(store, one.id) for one in company.newcomers}
    every = [one.id for found in journeys.values() for one in found]
    steps = _steps(journeys)
    return Sides(
        company=company,
        book=book,
        issues=issues,
        journeys=journeys,
        events={one: [_event.decode(entry) for entry in await store.log(f"journey:{one}")] for one in every},
        names=names,
        known=frozenset(await store.members("issues")),
        copies=copies_of((await stands.posts())["posts"]),
        dead=await store.dead(),
        labels=await labels_of(store, [issue_id(journey, step) for journey, step in steps]),
    )


def _steps(journeys: dict[str, list[Journey]]) -> Iterator[tuple[Journey, str]]:
    """Every step that may have an issue."""
    for journey in (one for found in journeys.values() for one in found):
        yield from ((journey, step) for step in (*WITH_ISSUES, *(task.id for task in journey.tasks)))


async def _journeys(store: RedisStore, person: str) -> list[Journey]:
    ids = await store.members(f"journeys:{person}")
    loaded = await store.load([f"journey:{one}" for one in ids])
    return [_journey.decode(one.state) for one in loaded if one.state is not None]


def fields_in(issue: Json) -> Fields:
    """An issue of the stand-in as the core would have it."""
    fields = issue["fields"]
    due, priority = fields["duedate"], fields["priority"]
    return Fields(
        status=STAGES[fields["status"]["statusCategory"]["key"]],
        priority=None if priority is None else normal(priority["name"]),
        assignee=_person(fields["assignee"]),
        due=None if due is None else datetime.date.fromisoformat(due),
    )


def _person(user: Json | None) -> str | None:
    """All of the company show their address."""
    return None if user is None else person_id(user["emailAddress"])


def disagreements(sides: Sides) -> list[tuple[Wrong, str]]:
    """What is wrong, and the sentence that says it."""
    return [(kind, problem) for kind, rules in RULES.items() for rule in rules for problem in rule(sides)]


def everybody_has_one_journey(sides: Sides) -> Problems:
    for one in sides.company.newcomers:
        if len(sides.journeys[one.id]) != 1:
            yield f"{one.handle} has {len(sides.journeys[one.id])} journeys"


def both_sides_hold_the_same(sides: Sides) -> Problems:
    for journey, step, issue in sides.linked:
        there = sides.issues.get(issue.key)
        if there is None:
            continue  # another sentence
        ours, theirs = fields_of(journey, step), fields_in(there)
        for name in FIELDS:
            values = [getattr(one, name) for one in (ours, theirs, issue.agreed)]
            if values[0] != values[1] or values[1] != values[2]:
                where = f"{issue.key} {journey.id} {step} ({journey.status}, {journey.step(step).status}) {name}"
                when = f"seen {issue.seen}, updated {there['fields']['updated']}, stuck {issue.stuck}"
                yield f"{where}: ours {values[0]}, Jira's {values[1]}, agreed {values[2]}; {when}; {_history(there)}"


def _history(issue: Json) -> list[str]:
    """Who changed what in Jira, the newest last."""
    return [
        f"{one['created'][11:23]} {one['author'].get('emailAddress', '?').partition('@')[0]} "
        + ", ".join(f"{item['field']}={item['toString']}" for item in one["items"])
        for one in issue["changelog"]["histories"][-6:]
    ]


def what_one_side_alone_has_changed_stands(sides: Sides) -> Problems:
    """Of issues that were deleted, or had a twin, the history is not whole."""
    doubled = {label for issue in sides.issues.values() if _is_twin(issue) for label in issue["fields"]["labels"]}
    for journey, step, issue in sides.linked:
        there = sides.issues.get(issue.key)
        if there is None or sides.was_deleted(journey, step) or sides.label(journey, step) in doubled:
            continue
        of = touched(sides.events[journey.id], there, step, approves=issue.approves)
        for wrong in wrongs(of, fields_in(there)):
            yield f"{issue.key} {journey.id} {step}: {wrong}; {_history(there)}"


def nothing_is_stuck(sides: Sides) -> Problems:
    for journey, step, issue in sides.linked:
        if issue.stuck:
            yield f"{issue.key} {journey.id} {step}: Jira would take everything, stuck is {issue.stuck}"


def every_step_has_one_live_issue(sides: Sides) -> Problems:
    """None where people have deleted it, or where it was never due."""
    by_label = _by_label(sides)
    for journey, step in sides.steps:
        label = sides.label(journey, step)
        live, known = by_label.pop(label, []), journey.issue_of(step)
        if live != ([] if known is None else [known.key]):
            yield f"{journey.id} {step}: live in Jira {live}, known {known and known.key}"
        if not live and not sides.was_deleted(journey, step) and _is_due(journey, step):
            yield f"{journey.id} {step} ({journey.step(step).status}) never got its issue"
    yield from (f"{keys} under {label} belong to no step" for label, keys in by_label.items())


def _is_due(journey: Journey, step: str) -> bool:
    status = journey.step(step).status
    return status == "done" if WITH_ISSUES.get(step) == "done" else status != "waiting"


def _by_label(sides: Sides) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, issue in sides.issues.items():
        for label in issue["fields"]["labels"]:
            if label.startswith("bb-") and not _is_twin(issue):
                found[label].append(key)
    return found


def _is_twin(issue: Json) -> bool:
    return DUPLICATE in issue["fields"]["labels"]


def every_twin_is_closed(sides: Sides) -> Problems:
    for key, issue in sides.issues.items():
        if _is_twin(issue) and fields_in(issue).status != "done":
            yield f"{key} is marked as a duplicate and still open"


def what_is_deleted_is_known_as_deleted(sides: Sides) -> Problems:
    linked = {issue.id: issue for _, _, issue in sides.linked}
    for one in sides.book.deleted:
        if one in linked:
            yield f"{linked[one].key} ({one}) was deleted, and its step does not know"
        if sides.names[one] not in (None, GONE):
            yield f"{one} was deleted, and is still known as {sides.names[one]}"
    twin_ids = {issue["id"] for issue in sides.issues.values() if _is_twin(issue)}
    wrong = (sides.known - twin_ids) ^ (linked.keys() - twin_ids)
    if wrong:
        yield f"the index of issues has {sorted(wrong)} too many or too few"


def no_comment_was_told_twice(sides: Sides) -> Problems:
    for effect, copies in sides.copies.items():
        if ":comment:" in effect and len(copies) != 1:
            yield f"{effect} was posted {len(copies)} times"


def every_comment_was_told(sides: Sides) -> Problems:
    """To whoever does the step and to the manager; what we wrote ourselves to nobody."""
    told: dict[str, list[str]] = defaultdict(list)
    for effect in sides.copies:
        if ":comment:" in effect:
            about, _, reader = effect.rpartition(":")
            told[about].append(reader)
    managers = {one.id: person_id(f"{one.manager}@company.example") for one in sides.company.newcomers}
    for journey, step, issue in sides.linked:
        if issue.key not in sides.issues:
            continue
        for comment in sides.issues[issue.key]["fields"]["comment"]["comments"]:
            readers = told.get(f"{journey.id}:comment:{step}:{comment['id']}", [])
            ours = comment["author"]["emailAddress"] == BOT
            wanted = {managers[journey.person]} | ({journey.person} if step in NEWCOMERS_OWN else set())
            if ours and readers:
                yield f"{issue.key}: our own comment {comment['id']} was told to {readers}"
            if not ours and not wanted <= set(readers):
                yield f"{issue.key}: comment {comment['id']} of {journey.id} {step} was told to {readers} of {wanted}"


def nothing_was_given_up(sides: Sides) -> Problems:
    yield from (f"{one.kind} {one.id}: {one.code} {one.detail}" for one in sides.dead)


RULES: dict[Wrong, tuple[Callable[[Sides], Problems], ...]] = {
    "lost": (what_one_side_alone_has_changed_stands, every_comment_was_told, nothing_was_given_up),
    "doubled": (no_comment_was_told_twice,),
    "otherwise wrong": (
        everybody_has_one_journey,
        both_sides_hold_the_same,
        nothing_is_stuck,
        every_step_has_one_live_issue,
        every_twin_is_closed,
        what_is_deleted_is_known_as_deleted,
    ),
}


def changed_in_jira(sides: Sides) -> int:
    """How many issues people have changed there, or commented on."""
    return sum(_by_people(issue) for issue in sides.issues.values())


def _by_people(issue: Json) -> bool:
    acts = (*issue["changelog"]["histories"], *issue["fields"]["comment"]["comments"])
    return any(act["author"].get("emailAddress") != BOT for act in acts)


def comments_told(sides: Sides) -> int:
    return sum(":comment:" in effect for effect in sides.copies)


def twins(sides: Sides) -> int:
    return sum(map(_is_twin, sides.issues.values()))


def by_step_status(sides: Sides) -> Counter[str]:
    return Counter(fields_of(journey, step).status for journey, step, _ in sides.linked)
