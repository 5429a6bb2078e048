"""`python -m sandbox.slack`: the stand-in as a process of its own; see `--help`."""

import argparse
import asyncio
from pathlib import Path

import msgspec

from sandbox.process import announce, stop_event
from sandbox.slack.app import serve
from sandbox.slack.directory import Person
from sandbox.slack.workspace import Workspace


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.slack", description="A stand-in of Slack.")
    parser.add_argument("--port", type=int, default=0, help="0 (the default) takes any free port")
    parser.add_argument("--token", default="xoxb-sandbox", help="the bot's token")
    parser.add_argument("--app-token", default="xapp-sandbox", help="the token of Socket Mode")
    parser.add_argument("--signing-secret", default="sandbox-signing-secret")
    parser.add_argument("--bot-url", default="", help="where to send what people do; none: Socket Mode")
    parser.add_argument("--people", type=Path, help="a JSON list of people: id, name, email, tz, ...")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when the parent is gone")
    return parser.parse_args()


def _workspace(arguments: argparse.Namespace) -> Workspace:
    people: list[Person] = []
    if arguments.people is not None:
        people = msgspec.json.decode(arguments.people.read_bytes(), type=list[Person])
    workspace = Workspace(
        token=arguments.token,
        app_token=arguments.app_token,
        signing_secret=arguments.signing_secret,
        people=people,
    )
    workspace.bot_url = arguments.bot_url
    return workspace


async def _run(arguments: argparse.Namespace) -> None:
    stop = stop_event(until_stdin_closes=arguments.until_stdin_closes)
    async with serve(_workspace(arguments), port=arguments.port) as url:
        announce(url=url)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(_run(_arguments()))
