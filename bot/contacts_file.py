"""The file of contacts: who knows about what, edited by HR, validated as strictly as scenarios are."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from bot.contacts import Contact, Contacts
from bot.file_shape import (
    Department,
    ItemId,
    LocalTitle,
    NotEmpty,
    OneLine,
    Shape,
    Unique,
    Visible,
    Word,
    check_shape,
    is_email,
    refusal,
    repeated_ids,
)
from bot.people import normal_email
from bot.problem import ScenarioError
from bot.yaml_file import YamlFile, parse_yaml, read_one

FILES = ("contacts.yaml", "contacts.yml")
MAX_CONTACTS = 200


def _email(value: str) -> str:
    if not is_email(value):
        raise refusal("email", f"cannot be {value}", ("an e-mail address",))
    return normal_email(value)


Name = Annotated[str, StringConstraints(min_length=1, max_length=120), Visible, OneLine]
Email = Annotated[str, StringConstraints(max_length=320), AfterValidator(_email)]
Words = Annotated[tuple[Word, ...], Field(max_length=100, strict=False), Unique, NotEmpty]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class WordsShape(Shape):
    """The words of a topic, as people write them in either language: a question may be asked in both."""

    ru: Words
    en: Words


class ContactShape(Shape):
    """One topic and the person who knows about it."""

    id: ItemId
    topic: LocalTitle
    words: WordsShape
    name: Name
    email: Email
    departments: Annotated[tuple[Department, ...], Field(max_length=60, strict=False), Unique] = ()
    countries: Annotated[tuple[Country, ...], Field(max_length=60, strict=False), Unique] = ()


class ContactsShape(Shape):
    """The file of contacts. An empty list is a company whose managers and HR are asked about everything."""

    contacts: Annotated[tuple[ContactShape, ...], Field(max_length=MAX_CONTACTS, strict=False)]


def parse_contacts(text: str, file: str) -> Contacts:
    """The contacts in the text. Raises `ScenarioError` with every problem; `file` is how they name it."""
    return _contacts(parse_yaml(text, file, "contacts"))


def load_contacts(directory: Path) -> Contacts:
    """The contacts that stand beside the scenarios; none where there is no such file.

    Raises `ScenarioError` with every problem.
    """
    read = read_one(directory, FILES, "contacts")
    return _contacts(read) if read else Contacts()


def _contacts(read: YamlFile) -> Contacts:
    shape, problems = check_shape(ContactsShape, read, repeated_ids(read))
    if shape is None or problems:
        raise ScenarioError(problems)
    return Contacts(tuple(map(_contact, shape.contacts)))


def _contact(shape: ContactShape) -> Contact:
    return Contact(
        id=shape.id,
        topic=shape.topic.local(),
        words=tuple(dict.fromkeys((*shape.words.ru, *shape.words.en))),
        name=shape.name,
        email=shape.email,
        departments=shape.departments,
        countries=shape.countries,
    )
