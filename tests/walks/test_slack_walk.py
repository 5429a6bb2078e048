"""The main job in Slack, from the manager's command to the issue in Jira: signed HTTP in, the Web API out."""

import copy
import datetime
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from sandbox.faults import Kind, Rule
from sandbox.slack import Channel, Person, SlackUser
from tests.walks.kit import Clock, Stage, said, stage, texts, until, until_known, value_of
from wiring.parts import ForTests

TODAY = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC)  # before anything of the plan opens
START = "start <@U0ANNA|anna> newcomer 2026-12-01"


@pytest.fixture
async def on_stage(tmp_path: Path, store_url: str, organisation: str) -> AsyncIterator[Stage]:
    async with stage(tmp_path, store_url, organisation, ForTests(clock=Clock(TODAY))) as it:
        yield it


def in_channel(on_stage: Stage, channel: str) -> list[Any]:
    return [post for post in on_stage.workspace.posts if post.channel == channel]


async def begin(on_stage: Stage) -> Any:
    """A started journey; returns the newcomer's checklist."""
    await on_stage.users["pavel"].command("/onboarding", START)
    anna = on_stage.users["anna"]
    return (await until(lambda: said(anna, "read-docs"), "the checklist"))[0]


async def test_a_start_reaches_the_newcomer_and_the_manager(on_stage: Stage) -> None:
    await begin(on_stage)
    anna, pavel = on_stage.users["anna"], on_stage.users["pavel"]
    assert "Анна, добро пожаловать!" in texts(anna)
    assert "вт, 1 декабря" in texts(anna)
    await until(lambda: said(pavel, "Онбординг начат: Анна Новикова"), "the confirmation")


async def test_a_stop_says_what_it_will_do_and_the_press_of_its_button_does_it(on_stage: Stage) -> None:
    await begin(on_stage)
    anna, pavel = on_stage.users["anna"], on_stage.users["pavel"]
    await pavel.say("стоп <@U0ANNA>")
    (asked,) = await until(lambda: said(pavel, "Остановить онбординг?"), "the question")
    for words in ("18 из 18", "Анна Новикова, Павел Орлов", "больше не придут", "Не останавливать"):
        assert words in str(asked)
    assert "остановлен" not in texts(anna)
    old = copy.deepcopy(asked)
    await pavel.press(asked, "stop-surely")
    await until(lambda: said(anna, "онбординг остановлен"), "what the newcomer hears")
    after = await until(lambda: said(pavel, "Готово, онбординг остановлен"), "the answer in the place of the question")
    assert after[0]["ts"] == asked["ts"]
    await pavel.press(old, "stop-surely")  # a client may show the message as it was
    await until(lambda: said(pavel, "уже остановлен, ничего не изменилось"), "the kind answer to a second press")


async def test_a_start_says_of_whom_slack_has_not_told_yet_that_they_are_looked_for(on_stage: Stage) -> None:
    pavel = on_stage.users["pavel"]
    await pavel.command("/onboarding", "start emma@company.example newcomer 2026-12-01")
    (told,) = await until(lambda: said(pavel, "Онбординг начат: Emma Clarke"), "the confirmation")
    for words in ("18 шагов", "Первый срок", "Emma Clarke — приветствие и план", "ищу по рабочей почте"):
        assert words in str(told)
    await until(lambda: said(on_stage.users["emma"], "Emma, welcome!"), "the welcome")


async def test_everyone_reads_their_own_language(on_stage: Stage) -> None:
    await on_stage.users["pavel"].command("/onboarding", "start <@U0EMMA> newcomer 2026-12-01")
    emma = on_stage.users["emma"]
    await until(lambda: said(emma, "Emma, welcome!"), "the welcome")
    await until(lambda: said(emma, "Reading the company documentation"), "the checklist")
    await until(lambda: said(on_stage.users["pavel"], "Онбординг начат: Emma Clarke"), "the confirmation")


async def test_a_done_step_updates_the_checklist_in_place_opens_the_next_and_makes_the_issue(on_stage: Stage) -> None:
    checklist = await begin(on_stage)
    anna, pavel = on_stage.users["anna"], on_stage.users["pavel"]
    await anna.press(checklist, "done", value=f"{value_of(checklist, 'read-docs')}")
    issues = await until(lambda: [issue for issue in on_stage.issues() if "документации" in issue.summary], "the issue")
    (issue,) = issues
    assert issue.summary == "Завершение этапа: Изучение корпоративной документации"
    assert "Анна Новикова" in issue.description
    assert "Первые 90 дней" in issue.description
    assert issue.assignee == "pavel"
    assert "onboarding" in issue.labels
    told = await until(lambda: said(pavel, issue.key), "the manager's message")
    assert f"/browse/{issue.key}" in str(told[0])
    now = await until(lambda: [one for one in said(anna, "1 / 18") if one["ts"] == checklist["ts"]], "the update")
    assert value_of(now[0], "meet-mentor"), "the next step is open, with its button"


async def test_a_step_is_completed_by_words_too(on_stage: Stage) -> None:
    await begin(on_stage)
    anna = on_stage.users["anna"]
    await anna.say("готово read-docs")
    await until(lambda: said(anna, "Готово: «Изучение корпоративной документации»"), "the answer")
    await anna.say("done read-docs")
    await until(lambda: said(anna, "уже готово"), "the second answer")
    assert len([issue for issue in on_stage.issues() if "документации" in issue.summary]) <= 1


async def test_a_question_is_answered_with_its_source(on_stage: Stage) -> None:
    anna = on_stage.users["anna"]
    await anna.say("как подключить VPN?")
    (answer,) = await until(lambda: said(anna, "VPN"), "the answer")
    assert "Источник" in str(answer) or "https://" in str(answer)


async def test_a_mention_in_a_channel_is_answered_in_the_thread(on_stage: Stage) -> None:
    channel = Channel(id="C0GENERAL", name="general", members=set(on_stage.workspace.people))
    on_stage.workspace.add_channel(channel)
    await on_stage.users["anna"].mention("C0GENERAL", "как подключить VPN?")
    posts = await until(lambda: in_channel(on_stage, "C0GENERAL"), "the answer")
    assert posts[0].message["thread_ts"]


async def test_without_a_good_answer_a_person_is_offered_and_asked(on_stage: Stage) -> None:
    anna, pavel = on_stage.users["anna"], on_stage.users["pavel"]
    await anna.say("сколько спутников у Юпитера?")
    (honest,) = await until(lambda: said(anna, "выдумывать не буду"), "the honest answer")
    await anna.press(honest, "ask-person")
    (shown,) = await until(lambda: said(anna, "Пока ничего не отправлено"), "the preview")
    assert said(pavel, "Юпитера") == []
    await anna.press(shown, "inquiry-send")
    await until(lambda: said(pavel, "сколько спутников у Юпитера?"), "the passed on question")
    await until(lambda: said(anna, "Вопрос передан: Павел Орлов"), "the confirmation")


async def test_status_shows_a_manager_their_people_and_nobody_elses(on_stage: Stage) -> None:
    await begin(on_stage)
    pavel, grace, irina = (on_stage.users[name] for name in ("pavel", "grace", "irina"))
    for user in (grace, irina):  # from the first word on the platform has vouched for them
        await user.say("помощь")
        await until(user.inbox, "the help")
    assert "Анна Новикова" in unescaped(await pavel.command("/onboarding", "status"))
    assert "0 / 18" in unescaped(await pavel.command("/onboarding", "status <@U0ANNA>"))
    assert "is not on your team" in unescaped(await grace.command("/onboarding", "status <@U0ANNA>"))
    assert "Анна Новикова" in unescaped(await irina.command("/onboarding", "status"))


def unescaped(reply: Any) -> str:
    return str(reply.json())


async def test_help_shows_what_this_person_may_do(on_stage: Stage) -> None:
    await begin(on_stage)
    anna, pavel = on_stage.users["anna"], on_stage.users["pavel"]
    assert "старт @имя" in unescaped(await pavel.command("/onboarding", "help"))
    newcomers = unescaped(await anna.command("/onboarding", "помощь"))
    assert "старт @имя" not in newcomers
    assert "готово" in newcomers


async def test_the_home_tab_shows_the_plan_and_follows_it(on_stage: Stage) -> None:
    checklist = await begin(on_stage)
    anna = on_stage.users["anna"]
    await anna.open_home()
    home = await until(lambda: on_stage.workspace.views.homes.get("U0ANNA"), "the home tab")
    assert "0 / 18" in str(home)
    await anna.press(checklist, "done", value=value_of(checklist, "read-docs"))
    await until(lambda: "1 / 18" in str(on_stage.workspace.views.homes["U0ANNA"]), "the new home tab")


async def test_a_manager_reads_everywhere_what_their_steps_ask_and_completes_them_from_their_list(
    on_stage: Stage,
) -> None:
    pavel, asks = on_stage.users["pavel"], "Закажите ноутбук, пропуск"
    await pavel.command("/onboarding", "start <@U0ANNA|anna> newcomer 2026-11-20")
    await until(lambda: said(pavel, asks), "the message about the step")
    await pavel.open_home()
    await until(lambda: asks in str(on_stage.workspace.views.homes.get("U0PAVEL")), "the home tab")
    for words in ("tasks", "задачи", "status <@U0ANNA>", "status team"):
        assert asks in unescaped(await pavel.command("/onboarding", words)), words
    await pavel.say("мои задачи")
    (listed,) = await until(lambda: said(pavel, "Вас ждут 2 дела"), "the list")
    await pavel.press(listed, "task-done", value=value_of(listed, "prepare-workplace"))
    (now,) = await until(lambda: said(pavel, "Вас ждёт 1 дело"), "the list without what is done")
    assert now["ts"] == listed["ts"]
    assert asks not in str(now)
    await until(lambda: asks not in str(on_stage.workspace.views.homes["U0PAVEL"]), "the home tab that follows")
    assert asks not in texts(on_stage.users["anna"])


async def test_a_stranger_gets_one_polite_line(on_stage: Stage) -> None:
    on_stage.workspace.hire(Person(id="U0STRANGER", name="mallory", email="mallory@elsewhere.example"))
    stranger = SlackUser(on_stage.workspace, "U0STRANGER", on_stage.running.address)
    await stranger.say("привет")
    await until(stranger.inbox, "the line")
    await stranger.say("расскажи о зарплатах")
    await stranger.say("статус")
    assert len(stranger.inbox()) == 1


async def test_a_jira_that_lost_its_answer_gets_no_second_issue(on_stage: Stage) -> None:
    checklist = await begin(on_stage)
    on_stage.jira_faults.add(Rule(kind=Kind.LOST, match="POST /rest/api/2/issue ", times=1))
    await on_stage.users["anna"].press(checklist, "done", value=value_of(checklist, "read-docs"))
    await until(lambda: said(on_stage.users["pavel"], "Задача для проверки создана"), "the manager's message")
    assert len([issue for issue in on_stage.issues() if "документации" in issue.summary]) == 1


async def test_a_start_without_words_opens_a_form_that_starts_the_journey(on_stage: Stage) -> None:
    pavel, anna = on_stage.users["pavel"], on_stage.users["anna"]
    await pavel.say("помощь")
    await until(pavel.inbox, "the help")
    await pavel.command("/onboarding", "start")
    view = await until(lambda: list(on_stage.workspace.views.modals.values()), "the form")
    values = {"person": "U0ANNA", "scenario": "newcomer", "date": "2026-12-01"}
    await anna.say("помощь")
    await until(anna.inbox, "the help")
    closed = await pavel.submit(view[0].view, values)
    assert closed.ok
    await until(lambda: said(anna, "добро пожаловать"), "the welcome")


async def test_the_errors_of_a_form_stand_beside_its_fields(on_stage: Stage) -> None:
    await begin(on_stage)
    pavel = on_stage.users["pavel"]
    await pavel.command("/onboarding", "start")
    view = await until(lambda: list(on_stage.workspace.views.modals.values()), "the form")
    values = {"person": "U0ANNA", "scenario": "newcomer", "date": "2026-12-01"}
    answer = (await pavel.submit(view[0].view, values)).json()
    assert answer["response_action"] == "errors"
    assert "уже идёт" in str(answer["errors"])


async def test_what_is_asked_in_a_thread_of_the_conversation_is_answered_in_it(on_stage: Stage) -> None:
    anna, messages = on_stage.users["anna"], on_stage.workspace.messages
    await anna.say("помощь")
    (first,) = await until(anna.inbox, "the help")

    def below() -> list[Any]:
        return [one for one in messages.thread(anna.dm.id, first["ts"])[1:] if one.get("bot_id")]

    await anna.say("как подключить VPN?", thread_ts=first["ts"])
    (answer,) = await until(below, "the answer in the thread")
    await anna.press(answer, "helpful")
    await anna.say("статус", thread_ts=first["ts"])
    await until(lambda: len(below()) >= 2, "the second answer in the thread")
    assert len(anna.inbox()) == 1


async def test_nobody_opens_conversations_and_the_plan_is_changed_where_it_stands(on_stage: Stage) -> None:
    checklist = await begin(on_stage)
    anna = on_stage.users["anna"]
    await anna.press(checklist, "done", value=f"{value_of(checklist, 'read-docs')}")
    await until(lambda: [one for one in said(anna, "1 / 18") if one["ts"] == checklist["ts"]], "the update")
    methods = [call.method for call in on_stage.workspace.calls]
    assert "chat.update" in methods
    assert "conversations.open" not in methods


async def test_who_is_deactivated_by_mistake_troubles_nobody_and_sees_their_plan_again(on_stage: Stage) -> None:
    await begin(on_stage)
    anna, admin = on_stage.users["anna"], on_stage.users["admin"]
    before = len(said(anna, "read-docs"))
    await anna.become(deleted=True)
    await until_ready(on_stage, {"slack": 1})
    await on_stage.users["pavel"].command("/onboarding", 'task anna@company.example "Заказать стул" due 2026-12-08')
    await until(lambda: [one for one in on_stage.issues() if "Заказать стул" in one.summary], "the task")
    await anna.become(deleted=False)
    await until(lambda: len(said(anna, "read-docs")) > before, "the plan")
    await until_ready(on_stage, {})
    assert admin.inbox() == []
    assert await on_stage.running.bot.company.store.dead() == []


async def until_ready(on_stage: Stage, closed: dict[str, int]) -> None:
    """What an operator sees."""

    async def seen() -> bool:
        async with ClientSession() as session, session.get(f"{on_stage.running.address}/readyz") as answer:
            found = await answer.json()
            return bool(found["closed_accounts"] == closed)

    await until_known(seen, f"{closed} in /readyz")


async def test_a_newcomer_without_a_language_in_the_directory_is_welcomed_in_that_of_slack(on_stage: Stage) -> None:
    on_stage.workspace.people["U0ANNA"].locale = "en-US"
    await on_stage.users["pavel"].command("/onboarding", "start anna@company.example newcomer 2026-12-01")
    await until(lambda: said(on_stage.users["anna"], "welcome!"), "the welcome")
    await until(lambda: said(on_stage.users["anna"], "Reading the company documentation"), "the plan")


async def test_socket_mode_walks_the_same_way(tmp_path: Path, store_url: str, organisation: str) -> None:
    async with stage(tmp_path, store_url, organisation, app_token=SecretStr("xapp-sandbox")) as on_stage:
        anna = SlackUser(on_stage.workspace, "U0ANNA", None)
        await until(lambda: on_stage.workspace.sockets.connections, "the socket")
        await anna.say("как подключить VPN?")
        await until(lambda: said(anna, "Источник"), "the answer")
