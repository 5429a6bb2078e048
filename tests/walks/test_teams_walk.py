"""The main job in Teams, and one person across channels: signed activities in, the connector out, Slack beside it."""

import asyncio
import datetime
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from redis.asyncio import Redis

from bot.directory import import_people
from bot.incoming import Account
from bot.work import Work
from sandbox.faults import Kind, Rule
from sandbox.teams import Message, TeamsUser
from sandbox.teams import Person as Member
from tests.walks.kit import Clock, Set, Stage, said, stage, until, until_known
from wiring.parts import ForTests

MOSCOW = ZoneInfo("Europe/Moscow")
WITH_TEAMS = Set(teams=True)
START = "start anna@company.example newcomer 2026-12-01"
HANGS = 600.0  # seconds: for ever, as far as a walk is concerned


def at(day: int, hour: int) -> datetime.datetime:
    """A moment of December 2026 in Moscow."""
    return datetime.datetime(2026, 12, day, hour, tzinfo=MOSCOW).astimezone(datetime.UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.datetime(2026, 11, 20, 12, tzinfo=MOSCOW).astimezone(datetime.UTC))


@pytest.fixture
async def on_stage(tmp_path: Path, store_url: str, organisation: str, clock: Clock) -> AsyncIterator[Stage]:
    async with stage(tmp_path, store_url, organisation, ForTests(clock=clock), WITH_TEAMS) as it:
        yield it


def read(member: TeamsUser, words: str) -> list[Message]:
    """The bot's messages to somebody that have these words in them, as they see them now."""
    return [message for message in member.inbox() if words in str(message.activity)]


async def plan_of(member: TeamsUser) -> Message:
    plan: Message = (await until(lambda: read(member, "/ 18"), "the checklist"))[0]
    return plan


async def begin(on_stage: Stage) -> Message:
    """A journey that is begun in Teams; returns the newcomer's checklist."""
    anna, pavel = on_stage.members["anna"], on_stage.members["pavel"]
    for member in (anna, pavel):
        await member.install()
        await until(lambda one=member: read(one, "Здравствуйте"), "the hello")  # type: ignore[misc]
    await pavel.say(START)
    return await plan_of(anna)


async def known_in_both(on_stage: Stage) -> None:
    """Anna has spoken in Slack and then in Teams."""
    await on_stage.users["anna"].say("помощь")
    await until(on_stage.users["anna"].inbox, "the help in Slack")
    await on_stage.members["anna"].install()
    await until(lambda: read(on_stage.members["anna"], "Здравствуйте"), "the hello in Teams")


async def kept(redis: Redis, organisation: str) -> dict[bytes, bytes | None]:
    """Everything that the store has of the company, to be compared; but for the buckets of the rates, which fill with
    time alone."""
    prefix = f"bb:{{{organisation}}}:"
    keys = sorted([key async for key in redis.scan_iter(match=f"{prefix}*")])
    return {key: await redis.dump(key) for key in keys if not key.startswith(f"{prefix}rate:".encode())}


async def test_whoever_adds_the_bot_is_greeted_once(on_stage: Stage) -> None:
    anna = on_stage.members["anna"]
    assert [reply.status for reply in await anna.install()] == [201, 201]
    await until(lambda: read(anna, "Здравствуйте"), "the hello")
    await anna.say("помощь")
    await until(lambda: read(anna, "готово"), "the help")
    assert len(read(anna, "Здравствуйте")) == 1


async def test_who_never_wrote_is_welcomed_where_the_directory_says_that_they_are(on_stage: Stage) -> None:
    anna, runner = on_stage.members["anna"], on_stage.running.bot.runner
    on_stage.teams.install(anna.person)
    known = await Work(runner.company, runner.now()).person(on_stage.person("anna"))
    assert known is not None
    await import_people(runner, [known.with_account(Account("teams", anna.person.aad_object_id.lower()))])
    await on_stage.users["pavel"].command("/onboarding", "start <@U0ANNA|anna> newcomer 2026-12-01")
    await until(lambda: read(anna, "добро пожаловать"), "the welcome")
    await plan_of(anna)
    assert not said(on_stage.users["anna"], "добро пожаловать")


async def test_a_question_is_answered_with_its_source(on_stage: Stage) -> None:
    anna = on_stage.members["anna"]
    await anna.install()
    await anna.say("как подключить VPN?")
    (answer,) = await until(lambda: read(anna, "VPN за пять минут"), "the answer")
    assert "Источник" in str(answer.activity) or "https://" in str(answer.activity)


async def test_a_mention_in_a_channel_is_answered_in_its_thread(on_stage: Stage) -> None:
    anna, company = on_stage.members["anna"], on_stage.teams
    team = company.add_team("Разработка", *company.people)
    channel = company.channel(team)
    await anna.install(team)
    await anna.mention(channel, "как подключить VPN?")
    answer = await until(lambda: _with(anna.in_channel(channel), "VPN за пять минут"), "the answer")
    question = next(one for one in company.messages if one.by == anna.person.id)
    assert answer.thread == question.id


def _with(messages: list[Message], words: str) -> Message | None:
    return next((one for one in messages if words in str(one.activity)), None)


async def test_a_team_is_greeted_and_nobody_gets_a_private_message_for_that(on_stage: Stage) -> None:
    anna, company = on_stage.members["anna"], on_stage.teams
    team = company.add_team("Разработка", *company.people)
    await anna.install(team)
    await until(lambda: _with(anna.in_channel(company.channel(team)), "Всем привет"), "the hello")
    assert not anna.inbox()


@pytest.mark.parametrize("words", ["onboarding status", "/onboarding status", "status", "статус"])
async def test_commands_are_text_with_and_without_the_slash(on_stage: Stage, words: str) -> None:
    await begin(on_stage)
    pavel = on_stage.members["pavel"]
    await pavel.say(words)
    await until(lambda: read(pavel, "Анна Новикова"), "the status")


async def test_a_button_changes_its_card_in_the_answer_and_in_place_and_makes_the_issue(on_stage: Stage) -> None:
    plan = await begin(on_stage)
    anna = on_stage.members["anna"]
    reply = await anna.press(plan, "done", value=_value(plan, "read-docs"))
    assert reply.ok, reply
    told = reply.json()
    assert (told["statusCode"], told["type"]) == (200, "application/vnd.microsoft.card.adaptive")
    assert "1 / 18" in str(told["value"])
    assert "1 / 18" in str(anna.inbox()[_place_of(anna, plan)].cards)
    await until(lambda: "1 / 18" in str(_original(on_stage, plan).cards), "the update in place")
    assert len(read(anna, "/ 18")) == 1, "there is one plan, and it is the same message"
    await until(lambda: [one for one in on_stage.issues() if "документации" in one.summary], "the issue")
    await until(lambda: read(on_stage.members["pavel"], "ONB-"), "the manager's message")


def _value(plan: Message, step: str) -> str:
    """The value of the step's button."""
    return next(value for value in _values(plan.cards) if value.endswith(f" {step}"))


def _values(shown: Any) -> list[str]:
    if isinstance(shown, list):
        return [value for one in shown for value in _values(one)]
    if not isinstance(shown, dict):
        return []
    own = [str(shown["data"]["value"])] if shown.get("type") == "Action.Execute" and "value" in shown["data"] else []
    return own + [value for one in shown.values() for value in _values(one)]


def _place_of(member: TeamsUser, message: Message) -> int:
    return [one.id for one in member.inbox()].index(message.id)


def _original(on_stage: Stage, message: Message) -> Message:
    """As whoever has pressed nothing sees it."""
    return next(one for one in on_stage.teams.messages if one.id == message.id)


async def test_a_manager_completes_their_steps_from_the_card_of_their_list(on_stage: Stage) -> None:
    pavel = on_stage.members["pavel"]
    await pavel.install()
    await until(lambda: read(pavel, "Здравствуйте"), "the hello")
    await pavel.say("start anna@company.example newcomer 2026-11-20")
    await until(lambda: read(pavel, "Закажите ноутбук, пропуск"), "the message about the step")
    await pavel.say("/onboarding tasks")
    (listed,) = await until(lambda: read(pavel, "Вас ждут 2 дела"), "the list")
    assert "Закажите ноутбук, пропуск" in str(listed.cards)
    reply = await pavel.press(listed, "task-done", value=_value(listed, "prepare-workplace"))
    assert "Вас ждёт 1 дело" in str(reply.json()["value"])
    assert "Закажите ноутбук, пропуск" not in str(reply.json()["value"])


async def test_a_press_that_comes_again_is_answered_with_the_same_card(on_stage: Stage) -> None:
    plan = await begin(on_stage)
    anna = on_stage.members["anna"]
    reply = await anna.press(plan, "done", value=_value(plan, "read-docs"))
    again = await anna.replay(reply)
    assert (again.status, again.body) == (reply.status, reply.body)


async def test_a_person_is_named_by_a_mention_in_a_channel(on_stage: Stage) -> None:
    anna, pavel, company = on_stage.members["anna"], on_stage.members["pavel"], on_stage.teams
    team = company.add_team("Разработка", *company.people)
    await pavel.install(team)
    await anna.install()
    name = anna.person.name
    await pavel.mention(company.channel(team), f"start @{name} newcomer 2026-12-01", mentioning=[anna.person])
    await plan_of(anna)


async def test_a_stop_is_confirmed_on_its_card_which_then_says_what_was_done(on_stage: Stage) -> None:
    await begin(on_stage)
    anna, pavel = on_stage.members["anna"], on_stage.members["pavel"]
    await pavel.say("стоп Анна Новикова")
    asked = (await until(lambda: read(pavel, "Остановить онбординг?"), "the question"))[0]
    assert "Анна Новикова, Павел Орлов" in str(asked.cards)
    (surely,) = [value for value in _values(asked.cards) if " " in value]
    assert (await pavel.press(asked, "stop-surely", value=surely)).ok
    await until(lambda: read(anna, "онбординг остановлен"), "what the newcomer hears")
    await until(lambda: "Готово, онбординг остановлен" in str(_original(on_stage, asked).activity), "the changed card")
    assert "stop-surely" not in str(pavel.inbox()[_place_of(pavel, asked)].activity)


async def test_a_form_is_a_card_that_says_what_is_wrong_and_goes_away_when_it_is_right(on_stage: Stage) -> None:
    pavel = on_stage.members["pavel"]
    await pavel.install()
    await pavel.say("start")
    form = (await until(lambda: read(pavel, "Input.Date"), "the form"))[0]
    filled = {"person": "anna@company.example", "scenario": "newcomer", "date": "1999-01-01"}
    assert (await pavel.press(form, "submit", inputs=filled)).ok
    await until(lambda: read(pavel, "1999-01-01"), "what is wrong")
    assert (await pavel.press(form, "submit", inputs={**filled, "date": "2026-12-01"})).ok
    assert "Input.Date" not in str(pavel.inbox()[_place_of(pavel, form)].cards)
    await until(lambda: read(pavel, "Онбординг начат: Анна Новикова"), "the confirmation")


async def test_a_journey_begun_in_slack_goes_on_in_teams_and_each_shows_what_is_done_in_the_other(
    on_stage: Stage,
) -> None:
    slack, teams = on_stage.users["anna"], on_stage.members["anna"]
    await on_stage.users["pavel"].command("/onboarding", "start <@U0ANNA|anna> newcomer 2026-12-01")
    (there,) = await until(lambda: said(slack, "read-docs"), "the checklist in Slack")
    await slack.say("готово read-docs")
    await until(lambda: said(slack, "1 / 18"), "the first step, done in Slack")
    await teams.install()
    await until(lambda: read(teams, "рад встрече и здесь"), "the hello of somebody whom we know")
    here = (await until(lambda: read(teams, "1 / 18"), "the same plan in Teams"))[0]
    assert (await teams.press(here, "done", value=_value(here, "meet-mentor"))).ok
    now = await until(lambda: [one for one in said(slack, "2 / 18") if one["ts"] == there["ts"]], "the update in Slack")
    assert len(now) == 1
    await slack.say("готово paperwork")
    await until(lambda: "3 / 18" in str(_original(on_stage, here).cards), "the update in Teams")


async def test_guests_strangers_and_other_companies_are_turned_away(on_stage: Stage) -> None:
    email, elsewhere = "anna@company.example", "11111111-1111-4111-8111-111111111111"
    ids = ("a0000000-0000-4000-8000-000000000001", "a0000000-0000-4000-8000-000000000002")
    guest = Member(name="Guest", email=email, user_principal_name="g@x.example", role="guest", aad_object_id=ids[0])
    stranger = Member(name="Mallory", email="mallory@elsewhere.example")
    other = Member(name="Other", email=email, tenant_id=elsewhere, aad_object_id=ids[1])
    on_stage.teams.hire(guest, stranger, other)
    for one in (guest, stranger):
        member = TeamsUser(on_stage.teams, one, on_stage.running.address)
        await member.install()
        await member.say("статус")
        await until(lambda who=member: read(who, "в справочнике не нахожу"), "the polite line")  # type: ignore[misc]
        assert len(member.inbox()) == 1
    foreign = TeamsUser(on_stage.teams, other, on_stage.running.address)
    assert [reply.status for reply in await foreign.install()] == [403, 403]
    assert (await foreign.say("статус")).status == 403
    assert foreign.inbox() == []


async def test_who_is_taken_out_of_a_team_and_has_become_a_guest_is_nobody_any_more(on_stage: Stage) -> None:
    irina, company = on_stage.members["irina"], on_stage.teams
    team = company.add_team("HR", *company.people)
    await on_stage.members["pavel"].install(team)
    await irina.install()
    await irina.say("кто я")
    await until(lambda: read(irina, "Вот что я о вас знаю"), "the answer")
    await irina.leave(team)  # into another team, and nothing else
    await irina.say("статус команды")
    await until(lambda: read(irina, "нет онбординга"), "the answer of HR")
    irina.person.role = "guest"
    team.members.append(irina.person)
    await irina.leave(team)
    work = Work(on_stage.running.bot.company, on_stage.running.bot.runner.now())

    async def account() -> bool:
        found = await Work(work.company, work.now).person(on_stage.person("irina"))
        return found is not None and found.accounts == {}

    await until_known(account, "the account that is nobody's")
    seen = len(read(irina, "нет онбординга"))
    await irina.say("статус команды")
    await until(lambda: read(irina, "в справочнике не нахожу"), "the polite line")
    assert len(read(irina, "нет онбординга")) == seen


async def test_who_has_removed_the_bot_is_reminded_elsewhere(on_stage: Stage, clock: Clock) -> None:
    await known_in_both(on_stage)
    slack, teams = on_stage.users["anna"], on_stage.members["anna"]
    await teams.say("помощь")
    await until(lambda: read(teams, "готово"), "the help")
    await on_stage.users["pavel"].command("/onboarding", "start <@U0ANNA|anna> newcomer 2026-12-01")
    await plan_of(teams)
    assert not said(slack, "/ 18")
    await teams.uninstall()
    seen = len(teams.inbox())
    clock.set(at(1, 9))
    while await on_stage.running.bot.timers.fire() <= 0:
        pass
    on_stage.running.bot.delivery.nudge()
    await until(lambda: said(slack, "Сегодня открылись"), "the news in Slack")
    assert len(teams.inbox()) == seen


async def test_who_has_blocked_the_bot_is_told_elsewhere(on_stage: Stage) -> None:
    await known_in_both(on_stage)
    slack, teams = on_stage.users["anna"], on_stage.members["anna"]
    teams.block()
    await on_stage.users["pavel"].command("/onboarding", "start <@U0ANNA|anna> newcomer 2026-12-01")
    await until(lambda: said(slack, "/ 18"), "the plan in Slack")


async def test_a_channel_of_ones_own_choice_gets_the_notifications(on_stage: Stage) -> None:
    await known_in_both(on_stage)
    slack, teams = on_stage.users["anna"], on_stage.members["anna"]
    await slack.say("канал teams")
    await until(lambda: said(slack, "уведомления приходят в Teams"), "the answer")
    await on_stage.users["pavel"].command("/onboarding", "start <@U0ANNA|anna> newcomer 2026-12-01")
    await plan_of(teams)
    assert not said(slack, "/ 18")


async def test_whoami_shows_both_accounts_and_where_news_go(on_stage: Stage) -> None:
    await known_in_both(on_stage)
    anna = on_stage.members["anna"]
    await anna.say("кто я?")
    (told,) = await until(lambda: read(anna, "Вот что я о вас знаю"), "the answer")
    shown = str(told.cards)
    assert "anna@company.example" in shown
    assert "Slack" in shown
    assert "Teams — там вы писали в последний раз" in shown


async def test_answers_come_in_time_while_jira_hangs(on_stage: Stage) -> None:
    plan = await begin(on_stage)
    on_stage.jira_faults.add(Rule(kind=Kind.HANG, seconds=HANGS))
    anna = on_stage.members["anna"]
    assert (await anna.press(plan, "done", value=_value(plan, "read-docs"))).ok
    assert (await anna.say("status")).ok
    await until(lambda: "1 / 18" in str(_original(on_stage, plan).cards), "the update in place")
    on_stage.jira_faults.release()


async def test_a_teams_that_cannot_be_written_to_holds_up_nobody(on_stage: Stage) -> None:
    """An answer that cannot be sent stays in its lane; what comes in is committed all the same."""
    anna = on_stage.members["anna"]
    await anna.install()
    await until(lambda: read(anna, "Здравствуйте"), "the hello")
    on_stage.teams_faults.add(Rule(kind=Kind.RATE_LIMIT, match="POST /", retry_after=1, times=1))
    assert (await anna.say("помощь")).status == 201
    await until(lambda: read(anna, "готово"), "the help, after the pause that Teams has asked for")


async def test_what_nobody_vouches_for_writes_nothing(on_stage: Stage, redis_client: Redis, organisation: str) -> None:
    anna, issuer = on_stage.members["anna"], on_stage.teams.issuer
    await anna.install()
    await until(lambda: read(anna, "Здравствуйте"), "the hello")
    good = await anna.say("помощь")
    await until(lambda: read(anna, "готово"), "the help")
    before = await _at_rest(redis_client, organisation)
    forged = {**good.activity, "id": "1764059400123", "text": "статус"}
    url = on_stage.teams.service_url
    for token in ("", "x", issuer.token(url, audience="another"), issuer.token(None), issuer.token(url, kid="none")):
        assert (await anna.send(forged, token)).status == 401
    elsewhere = {**forged, "channelData": {"tenant": {"id": "11111111-1111-4111-8111-111111111111"}}}
    assert (await anna.send(elsewhere)).status == 403
    assert (await anna.send({**forged, "type": "messageUpdate"})).status == 200
    assert await kept(redis_client, organisation) == before


async def _at_rest(redis: Redis, organisation: str) -> dict[bytes, bytes | None]:
    """What the store has, once nothing changes in it any more."""
    before = await kept(redis, organisation)
    while (after := await kept(redis, organisation)) != before:
        before = after
        await asyncio.sleep(0)
    return before


async def test_an_activity_that_comes_again_to_another_process_is_one_act(
    tmp_path: Path, store_url: str, organisation: str, redis_client: Redis
) -> None:
    async with stage(tmp_path, store_url, organisation, wanted=WITH_TEAMS) as today:
        anna = today.members["anna"]
        await anna.install()
        await until(lambda: read(anna, "Здравствуйте"), "the hello")
        sent = await anna.say("помощь")
        await until(lambda: read(anna, "готово"), "the help")
        assert (await anna.replay(sent)).status == 201
        assert len(read(anna, "готово")) == 1
    async with stage(tmp_path, store_url, organisation, wanted=WITH_TEAMS) as tomorrow:
        before = await _at_rest(redis_client, organisation)
        assert (await tomorrow.members["anna"].replay(sent)).status == 201
        assert await _at_rest(redis_client, organisation) == before
