"""`check`: is everything set up, and who can talk to the bot?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from adapters.store.connect import check_server
from bot.directory import TooManyLeave, leavers
from bot.people import Person
from bot.people_file import PeopleError, load_people
from bot.ports import Store
from bot.rules import Rules
from bot.rules_file import load_rules
from bot.scenario_file import load_scenarios
from bot.sensitive_file import has_own, load_sensitive
from bot.work import Work
from wiring.check_services import confluence, jira, llm, slack, teams
from wiring.data_mark import OthersData, demand_data
from wiring.finding import Finding, listed
from wiring.linting import lint_files
from wiring.parts import company, utc_now
from wiring.refusal import located
from wiring.sensitive_topics import SHIPPED
from wiring.settings import AllSettings
from wiring.store import opened, store_of


async def check_all(settings: AllSettings) -> list[Finding]:
    """Everything that can be looked at from here, in the order of the README."""
    store = await _store(settings)
    usable = not any(one.level == "problem" for one in store)
    return [
        _sandbox(settings),
        _web_chat(settings),
        *_nobody_hears(settings),
        *_unencrypted(settings),
        *store,
        *_files(settings),
        *await _people(settings, usable),
        *await slack(settings),
        *await teams(settings),
        *await jira(settings),
        *await confluence(settings, usable),
        *await llm(settings),
    ]


def _sandbox(settings: AllSettings) -> Finding:
    if settings.sandboxed:
        return Finding("fine", "sandbox", "on", "for this machine alone")
    return Finding("off", "sandbox", "off", settings.why_unsandboxed)


def _web_chat(settings: AllSettings) -> Finding:
    if settings.sandboxed:
        return Finding("fine", "web", "chat", f"{settings.base_url}, where anybody on this machine is anybody")
    return Finding("off", "web", "chat", f"it is a part of the sandbox. {settings.why_unsandboxed}")


def _nobody_hears(settings: AllSettings) -> Iterator[Finding]:
    if not (settings.sandboxed or settings.slack.configured or settings.teams.configured):
        yield Finding(
            "problem", "channels", "none", "nobody can talk to the bot: set SLACK_BOT_TOKEN or TEAMS_APP_ID (see below)"
        )


def _unencrypted(settings: AllSettings) -> Iterator[Finding]:
    """What ALLOW_HTTP lets through: everybody on the way can read it, and speak for the other side."""
    for name, host in settings.unencrypted.items():
        part, sent = name.partition("_")[0].lower(), f"{name} sends secrets to {host} in the open"
        if name == "PUBLIC_URL":
            part, sent = "server", f"{name}: people's links go to {host} in the open"
        yield Finding("warning", part, "plain-http", sent)


async def _store(settings: AllSettings) -> list[Finding]:
    async with opened(settings) as client:
        problems = await check_server(client)
        found = [
            Finding("problem" if one.fatal else "warning", "store", one.code, listed(one.detail)) for one in problems
        ]
        if not any(one.fatal for one in problems):
            try:
                await demand_data(store_of(client, settings), settings)
            except OthersData as error:
                found.append(Finding("problem", "store", "others-data", str(error)))
    if settings.main.redis_url is not None and settings.main.secret_key is None:
        found.append(
            Finding(
                "warning",
                "store",
                "secret-key-missing",
                "set SECRET_KEY, the same for all processes; until then issues get no links",
            )
        )
    return found or [Finding("fine", "store", "keeps what it acknowledges")]


def _files(settings: AllSettings) -> Iterator[Finding]:
    problems = lint_files(settings.main.scenarios_dir)
    yield from (Finding("problem", "scenarios", problem.code, located(problem, settings)) for problem in problems)
    if not problems:
        yield Finding("fine", "scenarios", ", ".join(load_scenarios(settings.main.scenarios_dir)))
        yield _rules(load_rules(settings.main.scenarios_dir))
        yield _sensitive(settings.main.scenarios_dir)


def _sensitive(directory: Path) -> Finding:
    """A list of topics is always there; telephone numbers in it are the company's to check."""
    topics = ", ".join(load_sensitive(directory, SHIPPED).by_id)
    if not topics:
        return Finding("warning", "sensitive", "no-topics", "every question may be passed on to the manager")
    if not has_own(directory):
        detail = f"{topics}; copy the file beside the scenarios and check the telephone numbers in it"
        return Finding("warning", "sensitive", "shipped", f"no sensitive.yaml beside the scenarios: {detail}")
    return Finding("fine", "sensitive", topics)


def _rules(rules: Rules) -> Finding:
    if not rules.rules:
        return Finding("off", "rules", "no rules.yaml beside the scenarios, or none in it")
    return Finding("fine", "rules", ", ".join(rule.id for rule in rules.rules))


async def _people(settings: AllSettings, usable: bool) -> list[Finding]:
    """The file, and what the next start would do with it; without one, who is known all the same. `usable`: the store,
    of which that is asked."""
    file = settings.main.people_file
    if file is None and settings.sandboxed:
        return [Finding("fine", "people", "PEOPLE_FILE is not set", "the sandbox has a fictional company")]
    try:
        people = () if file is None else load_people(file)
    except PeopleError as error:
        return [Finding("problem", "people", problem.code, located(problem, settings)) for problem in error.problems]
    if not usable:
        told = "PEOPLE_FILE is not set" if file is None else f"{len(people)} in the file"
        return [Finding("off", "people", f"{told}; the store cannot be asked")]
    async with opened(settings) as client:
        store = store_of(client, settings)
        if file is None:
            return [await _without_file(settings, store)]
        found = await leavers(Work(company(store, {}, settings.main.policy, ("none",), None), utc_now()), people)
    if found.too_many:
        return [Finding("problem", "people", "too-many-leave", str(TooManyLeave(found)))]
    leaving = f", {len(found.people)} of {found.of} are missing and leave with the next start" if found.people else ""
    return [Finding("fine", "people", f"{len(people)} in the file{leaving}"), *_languages(settings, people)]


def _languages(settings: AllSettings, people: Sequence[Person]) -> Iterator[Finding]:
    """Slack tells English of everybody who never chose a language, and has no Russian to choose."""
    unsaid = sum(person.locale_source == "default" for person in people)
    if unsaid and settings.slack.configured:
        detail = (
            f"{unsaid} of {len(people)} have none and are spoken to as Slack tells: in English, unless they chose "
            "another language there. Write `ru` or `en` into the directory"
        )
        yield Finding("warning", "people", "no-locale", detail)


async def _without_file(settings: AllSettings, store: Store) -> Finding:
    """Whoever stands in no directory is told nothing, so without one the bot answers nobody."""
    known, domains = len(await store.members("people")), settings.main.email_domains
    welcome = f"whoever has an address at {', '.join(sorted(domains))} may talk to the bot" if domains else ""
    if known:
        return Finding("fine", "people", f"{known} in the store, PEOPLE_FILE is not set", welcome)
    if domains:
        return Finding("warning", "people", "no-directory", f"{welcome}, and nobody else; nobody has a manager yet")
    missing = "there is no directory of people: set PEOPLE_FILE, or use `app.py people import FILE`"
    return Finding("problem", "people", "nobody", f"nobody can talk to the bot, for {missing}, or set EMAIL_DOMAINS")
