"""`check` of what others run: Slack, Teams, Jira, Confluence, a language model. Each adapter is imported only where its
service is set up: together they take a second."""

from __future__ import annotations

from bot.crawl.unread import unread_pages
from bot.rules_file import load_rules
from bot.scenario_file import load_scenarios
from bot.web_address import host_of, is_loopback
from wiring.finding import Finding, listed
from wiring.linting import has_errors
from wiring.secret import derived_key, own_secret
from wiring.settings import AllSettings
from wiring.store import opened, store_of

HERE_ALONE = "is an address of this machine alone"


async def slack(settings: AllSettings) -> list[Finding]:
    """With the address to enter at Slack, unless the bot itself calls Slack (Socket Mode)."""
    if not settings.slack.configured:
        return [Finding("off", "slack", "SLACK_BOT_TOKEN is not set")]
    from adapters.slack import check as slack_check
    from adapters.slack.app import PATH

    problems = await slack_check.check(settings.slack)
    found = [Finding("problem", "slack", one.code, listed(one.detail)) for one in problems]
    found = found or [Finding("fine", "slack", "reachable, scopes granted")]
    if settings.slack.socket_mode:
        return [*found, Finding("fine", "slack", "socket-mode", "no public address is needed")]
    address = f"{settings.base_url}{PATH}"
    if not _reaches(settings.slack.api_url, address):
        detail = f"{address} {HERE_ALONE}, Slack cannot reach it: set PUBLIC_URL, or SLACK_APP_TOKEN for Socket Mode"
        return [*found, Finding("warning", "slack", "endpoint", detail)]
    return [*found, Finding("fine", "slack", "endpoint", f"{address}, signed with SLACK_SIGNING_SECRET")]


def _reaches(service: str, address: str) -> bool:
    """Can a service that is at `service` call `address`, as far as its host tells?"""
    return not is_loopback(host_of(address)) or is_loopback(host_of(service))


async def teams(settings: AllSettings) -> list[Finding]:
    """With the address to enter in Azure: Teams reaches none but https."""
    if not settings.teams.configured:
        missing = "TEAMS_APP_ID, TEAMS_TENANT_ID and TEAMS_APP_PASSWORD are not set"
        open_to = "; the sandbox lets Microsoft's Agents Playground in from this machine"
        return [Finding("off", "teams", missing + (open_to if settings.sandboxed else ""))]
    from adapters.teams import check as teams_check
    from adapters.teams.app import PATH

    problems = await teams_check.check(settings.teams)
    found = [Finding("problem", "teams", one.code, listed(one.detail)) for one in problems]
    address = f"{settings.base_url}{PATH}"
    if not address.startswith("https://"):
        found.append(Finding("warning", "teams", "endpoint", f"{address} is no https address: set PUBLIC_URL"))
    fine = Finding("fine", "teams", "keys and own token can be had", f"messaging endpoint {address}")
    return found or [fine]


async def jira(settings: AllSettings) -> list[Finding]:
    if settings.sandboxed:
        return [Finding("fine", "jira", "stand-in", "the sandbox brings its own; JIRA_URL is not set")]
    if not settings.jira.configured:
        return [Finding("off", "jira", "JIRA_URL is not set")]
    from adapters.jira import check as jira_check

    templates = []
    if not has_errors(settings.main.scenarios_dir):
        scenarios = load_scenarios(settings.main.scenarios_dir).values()
        templates = [step.jira for scenario in scenarios for step in scenario.steps if step.jira is not None]
        templates += [rule.issue for rule in load_rules(settings.main.scenarios_dir).rules]
    problems = await jira_check.check(
        settings.jira,
        projects={one.project for one in templates if one.project},
        types={one.type for one in templates},
        priorities={one.priority for one in templates if one.priority},
    )
    found = [Finding("problem", "jira", one.code, listed(one.detail)) for one in problems]
    return [*(found or [Finding("fine", "jira", "reachable, project, types and priorities exist")]), _webhook(settings)]


def _webhook(settings: AllSettings) -> Finding:
    """The address to enter in Jira. Without a signature it is itself the secret, and must stay the same."""
    from adapters.jira.signature import webhook_token
    from adapters.jira.webhook import PATH

    address = f"{settings.base_url}{PATH}"
    if not _reaches(settings.jira.base, address):
        detail = f"{address} {HERE_ALONE}, Jira cannot reach it: set PUBLIC_URL. Until then only the comparison runs"
        return Finding("warning", "jira", "webhook", detail)
    if settings.jira.webhook_secret is not None:
        return Finding("fine", "jira", "webhook", f"{address}, signed with JIRA_WEBHOOK_SECRET")
    secret = own_secret(settings)
    if secret is None:
        detail = "set JIRA_WEBHOOK_SECRET, or SECRET_KEY for an address that stays: until then only the comparison runs"
        return Finding("problem", "jira", "webhook-missing", detail)
    token = webhook_token(derived_key(secret, "jira-webhook"))
    return Finding("fine", "jira", "webhook", f"{address}/{token}, keep it to yourself")


async def confluence(settings: AllSettings, usable: bool) -> list[Finding]:
    """`usable`: the store, in which the pages are."""
    if settings.sandboxed:
        return [Finding("fine", "confluence", "stand-in", "the sandbox brings its own; CONFLUENCE_URL is not set")]
    if not settings.confluence.configured:
        return [Finding("off", "confluence", "CONFLUENCE_URL is not set: answers come from the FAQ alone")]
    from adapters.confluence import check as confluence_check

    problems = await confluence_check.check(settings.confluence)
    found = [Finding("problem", "confluence", one.code, listed(one.detail)) for one in problems]
    found = found or [Finding("fine", "confluence", f"spaces {', '.join(settings.confluence.spaces)}")]
    if not usable:
        return found
    async with opened(settings) as client:
        unread = await unread_pages(store_of(client, settings))
    pages = (f"{one.id}, {one.unreadable}: {one.title}, {one.url or 'no address'}" for one in unread)
    return [*found, *(Finding("warning", "confluence", "page-unreadable", page) for page in pages)]


async def llm(settings: AllSettings) -> list[Finding]:
    if not settings.llm.configured:
        return [Finding("off", "llm", "LLM_URL is not set: answers are extracts")]
    from adapters.llm import check as llm_check

    problems = await llm_check.check(settings.llm)
    found = [Finding("problem", "llm", one.code, listed(one.detail)) for one in problems]
    return found or [Finding("fine", "llm", f"{settings.llm.model} answers")]
