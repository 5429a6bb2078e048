"""Jira both ways, as the people on either side see it: signed webhooks in, REST out, Slack in between."""

import datetime
import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from msgspec.structs import replace

from adapters.jira.plain import plain
from adapters.web.journey_links import JourneyLinks
from sandbox.jira import Deployment, WebhookFaults, default_site, issuing
from tests.walks.kit import SECRET_KEY, Clock, Set, Stage, said, stage, texts, until, until_known, value_of
from wiring.parts import ForTests
from wiring.secret import derived_key

FRIDAY = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC)  # noon in Moscow: everything of the plan is open
START = "start <@U0ANNA|anna> newcomer 2026-11-20"
MARKUP = "!https://evil.example/x.png! [~admin] [банк|https://evil.example] {html}"
BADGE, LAPTOP, DOCS = "Получить пропуск", "Выдать ноутбук", "Прочитать справочник"
SCENARIO = """\
id: newcomer
title: {ru: Первая неделя, en: The first week}
steps:
  - id: badge
    title: {ru: Получить пропуск, en: Get your badge}
    day: 0
    due: 3
    jira:
      on: open
      summary: {ru: "Пропуск: {name}", en: "Badge: {name}"}
      priority: High
      assignee: newcomer
  - id: laptop
    title: {ru: Выдать ноутбук, en: Hand out a laptop}
    who: manager
    day: 0
    due: 3
    jira:
      on: open
      project: IT
      summary: {ru: "Ноутбук: {name}", en: "Laptop: {name}"}
      assignee: manager
  - id: read-docs
    title: {ru: Прочитать справочник, en: Read the handbook}
    day: 0
    due: 2
    jira:
      on: done
      summary: {ru: "Проверить: {name}", en: "Check: {name}"}
      assignee: manager
  - id: late-talk
    title: {ru: Разговор через неделю, en: A talk after a week}
    day: 5
"""
RULES = """\
rules:
  - id: late
    event: step-overdue
    when: {days: 1, steps: [badge]}
    issue:
      summary: {ru: "Просрочено: {step}, {name}", en: "Late: {step}, {name}"}
      assignee: manager
  - id: unanswered
    event: question-unanswered
    issue:
      summary: {ru: "Вопрос без ответа", en: "A question without an answer"}
      description: {ru: "{name}: {question}", en: "{name}: {question}"}
  - id: unhappy
    event: feedback-negative
    issue:
      summary: {ru: "Отзыв: {name}", en: "Feedback: {name}"}
      description: {ru: "{feedback}", en: "{feedback}"}
"""
SITE = default_site(("ONB", "IT"))


@pytest.fixture
def clock() -> Clock:
    return Clock(FRIDAY)


class Theatre:
    """Opens stages whose plan is the one above; `above` goes in front of its steps."""

    def __init__(self, tmp_path: Path, store_url: str, organisation: str, clock: Clock) -> None:
        self._where, self._clock = (tmp_path, store_url, organisation), clock
        self._scenarios = tmp_path / "scenarios"

    def opens(self, wanted: Set, above: str = "") -> AbstractAsyncContextManager[Stage]:
        (self._scenarios / "faq").mkdir(parents=True)
        (self._scenarios / "newcomer.yaml").write_text(SCENARIO.replace("steps:", f"{above}steps:"), encoding="utf-8")
        (self._scenarios / "rules.yaml").write_text(RULES, encoding="utf-8")
        wanted = replace(wanted, scenarios=self._scenarios, site=wanted.site or SITE)
        return stage(*self._where, ForTests(clock=self._clock), wanted)


@pytest.fixture
def theatre(tmp_path: Path, store_url: str, organisation: str, clock: Clock) -> Theatre:
    return Theatre(tmp_path, store_url, organisation, clock)


@pytest.fixture
async def on_stage(theatre: Theatre) -> AsyncIterator[Stage]:
    async with theatre.opens(Set()) as it:
        yield it


async def begin(on_stage: Stage) -> Any:
    """A journey whose issues are there; returns the newcomer's checklist."""
    pavel, anna = on_stage.users["pavel"], on_stage.users["anna"]
    await pavel.command("/onboarding", START)
    await until(lambda: said(pavel, "Создана задача к шагу «Выдать ноутбук»"), "the manager's issue")
    return (
        await until(
            lambda: [one for one in said(anna, "badge") if issue(on_stage, "Пропуск").key in str(one)], "the checklist"
        )
    )[0]


async def lanes_are_empty(on_stage: Stage) -> bool:
    """But for the next reconciliation."""
    return (await on_stage.running.bot.company.store.waiting()).get("jira", 0) <= 1


def issue(on_stage: Stage, words: str) -> Any:
    """The one issue with these words in its summary."""
    (found,) = [one for one in on_stage.issues() if words in one.summary]
    return found


def checklist(on_stage: Stage) -> Any:
    """The newcomer's plan as they see it now."""
    (found,) = [one for one in on_stage.users["anna"].inbox() if " / " in str(one) and "План" in str(one)]
    return found


def home(on_stage: Stage, user: str) -> str:
    return str(on_stage.workspace.views.homes.get(user))


def stage_of(on_stage: Stage, words: str) -> str:
    """The category of the status of an issue: new, indeterminate or done."""
    status = issue(on_stage, words).status
    return next(one.category.key for one in on_stage.jira.site.statuses if one.id == status)


def moves(on_stage: Stage, who: str, words: str, step: str) -> None:
    """Somebody takes a step of the workflow on the issue."""
    found = issue(on_stage, words)
    (way,) = [one for one in on_stage.jira.transitions_of(found) if one.name == step]
    on_stage.jira.move(found.key, way.id, who)


# --- Jira -> people


async def test_an_issue_that_somebody_moves_in_jira_changes_the_plan_where_it_stands(on_stage: Stage) -> None:
    before = await begin(on_stage)
    anna = on_stage.users["anna"]
    await anna.open_home()
    await until(lambda: "0 / 4" in home(on_stage, "U0ANNA"), "the home tab")
    moves(on_stage, "irina", "Пропуск", "Finish")
    await until(lambda: "1 / 4" in str(checklist(on_stage)), "the step that is done")
    assert checklist(on_stage)["ts"] == before["ts"], "the same message, updated in place"
    assert "✅" in str(checklist(on_stage))
    await until(lambda: "1 / 4" in home(on_stage, "U0ANNA"), "the home tab that follows")
    (told,) = await until(lambda: said(anna, f"Отмечено готовым в Jira: «{BADGE}»"), "the news")
    assert issue(on_stage, "Пропуск").key in str(told)
    moves(on_stage, "irina", "Пропуск", "Reopen")
    await until(lambda: "0 / 4" in str(checklist(on_stage)), "the step that is open again")
    assert value_of(checklist(on_stage), "badge"), "with its button"
    await until(lambda: said(anna, f"Шаг снова открыт: «{BADGE}»"), "the news")
    await until(lambda: "0 / 4" in home(on_stage, "U0ANNA"), "the home tab that follows")


async def test_nobody_hears_of_what_they_did_in_jira_themselves(on_stage: Stage) -> None:
    await begin(on_stage)
    await until_known(lambda: lanes_are_empty(on_stage), "the lanes of Jira")  # a look does not know who did something
    pavel = on_stage.users["pavel"]
    before = len(pavel.inbox())
    moves(on_stage, "pavel", "Ноутбук", "Start")
    on_stage.jira.edit(issue(on_stage, "Ноутбук").key, {"priority": "1"}, "pavel")
    on_stage.jira.edit(issue(on_stage, "Ноутбук").key, {"duedate": datetime.date(2026, 12, 4)}, "pavel")
    moves(on_stage, "pavel", "Ноутбук", "Finish")
    await until(lambda: "1 / 4" in str(checklist(on_stage)), "the step that is done")
    assert len(pavel.inbox()) == before, texts(pavel)


async def test_a_change_of_many_fields_in_jira_is_one_message(on_stage: Stage) -> None:
    await begin(on_stage)
    anna = on_stage.users["anna"]
    before = len(anna.inbox())
    changed = {"duedate": datetime.date(2026, 11, 27), "priority": "1"}
    on_stage.jira.edit(issue(on_stage, "Пропуск").key, changed, "pavel")
    (told,) = await until(lambda: said(anna, f"Новый срок: «{BADGE}»"), "the news")
    assert "27 ноября" in str(told)
    await until(lambda: "27 ноября" in str(checklist(on_stage)), "the new day in the plan")
    assert len(anna.inbox()) == before + 1


async def test_a_comment_reaches_the_people_of_the_step_with_its_authors_name(on_stage: Stage) -> None:
    await begin(on_stage)
    anna, pavel = on_stage.users["anna"], on_stage.users["pavel"]
    on_stage.jira.add_comment(issue(on_stage, "Пропуск").key, "Пропуск готов, *второй* этаж", "irina")
    for user in (anna, pavel):
        (heard,) = await until(lambda user=user: said(user, "второй этаж"), "the comment")  # type: ignore[misc]
        assert f"Комментарий в Jira к шагу «{BADGE}» — Irina" in str(heard)
    on_stage.jira.add_comment(issue(on_stage, "Пропуск").key, "Спасибо!", "anna")
    await until(lambda: said(pavel, "Спасибо!"), "the answer")
    assert not said(anna, "Спасибо!"), "nobody hears what they wrote themselves"


async def test_a_deleted_issue_is_told_to_the_manager_who_has_it_made_again(on_stage: Stage) -> None:
    await begin(on_stage)
    pavel = on_stage.users["pavel"]
    old = issue(on_stage, "Ноутбук").key
    on_stage.jira.delete(old, "irina")
    (told,) = await until(lambda: said(pavel, f"Задачу {old} к шагу «{LAPTOP}» удалили в Jira"), "the news")
    await pavel.press(told, "remake")
    new = await until(lambda: [one for one in on_stage.issues() if "Ноутбук" in one.summary], "the new issue")
    assert new[0].key != old
    await until(lambda: new[0].key in str(checklist(on_stage)), "its key in the plan")
    moves(on_stage, "irina", "Ноутбук", "Finish")
    await until(lambda: "1 / 4" in str(checklist(on_stage)), "the step that is done")


# --- people -> Jira


async def test_done_reopen_skip_and_change_in_slack_move_the_issues(on_stage: Stage) -> None:
    await begin(on_stage)
    anna, pavel = on_stage.users["anna"], on_stage.users["pavel"]
    await anna.press(checklist(on_stage), "done", value=value_of(checklist(on_stage), "badge"))
    await until(lambda: stage_of(on_stage, "Пропуск") == "done", "the issue that is done")
    await anna.say("вернуть badge")
    await until(lambda: stage_of(on_stage, "Пропуск") == "new", "the issue that is open again")
    change = "change <@U0ANNA> badge due 2026-12-04 priority highest"
    await pavel.command("/onboarding", change)
    await until(lambda: issue(on_stage, "Пропуск").duedate == datetime.date(2026, 12, 4), "the new day")
    assert issue(on_stage, "Пропуск").priority == "1"
    await until(lambda: said(anna, "Новый срок"), "the newcomer's news")
    await pavel.command("/onboarding", "change <@U0ANNA> laptop for <@U0GRACE>")
    await until(lambda: issue(on_stage, "Ноутбук").assignee == "grace", "the new assignee")
    await until(lambda: said(on_stage.users["grace"], "Hand out a laptop"), "the news of whoever has it now")
    await pavel.command("/onboarding", "skip <@U0ANNA> laptop")
    await until(lambda: stage_of(on_stage, "Ноутбук") == "done", "the issue that is not needed")
    assert issue(on_stage, "Ноутбук").resolution == "10001", "declined, and not done"
    await on_stage.webhooks.settled()
    assert not said(pavel, "Отмечено готовым в Jira"), "the echo of our own change is nobody's news"


async def test_a_workflow_of_its_own_is_walked_and_where_no_way_leads_is_told_in_plain_words(theatre: Theatre) -> None:
    async with theatre.opens(Set(site=SITE.with_workflow("IT", issuing()))) as on_stage:
        await begin(on_stage)
        pavel, admin = on_stage.users["pavel"], on_stage.users["admin"]
        await pavel.command("/onboarding", "done <@U0ANNA> laptop")
        (alert,) = await until(lambda: said(admin, "Jira не приняла поле «статус»"), "the alert")
        assert "из нынешнего статуса нет перехода в нужный" in str(alert)
        assert issue(on_stage, "Ноутбук").key in str(alert)
        await pavel.command("/onboarding", "reopen <@U0ANNA> laptop")
        moves(on_stage, "irina", "Ноутбук", "Принять")
        await until(lambda: "в работе" in str(checklist(on_stage)), "the note in the plan")
        await pavel.command("/onboarding", "done <@U0ANNA> laptop")
        await until(lambda: stage_of(on_stage, "Ноутбук") == "done", "the laptop that was handed out")
        assert (
            next(one.name for one in on_stage.jira.site.statuses if one.id == issue(on_stage, "Ноутбук").status)
            == "Выдано"
        )


# --- tasks


async def test_a_task_in_words_is_in_the_plan_and_in_jira_and_whoever_got_it_completes_it(on_stage: Stage) -> None:
    await begin(on_stage)
    pavel, grace = on_stage.users["pavel"], on_stage.users["grace"]
    given = 'task <@U0ANNA> "Подготовить мониторы" priority high due friday for <@U0GRACE>'
    await pavel.command("/onboarding", given)
    await until(lambda: said(pavel, "Задача в плане: «Подготовить мониторы»"), "the confirmation")
    (told,) = await until(lambda: said(grace, "A task was given to you"), "the news")
    made = await until(lambda: [one for one in on_stage.issues() if "мониторы" in one.summary], "the issue")
    assert (made[0].priority, made[0].duedate, made[0].assignee) == ("2", datetime.date(2026, 11, 27), "grace")
    assert "Анна Новикова" in made[0].summary
    await until(lambda: made[0].key in str(checklist(on_stage)), "its key in the plan")
    await until(lambda: made[0].key in texts(grace), "its key for whoever has no plan to see it in")
    assert "0 / 5" in str(checklist(on_stage))
    await grace.press(told, "done")
    await until(lambda: "1 / 5" in str(checklist(on_stage)), "the task that is done")
    await until(lambda: stage_of(on_stage, "мониторы") == "done", "its issue")


async def test_a_task_by_the_form_shows_errors_beside_its_fields_until_it_is_right(on_stage: Stage) -> None:
    await begin(on_stage)
    pavel, irina = on_stage.users["pavel"], on_stage.users["irina"]
    await irina.say("помощь")  # from the first word on the platform has vouched for her
    await until(irina.inbox, "the help")
    await pavel.command("/onboarding", "task")
    (modal,) = await until(lambda: list(on_stage.workspace.views.modals.values()), "the form")
    values = {"person": "U0ANNA", "title": "Заказать визитки", "priority": "low", "due": "2026-11-01"}
    answer = (await pavel.submit(modal.view, values)).json()
    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == ["due"]
    assert "уже прошёл" in answer["errors"]["due"]
    assert modal.is_open
    somebody = (await pavel.submit(modal.view, values | {"due": "2026-11-25", "person": "U0IRINA"})).json()
    assert "не в вашей команде" in somebody["errors"]["person"]
    assert not [one for one in on_stage.issues() if "визитки" in one.summary]
    await pavel.submit(modal.view, values | {"due": "2026-11-25"})
    assert "Задача в плане: «Заказать визитки»" in str(modal.view), "the form says what was understood"
    made = await until(lambda: [one for one in on_stage.issues() if "визитки" in one.summary], "the issue")
    assert (made[0].priority, made[0].duedate, made[0].assignee) == ("4", datetime.date(2026, 11, 25), "anna")
    await until(lambda: said(on_stage.users["anna"], "Новая задача для вас: «Заказать визитки»"), "the news")
    await until(lambda: "Заказать визитки" in str(checklist(on_stage)), "the task in the plan")
    assert "0 / 5" in str(checklist(on_stage))


async def test_an_assignee_without_an_account_leaves_the_issue_to_nobody_and_is_told(on_stage: Stage) -> None:
    on_stage.jira.people._users.pop("pavel")
    await begin(on_stage)
    made = issue(on_stage, "Ноутбук")
    assert made.assignee is None
    assert "Павел Орлов" in made.description
    (alert,) = await until(lambda: said(on_stage.users["admin"], "задача создана без исполнителя"), "the alert")
    assert made.key in str(alert)
    assert "Павел Орлов" in str(alert)
    assert await on_stage.running.bot.company.store.dead() == []


# --- what was missed


async def test_what_no_webhook_told_is_repaired_and_reported_on_demand(on_stage: Stage) -> None:
    await begin(on_stage)
    pavel, irina = on_stage.users["pavel"], on_stage.users["irina"]
    await irina.say("помощь")
    await until(irina.inbox, "the help")
    on_stage.webhooks.faults = WebhookFaults(drop=1.0)
    moves(on_stage, "irina", "Пропуск", "Finish")
    on_stage.jira.edit(issue(on_stage, "Ноутбук").key, {"duedate": datetime.date(2026, 12, 4)}, "irina")
    lost = issue(on_stage, "Пропуск").key
    assert "Сверка с Jira началась" in str((await pavel.command("/onboarding", "sync")).json())
    (summary,) = await until(lambda: said(pavel, "Сверка с Jira закончена"), "the result")
    assert "Расхождения были в 2 задачах" in str(summary)
    await until(lambda: "1 / 4" in str(checklist(on_stage)), "the step that is done")
    await pavel.press(summary, "drift")
    (report,) = await until(lambda: said(pavel, "взято из Jira"), "what differed")
    assert lost in str(report)
    assert "статус: у нас — не начато, в Jira — готово" in str(report)
    assert "4 декабря" in str(report)
    assert lost in str((await irina.command("/onboarding", "sync report")).json()) + texts(irina)


# --- epics, links, rules


@pytest.mark.parametrize("deployment", list(Deployment))
async def test_the_issues_of_a_journey_stand_under_one_epic(theatre: Theatre, deployment: Deployment) -> None:
    site = default_site(("ONB", "IT"), deployment=deployment)
    async with theatre.opens(Set(site=site), above="jira: {parent: Epic}\n") as on_stage:
        await begin(on_stage)
        (epic,) = [one for one in on_stage.issues() if one.issuetype == "10002"]
        assert epic.summary == "Первая неделя: Анна Новикова"
        below = [one for one in on_stage.issues() if one.key != epic.key]
        assert {one.parent for one in below} == {epic.key}
        assert len(below) == 2
        moves(on_stage, "irina", "Пропуск", "Finish")
        await until(lambda: "1 / 4" in str(checklist(on_stage)), "the step that is done")
        pavel = on_stage.users["pavel"]
        await pavel.say("stop <@U0ANNA>")
        (asked,) = await until(lambda: said(pavel, "Остановить онбординг?"), "the question")
        assert epic.key in str(asked)
        await pavel.press(asked, "stop-surely")
        await until(lambda: stage_of(on_stage, "Первая неделя") == "done", "the epic that is closed")


async def test_the_link_of_an_issue_leads_to_the_page_of_the_journey(theatre: Theatre) -> None:
    async with theatre.opens(Set(linked=True)) as on_stage, ClientSession() as browser:
        await begin(on_stage)
        (link,) = await until(lambda: issue(on_stage, "Пропуск").remote_links, "the link")
        assert "Первая неделя: Анна Новикова" in str(link.object)
        async with browser.get(link.object["url"]) as answer:
            assert answer.status == 200
            page = await answer.text()
        for words in ("Анна Новикова", BADGE, DOCS, issue(on_stage, "Ноутбук").key):
            assert words in page
        async with browser.get(link.object["url"][:-3] + "xyz") as answer:
            assert answer.status in {403, 404}


async def test_a_leaked_link_is_withdrawn_in_the_chat_and_the_issue_gets_another(theatre: Theatre) -> None:
    async with theatre.opens(Set(linked=True)) as on_stage, ClientSession() as browser:
        await begin(on_stage)
        (link,) = await until(lambda: issue(on_stage, "Пропуск").remote_links, "the link")
        leaked = link.object["url"]
        key = derived_key(SECRET_KEY.encode(), "journey-links")
        assert JourneyLinks("", key).permit(leaked.rpartition("/")[2]) is not None, "signed with another key"
        await on_stage.users["pavel"].command("/onboarding", "отозвать ссылки <@U0ANNA|anna>")
        await until(lambda: url_on(on_stage) != leaked, "another link")
        async with browser.get(leaked, headers={"Accept-Language": "ru"}) as answer:
            assert answer.status == 410
            assert "Ссылка больше не действует" in await answer.text()
        async with browser.get(url_on(on_stage)) as answer:
            assert answer.status == 200
            assert "Анна Новикова" in await answer.text()


def url_on(on_stage: Stage) -> str:
    (link,) = issue(on_stage, "Пропуск").remote_links
    return str(link.object["url"])


async def test_what_goes_wrong_becomes_one_ticket_each(on_stage: Stage, clock: Clock) -> None:
    await begin(on_stage)
    anna, pavel = on_stage.users["anna"], on_stage.users["pavel"]
    for _ in range(2):
        await anna.say("сколько спутников у Юпитера?")
    complaint = await anna.say(f"отзыв всё ужасно, никто не отвечает, я разочарована {MARKUP}")
    await anna.replay(complaint)
    for day in (25, 26, 27):
        clock.set(datetime.datetime(2026, 11, day, 9, tzinfo=datetime.UTC))
        while (await on_stage.running.bot.timers.fire()) <= 0:
            pass
        on_stage.running.bot.delivery.nudge()
    late = await until(lambda: [one for one in on_stage.issues() if "Просрочено" in one.summary], "the ticket")
    assert late[0].summary == f"Просрочено: {BADGE}, Анна Новикова"
    assert late[0].assignee == "pavel"
    await until(lambda: said(pavel, late[0].key), "the manager's news")
    await until(lambda: issue(on_stage, "Вопрос без ответа"), "the ticket of the question")
    assert "сколько спутников у Юпитера?" in issue(on_stage, "Вопрос без ответа").description
    feedback = issue(on_stage, "Отзыв: Анна Новикова").description
    assert "разочарована" in feedback
    assert not [one for one in MARKUP.split() if one in feedback], "words of people are no markup"
    assert plain(feedback).endswith(MARKUP)
    assert len([one for one in on_stage.issues() if re.search("Просрочено|Вопрос|Отзыв", one.summary)]) == 3


# --- a flood


async def test_a_flood_of_complaints_is_one_open_ticket_and_a_message_to_hr_for_each_that_is_taken(
    on_stage: Stage, clock: Clock
) -> None:
    anna, irina = on_stage.users["anna"], on_stage.users["irina"]
    for number in range(150):
        await anna.command("/onboarding", f"отзыв всё ужасно, я разочарована: {number}")
    shown = [str(one) for one in anna.whispers()]
    taken, refused = [[one for one in shown if re.search(words, one)] for words in ("Спасибо|Секунду", "я не выполнил")]
    assert len(taken) + len(refused) == 150
    assert 30 <= len(taken) < 150
    await until(lambda: len(said(irina, "разочарована")) == len(taken), "what HR was told")
    await until(lambda: len(issue(on_stage, "Отзыв: Анна Новикова").comments) == len(taken) - 1, "the comments")
    first = issue(on_stage, "Отзыв: Анна Новикова")
    told = [first.description, *(one.body for one in first.comments)]
    assert sorted(int(re.findall(r"[0-9]+", one)[-1]) for one in told) == list(range(len(told)))

    moves(on_stage, "irina", "Отзыв", "Finish")
    clock.set(FRIDAY + datetime.timedelta(minutes=5))
    await anna.command("/onboarding", "отзыв снова всё ужасно, никто не помог")
    await until(lambda: len([one for one in on_stage.issues() if "Отзыв" in one.summary]) == 2, "another ticket")
