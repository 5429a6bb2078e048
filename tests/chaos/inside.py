"""A bot with its stand-ins in the process of the test, for what must be fast or looked into."""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
from redis.asyncio import Redis

from adapters.store.connect import connect
from adapters.store.keys import Keys
from bot.ports import Store
from sandbox.jira import Access, make_app, serving
from sandbox.slack import Channel, Person, SlackUser, Workspace, serve
from sandbox.slack.delivery import Kind as PayloadKind
from sandbox.slack.delivery import encode, signed_headers
from tests.chaos.company import company, write_company
from tests.chaos.rest import at_rest
from tests.chaos.waiting import until
from tests.chaos.zygote import Birth, Plan, data_dir, settings_of
from tests.ready_answers import lay_answers
from wiring.parts import NO_TESTS, ForTests
from wiring.run import started

REST_SECONDS = 600.0
# Nothing fails here, and nobody is killed: a call that takes long is one of a machine that has much to do.
CALL = 60.0
LEASE = 120.0
CHANNEL = "C0ALL"
STAFF = company(20)
STRANGER = "U0NOBODY"  # whom Slack knows, and the directory does not


class Inside(msgspec.Struct, frozen=True):
    address: str
    workspace: Workspace
    session: aiohttp.ClientSession
    store: Store
    redis: Redis
    prefix: str

    def user(self, slack: str) -> SlackUser:
        return SlackUser(self.workspace, slack, self.address, session=self.session, timeout=CALL)

    async def post(self, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        """What the bot answers to a request that is exactly this."""
        async with self.session.post(f"{self.address}/slack/events", data=body, headers=headers) as answer:
            return answer.status, await answer.text()

    async def send(self, kind: PayloadKind, payload: dict[str, Any]) -> tuple[int, str]:
        """As Slack would send it, rightly signed."""
        body, content_type = encode(kind, payload)
        return await self.send_raw(body, content_type)

    async def send_raw(self, body: bytes, content_type: str) -> tuple[int, str]:
        signed = signed_headers(self.workspace.signing_secret, body, self.workspace.now())
        return await self.post(body, {"Content-Type": content_type, **signed})

    async def rest(self) -> None:
        """Until no lane holds anything."""
        await until(partial(at_rest, self.store, self.redis, self.prefix), REST_SECONDS, 0.02)

    async def all_that_is_kept(self) -> dict[bytes, bytes | None]:
        """Every key with its value; token buckets aside, whose clock goes on with each glance at the lanes."""
        keys = [key async for key in self.redis.scan_iter(match=f"{self.prefix}*", count=1000)]
        kept = [key for key in keys if not key.startswith(f"{self.prefix}rate:".encode())]
        return {key: await self.redis.dump(key) for key in kept}

    def shown(self) -> list[str]:
        """Everything that the bot has put in front of people, as one text each."""
        return [str(post.message) for post in self.workspace.posts]


def _workspace() -> Workspace:
    workspace = Workspace(
        people=[
            *(Person(id=one.slack, name=one.handle, email=one.email) for one in STAFF.everybody),
            Person(id=STRANGER, name="stranger", email="somebody@elsewhere.example"),
        ]
    )
    for one in workspace.people.values():
        workspace.dm(one.id)
    workspace.add_channel(Channel(id=CHANNEL, name="all", members={workspace.bot_user, *workspace.people}))
    return workspace


@asynccontextmanager
async def inside(folder: Path, store_url: str, organisation: str, tests: ForTests = NO_TESTS) -> AsyncIterator[Inside]:
    write_company(STAFF, folder, datetime.datetime.now(datetime.UTC))
    workspace = _workspace()
    access = Access("bot@company.example", "token")
    async with (
        serve(workspace) as slack_url,
        serving(make_app(access=access)) as jira_url,
        aiohttp.ClientSession() as session,
        connect(store_url) as redis,
    ):
        birth = Birth(
            store_url=store_url,
            organisation=organisation,
            port=0,
            slack_url=slack_url,
            jira_url=jira_url,
            folder=str(folder),
            lease=LEASE,
            call=CALL,
        )
        lay_answers(data_dir(birth), organisation, folder / "scenarios")
        async with started(settings_of(birth, Plan(people=True)), lambda _: None, tests) as running:
            store = running.bot.company.store
            yield Inside(running.address, workspace, session, store, redis, Keys(organisation).prefix)
