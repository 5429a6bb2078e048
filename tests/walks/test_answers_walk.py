"""A question from the first word to what people say of the answer: in Slack and Teams, with the FAQ that is shipped."""

import copy
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot import unanswered, votes
from bot.choices import Choice
from sandbox.teams import Message, TeamsUser
from tests.walks.kit import Set, Stage, said, stage, until

VPN = "как подключить VPN?"
TRIP = "Как оформить командировку?"
UNSURE = (
    "оформить командировку или отпуск",
    "отпуск или больничный в пятницу",
    "не приходит почта в аутлуке",
    "кофе и обед в командировке",
    "пропуск для гостя с ноутбуком",
    "пароль от принтера в переговорке",
    "зарплата за английский",
)


@pytest.fixture
async def on_stage(tmp_path: Path, store_url: str, organisation: str) -> AsyncIterator[Stage]:
    async with stage(tmp_path, store_url, organisation) as it:
        yield it


def buttons(message: Any) -> dict[str, Any]:
    """The buttons of a message, by what stands on them."""
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return {button["text"]["text"]: button for row in rows for button in row}


async def press(on_stage: Stage, message: Any, label: str) -> None:
    button = buttons(message)[label]
    reply = await on_stage.users["anna"].press(message, button["action_id"], value=button["value"])
    assert reply.ok


async def asks(on_stage: Stage, question: str) -> Any:
    """The answer to a first question."""
    anna = on_stage.users["anna"]
    await anna.say(question)
    return (await until(anna.inbox, "the answer"))[0]


async def test_an_answer_that_helped_says_so_where_it_stands(on_stage: Stage) -> None:
    anna = on_stage.users["anna"]
    answer = await asks(on_stage, VPN)
    assert "VPN за пять минут" in str(answer)
    await press(on_stage, answer, "Полезно")
    (rated,) = await until(lambda: said(anna, "Ваша оценка"), "the thanks")
    assert rated["ts"] == answer["ts"]
    assert rated["text"] == answer["text"]
    assert list(buttons(rated)) == ["Не помогло"]
    assert len(anna.inbox()) == 1


async def test_an_answer_that_did_not_help_is_followed_by_others_and_a_person(on_stage: Stage) -> None:
    anna, pavel = on_stage.users["anna"], on_stage.users["pavel"]
    answer = await asks(on_stage, TRIP)
    await press(on_stage, answer, "Не помогло")
    (more,) = await until(lambda: said(anna, "Спасибо, что сказали"), "what follows")
    other = next(label for label in buttons(more) if label != "Передать вопрос")
    await press(on_stage, more, other)
    shown = await until(lambda: anna.inbox()[2:], "the other answer")
    assert list(buttons(shown[0])) == ["Полезно", "Не помогло"]
    await press(on_stage, more, "Передать вопрос")
    (preview,) = await until(lambda: said(anna, "Пока ничего не отправлено"), "the preview")
    await press(on_stage, preview, "Отправить")
    await until(lambda: said(pavel, TRIP), "the question that was passed on")


async def test_what_may_be_meant_is_chosen_from(on_stage: Stage) -> None:
    anna = on_stage.users["anna"]
    guess = await _first_guess(on_stage)
    before = len(anna.inbox())
    await press(on_stage, guess, next(iter(buttons(guess))))
    shown = await until(lambda: anna.inbox()[before:], "the answer")
    assert list(buttons(shown[0])) == ["Полезно", "Не помогло"]


async def _first_guess(on_stage: Stage) -> Any:
    """Where it is certain of an answer or of none is a matter of figures: some of these questions are in between."""
    anna = on_stage.users["anna"]
    for number, question in enumerate(UNSURE):
        await anna.say(question)
        answers = await until(lambda seen=number: anna.inbox()[seen:], "the answer")  # type: ignore[misc]
        if "Возможно, вы об этом?" in answers[0]["text"]:
            return answers[0]
    raise AssertionError("none of the questions led to a guess")


async def test_who_knows_about_the_topic_is_named_when_nothing_helps(on_stage: Stage) -> None:
    anna = on_stage.users["anna"]
    answer = await asks(on_stage, "кто настроит канбан в джире")
    for label in {"Ничего из этого", "Не помогло"} & set(buttons(answer)):
        await press(on_stage, answer, label)
    (named,) = await until(lambda: said(anna, "v.sidorov@butterboard.online"), "the contact")
    assert "Владимир Сидоров, v.sidorov@butterboard.online" in named["text"]
    assert "Передать вопрос" not in buttons(named), "somebody who is not in the directory hears nothing from us"


async def test_a_question_in_english_is_answered_in_english_whoever_asks(on_stage: Stage) -> None:
    anna = on_stage.users["anna"]
    answer = await asks(on_stage, "how do I connect the VPN?")
    assert list(buttons(answer))[:2] == ["Helpful", "Not helpful"]
    assert "Source" in str(answer)
    await press(on_stage, answer, "Not helpful")
    await until(lambda: said(anna, "Thank you for telling me!"), "what follows")


async def test_a_search_lists_titles_lines_and_links(on_stage: Stage) -> None:
    found = await asks(on_stage, "найти отпуск")
    assert "По словам «отпуск» наш" in found["text"]
    shown = [block["accessory"] for block in found["blocks"] if "accessory" in block]
    assert {button["text"]["text"] for button in shown} == {"Показать ответ"}
    assert "Сколько дней отпуска мне положено?" in str(found["blocks"])


async def test_in_teams_the_card_says_what_was_thought_of_it(tmp_path: Path, store_url: str, organisation: str) -> None:
    async with stage(tmp_path, store_url, organisation, wanted=Set(teams=True)) as on_stage:
        anna = on_stage.members["anna"]
        await anna.install()
        await anna.say(VPN)
        (answer,) = await until(lambda: _read(anna, "VPN за пять минут"), "the answer")
        reply = await anna.press(answer, "helpful", value=_value(answer.cards, "helpful"))
        assert "Рад, что помогло" in str(reply.json())
        (rated,) = await until(lambda: _read(anna, "Ваша оценка"), "the thanks")
        assert rated.id == answer.id


async def test_a_button_with_a_value_of_ones_own_counts_for_nothing(on_stage: Stage) -> None:
    anna = on_stage.users["anna"]
    answer = copy.deepcopy(await asks(on_stage, VPN))
    for label in ("Полезно", "Не помогло"):
        forged = buttons(answer)[label]
        forged["value"] = Choice("почему начальник злой?", "faq-boss").value
        seen = len(said(anna, "уже не могу учесть"))
        await anna.press(answer, forged["action_id"], value=forged["value"])
        await until(lambda seen=seen: said(anna, "уже не могу учесть")[seen:], "that it does not count")  # type: ignore[misc]
    store = on_stage.running.bot.company.store
    assert await store.members(votes.INDEX) == await store.members(unanswered.INDEX) == []


def _read(member: TeamsUser, words: str) -> list[Message]:
    return [message for message in member.inbox() if words in str(message.activity)]


def _value(shown: Any, action: str) -> str:
    """The value of the first button that does this."""
    if isinstance(shown, list):
        return next(filter(None, (_value(one, action) for one in shown)), "")
    if not isinstance(shown, dict):
        return ""
    data = shown.get("data", {})
    if isinstance(data, dict) and data.get("action") == action:
        return str(data["value"])
    return next(filter(None, (_value(one, action) for one in shown.values())), "")
