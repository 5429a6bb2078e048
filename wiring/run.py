"""`run`: everything started in order, and stopped in the opposite one."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import errno
import gc
import logging
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import msgspec
from aiohttp import web
from redis.asyncio import Redis

from adapters.confluence.settings import ConfluenceSettings
from adapters.jira.settings import JiraSettings
from adapters.store.connect import connect
from adapters.store.embedded import EmbeddedServer, EmbeddedServerDied, Loading
from adapters.store.redis_store import THREE_DAYS
from adapters.web.about_data import About
from adapters.web.about_routes import AboutPages
from adapters.web.journey_links import JourneyLinks
from adapters.web.journey_routes import JourneyPages, mount_assets
from adapters.web.own_words import own_words
from bot import changed_terms, retention, vouching
from bot.contacts_file import load_contacts
from bot.crawl import runs as crawls
from bot.errors import ButterboardError
from bot.indexes import complete
from bot.people import Person
from bot.people_file import load_people
from bot.rules_file import load_rules
from bot.scenario_file import load_scenarios
from bot.texts import LANGUAGES, speaker
from bot.tracker.labels import IssueLabels
from bot.tracker.runs import plan_next
from wiring.answering import wire_answers
from wiring.background import ended
from wiring.channels import Channels
from wiring.confluence import wire_confluence
from wiring.connections import Limits, allowed
from wiring.data_folder import demand_folder
from wiring.data_mark import claim_data
from wiring.directory import is_large, take_directory, take_large_directory
from wiring.directory_process import Order
from wiring.health import health_routes
from wiring.here_alone import here_alone
from wiring.jira import WiredJira, wire_jira
from wiring.listener import listening, open_files
from wiring.parts import NO_TESTS, Bot, ForTests, assemble, company, utc_now
from wiring.sandboxed import PracticeJira, sandbox_confluence, sandbox_jira
from wiring.sandboxed import company as sandbox_company
from wiring.secret import Purpose, derived_key, own_secret
from wiring.sensitive_topics import wire_sensitive
from wiring.settings import AllSettings
from wiring.stand_ins import running_stand_ins
from wiring.store import store_of, url_beside

log = logging.getLogger(__name__)
STOP_SECONDS = 40.0
TRACKER_MARGIN = 5.0  # a look is two searches with a pause; each call has its own limit within this


class Stopped(ButterboardError):
    """Something that the bot cannot live without has ended; the text says what to do."""


class Running(msgspec.Struct, frozen=True):
    """A bot at work: where it listens, its parts, and what must not end by itself."""

    address: str
    bot: Bot
    jira_url: str | None
    confluence_url: str | None
    channels: bool
    working: asyncio.Task[None]
    indexes: asyncio.Task[None]
    died: asyncio.Task[EmbeddedServerDied | None] | None


class House(msgspec.Struct, frozen=True):
    """What the parts share: settings, the Jira and the Confluence that there are, and the secret of all keys.

    `lasting`: the secret is still the same after the next start.
    """

    settings: AllSettings
    jira: JiraSettings
    confluence: ConfluenceSettings
    secret: bytes
    lasting: bool

    def key(self, purpose: Purpose) -> bytes:
        return derived_key(self.secret, purpose)

    @property
    def links(self) -> JourneyLinks | None:
        """To pages of journeys, where people who work in Jira can reach us, and links outlive a start."""
        reachable = self.settings.main.public_url is not None or self.settings.sandboxed
        if not (reachable and self.lasting):
            return None
        return JourneyLinks(self.settings.base_url, self.key("journey-links"))


async def run(settings: AllSettings, say: Callable[[str], None]) -> None:
    """Run until SIGTERM or SIGINT. `say` prints for the person at the terminal."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with started(settings, say) as running:
        spare_the_collector()
        _greet(settings, running, say)
        await _until(stop, running)
        say("Stopping: no new events; what is under way is finished.")


def spare_the_collector() -> None:
    """What is there after the start stays for good: no garbage collection need go through it again, 40 ms each time."""
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def started(
    settings: AllSettings, say: Callable[[str], None], tests: ForTests = NO_TESTS
) -> AsyncIterator[Running]:
    """A bot with everything around it, for as long as the context lasts."""
    demand_folder(settings)
    async with AsyncExitStack() as stack:
        client, died = await _store(stack, settings, say)
        await claim_data(store_of(client, settings, tests), settings, say)
        large = _large_directory(settings)
        people = await asyncio.to_thread(_people, settings) if large is None else ()
        practice = await _practice_jira(stack, settings, people)
        jira = settings.jira if practice is None else practice.settings
        kept = own_secret(settings)  # where none lasts, issues get no links; `check` says so
        secret = secrets.token_bytes(32) if kept is None else kept
        house = House(settings, jira, await _confluence(stack, settings), secret, lasting=kept is not None)
        bot, channels, wired, indexes = await _bot(stack, house, client, tests)
        await bot.company.library.keep()
        await complete(bot.runner)
        if large is None:
            await take_directory(bot.runner, people, say, whole=settings.main.people_file is not None)
        else:
            taking = asyncio.create_task(take_large_directory(bot.runner, large, say), name="directory")
            stack.push_async_callback(ended, taking)
        await bot.runner.run("vouch", vouching.plan_next)
        await changed_terms.take_up(bot.runner)
        await retention.plan(bot.runner)
        await plan_next(bot.runner)
        await crawls.plan_next(bot.runner, datetime.timedelta(minutes=house.confluence.every))
        for language in LANGUAGES:
            speaker(language)  # read now: a tenth of a second, in which the first answer would hold up everybody
        working = asyncio.create_task(bot.run(), name="bot")
        stack.push_async_callback(_stop_bot, bot, working)
        await channels.start(stack)  # after the bot, so that it stops before: no new events while lanes finish
        port = await _listen(stack, house, channels, wired, bot, client)
        here = settings.address(port)
        if practice is not None:
            practice.tell(here)
        address, wiki = settings.main.public_url or here, house.confluence.url
        yield Running(address, bot, jira.url, wiki, channels.any, working, indexes, died)


async def _store(
    stack: AsyncExitStack, settings: AllSettings, say: Callable[[str], None]
) -> tuple[Redis, asyncio.Task[EmbeddedServerDied | None] | None]:
    if settings.main.redis_url is not None:
        return await stack.enter_async_context(connect(settings.main.redis_url)), None

    def loading(progress: Loading) -> None:
        say(f"Reading the store: {progress.percent:.0f} %, about {progress.seconds_left} s left.")

    server = await stack.enter_async_context(EmbeddedServer(settings.main.data_dir, on_loading=loading))
    client = await stack.enter_async_context(connect(server.url))
    died = asyncio.create_task(server.died(), name="store server")
    stack.push_async_callback(ended, died)
    return client, died


def _people(settings: AllSettings) -> tuple[Person, ...]:
    """The directory; that of the fictional company where the sandbox is on and none is given."""
    if settings.main.people_file is not None:
        return load_people(settings.main.people_file)
    return sandbox_company(utc_now().date()) if settings.sandboxed else ()


def _large_directory(settings: AllSettings) -> Order | None:
    """One that the start does not wait for. The stand-ins of the sandbox need theirs at once."""
    main, url = settings.main, url_beside(settings)
    if main.people_file is None or url is None or settings.sandboxed or not is_large(main.people_file):
        return None
    return Order(str(main.people_file.resolve()), url, main.organisation, main.redis_wait_replicas)


async def _practice_jira(
    stack: AsyncExitStack, settings: AllSettings, people: tuple[Person, ...]
) -> PracticeJira | None:
    if not settings.sandboxed:
        return None
    context = sandbox_jira(settings.main.data_dir, people, settings.jira.settle_seconds)
    return await stack.enter_async_context(context)


async def _confluence(stack: AsyncExitStack, settings: AllSettings) -> ConfluenceSettings:
    if not settings.sandboxed:
        return settings.confluence
    return await stack.enter_async_context(sandbox_confluence(settings.main.data_dir))


async def _bot(
    stack: AsyncExitStack, house: House, client: Redis, tests: ForTests
) -> tuple[Bot, Channels, WiredJira | None, asyncio.Task[None]]:
    settings, jira = house.settings, house.jira
    directory = settings.main.scenarios_dir
    scenarios = await asyncio.to_thread(load_scenarios, directory)
    rules = await asyncio.to_thread(load_rules, directory)
    contacts = await asyncio.to_thread(load_contacts, directory)
    sensitive = await wire_sensitive(stack, directory)
    wired = wire_jira(stack, jira) if jira.configured else None
    tracker = None if wired is None else wired.tracker
    wiki = wire_confluence(stack, house.confluence)
    store = store_of(client, settings, tests)
    answers, indexes = await wire_answers(stack, store, settings, house.confluence.spaces)
    stand_ins = partial(running_stand_ins, jira.url, house.confluence.url, settings.llm.url)
    channels = await Channels.open(
        stack,
        settings,
        store,
        session_key=house.key("web-session"),
        stand_ins=stand_ins if settings.sandboxed else None,
    )
    of = company(
        store,
        scenarios,
        settings.main.policy,
        channels.names,
        tracker.name if tracker else None,
        finds=channels.finds,
        links="" if house.links is None else house.links.edition,
        rules=rules,
        contacts=contacts,
        sensitive=sensitive,
        wiki=None if wiki is None else wiki.name,
        labels=IssueLabels(house.key("issue-labels")),
        project=jira.project,
        limits=settings.main.limits,
        quiet_hours=settings.keeps_quiet_hours,
    )
    bot = assemble(
        of,
        channels.wire,
        tracker,
        answers,
        tracker_slots=jira.slots,
        tracker_timeout=jira.timeout + TRACKER_MARGIN,
        wiki=wiki,
        page=None if house.links is None else house.links.url,
        lease=settings.main.lease_seconds,
        clock=tests.clock or utc_now,
        look_again=tests.look_again,
        probe=tests.probe,
        routes=tests.routes,
    )
    return bot, channels, wired, indexes


async def _listen(
    stack: AsyncExitStack, house: House, channels: Channels, jira: WiredJira | None, bot: Bot, client: Redis
) -> int:
    """The port on which it listens."""
    settings = house.settings
    app = web.Application(client_max_size=2 * 1024 * 1024, middlewares=[here_alone] if settings.sandboxed else [])
    app.add_routes(health_routes(client, bot))
    channels.mount(app)
    mount_assets(app)
    _about_pages(house).mount(app)
    if house.links is not None:
        JourneyPages(bot.company, house.links, bot.runner.now, speaker).mount(app)
    if jira is not None:
        app.add_routes(jira.webhook(bot.tracked, house.key("jira-webhook")))
    try:
        return await stack.enter_async_context(
            listening(app, settings.main.host, settings.main.port, _limits(settings))
        )
    except OSError as error:
        raise Stopped(_cannot_listen(settings, error)) from error


def _cannot_listen(settings: AllSettings, error: OSError) -> str:
    """With the variable to change: HOST when this machine has no such address, else PORT."""
    host, port = settings.main.host, settings.main.port
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return (
            f"HOST: cannot listen on {host}: it is no address of this machine. Expected 127.0.0.1, 0.0.0.0 or its own."
        )
    rights = " Ports below 1024 need rights." if error.errno == errno.EACCES else ""
    return f"PORT: cannot listen on {host}:{port}: {error.strerror}.{rights} Set PORT to a free one."


def _about_pages(house: House) -> AboutPages:
    """What becomes of people's data here, in the company's own words or in ours."""
    main = house.settings.main
    about = About(
        contact=main.privacy_contact,
        replies=datetime.timedelta(seconds=THREE_DAYS),
        tracker=house.jira.configured,
        model=house.settings.llm.configured,
        sandboxed=house.settings.sandboxed,
    )
    own = [None if file is None else own_words(file) for file in (main.privacy_file, main.terms_file)]
    return AboutPages(about, speaker, *own)


def _limits(settings: AllSettings) -> Limits:
    """As set; of connections fewer, and said so, where the system lets us open too few files."""
    main, files = settings.main, open_files()
    most = allowed(main.max_connections, files)
    if most < main.max_connections:
        more = {"most": most, "wanted": main.max_connections, "open_files": files}
        log.warning("fewer connections than MAX_CONNECTIONS: raise the limit of open files (ulimit -n)", extra=more)
    return Limits(most, main.max_connections_per_address, main.trusted_proxies, main.header_seconds)


def _greet(settings: AllSettings, running: Running, say: Callable[[str], None]) -> None:
    address = running.address
    if settings.sandboxed:
        say(f"Butterboard is ready: open {address}")
        say(f"  stand-ins: Jira {running.jira_url}   Confluence {running.confluence_url}")
        say(f"  data: {settings.main.data_dir}   stop: Ctrl-C")
    else:
        say(f"Butterboard is ready at {address}")
        if settings.main.sandbox == "auto":
            say(settings.why_unsandboxed)
        if not running.channels:
            say("No channel is set up yet, so nobody can talk to it: `app.py check` says what is missing.")


async def _until(stop: asyncio.Event, running: Running) -> None:
    stopping = asyncio.create_task(stop.wait(), name="stop")
    working, indexes, died = running.working, running.indexes, running.died
    await asyncio.wait({stopping, working, indexes, *((died,) if died else ())}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if died is not None and died.done() and (reason := died.result()) is not None:
        raise Stopped(f"The embedded store has ended: {reason}")
    if working.done():
        working.result()
        raise Stopped("The bot has stopped working by itself. Please start it again and look at the log.")
    if indexes.done():  # answers that nobody keeps up to date would be given for ever, also those that HR withdraws
        indexes.result()
        raise Stopped("The answers are no longer kept up to date. Please start it again and look at the log.")


async def _stop_bot(bot: Bot, working: asyncio.Task[None]) -> None:
    """Lanes finish what is in flight and are released; what takes too long comes back when its lease ends."""
    bot.stop()
    _, late = await asyncio.wait({working}, timeout=STOP_SECONDS)
    for task in late:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working
