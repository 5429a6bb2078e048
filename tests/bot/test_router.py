"""Which texts are commands and which are questions, in both languages; who may use which."""

import pytest

from bot.incoming import Commanded, Opened, Pressed, Said, Submitted, Wrote
from bot.message import Message, Phrase, Reply
from bot.people import Person, Role
from bot.router import Handler, Routes, Verb, route
from bot.turn import Turn
from handlers.routes import ROUTES
from tests.bot.kit import ADAM, ANNA, BORIS, HELGA
from tests.bot.office import Office


def _named(name: str) -> Handler:
    async def handler(turn: Turn) -> Reply | None:
        said = " ".join((name, *turn.words)) if name != "question" else f"question: {turn.text}"
        return Reply("en", Message(said))

    return handler


def _recording(verb: Verb) -> Verb:
    return Verb(
        name=verb.name,
        words=verb.words,
        handler=_named(verb.name),
        roles=verb.roles,
        in_free_text=verb.in_free_text,
        asks=verb.asks,
    )


TABLE = Routes(
    verbs=tuple(map(_recording, ROUTES.verbs)),
    actions={name: _named(f"action {name}") for name in ROUTES.actions},
    forms={name: _named(f"form {name}") for name in ROUTES.forms},
    opened=_named("opened"),
    installed=_named("installed"),
    removed=_named("removed"),
    ask=_named("question"),
    help=_named("help"),
)


async def routed(office: Office, said: Said, who: Person = BORIS) -> str:
    """The handler that gets it, and with what."""
    turn = Turn(office.company, office.clock(), office.incoming(who, said, answers_at_once=True), who)
    reply = await route(TABLE, turn)
    assert reply is not None
    assert reply.message is not None
    text = reply.message.text
    return text.key if isinstance(text, Phrase) else str(text)


@pytest.mark.parametrize(
    ("text", "handler"),
    [
        ("status", "status"),
        ("Статус!", "status"),
        ("прогресс команды", "status команды"),
        ("status of @anna", "status @anna"),
        ("status team", "status team"),
        ("План", "status"),
        ("статус Анна Смирнова", "status Анна Смирнова"),
        ("старт", "start"),
        ("Отменить!", "stop"),
        ("отзыв: всё понравилось", "feedback всё понравилось"),
        ("done", "done"),
        ("готово.", "done"),
        ("Done reading", "done reading"),
        ("выполнено 3", "done 3"),
        ("start @anna newcomer", "start @anna newcomer"),
        ("начать для <@U1> с завтра", "start <@U1> завтра"),
        ("отменить anna@example.org", "stop anna@example.org"),
        ('task @anna "Prepare a laptop"', "task @anna Prepare a laptop"),
        ("Задача!", "task"),
        ("поручить @anna стол", "task @anna стол"),
        ("перенести @anna 2 на пятницу", "change @anna 2 пятницу"),
        ("reopen papers", "reopen papers"),
        ("вернуть «Встреча с ментором»", "reopen Встреча с ментором"),
        ("пропустить @anna 2", "skip @anna 2"),
        ("Сверка", "sync"),
        ("sync report", "sync report"),
        ("help", "help"),
        ("Помогите!", "help"),
        ("команды", "help"),
        ("ask where is it?", "ask where is it?"),
        ("вопрос: где пропуск?", "ask где пропуск?"),
        ("/status", "status"),
        ("/onboarding", "help"),
        ("onboarding", "help"),
        ("Онбординг статус", "status"),
        ("/onboarding start", "start"),
        ("/onboarding what is new?", "question: what is new?"),
    ],
)
async def test_a_text_is_a_command(office: Office, text: str, handler: str) -> None:
    assert await routed(office, Wrote(text)) == handler


@pytest.mark.parametrize(
    "text",
    [
        "what is the status of my leave?",
        "status of my leave application",
        "статус моего отпуска?",
        "статус VPN",
        "отзыв куда писать?",
        "задача не создаётся в Jira",
        "изменить пароль",
        "вернуть ноутбук",
        "пропустить обед",
        "сверка с бухгалтерией",
        "done?",
        "готово ли моё рабочее место?",
        "done is better than perfect, as they always say around here you know",
        "start of the working day",
        "старт продаж когда",
        "stop sending me this",
        "help me with the VPN",
        "привет, как подключить VPN",
        "Привет!",
        "hi there",
        "how do I connect to the VPN?",
        "@anna",
        "starting @anna",
        "🙂",
    ],
)
async def test_a_text_is_a_question(office: Office, text: str) -> None:
    assert await routed(office, Wrote(text)) == f"question: {text}"


@pytest.mark.parametrize(
    ("text", "handler"),
    [
        ("", "help"),
        ("   ", "help"),
        ("start", "start"),
        ("stop sending", "stop sending"),
        ("status of my leave", "status my leave"),
        ("done?", "question: done?"),
        ("здача @anna стол", "verb-misspelt"),
        ("statuss", "verb-misspelt"),
        ("статусы задач в Jira", "question: статусы задач в Jira"),
        ("how do I connect?", "question: how do I connect?"),
        ("/onboarding status", "status"),
    ],
)
async def test_after_the_slash_a_verb_is_a_verb(office: Office, text: str, handler: str) -> None:
    assert await routed(office, Commanded(text)) == handler


@pytest.mark.parametrize("verb", ["start @anna", "stop @anna"])
async def test_some_verbs_are_for_heads(office: Office, verb: str) -> None:
    assert await routed(office, Wrote(verb), ANNA) == "not-allowed"
    for head in (BORIS, HELGA, ADAM):
        assert await routed(office, Wrote(verb), head) == verb


async def test_everybody_is_an_employee(office: Office) -> None:
    turn = Turn(office.company, office.clock(), office.incoming(ANNA, Wrote("x")), ANNA)
    assert turn.has(Role.EMPLOYEE)
    assert not turn.has(Role.MANAGER, Role.HR, Role.ADMIN)


@pytest.mark.parametrize(
    ("said", "handler"),
    [
        (Pressed("done", "j papers"), "action done j papers"),
        (Pressed("dance", ""), "outdated"),
        (Submitted("start", {}), "form start"),
        (Submitted("dance", {}), "outdated"),
        (Opened(), "opened"),
    ],
)
async def test_buttons_and_forms_find_their_handlers_by_the_table(office: Office, said: Said, handler: str) -> None:
    assert await routed(office, said) == handler


async def test_no_word_names_two_verbs() -> None:
    words = [word for verb in ROUTES.verbs for word in verb.words]
    assert len(words) == len(set(words))
