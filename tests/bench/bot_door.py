"""Our bot, a process of its own, assembled as in production.

`ack`: it stops working lanes and timers as soon as it has started, so that what is measured is the way from the event
to the acknowledgement; what it commits stays in the lanes. `all`: it does everything.
"""

import asyncio
import sys

from pydantic import SecretStr

from adapters.jira.settings import JiraSettings
from adapters.slack.settings import SlackSettings
from adapters.teams.settings import TeamsSettings
from tests.bench.children import say_ready, until_stdin_ends
from tests.bench.events import SECRET
from tests.bench.jira_news import PROJECT, TOKEN, USER, WEBHOOK_SECRET
from wiring.logs import set_up_logs
from wiring.run import spare_the_collector, started
from wiring.settings import AllSettings, Settings

UNLIMITED = 1_000_000


def settings(store_url: str, organisation: str, slack_url: str, jira_url: str | None = None) -> AllSettings:
    return AllSettings(
        main=Settings(port=0, redis_url=store_url, organisation=organisation, sandbox="off", _env_file=None),
        slack=SlackSettings(
            bot_token=SecretStr("xoxb-bench"),
            signing_secret=SecretStr(SECRET),
            api_url=slack_url,
            posts_per_second_per_conversation=UNLIMITED,
            posts_per_second=UNLIMITED,
            burst=UNLIMITED,
        ),
        teams=TeamsSettings(_env_file=None),
        jira=JiraSettings(_env_file=None) if jira_url is None else _jira(jira_url),
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


async def main(mode: str, store_url: str, organisation: str, slack_url: str, jira_url: str | None = None) -> None:
    set_up_logs("info", "text")
    async with started(settings(store_url, organisation, slack_url, jira_url), lambda _: None) as running:
        if mode == "ack":
            running.bot.stop()
            await running.working
        spare_the_collector()
        say_ready(int(running.address.rpartition(":")[2]))
        await until_stdin_ends()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:6]))
