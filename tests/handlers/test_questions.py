"""Questions get an answer with its source, or an honest no and a person to ask. Help is by role."""

import pytest

from bot.incoming import Place
from bot.message import Phrase
from bot.speech import MAX_TEXT
from bot.texts import speaker
from tests.bot.kit import ANNA, BORIS, HELGA, OLGA, OSCAR
from tests.bot.office import Office
from tests.handlers.test_onboarding import begin, heard, hears, key, phrase


@pytest.mark.parametrize(
    "text",
    ["how do I connect to the VPN?", "ask how do I connect to the VPN?", "/onboarding ask: VPN", "VPN не работает"],
)
async def test_a_question_is_answered_with_its_source(office: Office, text: str) -> None:
    await office.writes(ANNA, text)
    (answer,) = office.chat.to(ANNA)
    assert answer.text == "Start the client."
    assert [link.url for link in answer.message.links] == ["https://it.example/vpn"]


async def test_a_question_keeps_its_words_and_loses_the_verb(office: Office) -> None:
    await office.writes(ANNA, "ask how do I get from the office to the VPN?")
    await office.commands(ANNA, "вопрос про VPN для ноутбука")
    await office.commands(ANNA, "what is it for?")
    assert office.handbook.asked == [
        "how do I get from the office to the VPN?",
        "про VPN для ноутбука",
        "what is it for?",
    ]


async def test_the_answer_is_in_the_language_of_whoever_asks(office: Office) -> None:
    await office.writes(OLGA, "VPN?")
    assert office.chat.texts(OLGA) == ["Запустите клиент."]


async def test_a_question_by_slash_hears_that_it_is_being_looked_for(office: Office) -> None:
    assert key(await office.commands(ANNA, "how does the vpn work")) == "looking"
    assert office.chat.texts(ANNA) == ["Start the client."]


async def test_a_question_in_a_channel_is_answered_there(office: Office) -> None:
    await office.writes(ANNA, "vpn?", place=Place("chat", "C1", "t", private=False))
    assert office.chat.texts("C1") == ["Start the client."]
    assert office.chat.texts(ANNA) == []


@pytest.mark.parametrize("start", ["", "ask ", "task @anna "])
async def test_what_is_too_long_to_be_read_whole_is_told_so_and_nothing_is_done(office: Office, start: str) -> None:
    text = start + "w" * (MAX_TEXT + 1 - len(start))
    await office.writes(BORIS, text)
    assert heard(office, BORIS) == ["text-too-long"]
    assert key(await office.commands(BORIS, text)) == "text-too-long"
    await office.writes(ANNA, text, place=Place("chat", "C1", "t", private=False))
    assert office.chat.texts("C1") == [speaker("en")(Phrase("text-too-long", {"most": MAX_TEXT}))]
    assert office.handbook.asked == []


async def test_a_long_question_is_looked_up_to_its_end(office: Office) -> None:
    question = ("where do the herons sleep? " * 200)[: MAX_TEXT - 5] + " vpn?"
    await office.writes(ANNA, question)
    assert office.handbook.asked == [question]
    assert office.chat.texts(ANNA) == ["Start the client."]


async def test_what_nobody_knows_is_passed_on_to_the_manager(office: Office) -> None:
    await office.writes(ANNA, "where do the herons sleep?")
    (said,) = office.chat.to(ANNA)
    assert phrase(said.message) == "no-answer"
    (button,) = said.message.buttons
    await office.passes_on(ANNA, button.value)
    assert heard(office, ANNA) == ["no-answer", "preview", "question-passed"]
    (passed,) = office.chat.to(BORIS)
    assert phrase(passed.message) == "question-passed-on"
    assert [fact.value for fact in passed.message.facts] == ["where do the herons sleep?"]


async def test_a_head_asks_hr(office: Office) -> None:
    await office.writes(OSCAR, "where do the herons sleep?")
    (button,) = office.chat.to(OSCAR)[0].message.buttons
    await office.passes_on(OSCAR, button.value)
    assert heard(office, HELGA) == ["question-passed-on"]


async def test_the_only_one_of_hr_has_nobody_to_ask(office: Office) -> None:
    await office.writes(HELGA, "where do the herons sleep?")
    (said,) = office.chat.to(HELGA)
    assert phrase(said.message) == "no-answer-nobody"
    assert said.message.buttons == ()
    await office.passes_on(HELGA, "where?")
    assert hears(office, HELGA) == "outdated"


@pytest.mark.parametrize(("text", "meant"), [("chanel", "channel"), ("готво 4", "готово"), ("статуc @anna", "статус")])
async def test_a_misspelt_command_without_an_answer_is_said_to_be_one(office: Office, text: str, meant: str) -> None:
    await office.writes(ANNA, text)
    (said,) = office.chat.to(ANNA)
    assert said.message.text == Phrase("verb-misspelt", {"written": text.split()[0], "meant": meant})


async def test_what_begins_with_a_command_that_is_spelt_right_is_not_called_misspelt(office: Office) -> None:
    await office.writes(HELGA, "вопросы цапель")
    assert hears(office, HELGA) == "no-answer-nobody"


async def test_what_is_spelt_like_a_command_and_has_an_answer_is_answered(office: Office) -> None:
    await office.writes(ANNA, "channels vpn")
    assert office.chat.texts(ANNA) == ["Start the client."]


@pytest.mark.parametrize("text", ["", "  ", "???", "👋", "ask", "/onboarding ask"])
async def test_nothing_to_answer_is_a_hello(office: Office, text: str) -> None:
    await office.writes(ANNA, text)
    assert heard(office, ANNA) == ["hello"]
    assert office.handbook.asked == []


# --- small talk


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Привет!", "hello"),
        ("hi there", "hello"),
        ("Доброе утро, коллеги", "hello"),
        ("спасибо", "talk-thanks"),
        ("Спасибо вам большое!!!", "talk-thanks"),
        ("thanks", "talk-thanks"),
        ("ок, понял, спасибо 🙏", "talk-thanks"),
        ("👍", "talk-thanks"),
        ("Всё понятно", "talk-fine"),
        ("пока", "talk-bye"),
        ("Привет, как дела?", "talk-how"),
        ("what’s up?", "talk-how"),
        ("Ты бот?", "talk-who"),
        ("/onboarding кто ты", "talk-who"),
        ("плохой бот", "talk-sorry"),
        ("ghbdtn!", "hello"),
        ("cgfcb,j", "talk-thanks"),
        ("руддщ", "hello"),
        ("позовите человека", "talk-human"),
    ],
)
async def test_small_talk_is_answered_in_kind_and_never_looked_up(office: Office, text: str, answer: str) -> None:
    await office.writes(ANNA, text)
    assert heard(office, ANNA) == [answer]
    assert office.handbook.asked == []


@pytest.mark.parametrize(
    "text", ["спасибо, а где VPN?", "hi, where is the office", "пока не понял", "бот", "ok " * 40, "good"]
)
async def test_small_talk_around_a_question_is_a_question(office: Office, text: str) -> None:
    await office.writes(ANNA, text)
    assert office.handbook.asked == [text.strip()]


async def test_who_wants_a_person_is_told_of_one(office: Office) -> None:
    await office.writes(ANNA, "talk to a human")
    assert BORIS.email in office.chat.texts(ANNA)[0]
    await office.writes(HELGA, "talk to a human")
    assert heard(office, HELGA) == ["talk-human-nobody"]


async def test_a_hello_offers_help_and_the_plan(office: Office) -> None:
    await office.writes(ANNA, "hello")
    help_, plan = office.chat.to(ANNA)[0].message.buttons
    await office.presses(ANNA, help_.action, help_.value)
    await office.presses(ANNA, plan.action, plan.value)
    assert heard(office, ANNA) == ["hello", "help", "journey-none"]


# --- help


@pytest.mark.parametrize("text", ["help", "помощь", "Помогите!", "/onboarding", "/онбординг справка", "команды"])
async def test_help_is_given_to_whoever_asks(office: Office, text: str) -> None:
    await office.writes(ANNA, text)
    assert heard(office, ANNA) == ["help"]


async def test_help_shows_what_this_person_may_do(office: Office) -> None:
    verbs: dict[str, list[str]] = {}
    for reader in (ANNA, BORIS, HELGA):
        await office.writes(reader, "help")
        facts = office.chat.to(reader)[0].message.facts
        verbs[reader.handle] = [fact.name.key for fact in facts if isinstance(fact.name, Phrase)]
    heads_only = [f"usage-{name}" for name in ("start", "stop", "task", "change", "skip", "sync", "withdraw")]
    everybodys = (
        "status",
        "tasks",
        "done",
        "reopen",
        "ask",
        "search",
        "feedback",
        "reply",
        "rephrase",
        "channel",
        "whoami",
    )
    assert verbs["anna"] == [f"usage-{name}" for name in everybodys]
    assert verbs["boris"] == ["usage-status", "usage-team", *verbs["anna"][1:], *heads_only]
    assert verbs["helga"] == [*verbs["boris"], "usage-faq", "usage-answers"]


async def test_a_button_of_an_older_bot_is_said_to_be_out_of_date(office: Office) -> None:
    await office.presses(ANNA, "dance", "x")
    assert hears(office, ANNA) == "outdated"
    assert key(await office.submits(ANNA, "dance")) == "outdated"


async def test_a_greeting_in_the_middle_of_an_onboarding_is_still_a_greeting(office: Office) -> None:
    await begin(office)
    await office.writes(ANNA, "здравствуйте")
    assert hears(office, ANNA) == "hello"
