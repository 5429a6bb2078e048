"""Whom a question is for: by its words, in any form of them, and by who asks."""

import pytest

from bot.contacts import Contact, Contacts
from tests.bot.kit import local


def contact(name: str, *words: str, **more: tuple[str, ...]) -> Contact:
    return Contact(id=name, topic=local(name), words=words, name=name, email=f"{name}@example.org", **more)


MAIL = contact("mail", "почта", "outlook", "почтовый ящик")
JIRA = contact("jira", "jira", "джира", "тикет")
CONTACTS = Contacts((MAIL, JIRA))


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("не приходит почта", MAIL),
        ("Что с почтой?", MAIL),
        ("OUTLOOK does not open", MAIL),
        ("как завести тикеты в джире", JIRA),
        ("письма из Jira", JIRA),
        ("где почтовый ящик?", MAIL),
        ("ящик с инструментами", None),
        ("почему", None),
        ("", None),
        ("¯\\_(ツ)_/¯", None),
    ],
)
def test_a_topic_is_found_by_its_words_in_any_form(question: str, meant: Contact | None) -> None:
    assert CONTACTS.ranked(question)[:1] == ([meant] if meant else [])


def test_the_topic_with_most_words_of_the_question_comes_first() -> None:
    assert CONTACTS.ranked("тикет в jira о почте") == [JIRA, MAIL]
    assert CONTACTS.ranked("jira и outlook") == [MAIL, JIRA], "as in the file, when both have as many"


def test_a_word_in_two_spellings_is_counted_once() -> None:
    twice = contact("twice", "ящик", "ящики")
    other = contact("other", "отпуск")
    assert Contacts((other, twice)).ranked("отпуск и ящик") == [other, twice]


def test_a_contact_serves_whom_it_is_for() -> None:
    sales = contact("sales", "jira", departments=("Продажи",))
    british = contact("british", "jira", countries=("GB",))
    contacts = Contacts((sales, british, JIRA))
    assert contacts.ranked("jira", "продажи ", "RU")[0] == sales
    assert contacts.ranked("jira", "Разработка", "GB")[0] == british
    assert contacts.ranked("jira", "Разработка", "RU")[0] == JIRA


def test_a_company_without_contacts_has_none() -> None:
    assert Contacts().ranked("jira") == []
