"""The file of contacts: what is read from it, and what is said about one that cannot be used."""

from pathlib import Path
from typing import Any

import pytest

from bot.contacts import Contact, Contacts
from bot.contacts_file import ContactsShape, load_contacts, parse_contacts
from bot.file_shape import json_schema
from bot.message import Local
from bot.problem import Problem, ScenarioError

FULL = """\
contacts:
  - id: outlook
    topic: {ru: Почта, en: Mail}
    words: {ru: [почта, outlook], en: [mail, outlook]}
    name: Илья Петров
    email: Ilya.Petrov@Example.org
    departments: [Разработка]
    countries: [RU, KZ]
"""


def wrong(old: str, new: str) -> str:
    assert old in FULL
    return FULL.replace(old, new)


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as raised:
        parse_contacts(text, "contacts.yaml")
    return raised.value.problems


def test_every_key_arrives() -> None:
    (contact,) = parse_contacts(FULL, "contacts.yaml").contacts
    assert contact == Contact(
        id="outlook",
        topic=Local(ru="Почта", en="Mail"),
        words=("почта", "outlook", "mail"),
        name="Илья Петров",
        email="ilya.petrov@example.org",
        departments=("Разработка",),
        countries=("RU", "KZ"),
    )


@pytest.mark.parametrize(
    ("text", "field", "code"),
    [
        (wrong("id: outlook", "id: Out look"), "id", "format"),
        (wrong("topic: {ru: Почта, en: Mail}", "topic: Mail"), "topic", "type"),
        (wrong("topic: {ru: Почта, en: Mail}", "topic: {ru: Почта}"), "topic.en", "missing"),
        (wrong("[почта, outlook]", "[]"), "words.ru", "empty"),
        (wrong("[почта, outlook]", "[почта, почта]"), "words.ru", "repeated"),
        (wrong("[почта, outlook]", "[как]"), "words.ru.0", "word"),
        (wrong("en: [mail, outlook]", "de: [post]"), "words.de", "unknown-key"),
        (wrong("    name: Илья Петров\n", ""), "name", "missing"),
        (wrong("Илья Петров", '"Илья\\nПетров"'), "name", "line-break"),
        (wrong("Илья Петров", '"Илья\\u202eПетров"'), "name", "hidden-character"),
        (wrong("Ilya.Petrov@Example.org", "ilya"), "email", "email"),
        (wrong("Ilya.Petrov@Example.org", "'ilya@example.org, eve@evil.example'"), "email", "email"),
        (wrong("[RU, KZ]", "[ru]"), "countries.0", "format"),
        (wrong("[Разработка]", "Разработка"), "departments", "type"),
        (wrong("email:", "e-mail:"), "e-mail", "unknown-key"),
        (FULL + FULL.removeprefix("contacts:\n"), "id", "duplicate-id"),
    ],
)
def test_a_wrong_field_is_named(text: str, field: str, code: str) -> None:
    assert (field, code) in {(problem.field, problem.code) for problem in problems_of(text)}


def test_a_problem_names_the_file_the_line_and_the_contact() -> None:
    (problem,) = problems_of(wrong("Ilya.Petrov@Example.org", "ilya"))
    assert (problem.file, problem.line, problem.step) == ("contacts.yaml", 6, "outlook")


@pytest.mark.parametrize(
    "text", ["", "contacts:", "contacts: x", "- a", "contacts: [1]", "contacts: []\nrules: []", "{"]
)
def test_a_file_of_another_shape_is_refused(text: str) -> None:
    assert problems_of(text)


def test_no_file_is_a_company_without_contacts(tmp_path: Path) -> None:
    assert load_contacts(tmp_path) == load_contacts(tmp_path / "gone") == Contacts()
    (tmp_path / "contacts.yml").write_text(FULL, encoding="utf-8")
    assert load_contacts(tmp_path) == parse_contacts(FULL, "x")
    (tmp_path / "contacts.yaml").write_text(FULL, encoding="utf-8")
    with pytest.raises(ScenarioError, match="two-files"):
        load_contacts(tmp_path)


def test_the_schema_says_what_is_required() -> None:
    schema: dict[str, Any] = json_schema(ContactsShape)
    assert schema["$defs"]["ContactShape"]["required"] == ["id", "topic", "words", "name", "email"]


def test_the_contacts_shipped_are_found_by_their_topics() -> None:
    shipped = load_contacts(Path(__file__).parents[2] / "scenarios")
    asked = {
        "не приходит почта": "Илья Петров",
        "Outlook does not open": "Илья Петров",
        "как завести тикет в джире": "Владимир Сидоров",
        "who can help with Jira?": "Владимир Сидоров",
        "сколько дней отпуска": "Ирина Соколова",
        "forgot my laptop password": "Семён Админов",
    }
    assert {question: shipped.ranked(question)[0].name for question in asked} == asked
