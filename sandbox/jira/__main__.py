"""`python -m sandbox.jira`: the stand-in in a process of its own.

Prints one line, {"url": "http://127.0.0.1:PORT"}, when it is ready, and stops on SIGTERM or SIGINT.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from sandbox.jira.app import make_app
from sandbox.jira.auth import Access
from sandbox.jira.people import people_from
from sandbox.jira.serve import serving
from sandbox.jira.site import LANGUAGES, Deployment, Workflow, default_site
from sandbox.jira.state import State
from sandbox.jira.webhooks import Webhooks
from sandbox.jira.workflows import WORKFLOWS
from sandbox.process import announce, stop_event, time_zone


def _workflow(text: str) -> tuple[str, Workflow]:
    """A project key and the workflow that it gets."""
    project, _, name = text.partition("=")
    if name not in WORKFLOWS:
        raise argparse.ArgumentTypeError(f"there is no workflow {name!r}")
    return project, WORKFLOWS[name]()


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox.jira", description="A Jira on loopback, for practice and tests.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--user", required=True, help="who signs in: an email on Cloud, a name on Data Center")
    parser.add_argument("--token", required=True, help="the API token that goes with the user")
    parser.add_argument("--pat", help="a personal access token that is taken as well")
    parser.add_argument("--data", type=Path, help="a JSON file that keeps the issues over restarts")
    parser.add_argument("--search-lag", type=float, default=0.0, help="seconds by which searches see writes late")
    parser.add_argument("--projects", default="ONB", help="keys, with commas")
    parser.add_argument(
        "--workflow",
        type=_workflow,
        action="append",
        default=[],
        metavar="KEY=NAME",
        help=f"another workflow for a project: {', '.join(WORKFLOWS)}",
    )
    parser.add_argument("--people", type=Path, help="a JSON list of users")
    parser.add_argument("--deployment", choices=[str(kind) for kind in Deployment], default=Deployment.CLOUD)
    parser.add_argument("--time-zone", type=time_zone, help="of the user: times of a query are meant in it")
    parser.add_argument("--names", choices=LANGUAGES, default="en", help="language of statuses and the like")
    parser.add_argument("--webhook", metavar="URL", help="an address that is told what happens")
    parser.add_argument("--webhook-secret", metavar="S", help="signs what is told, on Cloud")
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop when the parent is gone")
    return parser.parse_args(argv)


def _state(given: argparse.Namespace) -> State:
    keys = tuple(key.strip() for key in given.projects.split(",") if key.strip())
    site = default_site(keys, deployment=Deployment(given.deployment), language=given.names)
    for project, workflow in given.workflow:
        site = site.with_workflow(project, workflow)
    people = people_from(given.people) if given.people else None
    return State(site, people, file=given.data, search_lag=given.search_lag)


async def _run(given: argparse.Namespace) -> None:
    stop = stop_event(until_stdin_closes=given.until_stdin_closes)
    state = _state(given)
    webhooks = Webhooks(state, given.webhook, given.webhook_secret)
    access = Access(given.user, given.token, given.pat, given.time_zone)
    app = make_app(state, access=access, webhooks=webhooks)
    async with serving(app, given.port) as url:
        announce(url=url)
        await stop.wait()


def main(argv: Sequence[str] | None = None) -> int:
    """0 after an orderly stop, 1 with a reason on stderr when a file is broken or the port is taken."""
    try:
        asyncio.run(_run(_arguments(argv)))
    except (OSError, msgspec.DecodeError) as error:
        sys.stderr.write(f"sandbox.jira: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
