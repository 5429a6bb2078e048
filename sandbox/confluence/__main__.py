"""`python -m sandbox.confluence`: the stand-in in a process of its own.

Prints one line, {"url": "http://127.0.0.1:PORT"}, when it is ready, and stops on SIGTERM or SIGINT.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from sandbox.confluence.app import make_app
from sandbox.confluence.auth import Access
from sandbox.confluence.company import company
from sandbox.confluence.people import Deployment
from sandbox.confluence.synthetic import fill
from sandbox.loopback import serving
from sandbox.process import announce, stop_event, time_zone


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox.confluence", description="A Confluence on loopback, for practice.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--user", required=True, help="who signs in: an email on Cloud, a name on Data Center")
    parser.add_argument("--token", required=True, help="the API token; on Data Center also the personal access token")
    parser.add_argument("--deployment", choices=[str(kind) for kind in Deployment], default=Deployment.CLOUD)
    parser.add_argument("--groups", default="", help="that the account is in, with commas: hr sees the closed pages")
    parser.add_argument("--pages", type=int, default=0, help="synthetic pages besides those of the company")
    parser.add_argument("--seed", type=int, default=7, help="of the synthetic pages")
    parser.add_argument("--search-lag", type=float, default=0.0, help="seconds by which searches see writes late")
    parser.add_argument("--time-zone", type=time_zone, default="Europe/Moscow", help="times of a query are meant in it")
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop when the parent is gone")
    return parser.parse_args(argv)


async def _run(given: argparse.Namespace) -> None:
    stop = stop_event(until_stdin_closes=given.until_stdin_closes)
    state = company(Deployment(given.deployment), search_lag=given.search_lag)
    if given.pages > 0:
        fill(state, given.pages, seed=given.seed)
    groups = tuple(group.strip() for group in given.groups.split(",") if group.strip())
    access = Access(given.user, given.token, given.token, groups, given.time_zone)
    async with serving(make_app(state, access=access), given.port) as url:
        announce(url=url)
        await stop.wait()


def main(argv: Sequence[str] | None = None) -> int:
    """0 after an orderly stop, 1 with a reason on stderr when the port is taken."""
    try:
        asyncio.run(_run(_arguments(argv)))
    except OSError as error:
        sys.stderr.write(f"sandbox.confluence: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
