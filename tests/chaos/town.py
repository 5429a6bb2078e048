"""The stand-in of Slack and the people at it, in a process of their own.

`python -m tests.chaos.town SLACK.json NEWCOMERS SEED` says its {"url"}. A line {"bot_url"} on stdin lets the people
begin, a line {"enough"} lets them come to an end; when they have done all that they wanted it says {"acts"}.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import aiohttp
import msgspec

from sandbox.faults import FaultPlan
from sandbox.slack import Person, SlackUser, Workspace, serve
from tests.chaos.company import company
from tests.chaos.kin import die_with_parent
from tests.chaos.townsfolk import SLACK_RETRIES, Folk


def say(**words: object) -> None:
    sys.stdout.write(json.dumps(msgspec.to_builtins(words)) + "\n")
    sys.stdout.flush()


async def stdin() -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


async def main(people: list[Person], newcomers: int, seed: int) -> None:
    workspace, told = Workspace(people=people), await stdin()
    connector = aiohttp.TCPConnector(limit=0)
    async with serve(workspace, FaultPlan(seed)) as url, aiohttp.ClientSession(connector=connector) as session:
        say(url=url)
        bot_url = json.loads(await told.readline())["bot_url"]

        def hands(user: str) -> SlackUser:
            return SlackUser(workspace, user, bot_url, retry_delays=SLACK_RETRIES, session=session)

        folk, enough = Folk(company(newcomers), hands, seed), asyncio.Event()
        listening = asyncio.create_task(_hear(told, enough), name="enough")
        await folk.live(enough)
        await listening
        say(acts=folk.acts)
        await told.read()


async def _hear(told: asyncio.StreamReader, enough: asyncio.Event) -> None:
    await told.readline()
    enough.set()


if __name__ == "__main__":
    die_with_parent()
    slack = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=list[Person])
    asyncio.run(main(slack, int(sys.argv[2]), int(sys.argv[3])))
