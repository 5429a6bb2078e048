"""Whatever JSON is thrown at the webhook: it is refused, left alone, or seen as something that can be kept."""

import contextlib
import copy
import datetime
import json
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from adapters.jira.inbound import KINDS, UnreadableEvent, observed
from bot.tracker.snapshot import Observed
from tests.adapters.jira.webhook_kit import KNOWN, Door, door, payload, payload_names
from tests.generated import examples

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["10107", "2026-11-24T10:15:30.412+0300", "9999-12-31T23:59:59.999-1400", "2026-02-30", "done"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
PAYLOADS = [payload(name) for name in payload_names()]


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to everything in a payload."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(way for key, value in inner for way in places(value, (*path, key)))]


@st.composite
def bent(draw: st.DrawFn) -> Any:
    """A recorded event in which something is missing, or is something else."""
    body = copy.deepcopy(draw(st.sampled_from(PAYLOADS)))
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from([place for place in places(body) if place]))
        inside = body
        for key in way:
            inside = inside[key]
        if draw(st.booleans()):
            del inside[last]
        else:
            inside[last] = draw(ANYTHING)
        if not isinstance(body, dict) or not body:
            break
    return body


@st.composite
def invented(draw: st.DrawFn) -> dict[str, Any]:
    """What begins like an event and goes on in any way."""
    names = st.sampled_from(["issue", "user", "comment", "changelog", "issue_event_type_name"])
    body = draw(st.dictionaries(names, ANYTHING, max_size=5))
    return {**body, "webhookEvent": draw(st.sampled_from(sorted(KINDS)))}


def kept(found: Observed) -> Observed:
    """What a store gives back."""
    return msgspec.json.decode(msgspec.json.encode(found), type=Observed)


def moments(found: Observed) -> list[datetime.datetime]:
    """Every time in it: one without a zone could not be compared with ours."""
    comments = [found.comment] if found.comment else []
    if found.snapshot is None:
        return [one.at for one in comments]
    return [found.snapshot.updated, *(one.at for one in (*comments, *found.snapshot.comments))]


@examples(400)
@given(bent() | invented())
def test_a_body_is_translated_or_named_as_unreadable(body: dict[str, Any]) -> None:
    with contextlib.suppress(UnreadableEvent):
        found = observed(body, "jira:x:1", KNOWN)
        assert found is None or found.issue.isdecimal()


@pytest.fixture
async def cloud() -> AsyncIterator[Door]:
    async with door() as made:
        yield made


@examples(300, HealthCheck.function_scoped_fixture)
@given(bent() | invented() | ANYTHING)
async def test_nothing_is_an_error_of_ours_and_only_what_can_be_kept_is_seen(cloud: Door, body: Any) -> None:
    cloud.seen.clear()
    answer = await cloud.tell(json.dumps(body).encode())
    assert answer.status in (200, 400)
    assert answer.body == b""
    assert len(cloud.seen) <= (1 if answer.status == 200 else 0)
    for found in cloud.seen:
        assert body["webhookEvent"] in KINDS
        assert kept(found) == found
        assert all(at.tzinfo is not None for at in moments(found))


@examples(100, HealthCheck.function_scoped_fixture)
@given(st.binary(max_size=200))
async def test_bytes_that_are_no_event_are_refused_or_left_alone(cloud: Door, body: bytes) -> None:
    answer = await cloud.tell(body)
    assert answer.status in (200, 400)
    assert cloud.seen == []


@pytest.mark.parametrize("place", [("issue", "fields", "priority", "name"), ("user", "accountId")])
async def test_names_that_no_jira_has_are_not_kept_with_a_journey(cloud: Door, place: tuple[str, ...]) -> None:
    body = payload("cloud_issue_edited")
    *way, last = place
    inside: Any = body
    for key in way:
        inside = inside[key]
    inside[last] = "x" * 100_000
    assert (await cloud.tell(json.dumps(body).encode())).status == 400
    assert cloud.seen == []


async def test_the_name_of_a_person_is_one_line_that_can_be_read(cloud: Door) -> None:
    body = payload("cloud_issue_edited")
    body["user"]["displayName"] = "Boris\n<https://evil.example|Titov>\u202e" + "x" * 100_000
    assert (await cloud.tell(json.dumps(body).encode())).status == 200
    (found,) = cloud.seen
    assert found.actor is not None
    assert found.actor.name.startswith("Boris <https://evil.example|Titov>")
    assert len(found.actor.name) <= 120
    assert found.actor.name.isprintable()
