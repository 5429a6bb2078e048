"""`python -m sandbox.teams`: the stand-in as a process of its own; see `--help`.

Prints one line when it is ready, {"url": …, "service_url": …, "metadata_url": …}, and stops on SIGTERM or SIGINT.
"""

import argparse
import asyncio
from pathlib import Path

import msgspec

from sandbox.process import announce, stop_event
from sandbox.teams.app import serve
from sandbox.teams.company import APP_ID, PASSWORD, TENANT_ID, Company
from sandbox.teams.directory import Person


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.teams", description="A stand-in of Microsoft Teams.")
    parser.add_argument("--port", type=int, default=0, help="0 (the default) takes any free port")
    parser.add_argument("--app-id", default=APP_ID, help="who the bot is")
    parser.add_argument("--app-password", default=PASSWORD, help="its client secret")
    parser.add_argument("--tenant-id", default=TENANT_ID)
    parser.add_argument("--bot-url", default="", help="where to send what people do, without /api/messages")
    parser.add_argument("--people", type=Path, help="a JSON list of people: name, email, locale, timezone, ...")
    parser.add_argument("--installed", action="store_true", help="everybody has the app, and the bot was not told")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when the parent is gone")
    return parser.parse_args()


def _company(arguments: argparse.Namespace) -> Company:
    people: list[Person] = []
    if arguments.people is not None:
        people = msgspec.json.decode(arguments.people.read_bytes(), type=list[Person])
    company = Company(
        app_id=arguments.app_id,
        app_password=arguments.app_password,
        tenant_id=arguments.tenant_id,
        people=people,
    )
    company.bot_url = arguments.bot_url
    for person in people if arguments.installed else ():
        company.install(person)
    return company


async def _run(arguments: argparse.Namespace) -> None:
    stop = stop_event(until_stdin_closes=arguments.until_stdin_closes)
    company = _company(arguments)
    async with serve(company, port=arguments.port) as url:
        announce(url=url, service_url=company.service_url, metadata_url=company.issuer.metadata_url)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(_run(_arguments()))
