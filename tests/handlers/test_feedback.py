"""What people think of their onboarding goes to HR, and to nobody else."""

import pytest

from tests.bot.kit import ANNA, BORIS, HELGA
from tests.bot.office import Office
from tests.handlers.test_onboarding import heard


@pytest.mark.parametrize("text", ["feedback a good week, no headset", "отзыв: a good week, no headset"])
async def test_feedback_reaches_hr_with_whom_it_is_from(office: Office, text: str) -> None:
    await office.writes(ANNA, text)
    assert heard(office, ANNA) == ["feedback-thanks"]
    assert heard(office, HELGA) == ["feedback-passed-on"]
    assert heard(office, BORIS) == []
    (passed,) = office.chat.to(HELGA)
    assert "a good week, no headset" in passed.text
    assert [fact.value for fact in passed.message.facts] == [ANNA.email]
    assert office.handbook.asked == []


@pytest.mark.parametrize("text", ["feedback", "отзыв!", "/onboarding feedback :)"])
async def test_feedback_without_words_hears_how_to_give_it(office: Office, text: str) -> None:
    await office.writes(ANNA, text)
    assert heard(office, ANNA) == ["feedback-usage"]
    assert heard(office, HELGA) == []


async def test_the_only_one_of_hr_is_not_written_to_by_themself(office: Office) -> None:
    await office.writes(HELGA, "feedback all is well")
    assert heard(office, HELGA) == ["feedback-nobody"]
