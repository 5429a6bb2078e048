"""Gives birth to bots: everything is imported once, and a bot that is killed is followed by a fork of this process.

`python -m tests.chaos.zygote BIRTH.json`: for each line {"knife": moment, "passes": n} on stdin one bot is born in a
process group of its own. Lines on stdout say {"ready"} once, then of each bot its {"pid"}, that it is {"up"}, and the
status with which it has {"ended"}.
"""

from __future__ import annotations

import asyncio
import datetime
import gc
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
from pydantic import SecretStr

from adapters.confluence.settings import ConfluenceSettings
from adapters.jira.settings import JiraSettings
from adapters.llm.settings import LlmSettings
from adapters.slack.settings import SlackSettings
from adapters.teams.settings import TeamsSettings
from tests.chaos.kin import die_with_parent
from wiring.logs import set_up_logs
from wiring.parts import ForTests
from wiring.run import started
from wiring.settings import AllSettings, Settings

LOOK_AGAIN = (datetime.timedelta(seconds=5),)  # by then a hung create has landed
LEASE = 3.0
CALL = 1.5  # a call of Slack or Jira may take so long
SETTLE = 0.4
WEBHOOK_SECRET = "what-jira-signs-with"


class Birth(msgspec.Struct, frozen=True, kw_only=True):
    """What every bot of a run is born with."""

    store_url: str
    organisation: str
    port: int
    slack_url: str
    jira_url: str
    folder: str
    lease: float = LEASE
    call: float = CALL


class Plan(msgspec.Struct, frozen=True):
    """Die at the `passes`-th pass of a moment; an empty moment: live on. `people`: take the directory in first."""

    knife: str = ""
    passes: int = 1
    people: bool = False


def data_dir(birth: Birth) -> Path:
    return Path(birth.folder) / "data"


def settings_of(birth: Birth, plan: Plan) -> AllSettings:
    folder = Path(birth.folder)
    return AllSettings(
        main=Settings(
            port=birth.port,
            redis_url=birth.store_url,
            organisation=birth.organisation,
            people_file=folder / "people.yaml" if plan.people else None,
            scenarios_dir=folder / "scenarios",
            data_dir=data_dir(birth),
            lease_seconds=birth.lease,
            acts_burst=1_000_000,  # townsfolk are quicker than people
            quiet_hours="off",  # and live at whatever hour this runs
            _env_file=None,
        ),
        slack=SlackSettings(
            bot_token=SecretStr("xoxb-sandbox"),
            signing_secret=SecretStr("sandbox-signing-secret"),
            api_url=f"{birth.slack_url}/api/",
            posts_per_second_per_conversation=1e6,
            posts_per_second=1e6,
            burst=10_000,
            timeout_seconds=birth.call,
        ),
        teams=TeamsSettings(_env_file=None),
        jira=JiraSettings(
            url=birth.jira_url,
            user="bot@company.example",
            token=SecretStr("token"),
            project="ONB",
            webhook_secret=SecretStr(WEBHOOK_SECRET),
            settle_seconds=SETTLE,
            requests_per_second=1e6,
            slots=8,
            timeout=birth.call,
        ),
        confluence=ConfluenceSettings(_env_file=None),
        llm=LlmSettings(_env_file=None),
    )


def knife(plan: Plan) -> Callable[[str], None]:
    """A probe that ends its own process without a word."""
    left = plan.passes

    def probe(moment: str) -> None:
        nonlocal left
        if moment == plan.knife:
            left -= 1
            if left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return probe


def report(**words: object) -> None:
    """In one write: lines of two processes never mix."""
    os.write(1, msgspec.json.encode(words) + b"\n")


async def live(birth: Birth, plan: Plan) -> None:
    tests = ForTests(probe=knife(plan), look_again=LOOK_AGAIN)
    async with started(settings_of(birth, plan), lambda _: None, tests) as running:
        report(up=True)
        await running.working  # it never ends by itself


def be_born(birth: Birth, plan: Plan) -> None:
    die_with_parent()
    set_up_logs("warning", "json")
    asyncio.run(live(birth, plan))


def main(birth_file: str) -> None:
    die_with_parent()
    birth = msgspec.json.decode(Path(birth_file).read_bytes(), type=Birth)
    gc.collect()
    gc.freeze()  # what is never looked at again stays shared
    report(ready=True)
    for line in sys.stdin:
        plan = msgspec.json.decode(line, type=Plan)
        if (pid := os.fork()) == 0:
            be_born(birth, plan)
            os._exit(0)
        os.setpgid(pid, pid)
        report(pid=pid)
        report(ended=os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    main(sys.argv[1])
