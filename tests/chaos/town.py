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
from tests.chaos.townsfolk import SLACK_RETRIES, Folk


def say(**words: object) -> None:
    sys.stdout.write(json.dumps(msgspec.to_builtins(words)) + "\n")
    sys.stdout.flush()


async def hear() -> dict[str, str] | None:
    line = await asyncio.to_thread(sys.stdin.readline)
    return json.loads(line) if line else None


async def _hear_enough(enough: asyncio.Event) -> None:
    await hear()
    enough.set()


async def main(people: list[Person], newcomers: int, seed: int) -> None:
    workspace = Workspace(people=people)
    connector = aiohttp.TCPConnector(limit=0)
    async with serve(workspace, FaultPlan(seed)) as url, aiohttp.ClientSession(connector=connector) as session:
        say(url=url)
        begin = await hear()
        if begin is None:
            return

        def hands(user: str) -> SlackUser:
            return SlackUser(workspace, user, begin["bot_url"], retry_delays=SLACK_RETRIES, session=session)

        folk = Folk(company(newcomers), hands, seed)
        enough = asyncio.Event()
        listening = asyncio.create_task(_hear_enough(enough), name="enough")
        await folk.live(enough)
        await listening
        say(acts=folk.acts)
        await hear()


if __name__ == "__main__":
    slack = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=list[Person])
    asyncio.run(main(slack, int(sys.argv[2]), int(sys.argv[3])))
