"""The load of Teams: activities that our bot and Microsoft's library understand, and replies that say something."""

import datetime

import msgspec
import pytest
from botbuilder.schema import Activity

from adapters.teams.inbound import incoming
from adapters.teams.reference import Conversation
from bot.incoming import Wrote
from tests.bench.activities import PEOPLE, SMALL_TALK, Signed, activities, activity, conversation, mark, user
from tests.bench.load import Loaded, Order
from tests.bench.replying import STOCK, employee, section
from tests.bench.silent_teams import words

SERVICE_URL = "http://127.0.0.1:50000"
NOW = datetime.datetime(2026, 11, 24, 9, 30, tzinfo=datetime.UTC)
SIGNED = Signed(SERVICE_URL, ("one", "two"), SMALL_TALK)


def test_an_activity_is_a_message_of_an_employee_under_the_mark_that_is_looked_for() -> None:
    act = incoming(activity(7, NOW, "Спасибо!", SERVICE_URL), NOW)
    assert act is not None
    assert (act.id, act.said, act.account.id) == (mark(7), Wrote("Спасибо!"), user(7))
    assert act.address == Conversation(SERVICE_URL, conversation(7)).text == employee(7, SERVICE_URL).addresses["teams"]
    assert employee(7, SERVICE_URL).accounts == {"teams": act.account.id}


def test_the_library_of_the_echo_reads_the_same_activity() -> None:
    read = Activity().deserialize(activity(7, NOW, "Спасибо!", SERVICE_URL))
    assert (read.text, read.service_url, read.conversation.id) == ("Спасибо!", SERVICE_URL, conversation(7))


def test_in_a_round_everybody_writes_once_and_tokens_take_turns() -> None:
    requests = activities(3, PEOPLE, SIGNED)
    heads, bodies = zip(*(request.split(b"\r\n\r\n") for request in requests), strict=True)
    sent = [msgspec.json.decode(body) for body in bodies]
    assert len({one["conversation"]["id"] for one in sent}) == len({one["from"]["id"] for one in sent}) == PEOPLE
    assert len({one["id"] for one in sent}) == PEOPLE
    assert [b"Bearer one\r\n" in head for head in heads] == [number % 2 == 1 for number in range(PEOPLE)]
    assert all(f"Content-Length: {len(body)}".encode() in head for head, body in zip(heads, bodies, strict=True))


def test_activities_are_taken_with_another_status_than_events() -> None:
    assert Order(port=1, pid=1, first=0, count=1, signed=SIGNED).taken == b"201"
    assert Order(port=1, pid=1, first=0, count=1).taken == b"200"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"type": "message", "text": "Echo: hi"}, "Echo: hi"),
        ({"type": "message", "attachments": [{"content": {"body": "hi"}}]}, '[{"content": {"body": "hi"}}]'),
        ({"type": "message", "attachments": []}, ""),
        ({"type": "message"}, ""),
    ],
)
def test_a_reply_says_its_text_or_its_cards(sent: dict[str, object], said: str) -> None:
    assert words(sent) == said


def test_the_ratio_is_taken_within_a_round() -> None:
    """A machine that is slow for one round is slow for both."""
    echo, mine = [_loaded(2.0), _loaded(4.0), _loaded(8.0)], [_loaded(0.2), _loaded(0.4), _loaded(0.8)]
    found = section("Replies", {STOCK: echo, "ours": mine}, echo, 8.0)
    ratio = next(figure for figure in found.figures if "ratio" in figure.name)
    assert ratio.value == pytest.approx(10.0)
    assert not ratio.missed
    assert [figure.name for figure in found.figures if figure.promised] == [ratio.name]


def _loaded(cpu: float) -> Loaded:
    return Loaded(events=100, began=0.0, seconds=cpu, cpu_before=0.0, cpu=cpu, p50=1.0, p95=1.0, p99=1.0)
