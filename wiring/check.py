"""`check` and `lint`: is everything set up, and are the files that people write in order?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from adapters.confluence import check as confluence_check
from adapters.jira import check as jira_check
from adapters.jira.signature import webhook_token
from adapters.jira.webhook import PATH
from adapters.llm import check as llm_check
from adapters.slack import check as slack_check
from adapters.store.connect import check_server
from adapters.teams import check as teams_check
from adapters.teams.app import PATH as TEAMS_PATH
from bot.answers.document import Document
from bot.answers.synonyms import FILE as SYNONYMS
from bot.answers.synonyms import load_synonyms
from bot.contacts_file import load_contacts
from bot.crawl.unread import unread_pages
from bot.directory import TooManyLeave, leavers
from bot.faq_file import load_faq
from bot.people_file import PeopleError, load_people
from bot.problem import Problem, ProblemsError
from bot.rules import Rules
from bot.rules_file import load_rules
from bot.rules_lint import lint_rules
from bot.scenario import Scenario
from bot.scenario_file import load_scenarios
from bot.scenario_lint import lint
from bot.sensitive_file import has_own, load_sensitive
from bot.work import Work
from wiring.data_mark import OthersData, demand_data
from wiring.parts import company, utc_now
from wiring.secret import derived_key, own_secret
from wiring.sensitive_topics import SHIPPED
from wiring.settings import AllSettings
from wiring.store import opened, store_of


class Finding(msgspec.Struct, frozen=True):
    """One line of `check`."""

    level: Literal["fine", "off", "warning", "problem"]
    part: str
    code: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.level:8} {self.part:10} {self.code}{': ' + self.detail if self.detail else ''}"


def _told(detail: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in detail.items())


def lint_files(directory: Path) -> list[Problem]:
    """Errors of all files that people write; when there are none, what is allowed and probably not meant."""
    problems: list[Problem] = []
    scenarios: dict[str, Scenario] = {}
    rules = Rules()
    try:
        scenarios = load_scenarios(directory)
    except ProblemsError as error:
        problems += error.problems
    try:
        rules = load_rules(directory)
    except ProblemsError as error:
        problems += error.problems
    try:
        load_contacts(directory)
    except ProblemsError as error:
        problems += error.problems
    try:
        load_sensitive(directory, SHIPPED)
    except ProblemsError as error:
        problems += error.problems
    try:
        load_faq(directory / "faq")
    except ProblemsError as error:
        problems += error.problems
    try:
        load_synonyms(directory / SYNONYMS)
    except ProblemsError as error:
        problems += error.problems
    return problems or [
        *(problem for scenario in scenarios.values() for problem in lint(scenario)),
        *lint_rules(rules, scenarios),
    ]


async def check_all(settings: AllSettings) -> list[Finding]:
    """Everything that can be looked at from here, in the order of the README."""
    return [
        _sandbox(settings),
        *_unencrypted(settings),
        *await _store(settings),
        *_files(settings),
        *await _people(settings),
        *await _slack(settings),
        *await _teams(settings),
        *await _jira(settings),
        *await _confluence(settings),
        *await _llm(settings),
    ]


def _sandbox(settings: AllSettings) -> Finding:
    if settings.sandboxed:
        return Finding("fine", "sandbox", "on", "for this machine alone")
    return Finding("off", "sandbox", "off", settings.why_unsandboxed or "")


def _unencrypted(settings: AllSettings) -> Iterator[Finding]:
    """What ALLOW_HTTP lets through: everybody on the way can read it, and speak for the other side."""
    for name, host in settings.unencrypted.items():
        yield Finding(
            "warning", name.partition("_")[0].lower(), "plain-http", f"{name} sends secrets to {host} in the open"
        )


async def _store(settings: AllSettings) -> list[Finding]:
    async with opened(settings) as client:
        problems = await check_server(client)
        found = [
            Finding("problem" if one.fatal else "warning", "store", one.code, _told(one.detail)) for one in problems
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
    yield from (Finding("problem", "scenarios", problem.code, str(problem)) for problem in problems)
    if not problems:
        yield Finding("fine", "scenarios", ", ".join(load_scenarios(settings.main.scenarios_dir)))
        yield _rules(load_rules(settings.main.scenarios_dir))
        yield _sensitive(settings.main.scenarios_dir)


async def _people(settings: AllSettings) -> list[Finding]:
    """The file, and what the next start would do with it."""
    if settings.main.people_file is None:
        return [Finding("off", "people", "PEOPLE_FILE is not set")]
    try:
        people = load_people(settings.main.people_file)
    except PeopleError as error:
        return [Finding("problem", "people", problem.code, str(problem)) for problem in error.problems]
    async with opened(settings) as client:
        store = store_of(client, settings)
        found = await leavers(Work(company(store, {}, settings.main.policy, ("none",), None), utc_now()), people)
    if found.too_many:
        return [Finding("problem", "people", "too-many-leave", str(TooManyLeave(found)))]
    leaving = f", {len(found.people)} of {found.of} are missing and leave with the next start" if found.people else ""
    return [Finding("fine", "people", f"{len(people)} in the file{leaving}")]


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


async def _slack(settings: AllSettings) -> list[Finding]:
    if not settings.slack.configured:
        return [Finding("off", "slack", "SLACK_BOT_TOKEN is not set")]
    problems = await slack_check.check(settings.slack)
    return [Finding("problem", "slack", one.code, _told(one.detail)) for one in problems] or [
        Finding("fine", "slack", "reachable, scopes granted")
    ]


async def _teams(settings: AllSettings) -> list[Finding]:
    """With the address to enter in Azure: Teams reaches none but https."""
    if not settings.teams.configured:
        missing = "TEAMS_APP_ID, TEAMS_TENANT_ID and TEAMS_APP_PASSWORD are not set"
        open_to = "; the sandbox lets Microsoft's Agents Playground in from this machine"
        return [Finding("off", "teams", missing + (open_to if settings.sandboxed else ""))]
    problems = await teams_check.check(settings.teams)
    found = [Finding("problem", "teams", one.code, _told(one.detail)) for one in problems]
    address = f"{settings.base_url}{TEAMS_PATH}"
    if not address.startswith("https://"):
        found.append(Finding("warning", "teams", "endpoint", f"{address} is no https address: set PUBLIC_URL"))
    fine = Finding("fine", "teams", "keys and own token can be had", f"messaging endpoint {address}")
    return found or [fine]


async def _jira(settings: AllSettings) -> list[Finding]:
    if not settings.jira.configured:
        return [Finding("off", "jira", "JIRA_URL is not set")]
    templates = []
    if not lint_errors(settings.main.scenarios_dir):
        scenarios = load_scenarios(settings.main.scenarios_dir).values()
        templates = [step.jira for scenario in scenarios for step in scenario.steps if step.jira is not None]
        templates += [rule.issue for rule in load_rules(settings.main.scenarios_dir).rules]
    problems = await jira_check.check(
        settings.jira,
        projects={one.project for one in templates if one.project},
        types={one.type for one in templates},
        priorities={one.priority for one in templates if one.priority},
    )
    found = [Finding("problem", "jira", one.code, _told(one.detail)) for one in problems]
    return [*(found or [Finding("fine", "jira", "reachable, project, types and priorities exist")]), _webhook(settings)]


async def _confluence(settings: AllSettings) -> list[Finding]:
    if not settings.confluence.configured:
        return [Finding("off", "confluence", "CONFLUENCE_URL is not set: answers come from the FAQ alone")]
    problems = await confluence_check.check(settings.confluence)
    found = [Finding("problem", "confluence", one.code, _told(one.detail)) for one in problems]
    found = found or [Finding("fine", "confluence", f"spaces {', '.join(settings.confluence.spaces)}")]
    async with opened(settings) as client:
        unread = await unread_pages(store_of(client, settings))
    return [*found, *(Finding("warning", "confluence", "page-unreadable", _page(one)) for one in unread)]


def _page(unread: Document) -> str:
    return f"{unread.id}, {unread.unreadable}: {unread.title}, {unread.url or 'no address'}"


async def _llm(settings: AllSettings) -> list[Finding]:
    if not settings.llm.configured:
        return [Finding("off", "llm", "LLM_URL is not set: answers are extracts")]
    problems = await llm_check.check(settings.llm)
    found = [Finding("problem", "llm", one.code, _told(one.detail)) for one in problems]
    return found or [Finding("fine", "llm", f"{settings.llm.model} answers")]


def _webhook(settings: AllSettings) -> Finding:
    """The address to enter in Jira. Without a signature it is itself the secret, and must stay the same."""
    address = f"{settings.base_url}{PATH}"
    if settings.jira.webhook_secret is not None:
        return Finding("fine", "jira", "webhook", f"{address}, signed with JIRA_WEBHOOK_SECRET")
    secret = own_secret(settings)
    if secret is None:
        detail = "set JIRA_WEBHOOK_SECRET, or SECRET_KEY for an address that stays: until then only the comparison runs"
        return Finding("problem", "jira", "webhook-missing", detail)
    return Finding(
        "fine",
        "jira",
        "webhook",
        f"{address}/{webhook_token(derived_key(secret, 'jira-webhook'))}, keep it to yourself",
    )


def lint_errors(directory: Path) -> bool:
    try:
        load_scenarios(directory)
        load_rules(directory)
    except ProblemsError:
        return True
    return False
