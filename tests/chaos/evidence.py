"""What is looked at when everything has come to rest: both systems, the store, its file, the bots' log."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from redis.asyncio import Redis

from adapters.slack.outbound import EVENT_TYPE
from adapters.store.keys import Keys
from adapters.store.redis_store import RedisStore
from bot.events import JourneyEvent
from bot.journey.state import Journey
from bot.tracker.labels import label_name
from bot.work import board
from sandbox.faults import Kind
from sandbox.slack import Post
from tests.chaos.aof import Planned, planned
from tests.chaos.company import STEPS_WITH_ISSUES, Company, Member
from tests.chaos.stands import Stands
from tests.chaos.townsfolk import Act

Json = dict[str, Any]
_journey = msgspec.json.Decoder(Journey)
_event = msgspec.json.Decoder(JourneyEvent)


class Copy(NamedTuple):
    """One message as it was posted; `late`: by a call that had hung, long after its caller had given it up."""

    conversation: str
    ts: str
    late: bool


class Course(NamedTuple):
    """A journey, all that happened to it, and the message of its checklist as it stands now."""

    journey: Journey
    events: tuple[JourneyEvent, ...]
    checklist: str


class Evidence(NamedTuple):
    company: Company
    acts: tuple[Act, ...]
    planned: list[Planned]
    copies: dict[str, list[Copy]]
    issues: list[Json]
    courses: dict[str, list[Course]]
    marks: frozenset[str]
    calls: Counter[str]
    labels: dict[str, str]


def copies_of(posts: list[Json]) -> dict[str, list[Copy]]:
    """By effect; only what was posted anew, since a message may be changed any number of times."""
    found: dict[str, list[Copy]] = defaultdict(list)
    for post in posts:
        metadata = post["message"].get("metadata") or {}
        if post["method"] == "chat.postMessage" and metadata.get("event_type") == EVENT_TYPE:
            copy = Copy(post["channel"], post["message"]["ts"], post["fault"] == Kind.LATE)
            found[metadata["event_payload"]["effect"]].append(copy)
    return found


def effects_shown(posts: Iterable[Post]) -> set[str]:
    """The ids of the effects that are known by a message."""
    metadata = (post.message.get("metadata") for post in posts)
    return {one["event_payload"]["effect"] for one in metadata if one}


async def gather(
    of: Company, acts: tuple[Act, ...], stands: Stands, client: Redis, organisation: str, data_dir: Path
) -> Evidence:
    store, keys = RedisStore(client, organisation), Keys(organisation)
    slack, jira = await stands.posts(), await stands.issues()
    courses = {one.id: await _courses(one, store, slack["channels"]) for one in of.newcomers}
    every = [course.journey.id for found in courses.values() for course in found]
    return Evidence(
        company=of,
        acts=acts,
        planned=planned(data_dir, keys.prefix),
        copies=copies_of(slack["posts"]),
        issues=jira["issues"],
        courses=courses,
        marks=frozenset([key async for key in _marks(client, keys.prefix)]),
        calls=Counter(slack["calls"]),
        labels=await labels_of(store, [f"{one}:issue:{step}" for one in every for step in STEPS_WITH_ISSUES]),
    )


async def labels_of(store: RedisStore, effects: list[str]) -> dict[str, str]:
    """The labels of issues by the effects that make them; effects that were never decided have none."""
    labels = await store.lookup([label_name(one) for one in effects])
    return {effect: label for effect, label in zip(effects, labels, strict=True) if label}


async def _marks(client: Redis, prefix: str) -> Any:
    start = f"{prefix}m:".encode()
    async for key in client.scan_iter(match=start + b"*", count=1000):
        yield key.removeprefix(start).decode()


async def _courses(one: Member, store: RedisStore, channels: dict[str, list[Json]]) -> list[Course]:
    found = []
    for journey_id in await store.members(f"journeys:{one.id}"):
        (loaded,) = await store.load([f"journey:{journey_id}"])
        assert loaded.state is not None
        events = tuple(map(_event.decode, await store.log(f"journey:{journey_id}")))
        (ref,) = await store.lookup([board(journey_id, "slack")])
        found.append(Course(_journey.decode(loaded.state), events, _text_at(ref or "", channels)))
    return found


def _text_at(ref: str, channels: dict[str, list[Json]]) -> str:
    conversation, _, ts = ref.rpartition(":")
    return next((str(message["text"]) for message in channels.get(conversation, ()) if message["ts"] == ts), "")


def log_lines(log: Path) -> Iterator[Json]:
    """The lines of the bots; one that a kill has cut is left out."""
    for line in log.read_text("utf-8", errors="replace").splitlines():
        if line.startswith("{") and line.endswith("}"):
            yield json.loads(line)
