"""However long and odd a word is, it holds up nobody else."""

import time

import pytest

from bot import speech

HOSTILE = ["a@" + "." * 40_000 + "@", "@a@" + "." * 40_000 + "@", "<@" * 20_000, "« " * 20_000, '"a ' * 20_000]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_read_in_no_time(text: str) -> None:
    started = time.process_time()
    for word in (text, *speech.words(text)):
        speech.ref(word)
        speech.like_a_date(word)
        speech.plain(word)
    assert time.process_time() - started < 5  # of the processor; what grows with the square takes minutes
