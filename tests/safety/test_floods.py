"""Nobody can make the bot pester somebody else."""

from tests.bot.kit import ANNA, BORIS, OLGA, OSCAR
from tests.bot.office import Office
from tests.bot.test_runner import phrases


async def test_a_question_is_passed_on_once_however_often_the_button_is_pressed(office: Office) -> None:
    for _ in range(10):
        await office.presses(ANNA, "ask-person", "Where is the roof garden?")
    assert phrases(office, BORIS) == ["question-passed-on"]
    assert phrases(office, ANNA) == ["question-passed"] * 10


async def test_another_question_and_the_same_of_somebody_else_are_passed_on(office: Office) -> None:
    for who, question in ((ANNA, "Roof?"), (ANNA, "Cellar?"), (OLGA, "Roof?")):
        await office.presses(who, "ask-person", question)
    assert phrases(office, BORIS) == ["question-passed-on"] * 2
    assert phrases(office, OSCAR) == ["question-passed-on"]
