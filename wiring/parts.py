"""The one place that builds the graph: settings in, a bot out. Tests call it with stores and channels of their own."""

from __future__ import annotations

import asyncio
import datetime
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.contacts import Contacts
from bot.crawl.crawler import Crawler
from bot.crawl.destination import WikiDestination
from bot.delivery import Delivery
from bot.destinations import AnswersDestination, ChannelDestination, InboxDestination, TrackerDestination
from bot.knowledge import Knowledge
from bot.library import Library
from bot.limiter import Limits
from bot.people import Policy
from bot.ports import Channel, Clock, Commit, Destination, Store, Tracker
from bot.reach import Finds
from bot.router import Routes
from bot.rules import Rules
from bot.runner import Runner
from bot.scenario import Scenario
from bot.sensitive import Sensitive
from bot.texts import speaker
from bot.timers import Timers
from bot.tracker.issues import LOOK_AGAIN
from bot.tracker.labels import IssueLabels
from bot.tracker.news import TrackerEvents
from bot.tracker.open_tickets import OpenTickets
from bot.tracker.ownership import Ownership
from bot.tracker.reconcile import Reconciler
from bot.tracker.syncing import JourneyUrl, Syncing
from bot.wiki import Wiki
from bot.work import Company
from handlers.routes import ROUTES, results

ANSWER_SECONDS = 10.0
INBOX_SECONDS = 20.0
NO_RULES = Rules()
NO_CONTACTS = Contacts()
NOBODY: Mapping[str, Finds] = MappingProxyType({})
USUAL_LIMITS = Limits()
WITHIN_LEASE = 0.9  # a call must have ended before somebody else may take its lane


def utc_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@dataclass(frozen=True)
class ForTests:
    """What tests set and production does not: time, the knife of the crash tests, how soon a doubt is looked at again,
    and handlers that fail.

    With `clock` the store's own time is that clock too.
    """

    clock: Clock | None = None
    probe: Callable[[str], None] = lambda _: None
    look_again: tuple[datetime.timedelta, ...] = LOOK_AGAIN
    routes: Routes = ROUTES


NO_TESTS = ForTests()


@dataclass(frozen=True)
class Wired:
    """A channel with the figures of its platform. `pace`: seconds between two messages of one conversation."""

    channel: Channel
    pace: float = 0.0
    timeout: float = 10.0


@dataclass(frozen=True)
class Bot:
    """The core, assembled."""

    company: Company
    knowledge: Knowledge
    runner: Runner
    delivery: Delivery
    timers: Timers
    tracked: TrackerEvents

    async def run(self) -> None:
        """Work lanes and timers until `stop`."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.delivery.run(), name="delivery")
            group.create_task(self.timers.run(), name="timers")

    def stop(self) -> None:
        self.timers.stop()
        self.delivery.stop()


def company(
    store: Store,
    scenarios: Mapping[str, Scenario],
    policy: Policy,
    channels: tuple[str, ...],
    tracker: str | None,
    *,
    finds: Mapping[str, Finds] = NOBODY,
    links: str = "",
    rules: Rules = NO_RULES,
    contacts: Contacts = NO_CONTACTS,
    sensitive: Sensitive | None = None,
    wiki: str | None = None,
    labels: IssueLabels | None = None,
    project: str | None = None,
    limits: Limits = USUAL_LIMITS,
    quiet_hours: bool = True,
) -> Company:
    """`labels` without a key that lasts are made for this process alone."""
    return Company(
        store=store,
        library=Library(store, scenarios),
        policy=policy,
        channels=channels,
        finds=finds,
        tracker=tracker,
        links=links,
        rules=rules,
        contacts=contacts,
        sensitive=sensitive or Sensitive(),
        wiki=wiki,
        labels=labels or IssueLabels.passing(),
        project=project,
        limits=limits,
        quiet_hours=quiet_hours,
    )


def assemble(
    of: Company,
    channels: Callable[[Runner], tuple[Wired, ...]],
    tracker: Tracker | None,
    knowledge: Knowledge,
    *,
    tracker_slots: int = 4,
    tracker_timeout: float = 25.0,
    wiki: Wiki | None = None,
    wiki_timeout: float = 25.0,
    page: JourneyUrl | None = None,
    clock: Clock = utc_now,
    lease: float = 30.0,
    look_again: tuple[datetime.timedelta, ...] = LOOK_AGAIN,
    probe: Callable[[str], None] = NO_TESTS.probe,
    routes: Routes = ROUTES,
    draw: random.Random | None = None,
) -> Bot:
    """Build the bot. `channels` is asked for the channels once the runner is there: they bring their acts to it.

    `page` gives the address of a journey's page, for links in the tracker.
    """
    loop: list[Bot] = []

    def committed(commit: Commit) -> None:
        """What was just committed is worked on at once; nobody else is woken, for each looks into the store."""
        for bot in loop:
            bot.delivery.nudge({effect.lane.destination for effect in commit.effects})
            if commit.wakes:
                bot.timers.nudge()

    runner = Runner(of, routes, results(look_again), clock, committed, probe)
    longest = lease * WITHIN_LEASE
    destinations: list[Destination] = [
        ChannelDestination(one.channel, of, speaker, clock, pace=one.pace, timeout=min(one.timeout, longest))
        for one in channels(runner)
    ]
    if tracker is not None:
        syncing, reconciler = Syncing(tracker, of, clock, page), Reconciler(tracker, runner)
        ownership, tickets = Ownership(runner), OpenTickets(tracker, of.store)
        timeout = min(tracker_timeout, longest)
        destinations.append(
            TrackerDestination(tracker, syncing, reconciler, ownership, tickets, slots=tracker_slots, timeout=timeout)
        )
    if wiki is not None:
        destinations.append(WikiDestination(wiki, Crawler(wiki, runner), timeout=min(wiki_timeout, longest)))
    destinations += [
        AnswersDestination(knowledge, of, clock, timeout=min(ANSWER_SECONDS, longest)),
        InboxDestination(runner, timeout=min(INBOX_SECONDS, longest)),
    ]
    delivery = Delivery(runner, {one.name: one for one in destinations}, lease=lease, draw=draw, probe=probe)
    bot = Bot(of, knowledge, runner, delivery, Timers(runner, lease=lease, draw=draw), TrackerEvents(runner))
    loop.append(bot)
    return bot
