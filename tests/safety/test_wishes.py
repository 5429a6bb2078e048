"""What a platform asks for in a header is followed within reason: a wrong number must not silence us for years."""

import random

import pytest

from bot.errors import Retry
from bot.retry import LONGEST_WISH, next_attempt
from tests.bot.kit import ANNA
from tests.bot.office import Office
from tests.bot.test_runner import phrases


@pytest.mark.parametrize("after", [1e9, 1e300, float("inf")])
def test_no_wish_is_longer_than_an_hour(after: float) -> None:
    wait = next_attempt(Retry("429", after, everywhere=True), 0, random.Random(1))
    assert wait is not None
    assert wait <= LONGEST_WISH + 1


async def test_a_destination_that_asks_for_a_thousand_years_is_tried_again_in_an_hour(office: Office) -> None:
    office.chat.meets(Retry("429", float("9" * 400), everywhere=True))
    await office.writes(ANNA, "help")
    assert phrases(office, ANNA) == []
    await office.passes(hours=1, seconds=2)
    assert phrases(office, ANNA) == ["help"]
