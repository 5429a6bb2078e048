"""What must be true in the end, whatever was killed meanwhile: each sentence that is not comes back as a problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from adapters.slack.render import message_body
from bot import events
from bot.effects import Effect, Remind, Resume, Say, ShowChecklist
from bot.journey.state import Journey
from bot.message import Message, Phrase
from bot.texts import speaker
from bot.tracker.labels import DUPLICATE
from tests.chaos.company import STEPS, STEPS_WITH_ISSUES, Member
from tests.chaos.evidence import Copy, Course, Evidence, Json
from tests.chaos.summary import Wrong

Problems = Iterator[str]
MESSAGES = (Say, ShowChecklist, Remind)


def problems(evidence: Evidence) -> list[tuple[Wrong, str]]:
    """What is wrong, and the sentence that says it."""
    return [(kind, problem) for kind, rules in RULES.items() for rule in rules for problem in rule(evidence)]


def no_message_twice(evidence: Evidence) -> Problems:
    """Copies that a hung call delivered late are nobody's fault and are counted apart."""
    for effect in _messages(evidence):
        copies = evidence.copies.get(effect.id, [])
        if len([copy for copy in copies if not copy.late]) > 1:
            yield f"{effect.id} was posted {len(copies)} times: {copies}"


def every_message_is_there(evidence: Evidence) -> Problems:
    for effect in _messages(evidence):
        if not evidence.copies.get(effect.id) and not _may_be_dropped(effect):
            yield f"{effect.id} was planned and never posted"


def nothing_unplanned(evidence: Evidence) -> Problems:
    known = {effect.id for effect in _messages(evidence)}
    yield from (f"{effect} was posted and never planned" for effect in evidence.copies if effect not in known)


def every_message_in_order(evidence: Evidence) -> Problems:
    """Of each lane: by the first copy, in the order in which the effects were planned."""
    lanes: dict[str, list[str]] = {}
    for lane, effect in evidence.planned:
        if isinstance(effect.act, MESSAGES) and effect.id in evidence.copies:
            ids = lanes.setdefault(lane, [])
            if effect.id not in ids:
                ids.append(effect.id)
    for lane, ids in lanes.items():
        seen = sorted(ids, key=lambda one: _first(evidence.copies[one]).ts)
        if seen != ids:
            first = next(n for n, pair in enumerate(zip(seen, ids, strict=True)) if pair[0] != pair[1])
            yield f"{lane}: {seen[first]} was seen where {ids[first]} was planned"


def every_message_where_it_belongs(evidence: Evidence) -> Problems:
    conversations = {one.id: one.conversation for one in evidence.company.everybody}
    for effect in _messages(evidence):
        person = getattr(effect.act, "person", None)
        wrong = {copy.conversation for copy in evidence.copies.get(effect.id, ())} - {conversations.get(person or "")}
        if wrong:
            yield f"{effect.id} was posted to {wrong}"


def nothing_decided_twice(evidence: Evidence) -> Problems:
    """A replayed event, a decision that was sent again: their effects would stand in the file twice."""
    times = Counter(effect.id for _, effect in evidence.planned if not effect.replaces)
    yield from (f"{effect} was planned {count} times" for effect, count in times.items() if count > 1)


def every_acknowledged_act_is_kept(evidence: Evidence) -> Problems:
    for act in evidence.acts:
        if act.id not in evidence.marks:
            yield f"{act.who} was told that {act.what} {act.id} is taken, and it is lost"
    for _, effect in evidence.planned:
        if isinstance(effect.act, Resume) and effect.act.incoming.id not in evidence.marks:
            yield f"{effect.act.incoming.id} was held and never handled"


def every_question_is_answered(evidence: Evidence) -> Problems:
    for act in evidence.acts:
        answers = (f"{act.id}:answer", f"{act.id}:again:answer")  # the latter of somebody who was not known yet
        if act.what == "ask" and not any(answer in evidence.copies for answer in answers):
            yield f"{act.who} asked {act.id} and got no answer"


def every_journey_ran_once(evidence: Evidence) -> Problems:
    for one in evidence.company.newcomers:
        courses = evidence.courses[one.id]
        if len(courses) != 1 or courses[0].journey.status != "finished":
            yield f"{one.handle}: {[(course.journey.id, course.journey.status) for course in courses]}"
            continue
        yield from _course(evidence, one, courses[0])


def _course(evidence: Evidence, one: Member, course: Course) -> Problems:
    journey, happened = course.journey, Counter(map(type, course.events))
    for kind in (events.JourneyStarted, events.JourneyFinished):
        if happened[kind] != 1:
            yield f"{journey.id}: {happened[kind]} times {kind.__name__}"
    completed = Counter(event.step for event in course.events if isinstance(event, events.StepCompleted))
    if completed != Counter(STEPS):
        yield f"{journey.id}: completed {dict(completed)}"
    if happened[events.RemindersDue] > 1:
        yield f"{journey.id}: reminded {happened[events.RemindersDue]} times"
    missing = [effect for effect in _told(journey, course) if effect not in evidence.copies]
    if missing:
        yield f"{journey.id}: never said: {missing}"
    if course.checklist != _finished_checklist(one):
        yield f"{journey.id}: the checklist still says {course.checklist!r}"


def _told(journey: Journey, course: Course) -> Iterator[str]:
    """The messages of a whole journey of our scenario, by what they are for."""
    newcomer, manager = journey.person, journey.manager
    yield from (
        f"{journey.id}:welcome:{newcomer}",
        f"{journey.id}:checklist:slack",
        f"{journey.id}:finished:{newcomer}",
    )
    yield from (f"{journey.id}:{what}:{manager}" for what in ("started", "opened:desk", "finished-by"))
    for event in course.events:
        if isinstance(event, events.IssueRecorded):
            yield f"{journey.id}:issue:{event.step}:{event.key}:{manager}"


def _finished_checklist(one: Member) -> str:
    title = {"ru": "Испытание", "en": "Trial"}[one.locale]
    message = Message(Phrase("checklist-finished", {"scenario": title}))
    return str(message_body(message, speaker(one.locale))["text"])


def every_step_has_one_live_issue(evidence: Evidence) -> Problems:
    by_label = _by_label(evidence.issues)
    expected: set[str] = set()
    for course in (course for courses in evidence.courses.values() for course in courses):
        for step in STEPS_WITH_ISSUES:
            label = evidence.labels.get(f"{course.journey.id}:issue:{step}", "")
            expected.add(label)
            issues = by_label.get(label, [])
            live = [issue["key"] for issue in issues if not _is_duplicate(issue)]
            known = course.journey.step(step).issue
            if live != [known.key if known else None]:
                yield f"{course.journey.id} {step}: live {live} of {len(issues)}, known {known}"
    yield from (f"issues of nobody under {label}" for label in by_label.keys() - expected)


def every_duplicate_is_closed(evidence: Evidence) -> Problems:
    for issue in evidence.issues:
        if _is_duplicate(issue) and issue["fields"]["status"]["statusCategory"]["key"] != "done":
            yield f"{issue['key']} is marked as a duplicate and still open"


RULES: dict[Wrong, tuple[Callable[[Evidence], Problems], ...]] = {
    "lost": (every_message_is_there, every_acknowledged_act_is_kept, every_question_is_answered),
    "doubled": (no_message_twice, nothing_decided_twice),
    "out of order": (every_message_in_order,),
    "otherwise wrong": (
        nothing_unplanned,
        every_message_where_it_belongs,
        every_journey_ran_once,
        every_step_has_one_live_issue,
        every_duplicate_is_closed,
    ),
}


def late_copies(evidence: Evidence) -> int:
    """Messages that people have seen once more, because a call hung and was carried out all the same."""
    return sum(len(copies) - 1 for copies in evidence.copies.values())


def duplicates_closed(evidence: Evidence) -> int:
    return sum(map(_is_duplicate, evidence.issues))


def doubted_creates(evidence: Evidence) -> int:
    """Creates of issues that were looked for, and are looked at again."""
    return sum(effect.id.endswith(":verify:0") for _, effect in evidence.planned)


def _messages(evidence: Evidence) -> list[Effect]:
    """Each once."""
    found = {effect.id: effect for _, effect in evidence.planned if isinstance(effect.act, MESSAGES)}
    return list(found.values())


def _may_be_dropped(effect: Effect) -> bool:
    """What speaks of steps alone has lost its point once they are done, and in the end all of them are."""
    return bool(effect.steps)


def _first(copies: list[Copy]) -> Copy:
    return min(copies, key=lambda copy: copy.ts)


def _by_label(issues: list[Json]) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = {}
    for issue in issues:
        for label in issue["fields"]["labels"]:
            if label.startswith("bb-") and label != DUPLICATE:
                found.setdefault(label, []).append(issue)
    return found


def _is_duplicate(issue: Json) -> bool:
    return DUPLICATE in issue["fields"]["labels"]
