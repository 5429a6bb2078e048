"""What people have said to the bot is not kept for ever: once a day, what is too old is forgotten.

One wake-up does it for all kinds, some of them in each commit, and sets the next one. What an earlier version has kept
without a time counts from the day on which it is found here.
"""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Iterator, Sequence

import msgspec

from bot import asked, drafts, inquiries, shown, unanswered, votes
from bot.drafts import Draft
from bot.effects import Effect, Say
from bot.incoming import Account
from bot.inquiries import Inquiry
from bot.message import Button, Fact, Message, Phrase
from bot.people import Person
from bot.ports import Loaded
from bot.runner import Runner
from bot.whom import whom_to_ask
from bot.work import Work

NAME = "retention"  # of the wake-up; no journey is called so
EVERY = datetime.timedelta(days=1)
MOST = 100  # aggregates that one commit changes
AT_ONCE = 500  # that one read asks for

OPEN_INQUIRY = datetime.timedelta(days=30)  # whoever has not answered in a month, a holiday in it, will not
ENDED_INQUIRY = datetime.timedelta(days=90)  # the answer stands in the messenger; here it only says who was faster
ENDED_PRIVATE = datetime.timedelta(days=7)
OPEN_DRAFT = datetime.timedelta(days=365)  # what nobody of HR wanted in a year
SETTLED_DRAFT = datetime.timedelta(days=90)  # without text: who has settled it
UNANSWERED = datetime.timedelta(days=180)  # a question that nobody has asked for half a year


class _Accounts(msgspec.Struct):
    """As much of a person as is looked at here."""

    accounts: dict[str, str] = {}
    aliases: tuple[str, ...] = ()


_people = msgspec.json.Decoder(_Accounts)


async def plan(runner: Runner) -> None:
    """At a start: what is too old is looked for now, and once a day from then on."""

    async def decision(work: Work) -> None:
        work.wake_at(NAME, work.now)

    await runner.run(NAME, decision)


async def sweep(work: Work) -> None:
    """Forget what is too old; where that is more than a commit takes, the rest at once."""
    left = _Left()
    people = [one async for page in work.company.store.pages("people") for one in page]
    known = await _inquiries(work, people, left)
    await _drafts(work, known, left)
    await _unanswered(work, left)
    await _votes(work, people, left)
    await _shown(work, left)
    await _asked(work, people, left)
    work.wake_at(NAME, work.now if left.over else work.now + EVERY)


class _Left:
    """How much the commit still takes. `over`: there may be more than that."""

    def __init__(self) -> None:
        self._left = MOST
        self.over = False

    def is_none(self) -> bool:
        self.over = self.over or self._left <= 0
        return self._left <= 0

    def spend(self, changed: int = 1) -> None:
        self._left -= changed


async def _read(work: Work, names: Sequence[str]) -> None:
    for begin in range(0, len(names), AT_ONCE):
        await work.read(names[begin : begin + AT_ONCE])


async def _there(work: Work, names: Sequence[str]) -> AsyncIterator[Loaded]:
    """Those that exist, some at a time: of everybody there are too many for one work to remember, and others go on in
    between."""
    for begin in range(0, len(names), AT_ONCE):
        for loaded in await work.company.store.load(names[begin : begin + AT_ONCE]):
            if loaded.state is not None:
                yield loaded


# --- inquiries


async def _inquiries(work: Work, people: Sequence[str], left: _Left) -> list[str]:
    """The ids of all that were there. Those of an earlier version are in no index, but on desks."""
    ids = {*await work.company.store.members(inquiries.INDEX)}
    async for loaded in _there(work, [f"desk:{one}" for one in people]):
        work.remember(loaded)
        desk = await inquiries.desk(work, loaded.id.removeprefix("desk:"))
        ids.update(desk.numbers.values())
    found = sorted(ids)
    await _read(work, [f"inquiry:{one}" for one in found])
    for one in found:
        known = await inquiries.inquiry(work, one)
        if known is None or (known.at is not None and work.now - known.at < _kept(work, known)):
            continue
        if left.is_none():
            break
        left.spend()
        if known.at is None:
            inquiries.put(work, known)
        else:
            await _forget(work, known)
    return found


def _kept(work: Work, known: Inquiry) -> datetime.timedelta:
    if known.status == "open":
        return OPEN_INQUIRY
    return ENDED_PRIVATE if inquiries.is_private(work, known) else ENDED_INQUIRY


async def _forget(work: Work, known: Inquiry) -> None:
    """Whoever waits for an answer is told that none came, and HR finds the question among what nobody could answer."""
    await inquiries.forget(work, known)
    if known.status != "open":
        return
    if not known.private:
        await unanswered.note_unanswered(work, known.question, known.asker, known.language)
    asker = await work.person(known.asker)
    if asker is not None:
        effect = f"inquiry:{known.id}:over:{work.now:%Y-%m-%d}"
        act = Say(await _sorry(work, known, asker), person=asker.id)
        work.add(Effect(id=effect, lane=work.lane(asker), act=act, quiet=True))


async def _sorry(work: Work, known: Inquiry, asker: Person) -> Message:
    facts = (Fact(Phrase("fact-question"), known.question),)
    private = inquiries.is_private(work, known)
    helper = await whom_to_ask(work, known.question, asker, private=private)
    key = "inquiry-expired-private" if private else "inquiry-expired"
    if helper is None:
        return Message(Phrase(f"{key}-nobody"), facts=facts, language=known.language)
    said = Phrase(key, {"name": helper.name, "email": helper.email})
    action = "ask-hr" if private else "ask-person"
    again = Button(action, known.question, Phrase("button-ask-again"), "primary")
    return Message(said, facts=facts, buttons=(again,) if helper.person else (), language=known.language)


# --- the others


async def _drafts(work: Work, inquiries_known: Sequence[str], left: _Left) -> None:
    """A draft has the id of its inquiry; settled ones of an earlier version are in no index."""
    store = work.company.store
    ids = {*inquiries_known, *await store.members(drafts.INDEX), *await store.members(drafts.SETTLED)}
    found = sorted(ids)
    await _read(work, [f"draft:{one}" for one in found])
    for one in found:
        draft = await drafts.draft(work, one)
        if draft is None or (draft.at is not None and work.now - draft.at < _kept_draft(draft)):
            continue
        if left.is_none():
            return
        left.spend()
        if draft.at is None:
            drafts.keep(work, draft)
        else:
            drafts.forget(work, one)


def _kept_draft(draft: Draft) -> datetime.timedelta:
    return OPEN_DRAFT if draft.status == "open" else SETTLED_DRAFT


async def _unanswered(work: Work, left: _Left) -> None:
    for known in await unanswered.waiting(work):
        if work.now - known.last < UNANSWERED and work.company.sensitive.topic(known.question) is None:
            continue
        if left.is_none():
            return
        left.spend()
        unanswered.drop(work, known)


async def _votes(work: Work, people: Sequence[str], left: _Left) -> None:
    found = await work.company.store.members(votes.INDEX)
    await _read(work, [f"{votes.INDEX}:{one}" for one in found])
    for one in found:
        if left.is_none():
            return
        left.spend(await votes.trim(work, one, people))


async def _shown(work: Work, left: _Left) -> None:
    found = await work.company.store.members(shown.INDEX)
    await _read(work, [f"{shown.INDEX}:{one}" for one in found])
    for one in found:
        if left.is_none():
            return
        left.spend(await shown.trim(work, one))


async def _asked(work: Work, people: Sequence[str], left: _Left) -> None:
    """The last questions of an account, which the next one may lean on for some minutes."""
    for begin in range(0, len(people), AT_ONCE):
        page = [f"person:{one}" for one in people[begin : begin + AT_ONCE]]
        persons = [_people.decode(one.state) async for one in _there(work, page) if one.state is not None]
        names = [f"asked:{key}" for person in persons for key in _accounts_of(person)]
        async for loaded in _there(work, names):
            if loaded.state is not None and asked.is_over(loaded.state, work.now):
                if left.is_none():
                    return
                left.spend()
                work.remember(loaded)
                work.put(loaded.id, None)


def _accounts_of(person: _Accounts) -> Iterator[str]:
    yield from (Account(channel, one).key for channel, one in person.accounts.items())
    yield from person.aliases
