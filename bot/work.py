"""A unit of work: what was read, what was decided, and the one commit that both become."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from bot import commands
from bot.contacts import Contacts
from bot.effects import CreateIssue, Effect, IssueDraft, Lane, Lapse, Say
from bot.events import CommentsHeard, IssueSeen, JourneyEvent
from bot.incoming import Account, Place
from bot.journey import tracking
from bot.journey.attention import ONBOARDINGS, attention
from bot.journey.decide import decide
from bot.journey.evolve import fold
from bot.journey.merge import Fields
from bot.journey.plan import plan
from bot.journey.schedule import next_wake
from bot.journey.state import LEFT, Journey, is_person
from bot.journey.todo import others_of
from bot.journey.world import Present, World
from bot.library import Library
from bot.limiter import Limits
from bot.message import Message
from bot.people import Person, Policy, Role, person_id
from bot.ports import Commit, DeadLetter, DueWake, Loaded, Lookup, Membership, Score, Settlement, Store, Write
from bot.quiet_hours import GOES_ON, keeping_hours
from bot.reach import Finds
from bot.rules import Rules
from bot.scenario import Scenario, with_tasks
from bot.sensitive import Sensitive
from bot.tracker.labels import IssueLabels, label_name
from bot.tracker.snapshot import Snapshot, TrackerUser

# Where no calendar reaches there is no day: some write 9999 for "never".
FIRST_DAY, LAST_DAY = datetime.date(2000, 1, 1), datetime.date(2099, 12, 31)

_people = msgspec.json.Decoder(Person)
_journeys = msgspec.json.Decoder(Journey)
_encode = msgspec.json.encode

LEAVERS = "leavers"  # the index of those who have left

# They bring no moment nearer, and put none off.
TIMELESS = (IssueSeen, CommentsHeard)


def _newest_first(journey: Journey) -> tuple[bool, float]:
    return journey.status != "active", -journey.started_at.timestamp()


def accounts_of(tracker: str | None, users: Iterable[TrackerUser | None]) -> list[str]:
    """The lookups by which accounts of the tracker are known, each once."""
    names = (f"account:{Account(tracker, user.identity).key}" for user in users if user is not None and tracker)
    return list(dict.fromkeys(names))


def _asked(draft: IssueDraft) -> Fields:
    """What an issue is to begin with."""
    assignee = None if draft.assignee is None else person_id(draft.assignee)
    return Fields(priority=draft.priority, assignee=assignee, due=draft.due)


def board(journey: str, channel: str) -> str:
    """The lookup that names the message where a journey's checklist stands on a channel."""
    return f"board:{journey}:{channel}"


class Company(msgspec.Struct, frozen=True, kw_only=True):
    """What is the same for every unit of work: the store, the scenarios, the rules, what is wired.

    `finds`: how channels get at people whose account is not known. `labels` name issues in the tracker, and `project`
    is where those go that name none. `quiet_hours`: people hear what they do not wait for in their working hours alone.
    """

    store: Store
    library: Library
    policy: Policy
    channels: tuple[str, ...]
    finds: Mapping[str, Finds] = {}
    tracker: str | None
    links: str = ""  # how links to the pages of journeys are made, for their issues; empty: there are none
    rules: Rules = Rules()
    contacts: Contacts = Contacts()
    sensitive: Sensitive = msgspec.field(default_factory=Sensitive)
    wiki: str | None = None
    labels: IssueLabels = msgspec.field(default_factory=IssueLabels.passing)
    project: str | None = None
    limits: Limits = Limits()
    quiet_hours: bool = True


class Work:
    """Reads remember the version they saw; decisions gather here; `commit` turns all of it into one Commit."""

    def __init__(self, company: Company, now: datetime.datetime) -> None:
        self.company = company
        self.now = now
        self._versions: dict[str, int] = {}
        self._states: dict[str, bytes | None] = {}
        self._changed: dict[str, bytes | None] = {}
        self._kept: dict[str, msgspec.Struct] = {}
        self._decoded: dict[str, tuple[bytes, Journey]] = {}
        self._recalled: dict[str, str | None] = {}
        self._lookups: dict[str, Lookup] = {}
        self._memberships: dict[tuple[str, str], Membership] = {}
        self._scores: dict[tuple[str, str], Score] = {}
        self._effects: list[Effect] = []
        self._wakes: dict[str, int | None] = {}
        self._logs: dict[str, list[bytes]] = {}
        self._quarantined: DeadLetter | None = None
        self.present: Present | None = None

    # --- reads

    async def _states_of(self, ids: Sequence[str]) -> list[bytes | None]:
        missing = [one for one in ids if one not in self._versions]
        if missing:
            for loaded in await self.company.store.load(missing):
                self.remember(loaded)
        return [self._changed[one] if one in self._changed else self._states[one] for one in ids]

    def remember(self, loaded: Loaded) -> None:
        """An aggregate that was read elsewhere, for this work."""
        self._versions[loaded.id] = loaded.version
        self._states[loaded.id] = loaded.state

    def recall(self, lookups: Mapping[str, str | None]) -> None:
        """Lookups that were read elsewhere, for this work."""
        self._recalled |= lookups

    async def read(self, aggregates: Sequence[str]) -> None:
        """Read all at once what is needed soon: each read by itself is a wait."""
        await self._states_of(aggregates)

    async def state(self, aggregate: str) -> bytes | None:
        return (await self._states_of([aggregate]))[0]

    async def people(self, ids: Iterable[str | None]) -> list[Person]:
        """Those of the ids that exist, each once."""
        wanted = [f"person:{one}" for one in dict.fromkeys(ids) if one]
        return [_people.decode(state) for state in await self._states_of(wanted) if state is not None]

    async def person(self, one: str | None) -> Person | None:
        found = await self.people([one])
        return found[0] if found else None

    async def person_by_email(self, email: str) -> Person | None:
        return await self.person(person_id(email))

    async def everybody(self) -> list[Person]:
        """Without those who have left."""
        return await self.people(sorted(await self.company.store.members("people")))

    async def team(self, manager: str) -> list[Person]:
        return await self.people(sorted(await self.company.store.members(f"team:{manager}")))

    async def leavers(self) -> list[Person]:
        """Who has left, as far as they are remembered."""
        return await self.people(sorted(await self.company.store.members(LEAVERS)))

    async def owner(self, account: Account) -> Person | None:
        """The person whose account this is known to be, or has become in this work."""
        name = f"account:{account.key}"
        decided = self._lookups.get(name)
        if decided is None and name not in self._recalled:
            self.recall({name: (await self.company.store.lookup([name]))[0]})
        found = decided.value if decided else self._recalled[name]
        return await self.person(found and found.removeprefix("person:"))

    async def recognise(self, users: Iterable[TrackerUser | None]) -> None:
        """Read all at once whom accounts of the tracker belong to, and these people."""
        names = accounts_of(self.company.tracker, users)
        found = await self.company.store.lookup(names)
        self.recall(dict(zip(names, found, strict=True)))
        await self.read([owner for owner in found if owner])

    async def tracker_person(self, user: TrackerUser | None) -> str | None:
        """Whom we know an account of the tracker to be: the id of a person, else the key of the account."""
        if user is None or self.company.tracker is None:
            return None
        account = Account(self.company.tracker, user.identity)
        person = await self.owner(account)
        if person is None and user.email:
            person = await self.person_by_email(user.email)
        return account.key if person is None else person.id

    def account_key(self, snapshot: Snapshot) -> str | None:
        """The key of the account that an issue is assigned to."""
        if snapshot.assignee is None or self.company.tracker is None:
            return None
        return Account(self.company.tracker, snapshot.assignee.identity).key

    async def fields(self, snapshot: Snapshot) -> Fields:
        """An issue as it stands in the tracker, with people that we know."""
        assignee = await self.tracker_person(snapshot.assignee)
        due = snapshot.due if snapshot.due is not None and FIRST_DAY <= snapshot.due <= LAST_DAY else None
        return Fields(status=snapshot.status, priority=snapshot.priority, assignee=assignee, due=due)

    async def journeys(self, ids: Iterable[str]) -> list[Journey]:
        names = [f"journey:{one}" for one in ids]
        states = zip(names, await self._states_of(names), strict=True)
        return [self._journey(name, state) for name, state in states if state is not None]

    def _journey(self, aggregate: str, state: bytes) -> Journey:
        """Decoded once; most decisions look at it several times."""
        known = self._decoded.get(aggregate)
        if known is None or known[0] is not state:
            known = self._decoded[aggregate] = state, _journeys.decode(state)
        return known[1]

    async def journey(self, one: str) -> Journey | None:
        found = await self.journeys([one])
        return found[0] if found else None

    async def journeys_of(self, person: str) -> list[Journey]:
        """The person's journeys that are not forgotten, the newest first: active ones, then those that ended."""
        return (await self.journeys_of_each([person]))[0]

    async def journeys_of_each(self, people: Sequence[str]) -> list[list[Journey]]:
        """As `journeys_of`, for many people in the time that few take: somebody waits while they are read."""
        indexes = await asyncio.gather(*(self.company.store.members(f"journeys:{one}") for one in people))
        await self._states_of([f"journey:{one}" for index in indexes for one in index])  # all at once
        return [sorted(await self.journeys(index), key=_newest_first) for index in indexes]

    async def journeys_given(self, person: str) -> list[Journey]:
        """Active journeys of others in which the person has, or has had, a step; the newest first."""
        found = await self.journeys(sorted(await self.company.store.members(f"given:{person}")))
        return sorted((one for one in found if one.status == "active"), key=_newest_first)

    async def scenario(self, journey: Journey) -> Scenario:
        """The version that the journey keeps, with the steps that people have added to it."""
        return with_tasks(await self.company.library.version(journey.version), journey.tasks)

    async def standing_at(self, journey: str, channel: str) -> str | None:
        """The message where the journey's checklist stands on that channel, if it was shown there."""
        return (await self.company.store.lookup([board(journey, channel)]))[0]

    # --- decisions

    async def decide(self, journey: Journey | None, command: commands.Command, scenario: Scenario) -> Journey:
        """Let the core decide, and take up everything that follows. Returns the journey after it.

        Raises:
            Misunderstood: the command makes no sense for this journey.
        """
        world = await self._world(journey, command, scenario)
        happened = decide(journey, command, world)
        after = fold(journey, happened)
        if after is None:
            raise ValueError(f"{type(command).__name__} led to no journey")
        if happened:
            self._put_journey(journey, after, happened)
            self._index_todo(journey, after, scenario)
            self._take_up(await self._labelled(plan(after, happened, world)))
        if not happened or not all(isinstance(event, TIMELESS) for event in happened):
            self._wake(after, world)
        if after.status == "active" and not world.people[after.person].is_active:
            # Whatever goes on in the onboarding of somebody who has left, it ends with that.
            after = await self.decide(after, commands.StopJourney(LEFT), scenario)
            self.score(ONBOARDINGS, after.id, None)
        return after

    async def foresee(
        self, journey: Journey, command: commands.Command, scenario: Scenario
    ) -> tuple[Journey, tuple[Effect, ...], World]:
        """What a decision would come to: the journey after it, and what would follow. Nothing of it is taken up."""
        world = await self._world(journey, command, scenario)
        happened = decide(journey, command, world)
        after = fold(journey, happened) or journey
        return after, plan(after, happened, world), world

    async def resync(self, journey: Journey) -> None:
        """Ask once more for every change that the tracker does not have yet."""
        world = await self._world(journey, commands.Wake(), await self.scenario(journey))
        self._take_up(tuple(tracking.syncs(journey, world)))

    async def _labelled(self, effects: Sequence[Effect]) -> list[Effect]:
        """What is decided a second time, maybe under another key, is the same effect under the same label."""
        labels = self.company.labels
        known: dict[str, str] = {}
        if makers := [effect.id for effect in effects if isinstance(effect.act, CreateIssue)]:
            found = await self.company.store.lookup([label_name(one) for one in makers])
            known = {effect: label for effect, label in zip(makers, found, strict=True) if label}
        return [labels.labelled(effect, known.get(effect.id)) for effect in effects]

    def _take_up(self, effects: Sequence[Effect]) -> None:
        """An issue is found by its label before it has a key: whoever hears of it first knows whose it is."""
        for effect in effects:
            if isinstance(effect.act, CreateIssue):
                label = effect.act.label
                self.name(f"label:{label}", f"{effect.act.journey} {effect.act.step}")
                self.name(f"asked:{label}", _encode(_asked(effect.act.draft)).decode())
                self.name(label_name(effect.id), label)
            self.add(effect)

    async def _world(self, journey: Journey | None, command: commands.Command, scenario: Scenario) -> World:
        names = [getattr(command, name, None) for name in ("person", "manager", "by", "assignee")]
        subject = journey.person if journey is not None else getattr(command, "person", None)
        if isinstance(command, commands.ObserveIssue):
            names.append(command.fields.assignee)
        if journey is not None:
            names += [journey.person, journey.manager, journey.by]
            names += [state.assignee for state in journey.steps.values()]
        names += self._named_by_email(scenario)
        names = [name for name in names if isinstance(name, str) and is_person(name)]
        found = await self.people(names)
        people = {person.id: person for person in found if person.is_active or person.id == subject}
        return World(
            scenario=scenario,
            now=self.now,
            people=people,
            channels=self.company.channels,
            tracker=self.company.tracker,
            links=self.company.links,
            rules=self.company.rules,
            present=self.present,
            finds=self.company.finds,
            quiet_hours=self.company.quiet_hours,
        )

    def _named_by_email(self, scenario: Scenario) -> list[str]:
        """Those for whom a scenario or a rule wants issues by their e-mail: the issue is in their language."""
        templates = [step.jira for step in scenario.steps if step.jira is not None]
        templates += [rule.issue for rule in self.company.rules.rules]
        return [person_id(one.assignee) for one in templates if one.assignee and "@" in one.assignee]

    def _put_journey(self, before: Journey | None, journey: Journey, happened: Sequence[JourneyEvent]) -> None:
        aggregate = f"journey:{journey.id}"
        self._versions.setdefault(aggregate, 0)
        self._changed[aggregate] = state = _encode(journey)
        self._decoded[aggregate] = state, journey
        self._logs.setdefault(aggregate, []).extend(_encode(event) for event in happened)
        self.member(f"journeys:{journey.person}", journey.id)
        self.score(ONBOARDINGS, journey.id, attention(journey))
        self._head(None if before is None else before.manager, journey)
        for assignee in {state.assignee for state in journey.steps.values()} - {journey.person, journey.manager}:
            if is_person(assignee):
                self.member(f"given:{assignee}", journey.id)
        active = f"active:{journey.person}:{journey.scenario}"
        if before is None or (before.status != "active" and journey.status == "active"):
            # What goes on again may stand beside one that was begun meanwhile: only a beginning needs the place free.
            self._lookups[active] = Lookup(active, journey.id, vacant=before is None)
        elif before.status == "active" and journey.status != "active":
            self._lookups[active] = Lookup(active, None)

    def _head(self, before: str | None, journey: Journey) -> None:
        """Found again by whoever is its manager now."""
        if before is not None and before != journey.manager:
            self.member(f"headed:{before}", journey.id, present=False)
        if journey.manager is not None and before != journey.manager:
            self.member(f"headed:{journey.manager}", journey.id)

    def _index_todo(self, before: Journey | None, after: Journey, scenario: Scenario) -> None:
        """Found again by those for whom something waits in it."""
        has = others_of(after, scenario)
        for one in others_of(before, scenario) - has:
            self.member(f"todo:{one}", after.id, present=False)
        for one in has:
            self.member(f"todo:{one}", after.id)

    def _wake(self, journey: Journey, world: World) -> None:
        moment = next_wake(journey, world)
        self._wakes[journey.id] = None if moment is None else round(moment.timestamp() * 1000)

    def put(self, aggregate: str, state: bytes | None) -> None:
        """New state (None: forget it) of an aggregate that this work has read."""
        self._changed[aggregate] = state

    def keep(self, aggregate: str, state: msgspec.Struct) -> None:
        """As `put`, of what may change again before it is committed: it is encoded once. `kept` finds it."""
        self._kept[aggregate] = state

    def kept(self, aggregate: str) -> msgspec.Struct | None:
        return self._kept.get(aggregate)

    def put_person(self, person: Person) -> None:
        self._versions.setdefault(f"person:{person.id}", 0)
        self.put(f"person:{person.id}", _encode(person))
        self.member("people", person.id, present=person.is_active)
        for name in person.names:
            self.member(f"named:{name}", person.id, present=person.is_active)
        self.member(LEAVERS, person.id, present=not person.is_active)
        if person.manager:
            self.member(f"team:{person.manager}", person.id, present=person.is_active)
        for role in person.roles:
            self.member(f"role:{role}", person.id, present=person.is_active)
        for channel, account in person.accounts.items():
            self.join(Account(channel, account), person.id)
        for alias in person.aliases:
            self.join(Account(*alias.split(":", 1)), person.id)

    async def hand_over(self, before: Person | None, after: Person) -> None:
        """Before `after` is put: an account has one owner. Who had one that is now another's loses it, and one that
        was given up is nobody's."""
        had = {} if before is None else before.accounts
        for channel, one in after.accounts.items():
            if had.get(channel) == one:
                continue
            await self._take(Account(channel, one), after)
            if before is not None and channel in had:
                await self._leave(before, channel)
        known = () if before is None else before.aliases
        for alias in after.aliases:
            if alias not in known:
                await self._take(Account(*alias.split(":", 1)), after)

    async def _take(self, account: Account, taker: Person) -> None:
        """Whoever has the account now loses it. One that is nobody's must still be so when this is committed."""
        owner = await self.owner(account)
        if self._is_free(f"account:{account.key}"):
            self.join(account, taker.id, vacant=True)
        elif owner is None or owner.id == taker.id:
            return
        elif owner.accounts.get(account.channel) == account.id:
            self._give_up(owner.aliases_on(account.channel))
            await self._leave_boards(owner, account.channel)
            self.put_person(owner.without_account(account.channel))
        else:
            self.put_person(owner.without_alias(account))

    def _is_free(self, lookup: str) -> bool:
        return lookup not in self._lookups and self._recalled[lookup] is None

    async def unjoin(self, person: Person, channel: str) -> Person:
        """The account there speaks for them no longer, nor any other name of it."""
        if channel in person.accounts:
            await self._leave(person, channel)
        after = person.without_account(channel)
        self.put_person(after)
        return after

    async def _leave(self, before: Person, channel: str) -> None:
        """The account that `before` has there is no longer theirs."""
        await self._leave_boards(before, channel)
        left = Account(channel, before.accounts[channel])
        owner = await self.owner(left)
        if owner is not None and owner.id == before.id:
            self._give_up((left.key, *before.aliases_on(channel)))

    async def _leave_boards(self, person: Person, channel: str) -> None:
        """The conversation of an account that was theirs may be another's: nothing that stands there is changed."""
        for journey in await self.journeys_of(person.id):
            self.name(board(journey.id, channel), None)

    def _give_up(self, accounts: Iterable[str]) -> None:
        for account in accounts:
            self.name(f"account:{account}", None)

    def join(self, account: Account, person: str, *, vacant: bool = False) -> None:
        """From now on the account is this person's; the lookup names the aggregate, so that one read finds both."""
        name = f"account:{account.key}"
        decided = self._lookups.get(name)
        self.name(name, f"person:{person}", vacant=vacant or (decided is not None and decided.vacant))

    def name(self, lookup: str, value: str | None, *, vacant: bool = False) -> None:
        self._lookups[lookup] = Lookup(lookup, value, vacant)

    def note(self, log: str, entry: msgspec.Struct) -> None:
        """One more entry in the capped log of an aggregate."""
        self._logs.setdefault(log, []).append(_encode(entry))

    def member(self, index: str, member: str, *, present: bool = True) -> None:
        self._memberships[index, member] = Membership(index, member, present)

    def score(self, index: str, member: str, value: int | None) -> None:
        self._scores[index, member] = Score(index, member, value)

    def add(self, effect: Effect) -> None:
        """What somebody hears who is not acting at this moment keeps their working hours."""
        self.add_as_it_is(keeping_hours(effect, self.present, self.now))

    def add_as_it_is(self, effect: Effect) -> None:
        """What was decided before, and only moves on to another lane."""
        self._effects.append(self.company.labels.labelled(effect))

    def quarantine(self, letter: DeadLetter) -> None:
        """Keep what could not be handled."""
        self._quarantined = letter

    def wake_now(self, journey: str) -> None:
        """Let the core look at the journey's times again at once."""
        self._wakes[journey] = round(self.now.timestamp() * 1000)

    def wake_at(self, name: str, at: datetime.datetime) -> None:
        """Wake what is no journey; `bot.timers` knows it by its name."""
        self._wakes[name] = round(at.timestamp() * 1000)

    def lane(self, person: Person) -> Lane:
        """Whoever is here is answered here."""
        here = self.present
        channel = here.channel if here is not None and here.person == person.id else None
        return Lane(channel or person.channel(self.company.channels), person.id)

    def say(
        self,
        effect_id: str,
        person: Person,
        message: Message,
        *,
        once: bool = False,
        urgent: bool = False,
        about: str | None = None,
    ) -> None:
        """Say something to a person in private, wherever they are reached; nothing to somebody who has left.

        It waits for the person's working hours, unless they are acting at this moment, or it is `urgent`: somebody
        waits for it, or for what they will do. `about`: the journey with whose end it lapses while it waits.
        """
        if not person.is_active:
            return
        here = self.present
        thread = here.thread if here is not None and here.person == person.id else None
        act, lapses = Say(message, person=person.id, place=thread), None if about is None else Lapse(GOES_ON)
        lane = self.lane(person)
        self.add(Effect(id=effect_id, lane=lane, act=act, once=once, urgent=urgent, subject=about, lapses=lapses))

    def say_at(
        self, effect_id: str, place: Place, message: Message, reader: Person | None = None, *, once: bool = False
    ) -> None:
        """Say something at a place, in the language of `reader`."""
        act = Say(message, person=reader.id if reader else None, place=place)
        self.add(Effect(id=effect_id, lane=Lane(place.channel, place.conversation), act=act, once=once))

    async def with_role(self, role: Role) -> list[Person]:
        """Everybody who has that role, by the directory or by the settings."""
        emails = {Role.ADMIN: self.company.policy.admins, Role.HR: self.company.policy.hr}.get(role, frozenset())
        ids = {*map(person_id, emails), *await self.company.store.members(f"role:{role}")}
        return [person for person in await self.people(sorted(ids)) if person.is_active]

    async def say_to_admins(self, effect_id: str, message: Message, *, urgent: bool = False) -> None:
        """Once for every administrator, as long as the mark of `effect_id` is kept."""
        for person in await self.with_role(Role.ADMIN):
            self.say(f"{effect_id}:{person.id}", person, message, once=True, urgent=urgent)

    # --- the commit

    def commit(
        self,
        marks: tuple[str, ...] = (),
        reply: bytes = b"",
        settle: Settlement | None = None,
        woken: DueWake | None = None,
    ) -> Commit:
        self._changed |= {one: _encode(state) for one, state in self._kept.items()}
        return Commit(
            marks=marks,
            reply=reply,
            writes=tuple(Write(one, self._versions[one], state) for one, state in self._changed.items()),
            lookups=tuple(self._lookups.values()),
            memberships=tuple(self._memberships.values()),
            scores=tuple(self._scores.values()),
            effects=tuple(self._effects),
            wakes=self._wakes,
            logs={one: tuple(entries) for one, entries in self._logs.items()},
            settle=settle,
            woken=woken,
            quarantined=self._quarantined,
        )
