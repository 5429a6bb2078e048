"""What lanes lead to: each destination turns an effect's act into calls of a port, composed from the latest state."""

from __future__ import annotations

import msgspec

from bot import roster
from bot.accounts import INBOX
from bot.answers.language import language_of
from bot.calendar import calendar_of
from bot.effects import (
    CreateIssue,
    Depart,
    Digest,
    Effect,
    FindAnswer,
    Identify,
    LinkIssue,
    RaiseTicket,
    Reconcile,
    Remind,
    Resume,
    Say,
    ShowChecklist,
    ShowHome,
    SyncIssue,
    VerifyIssue,
    Vouch,
)
from bot.errors import Refused, Retry, StoreError
from bot.holding import as_it_is_now, digested
from bot.incoming import Place
from bot.journey import views
from bot.journey.state import Journey
from bot.knowledge import Found, Knowledge
from bot.message import Message
from bot.people import Person
from bot.ports import Channel, Clock, Inbox, Post, Speaker, Tracker
from bot.results import Answered, Due, Issue, Nothing, Posted, Result
from bot.todo import home_todo
from bot.tracker.labels import label_of
from bot.tracker.open_tickets import OpenTickets
from bot.tracker.ownership import Ownership
from bot.tracker.reconcile import Reconciler
from bot.tracker.syncing import Syncing
from bot.work import Company, Work

SHOWN_AT_HOME = 25  # people of a team; a page has an end


def _unfit(name: str, effect: Effect) -> Refused:
    return Refused("unfit", f"{name} cannot do {type(effect.act).__name__}")


class ChannelDestination:
    """A messenger. `pace`: seconds between two messages of one conversation."""

    def __init__(
        self,
        channel: Channel,
        company: Company,
        speaker: Speaker,
        clock: Clock,
        *,
        slots: int = 32,
        timeout: float = 10.0,
        pace: float = 0.0,
    ) -> None:
        self.name = channel.name
        self.can_look = channel.can_look
        self.look_after = 0.0
        self.slots, self.timeout, self.pace = slots, timeout, pace
        self._channel, self._company, self._speaker, self._clock = channel, company, speaker, clock

    async def deliver(self, effect: Effect) -> Result:
        match effect.act:
            case Identify(account=account, place=place, anew=anew):
                return await self._channel.whose(account, place, anew=anew)
            case ShowHome(person=person):
                return await self._show_home(person)
            case ShowChecklist() as act:
                return await self._checklist(effect, act)
            case Say(on=str() as ref):
                return await self._replace(effect, ref)
            case _:
                post = await self._compose(effect)
                return Nothing() if post is None else self._sent(post, await self._channel.post(post))

    async def look(self, effect: Effect, age: float) -> Result | None:
        """Only messages can be looked for; everything else is harmless to do twice."""
        if isinstance(effect.act, ShowChecklist):
            return await self._look_for_checklist(effect, effect.act, age)
        if not isinstance(effect.act, Say | Remind | Digest) or (
            isinstance(effect.act, Say) and effect.act.on is not None
        ):
            return None
        post = await self._compose(effect)
        found = None if post is None else await self._channel.look(post, age)
        return found and self._sent(post, found)

    async def _replace(self, effect: Effect, ref: str) -> Result:
        post = await self._compose(effect)
        try:
            return Nothing() if post is None else self._sent(post, await self._channel.update(post, ref))
        except Refused as error:
            if error.code != "gone":
                raise
        return Nothing()

    def _work(self) -> Work:
        return Work(self._company, self._clock())

    def _post(self, effect: Effect, message: Message, person: Person | None, place: Place | None = None) -> Post:
        say = self._speaker(message.language or (person.locale if person else "ru"))
        unsure = person is not None and person.locale_source == "default" and message.language is None
        return Post(
            effect=effect.id,
            message=message,
            say=say,
            person=None if place else person,
            place=place,
            speaker=self._speaker if unsure else None,
        )

    def _sent(self, post: Post | None, posted: Posted) -> Posted:
        """With the account to which it went: it may move to somebody else meanwhile."""
        person = None if post is None else post.person
        return posted if person is None else msgspec.structs.replace(posted, to=person.accounts.get(self.name))

    async def _compose(self, effect: Effect) -> Post | None:
        """The message of an effect as it should be now; None: there is nothing left to say."""
        work = self._work()
        match effect.act:
            case Say(message=message, person=reader, place=place):
                person = await work.person(reader)
                if person is None and place is None:
                    raise Refused("person-gone", "the person is no longer in the directory")
                if person is not None and not person.is_active and (place is None or place.private):
                    return None
                if place is None:
                    message = as_it_is_now(work, effect, message, person)
                return self._post(effect, message, person, place)
            case Digest(person=reader) as act:
                person = await work.person(reader)
                news = None if person is None or not person.is_active else await digested(work, act, person)
                return None if news is None else self._post(effect, news, person)
            case Remind(journey=journey, person=reader, steps=steps):
                return await self._reminder(effect, work, journey, reader, steps)
        raise _unfit(self.name, effect)

    async def _reminder(
        self, effect: Effect, work: Work, journey_id: str, reader: str, steps: tuple[str, ...]
    ) -> Post | None:
        person, journey = await work.person(reader), await work.journey(journey_id)
        if person is None or journey is None or not person.is_active:
            return None
        calendar = calendar_of(person.timezone, person.country)
        whose = None if reader == journey.person else await work.person(journey.person)
        message = views.reminder(journey, steps, await work.scenario(journey), calendar, self._clock(), whose)
        return None if message is None else self._post(effect, message, person)

    # --- the checklist: one message for a journey, kept up to date where it stands

    async def _checklist_post(self, effect: Effect, act: ShowChecklist) -> Post | None:
        work = self._work()
        person, journey = await work.person(act.person), await work.journey(act.journey)
        if person is None or journey is None or not person.is_active:
            return None
        calendar = calendar_of(person.timezone, person.country)
        message = views.checklist(journey, await work.scenario(journey), calendar, self._clock())
        return self._post(effect, message, person)

    async def _standing_at(self, journey: str) -> str | None:
        return await self._work().standing_at(journey, self.name)

    async def _checklist(self, effect: Effect, act: ShowChecklist) -> Result:
        post = await self._checklist_post(effect, act)
        if post is None:
            return Nothing()
        ref = None if act.afresh else await self._standing_at(act.journey)
        if ref is not None:
            try:
                return self._sent(post, await self._channel.update(post, ref))
            except Refused as error:
                if error.code != "gone":
                    raise
        return Nothing() if act.standing else self._sent(post, await self._channel.post(post))

    async def _look_for_checklist(self, effect: Effect, act: ShowChecklist, age: float) -> Result | None:
        """An update is simply done again; a post that may have happened is found, and then brought up to date."""
        post = await self._checklist_post(effect, act)
        if post is None or act.standing or (not act.afresh and await self._standing_at(act.journey) is not None):
            return None
        found = await self._channel.look(post, age)
        return None if found is None else self._sent(post, await self._channel.update(post, found.ref))

    # --- the home page

    async def _show_home(self, person_id: str) -> Result:
        work = self._work()
        person = await work.person(person_id)
        if person is None or not person.is_active:
            return Nothing()
        own = [await self._own(work, person, journey) for journey in await work.journeys_of(person.id)]
        looked_after = await roster.page(work, person, 0, SHOWN_AT_HOME)
        team = [
            await self._standing(work, row.person, row.journey)
            for row in looked_after.rows
            if row.person.id != person.id
        ]
        home = views.home(tuple(own), tuple(team), await home_todo(work, person))
        await self._channel.show_home(person, home, self._speaker(person.locale))
        return Nothing()

    async def _own(self, work: Work, person: Person, journey: Journey) -> Message:
        calendar = calendar_of(person.timezone, person.country)
        return views.checklist(journey, await work.scenario(journey), calendar, self._clock())

    async def _standing(self, work: Work, person: Person, journey: Journey) -> Message:
        calendar = calendar_of(person.timezone, person.country)
        return views.standing(journey, person, await work.scenario(journey), calendar, self._clock())


class TrackerDestination:
    """Where issues live: slow, and its search lags behind what was written."""

    pace = 0.0
    can_look = True

    def __init__(
        self,
        tracker: Tracker,
        syncing: Syncing,
        reconciler: Reconciler,
        ownership: Ownership,
        tickets: OpenTickets,
        *,
        slots: int = 4,
        timeout: float = 25.0,
    ) -> None:
        self.name = tracker.name
        self.slots, self.timeout = slots, timeout
        self.look_after = tracker.settle_seconds
        self._tracker, self._syncing, self._reconciler = tracker, syncing, reconciler
        self._ownership, self._tickets = ownership, tickets

    async def deliver(self, effect: Effect) -> Result:
        match effect.act:
            case CreateIssue() as act:
                parent = await self._syncing.parent(act.journey) if act.under_parent else None
                return await self._tracker.create(effect.id, act, parent)
            case RaiseTicket() as act:
                return await self._tickets.put(effect.id, act)
            case VerifyIssue() as act:
                return await self._found(act.of, act) or Nothing()
            case SyncIssue() as act:
                return await self._syncing.sync(act)
            case LinkIssue() as act:
                return await self._syncing.link(act)
            case Reconcile() as act:
                return await self._reconciler.page(act)
        raise _unfit(self.name, effect)

    async def look(self, effect: Effect, age: float) -> Result | None:  # noqa: ARG002  -- a label has no age
        """Only what was made can be looked for; all else begins with a look, and writes what is missing."""
        if not isinstance(effect.act, CreateIssue | RaiseTicket):
            return None
        found = await self._found(effect.id, effect.act)
        return None if found is None else msgspec.structs.replace(found, doubted=True)

    async def _found(self, effect: str, act: CreateIssue | RaiseTicket | VerifyIssue) -> Issue | None:
        return await self._tracker.look(label_of(effect, act), self._ownership.of(act))


class AnswersDestination:
    """The knowledge of the company; looking something up twice harms nobody."""

    name = "answers"
    can_look = False
    look_after = 0.0
    pace = 0.0

    def __init__(
        self, knowledge: Knowledge, company: Company, clock: Clock, *, slots: int = 8, timeout: float = 10.0
    ) -> None:
        self.slots, self.timeout = slots, timeout
        self._knowledge, self._company, self._clock = knowledge, company, clock

    async def deliver(self, effect: Effect) -> Result:
        if not isinstance(effect.act, FindAnswer):
            raise _unfit(self.name, effect)
        person = await Work(self._company, self._clock()).person(effect.act.person)
        locale = person.locale if person else "ru"
        return Answered(await self._found(effect.act, locale))

    async def _found(self, act: FindAnswer, locale: str) -> Found:
        language = language_of(act.question, locale)
        match act.how:
            case "ask":
                return await self._knowledge.find(act.question, locale, act.before, private=act.topic is not None)
            case "read":
                best = await self._knowledge.read(act.answer, act.question, locale)
                return Found(band="answer" if best else "unknown", language=language, best=best)
            case "search":
                hits = await self._knowledge.search(act.question, locale)
                return Found(band="maybe", language=language, others=hits)

    async def look(self, effect: Effect, age: float) -> Result | None:  # noqa: ARG002  -- nothing is left behind
        return None


class InboxDestination:
    """Brings back in what waited for its account to be known, and pages of work that touches nothing outside."""

    name = INBOX
    can_look = False
    look_after = 0.0
    pace = 0.0

    def __init__(self, inbox: Inbox, *, slots: int = 16, timeout: float = 20.0) -> None:
        self.slots, self.timeout = slots, timeout
        self._inbox = inbox

    async def deliver(self, effect: Effect) -> Result:
        if isinstance(effect.act, Depart | Vouch):
            return Due()
        if not isinstance(effect.act, Resume):
            raise _unfit(self.name, effect)
        try:
            await self._inbox.receive(effect.act.incoming)
        except StoreError as error:
            raise Retry(str(error)) from error
        return Nothing()

    async def look(self, effect: Effect, age: float) -> Result | None:  # noqa: ARG002  -- its marks keep it single
        return None
