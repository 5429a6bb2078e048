"""Passing a question on, in Slack, in Teams and in the web chat: first it is seen to whom and what goes, then one press
sends it; what is sensitive is offered HR alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.walks.kit import Set, Stage, said, stage, until
from tests.walks.test_colleague_walk import QUESTION, Tab, form_of, in_the_web
from tests.walks.test_teams_walk import read
from wiring.run import Running

__all__ = ["in_the_web"]
WITH_TEAMS = Set(teams=True)
UNSENT, HELP = "Пока ничего не отправлено", "Руководителю и коллегам я этого не передам"
HARM = "меня домогаются"


@pytest.fixture
async def on_stage(tmp_path: Path, store_url: str, organisation: str) -> AsyncIterator[Stage]:
    async with stage(tmp_path, store_url, organisation, wanted=WITH_TEAMS) as it:
        for name in ("irina", "pavel"):  # from the first word on the platform has vouched for them
            await it.users[name].say("помощь")
            await until(it.users[name].inbox, "the help")
        yield it


async def test_in_slack_what_is_sent_was_seen_and_changed_before(on_stage: Stage) -> None:
    anna, pavel, irina = (on_stage.users[name] for name in ("anna", "pavel", "irina"))
    await anna.say(QUESTION)
    (honest,) = await until(lambda: said(anna, "выдумывать не буду"), "the honest answer")
    await anna.press(honest, "ask-person")
    (shown,) = await until(lambda: said(anna, UNSENT), "the preview")
    assert all(words in str(shown) for words in ("Павел Орлов", "Анна Новикова", QUESTION, "HR: Ирина Соколова"))
    await anna.press(shown, "inquiry-edit")
    form = await form_of(on_stage, anna)
    assert QUESTION in str(form)
    assert (await anna.submit(form, {"text": "сколько спутников у Сатурна?"})).ok
    (changed,) = await until(lambda: said(anna, "Сатурна"), "the preview of other words")
    await anna.press(changed, "inquiry-to")
    (to_hr,) = await until(lambda: [one for one in said(anna, UNSENT) if "HR: Ирина" not in str(one)][-1:], "of HR")
    for _ in range(2):
        await anna.press(to_hr, "inquiry-send")
    (asked,) = await until(lambda: said(irina, "Сатурна"), "the question")
    assert "Анна Новикова" in str(asked)
    await until(lambda: said(anna, "Вопрос передан: Ирина Соколова"), "the confirmation")
    for old in (shown, changed):
        await anna.press(old, "inquiry-send")
    await until(lambda: said(anna, "Эта кнопка уже не действует"), "that the old buttons are over")
    assert said(pavel, "спутников") == []
    assert len(said(irina, "спутников")) == 1


async def test_in_slack_what_is_sensitive_goes_to_hr_alone(on_stage: Stage) -> None:
    anna, emma, pavel, irina = (on_stage.users[name] for name in ("anna", "emma", "pavel", "irina"))
    await anna.command("/onboarding", HARM)
    (offered,) = await until(lambda: said(anna, HELP), "the help")
    assert "portal.butterboard.example/trust" in str(offered)
    await anna.press(offered, "ask-hr")
    (shown,) = await until(lambda: said(anna, UNSENT), "the preview")
    assert "Павел Орлов" not in str((offered, shown))
    await anna.press(shown, "inquiry-send")
    (asked,) = await until(lambda: said(irina, HARM), "the message")
    assert "обращается к вам лично" in str(asked)
    await emma.say("i don't want to live anymore")
    (care,) = await until(lambda: said(emma, "do not stay alone"), "care")
    assert "112" in str(care)
    assert "Pavel" not in str(care)
    await irina.say("answers unanswered")
    await until(lambda: said(irina, "Вопросов без ответа нет"), "that nothing stands in the list")
    assert said(pavel, HARM) == said(pavel, "live anymore") == []


async def test_in_teams_it_goes_by_cards(on_stage: Stage) -> None:
    anna, pavel = on_stage.members["anna"], on_stage.users["pavel"]  # she is in Teams, he has spoken in Slack
    await anna.install()
    await until(lambda: read(anna, "Здравствуйте"), "the hello")
    await anna.say(QUESTION)
    await anna.press((await until(lambda: read(anna, "выдумывать не буду"), "the honest answer"))[0], "ask-person")
    shown = (await until(lambda: read(anna, UNSENT), "the preview"))[0]
    await anna.press(shown, "inquiry-edit")
    form = (await until(lambda: read(anna, "Input.Text"), "the form"))[0]
    await anna.press(form, "submit", inputs={"text": "сколько спутников у Сатурна?"})
    changed = (await until(lambda: [one for one in read(anna, UNSENT) if "Сатурна" in str(one.cards)], "again"))[0]
    await anna.press(changed, "inquiry-send")
    await until(lambda: said(pavel, "Сатурна"), "the question")
    await until(lambda: read(anna, "Вопрос передан: Павел Орлов"), "the confirmation in the place of the preview")
    await anna.say(HARM)
    offered = (await until(lambda: read(anna, HELP), "the help"))[0]
    await anna.press(offered, "ask-hr")
    private = (await until(lambda: read(anna, "и никто больше"), "the preview"))[0]
    await anna.press(private, "inquiry-cancel")
    await until(lambda: read(anna, "Хорошо, ничего не отправлено"), "that nothing was sent")
    assert said(pavel, HARM) == []


async def test_in_the_web_chat_it_goes_by_words_in_either_language(in_the_web: tuple[Running, ClientSession]) -> None:
    running, session = in_the_web
    emma, pavel, irina = [
        await Tab(session, running.address, f"{name}@company.example").sits_down()
        for name in ("emma", "pavel", "irina")
    ]
    await emma.says("how many moons has Jupiter?")
    await emma.presses(await emma.hears("I will not make one up"), "ask-person")
    shown: Any = await emma.hears("Nothing has been sent yet")
    assert "Павел Орлов" in str(shown)
    await emma.presses(shown, "inquiry-edit")
    await emma.hears('Write "rephrase" and the new text')
    await emma.says("rephrase how many moons has Saturn?")
    await emma.presses(await emma.hears("how many moons has Saturn?"), "inquiry-send")
    await pavel.hears("how many moons has Saturn?")
    await emma.hears("Your question was passed on to Павел Орлов")
    await emma.says("yf xfkmybr jhtn")
    offered = await emma.hears("portal.butterboard.example/trust")
    await emma.presses(offered, "ask-hr")
    await emma.presses(await emma.hears("Ирина Соколова will see"), "inquiry-send")
    await irina.hears("yf xfkmybr jhtn")
    assert "yf xfkmybr" not in str(await pavel.hears("how many moons has Saturn?"))
