"""Our bot, a process of its own, assembled as in production.

`ack`: it stops working lanes and timers as soon as it has started, so that what is measured is the way from the event
to the acknowledgement; what it commits stays in the lanes. `all`: it does everything.
"""

import asyncio
import sys

from pydantic import SecretStr

from adapters.confluence.settings import ConfluenceSettings
from adapters.jira.settings import JiraSettings
from adapters.llm.settings import LlmSettings
from adapters.slack.settings import SlackSettings
from adapters.teams.settings import TeamsSettings
from tests.bench.activities import APP_ID, APP_PASSWORD, TENANT
from tests.bench.children import say_ready, until_stdin_ends
from tests.bench.events import SECRET
from tests.bench.jira_news import PROJECT, TOKEN, USER, WEBHOOK_SECRET
from wiring.logs import set_up_logs
from wiring.run import spare_the_collector, started
from wiring.settings import AllSettings, Settings

UNLIMITED, AT_ONCE = 1_000_000, 10_000


def settings(store_url: str, organisation: str, urls: dict[str, str]) -> AllSettings:
    """`urls` by platform: slack, teams, jira. What has none is off."""
    return AllSettings(
        main=Settings(
            port=0,
            redis_url=store_url,
            organisation=organisation,
            sandbox="off",
            quiet_hours="off",
            acts_burst=UNLIMITED,
            acts_per_minute=60_000,
            _env_file=None,
        ),
        slack=_slack(urls["slack"]) if "slack" in urls else SlackSettings(_env_file=None),
        teams=_teams(urls["teams"]) if "teams" in urls else TeamsSettings(_env_file=None),
        jira=_jira(urls["jira"]) if "jira" in urls else JiraSettings(_env_file=None),
        confluence=ConfluenceSettings(_env_file=None),
        llm=LlmSettings(_env_file=None),
    )


def _slack(url: str) -> SlackSettings:
    return SlackSettings(
        bot_token=SecretStr("xoxb-bench"),
        signing_secret=SecretStr(SECRET),
        api_url=url,
        posts_per_second_per_conversation=UNLIMITED,
        posts_per_second=UNLIMITED,
        burst=AT_ONCE,
    )


def _teams(url: str) -> TeamsSettings:
    """How long a conversation rests is no setting: whoever puts on the load writes once in each."""
    return TeamsSettings(
        app_id=APP_ID,
        app_password=SecretStr(APP_PASSWORD),
        tenant_id=TENANT,
        openid_metadata_url=f"{url}/v1/.well-known/openidconfiguration",
        login_url=url,
        service_url=url,
        requests_per_second=UNLIMITED,
        burst=AT_ONCE,
    )


def _jira(url: str) -> JiraSettings:
    return JiraSettings(
        url=url,
        user=USER,
        token=SecretStr(TOKEN),
        project=PROJECT,
        webhook_secret=SecretStr(WEBHOOK_SECRET),
        _env_file=None,
    )


async def main(mode: str, store_url: str, organisation: str, *elsewhere: str) -> None:
    """`elsewhere`: `slack=URL` and the like."""
    set_up_logs("info", "text")
    urls = {name: url for name, _, url in (one.partition("=") for one in elsewhere)}
    async with started(settings(store_url, organisation, urls), lambda _: None) as running:
        if mode == "ack":
            running.bot.stop()
            await running.working
        spare_the_collector()
        say_ready(int(running.address.rpartition(":")[2]))
        await until_stdin_ends()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
