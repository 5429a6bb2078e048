"""The bench itself: what counts as missed, and that a promise is seen in the table."""

import pytest

from tests.bench.figures import Figure, Section, table
from tests.bench.load import is_whole


@pytest.mark.parametrize(
    ("figure", "missed"),
    [
        (Figure(name="ratio", value=0.75, at_least=0.75), False),
        (Figure(name="ratio", value=0.74, at_least=0.75), True),
        (Figure(name="latency", value=3.0, at_most=3.0), False),
        (Figure(name="latency", value=3.1, at_most=3.0), True),
        (Figure(name="memory", value=1e9), False),
    ],
)
def test_a_figure_is_missed_only_beyond_its_promise(figure: Figure, missed: bool) -> None:
    assert figure.missed is missed


def test_the_table_says_what_was_promised_and_whether_it_holds() -> None:
    kept = Figure(name="lanes", value=18_000, unit="/s", at_least=15_000)
    broken = Figure(name="ratio", value=0.5, at_least=0.75)
    rows = table([Section("Lanes", (kept, broken))]).splitlines()
    assert rows[-2].split() == ["lanes", "18,000", "/s", ">=", "15,000", "OK"]
    assert rows[-1].split() == ["ratio", "0.50", ">=", "0.75", "MISSED"]


@pytest.mark.parametrize(
    ("answer", "whole"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no", False),
        (b"HTTP/1.1 200 OK\r\nContent-Len", False),
    ],
)
def test_the_next_event_is_sent_when_the_answer_to_the_last_is_whole(answer: bytes, whole: bool) -> None:
    assert is_whole(answer) is whole
