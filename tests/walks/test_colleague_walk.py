"""What the bot does not know: a colleague is asked, their answer comes back, and HR makes an entry of the FAQ of it.
In Slack with forms, in the web chat with words."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import ClientSession, CookieJar

from bot import shelf
from bot.faq_file import FaqEntry
from bot.people import person_id
from sandbox.slack import SlackUser
from tests.ready_answers import lay_answers
from tests.walks.kit import PATIENCE, PEOPLE, SHIPPED, Stage, said, stage, until
from wiring.run import Running, started
from wiring.settings import KINDS, AllSettings, Settings

QUESTION = "сколько спутников у Юпитера?"
ANSWER = "Девяносто семь.\nИ это известные."
EDITED = "Сколько спутников у Юпитера и зачем?"


async def shelved(running: Running) -> list[FaqEntry]:
    store = running.bot.company.store
    there = sorted(await shelf.digests(store, shelf.ENTRIES))
    return [msgspec.json.decode(one, type=FaqEntry) async for _, one in shelf.fetch(store, shelf.ENTRIES, there)]


# --- Slack


@pytest.fixture
async def on_stage(tmp_path: Path, store_url: str, organisation: str) -> AsyncIterator[Stage]:
    async with stage(tmp_path, store_url, organisation) as it:
        for name in ("irina", "pavel"):  # from the first word on the platform has vouched for them
            await it.users[name].say("помощь")
            await until(it.users[name].inbox, "the help")
        yield it


async def form_of(on_stage: Stage, user: SlackUser) -> Any:
    """The form in front of somebody."""
    modals = await until(lambda: on_stage.workspace.views.open_modals(user.id), "the form")
    return modals[-1].view


async def test_in_slack_a_colleague_answers_in_a_form_and_hr_publishes_it(on_stage: Stage) -> None:
    anna, pavel, irina = (on_stage.users[name] for name in ("anna", "pavel", "irina"))
    await anna.say(QUESTION)
    (honest,) = await until(lambda: said(anna, "выдумывать не буду"), "the honest answer")
    await anna.press(honest, "ask-person")
    (shown,) = await until(lambda: said(anna, "Пока ничего не отправлено"), "the preview")
    await anna.press(shown, "inquiry-send")
    (asked,) = await until(lambda: said(pavel, QUESTION), "the question")

    await pavel.press(asked, "inquiry-answer")
    form = await form_of(on_stage, pavel)
    empty = (await pavel.submit(form, {"answer": "?"})).json()
    assert empty["response_action"] == "errors"
    assert (await pavel.submit(form, {"answer": ANSWER})).ok
    (answer,) = await until(lambda: said(anna, "Девяносто семь."), "the answer")
    assert QUESTION in str(answer)
    assert "Павел Орлов" in str(answer)

    (draft,) = await until(lambda: said(irina, "Девяносто семь."), "the draft")
    await irina.press(draft, "draft-edit")
    form = await form_of(on_stage, irina)
    values = {"question_ru": EDITED, "answer_ru": ANSWER, "also": "спутники Юпитера"}
    assert (await irina.submit(form, values)).ok
    (entry,) = await shelved(on_stage.running)
    assert (entry.question.ru, entry.answer.ru, entry.also) == (EDITED, ANSWER, ("спутники Юпитера",))
    await until(lambda: said(pavel, "ваш ответ теперь в FAQ"), "the thanks")
    await irina.press(draft, "draft-publish")
    await until(lambda: said(irina, "Вы уже опубликовали"), "what became of it")
    assert len(await shelved(on_stage.running)) == 1


async def test_in_slack_hr_changes_an_entry_in_a_form_and_takes_it_out(on_stage: Stage) -> None:
    irina = on_stage.users["irina"]
    await irina.command("/onboarding", "faq new Где пропуск? | Внизу.")
    (before,) = await shelved(on_stage.running)
    await irina.say("вопросы")
    (listing,) = await until(lambda: said(irina, "В чате написан 1 ответ"), "the list")
    await irina.press(listing, "faq-show")
    (shown,) = await until(lambda: said(irina, "Внизу."), "the entry")
    await irina.press(shown, "faq-edit")
    form = await form_of(on_stage, irina)
    assert (await irina.submit(form, {"question_ru": "Где пропуск?", "answer_ru": "У охраны."})).ok
    (after,) = await shelved(on_stage.running)
    assert (after.id, after.answer.ru) == (before.id, "У охраны.")
    await irina.press(shown, "faq-withdraw")
    (sure,) = await until(lambda: said(irina, "Убрать из FAQ"), "the question whether it is meant")
    await irina.press(sure, "faq-withdraw-surely")
    await until(lambda: said(irina, "Убрано из FAQ"), "the confirmation")
    assert await shelved(on_stage.running) == []


# --- the web chat


class Tab:
    """One person in the web chat."""

    def __init__(self, session: ClientSession, address: str, name: str) -> None:
        self._session, self._address, self._id = session, address, person_id(name)

    async def sits_down(self) -> Tab:
        await self._post("session", person=self._id)
        return self

    async def says(self, text: str) -> None:
        await self._post("say", text=text)

    async def presses(self, message: Any, action: str) -> None:
        (button,) = [one for one in message["message"]["buttons"] if one["action"] == action]
        await self._post("press", action=action, value=button["value"])

    async def hears(self, words: str) -> Any:
        """The latest message of the bot with these words."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not (found := [one for one in await self._said() if words in str(one)]):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
                return found[-1]
        except TimeoutError as error:
            raise AssertionError(f"waited in vain for {words}") from error

    async def _said(self) -> list[Any]:
        url = f"{self._address}/chat/log"
        async with self._session.get(url, params={"as": self._id}) as answer:
            return [one for one in (await answer.json())["entries"] if one.get("message")]

    async def _post(self, what: str, **body: str) -> None:
        params = {} if what == "session" else {"as": self._id}
        made = {"id": str(uuid.uuid4()), **body}
        async with self._session.post(f"{self._address}/chat/{what}", params=params, json=made) as answer:
            assert answer.status == 200, await answer.text()


@pytest.fixture
async def in_the_web(tmp_path: Path) -> AsyncIterator[tuple[Running, ClientSession]]:
    people = tmp_path / "people.yaml"
    people.write_text(PEOPLE, encoding="utf-8")
    main = Settings(
        port=0, sandbox="on", data_dir=tmp_path / "data", people_file=people, scenarios_dir=SHIPPED, _env_file=None
    )
    others = {name: kind(_env_file=None) for name, kind in KINDS.items()}
    settings = AllSettings.model_validate({**others, "main": main})
    lay_answers(main.data_dir, main.organisation)
    jar = CookieJar(unsafe=True)  # of an address without a name, too
    async with started(settings, lambda _: None) as running, ClientSession(cookie_jar=jar) as session:
        yield running, session


async def test_in_the_web_chat_it_goes_by_words(in_the_web: tuple[Running, ClientSession]) -> None:
    running, session = in_the_web
    anna, pavel, irina = [
        await Tab(session, running.address, f"{name}@company.example").sits_down()
        for name in ("anna", "pavel", "irina")
    ]
    await anna.says(QUESTION)
    await anna.presses(await anna.hears("выдумывать не буду"), "ask-person")
    await anna.presses(await anna.hears("Пока ничего не отправлено"), "inquiry-send")
    asked = await pavel.hears(QUESTION)
    await pavel.presses(asked, "inquiry-answer")
    assert "ответ 1" in str(await pavel.hears("Напишите номер вопроса"))
    await pavel.says(f"ответ 1 {ANSWER}")
    answer = await anna.hears("Девяносто семь.")
    assert "Павел Орлов" in str(answer)

    draft = await irina.hears("Девяносто семь.")
    await irina.presses(draft, "draft-publish")
    await irina.hears("Опубликовано")
    (entry,) = await shelved(running)
    assert (entry.question.ru, entry.answer.ru) == (QUESTION, ANSWER)

    await irina.says(f"вопросы изменить {entry.id} {EDITED} | Много.")
    await irina.hears("Изменено")
    assert [(one.question.ru, one.answer.ru) for one in await shelved(running)] == [(EDITED, "Много.")]
