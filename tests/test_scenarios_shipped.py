"""The scenarios and answers that come with the project."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answers.embedder import Embedder
from bot.answers.service import Answers
from bot.answers.synonyms import FILE, load_synonyms
from bot.faq_file import FaqEntry, load_faq
from bot.faq_lint import lint_faq
from bot.message import Local
from bot.rules import PLACEHOLDERS, Rules
from bot.rules_file import load_rules, rules_with_file
from bot.rules_lint import lint_rules
from bot.scenario import Scenario, fill
from bot.scenario_file import load_scenarios, scenarios_with_files
from bot.scenario_lint import lint
from bot.yaml_file import read_directory
from tests.bot.answers.asking import answering, first

SCENARIOS = Path(__file__).parent.parent / "scenarios"

# Questions that the FAQ of a company does not answer, some of them near in words to ones that it does.
OFF_TOPIC_RU = """
Какая столица Австралии?
Кто написал «Войну и мир»?
Сколько планет в Солнечной системе?
Как приготовить борщ?
Какая завтра погода?
Когда родился Чехов?
Где находится Эрмитаж?
Сколько лет живут черепахи?
Кто выиграл чемпионат мира по футболу?
Почему небо голубое?
Посоветуй хороший фильм на вечер
Как вырастить помидоры на балконе?
Какой курс доллара?
Расскажи анекдот
Чем кормить котёнка?
Как решить квадратное уравнение?
Когда отменили крепостное право?
Какая самая длинная река в мире?
Кто изобрёл радио?
Как доехать до Байкала на поезде?
Сколько калорий в яблоке?
В чём смысл жизни?
Как называется столица Перу?
Сколько струн у скрипки?
""".strip().splitlines()

OFF_TOPIC_EN = """
What is the capital of Australia?
Who wrote War and Peace?
How many planets are there?
How do I cook borscht?
What is the weather like tomorrow?
When was Chekhov born?
How far away is the moon?
How long do turtles live?
Who won the football world cup?
Why is the sky blue?
Recommend a good film for tonight
How do I grow tomatoes on a balcony?
What is the exchange rate of the dollar?
Tell me a joke
What do kittens eat?
How do I solve a quadratic equation?
Which river is the longest in the world?
Who invented the radio?
How many calories does an apple have?
What is the meaning of life?
How do I change the oil in my car?
Set a timer for ten minutes
Translate thank you into Spanish
How many strings does a violin have?
""".strip().splitlines()

# As colleagues type them; none of these sentences stands in the FAQ.
ASKED = {
    "как подключить впн": "vpn",
    "Подскажите, пожалуйста, как мне настроить vpn на новом ноутбуке": "vpn",
    "как падключить впн": "vpn",
    "how to connect vpn": "vpn",
    "у меня не подключается впн, выдаёт ошибку": "vpn-trouble",
    "как сменить пороль": "password",
    "i forgot my pasword": "password",
    "не приходит смс с кодом": "two-factor",
    "пароль от wifi": "wifi",
    "мне нужен второй монитор": "equipment",
    "украли рабочий ноутбук": "lost-device",
    "мне пришло подозрительное письмо со ссылкой": "phishing",
    "нет доступа к джире": "jira-access",
    "где находится база знаний": "confluence-access",
    "хочу в отпуск": "vacation-request",
    "how many days of vacation do I get": "vacation-days",
    "как взять больничный": "sick-leave",
    "I'm sick today": "sick-leave",
    "когда выплачивается аванс": "salary-days",
    "when do I get my salary": "salary-days",
    "does insurance cover dental": "medical-insurance",
    "how long does probation last": "probation",
    "можно работать из дома?": "remote-work",
    "english classes": "english-lessons",
    "кто мой наставник": "mentor",
    "меня отправляют в командировку": "business-trip",
    "how to get reimbursed": "expenses",
    "потерял бейдж": "badge",
    "book a meeting room": "meeting-room",
    "кто отвечает за интеграцию с Outlook": "integration-help",
    "сколько длится интеграция сервиса": "integration-time",
    "как запросить интеграцию": "request-integration",
    "будет ли мониторинг интеграций": "performance-monitoring",
}

# The model takes half a minute of a processor for the whole FAQ: `make chaos` does that, `make test` asks for a part.
WHOLE = pytest.param("dense", marks=pytest.mark.chaos)
FEW = {question: ASKED[question] for question in list(ASKED)[::8]}


@pytest.fixture(scope="module")
def scenarios() -> dict[str, Scenario]:
    return load_scenarios(SCENARIOS)


@pytest.fixture(scope="module")
def faq() -> tuple[FaqEntry, ...]:
    return load_faq(SCENARIOS / "faq")


@pytest.fixture(scope="module")
def knowledge(faq: tuple[FaqEntry, ...]) -> Answers:
    return answering(faq, synonyms=load_synonyms(SCENARIOS / FILE))


@pytest.fixture(scope="module")
def dense(faq: tuple[FaqEntry, ...], model: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """Half a minute of a processor."""
    vectors = tmp_path_factory.mktemp("vectors") / "vectors"
    return answering(faq, synonyms=load_synonyms(SCENARIOS / FILE), model=(model, vectors))


@pytest.fixture(scope="module")
def dense_part(faq: tuple[FaqEntry, ...], model: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """As `dense`, out of the few entries that FEW asks for."""
    vectors = tmp_path_factory.mktemp("vectors") / "vectors"
    entries = [entry for entry in faq if entry.id in FEW.values()]
    return answering(entries, synonyms=load_synonyms(SCENARIOS / FILE), model=(model, vectors))


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules(SCENARIOS)


def test_two_scenarios_of_a_dozen_steps_and_more(scenarios: dict[str, Scenario]) -> None:
    assert set(scenarios) == {"newcomer", "team-lead"}
    assert all(len(scenario.steps) >= 12 for scenario in scenarios.values())


def test_the_scenarios_have_no_warnings(scenarios: dict[str, Scenario]) -> None:
    with_files = scenarios_with_files(SCENARIOS).values()
    assert len(scenarios) == len(with_files)
    assert [str(warning) for scenario, read in with_files for warning in lint(scenario, read)] == []


def test_every_event_has_a_rule_and_the_rules_have_no_warnings(rules: Rules, scenarios: dict[str, Scenario]) -> None:
    assert {rule.event for rule in rules.rules} == set(PLACEHOLDERS)
    _, read = rules_with_file(SCENARIOS)
    assert read is not None
    assert [str(warning) for warning in lint_rules(rules, scenarios, read)] == []


def test_no_question_of_the_faq_is_asked_twice() -> None:
    assert [str(warning) for warning in lint_faq(read_directory(SCENARIOS / "faq", "entries"))] == []


def test_a_question_about_vacations_that_nobody_answers_becomes_a_ticket_and_one_about_lunch_does_not(
    rules: Rules,
) -> None:
    assert [rule.id for rule in rules.unanswered("Переносится ли отпуск на следующий год?", "ИТ")] == ["missing-answer"]
    assert rules.unanswered("Где вы обычно обедаете?", "ИТ") == ()


def test_the_documentation_is_read_on_the_first_day_and_the_manager_gets_an_issue(
    scenarios: dict[str, Scenario],
) -> None:
    step = scenarios["newcomer"].step("read-docs")
    assert step
    assert step.jira
    assert step.title.ru == "Изучение корпоративной документации"
    assert (step.day, step.after, step.who) == (0, (), "newcomer")
    assert step.jira.summary.ru == "Завершение этапа: Изучение корпоративной документации"
    assert (step.jira.on, step.jira.assignee, step.jira.type) == ("done", "manager", "Task")
    assert step.jira.priority
    assert step.jira.due
    assert step.jira.labels


def test_the_issue_says_what_the_integration_document_shows_in_words_that_fit_women_and_men(
    scenarios: dict[str, Scenario],
) -> None:
    newcomer = scenarios["newcomer"]
    step = newcomer.step("read-docs")
    assert step
    assert step.jira
    assert step.jira.description
    values = {"name": "Анна Смирнова", "step": step.title.ru, "scenario": newcomer.title.ru}
    assert fill(step.jira.description.ru, values).startswith(
        "Этап «Изучение корпоративной документации» в сценарии онбординга «Первые 90 дней» успешно завершён. "
        "Сотрудник: Анна Смирнова."
    )


def test_no_text_bends_a_verb_by_who_the_name_belongs_to(scenarios: dict[str, Scenario], rules: Rules) -> None:
    """A past tense beside a name is a man's or a woman's: "Анна завершил" is neither."""
    templates = [step.jira for scenario in scenarios.values() for step in scenario.steps if step.jira is not None]
    issues = [*templates, *(rule.issue for rule in rules.rules)]
    for text in filter(None, (part for issue in issues for part in (issue.summary, issue.description))):
        assert not re.search(r"\{name\}(?:\s+\w+о)?\s+\w+(?:ла?|лся|лась)\b", text.ru), text.ru


def test_steps_wait_for_the_documentation(scenarios: dict[str, Scenario]) -> None:
    waiting = [step.id for step in scenarios["newcomer"].steps if "read-docs" in step.after]
    assert {"security-training", "jira-training", "meet-mentor"} <= set(waiting)


def texts(scenarios: dict[str, Scenario], faq: tuple[FaqEntry, ...], rules: Rules) -> Iterator[Local]:
    for scenario in scenarios.values():
        for step in scenario.steps:
            yield step.title
            yield from filter(None, (step.text, step.jira and step.jira.description))
    for entry in faq:
        yield from (entry.question, entry.answer)
    for rule in rules.rules:
        yield from filter(None, (rule.issue.summary, rule.issue.description))


def test_texts_are_in_their_language_and_set_with_care(
    scenarios: dict[str, Scenario], faq: tuple[FaqEntry, ...], rules: Rules
) -> None:
    for text in texts(scenarios, faq, rules):
        assert re.search("[а-яё]", text.ru), text.ru
        assert not re.search("[а-яё]", text.en, re.IGNORECASE), text.en
        assert '"' not in text.ru, text.ru
        assert " - " not in text.ru, text.ru
        assert "  " not in text.ru + text.en, text


def test_the_only_addresses_are_those_of_the_example_company_and_of_the_integration_document(
    scenarios: dict[str, Scenario], faq: tuple[FaqEntry, ...], rules: Rules
) -> None:
    for text in texts(scenarios, faq, rules):
        for host in re.findall(r"(?:@|https://)([\w.-]*\w)", text.ru + " " + text.en):
            assert host.endswith("butterboard.example") or host == "butterboard.online", host


def test_the_contacts_are_those_of_the_integration_document(faq: tuple[FaqEntry, ...]) -> None:
    answer = next(entry.answer.ru for entry in faq if entry.id == "integration-help")
    assert "Илья Петров, ilya.petrov@butterboard.online" in answer
    assert "Владимир Сидоров, v.sidorov@butterboard.online" in answer


def test_there_are_forty_everyday_questions_beside_those_of_the_integration_document(
    faq: tuple[FaqEntry, ...],
) -> None:
    from_document = [entry for entry in faq if entry.source_title.ru == "Интеграция сервисов"]
    assert len(from_document) >= 7
    assert len(faq) - len(from_document) >= 40


@pytest.mark.parametrize("by", ["knowledge", WHOLE])
async def test_every_question_finds_its_own_answer(
    faq: tuple[FaqEntry, ...], by: str, request: pytest.FixtureRequest
) -> None:
    knowledge, missed = request.getfixturevalue(by), []
    for entry in faq:
        for question in (entry.question.ru, entry.question.en, *entry.also, *entry.keywords):
            answer = (await knowledge.find(question, "ru")).best
            if answer is None or answer.id != entry.id:
                missed.append((entry.id, question, answer and answer.id))
    assert missed == []


@pytest.mark.parametrize(("question", "expected"), ASKED.items())
async def test_questions_in_other_words_are_answered_or_theirs_is_offered_first(
    knowledge: Answers, question: str, expected: str
) -> None:
    assert first(await knowledge.find(question, "ru")) == expected


async def test_nearly_all_of_them_are_answered_outright(knowledge: Answers) -> None:
    offered = [question for question in ASKED if (await knowledge.find(question, "ru")).band != "answer"]
    assert len(offered) <= len(ASKED) / 8, offered


@pytest.mark.parametrize(("question", "expected"), FEW.items())
async def test_with_vectors_some_of_them_are_answered_outright_out_of_a_part_of_the_faq(
    dense_part: Answers, question: str, expected: str
) -> None:
    answer = (await dense_part.find(question, "ru")).best
    assert answer
    assert answer.id == expected


@pytest.mark.parametrize("question", [*OFF_TOPIC_RU[::8], *OFF_TOPIC_EN[::8]])
async def test_with_vectors_a_part_of_the_faq_does_not_answer_something_else(
    dense_part: Answers, question: str
) -> None:
    assert (await dense_part.find(question, "en")).best is None


@pytest.mark.chaos
@pytest.mark.parametrize(("question", "expected"), ASKED.items())
async def test_with_vectors_each_of_them_is_answered_outright(dense: Answers, question: str, expected: str) -> None:
    answer = (await dense.find(question, "ru")).best
    assert answer
    assert answer.id == expected


@pytest.mark.parametrize("by", ["knowledge", WHOLE])
@pytest.mark.parametrize("question", [*OFF_TOPIC_RU, *OFF_TOPIC_EN])
async def test_questions_about_something_else_are_not_answered(
    by: str, question: str, request: pytest.FixtureRequest
) -> None:
    assert (await request.getfixturevalue(by).find(question, "en")).best is None


@pytest.mark.parametrize("by", ["knowledge", WHOLE])
async def test_something_to_choose_from_is_offered_for_hardly_any_of_them(
    by: str, request: pytest.FixtureRequest
) -> None:
    knowledge, every = request.getfixturevalue(by), [*OFF_TOPIC_RU, *OFF_TOPIC_EN]
    offered = [question for question in every if (await knowledge.find(question, "en")).band != "unknown"]
    assert len(offered) <= len(every) / 15, offered


async def test_how_to_connect_the_vpn_is_answered_well(knowledge: Answers) -> None:
    answer = (await knowledge.find("как подключить VPN?", "ru")).best
    assert answer
    assert answer.source == "Инструкция «VPN за пять минут»"
    assert all(part in answer.text for part in ("1. Установите клиент", "vpn.butterboard.example", "Не получается?"))
