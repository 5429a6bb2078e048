"""Whose language nobody knows is spoken to in the one that the platform tells, from the first words on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from bot.directory import import_people
from bot.incoming import Account, Installed, Place
from bot.people import Person, Policy
from bot.people_file import load_people
from bot.results import Profile
from tests.bot.kit import ANNA, BORIS
from tests.bot.office import Office, open_office

PEOPLE = """\
people:
  - {email: boris@example.com, name: Boris Orlov, roles: [manager], locale: en}
  - {email: dana@example.com, name: Dana Fox, manager: boris@example.com}
  - {email: egor@example.com, name: Egor Li, manager: boris@example.com, locale: ru}
"""
ENGLISH, RUSSIAN = "welcome", "добро пожаловать"


@pytest.fixture
async def office(redis_client: Redis, organisation: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(redis_client, organisation, people=()) as opened:
        await import_directory_of(opened, tmp_path)
        opened.chat.profiles["BORIS"] = Profile(Account("chat", "BORIS"), "boris@example.com")
        yield opened


async def import_directory_of(office: Office, folder: Path) -> None:
    (folder / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    await import_people(office.bot.runner, load_people(folder / "people.yaml"))


async def person(office: Office, email: str) -> Person:
    found = await office.work().person_by_email(email)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("handle", "told", "words"),
    [("dana", "en-US", ENGLISH), ("dana", "ru-RU", RUSSIAN), ("dana", None, RUSSIAN), ("egor", "en-US", RUSSIAN)],
)
async def test_a_newcomer_is_welcomed_in_the_language_that_the_platform_tells_where_the_directory_has_none(
    office: Office, handle: str, told: str | None, words: str
) -> None:
    office.chat.locales[handle.upper()] = told
    await office.writes(BORIS, f"start @{handle}")
    newcomer = await person(office, f"{handle}@example.com")
    said = office.chat.texts(newcomer)
    assert words in said[0].casefold()
    if handle == "dana" and told is not None:
        assert (newcomer.locale, newcomer.locale_source) == (told, "platform")


async def test_what_was_told_stays_when_the_directory_is_read_again_and_yields_to_a_language_in_it(
    office: Office, tmp_path: Path
) -> None:
    office.chat.locales["DANA"] = "en-US"
    await office.writes(BORIS, "start @dana")
    await import_directory_of(office, tmp_path)
    assert (await person(office, "dana@example.com")).locale == "en-US"
    named = [replace(one, locale="ru", locale_source="directory") for one in load_people(tmp_path / "people.yaml")]
    await import_people(office.bot.runner, named)
    assert (await person(office, "dana@example.com")).locale == "ru"


async def test_whom_we_have_spoken_with_before_is_not_suddenly_spoken_to_otherwise(
    office: Office, tmp_path: Path
) -> None:
    """Their record is from before languages had a source."""
    work = office.work()
    dana = (await person(office, "dana@example.com")).with_account(Account("chat", "DANA"))
    dana = replace(dana, locale_source="directory")
    await work.hand_over(None, dana)
    await work.read([f"person:{dana.id}"])
    work.put_person(dana)
    await office.store.commit(work.commit())
    await import_directory_of(office, tmp_path)
    office.chat.locales["DANA"] = "en-US"
    await office.writes(BORIS, "start @dana")
    assert RUSSIAN in office.chat.texts(dana)[0].casefold()


async def test_who_writes_first_is_answered_in_the_language_that_came_with_their_words(office: Office) -> None:
    office.chat.profiles["DANA"] = Profile(Account("chat", "DANA"), "dana@example.com")
    await office.writes("DANA", "hello", locale="en-GB")
    dana = await person(office, "dana@example.com")
    assert dana.locale == "en-GB"
    assert "Hello" in office.chat.texts(dana)[0] or "Hi" in office.chat.texts(dana)[0]


async def test_installing_tells_the_language_too(office: Office) -> None:
    office.chat.profiles["DANA"] = Profile(Account("chat", "DANA"), "dana@example.com")
    await office.receive(office.incoming("DANA", Installed(), locale="en-US"))
    assert (await person(office, "dana@example.com")).locale == "en-US"


@pytest.mark.parametrize(("of_profile", "of_words"), [("en-US", None), (None, "en-US")])
async def test_a_stranger_is_told_so_in_their_language(
    office: Office, of_profile: str | None, of_words: str | None
) -> None:
    office.chat.profiles["U0X"] = Profile(Account("chat", "U0X"), outside=True, locale=of_profile)
    place = Place("chat", "D0X")
    await office.writes("U0X", "привет", place=place, locale=of_words)
    await office.passes(minutes=5)
    reply = await office.commands("U0X", "help", place=place, locale=of_words)
    (said,) = office.chat.texts("D0X")
    assert said.startswith("Hello!")
    assert reply is not None
    assert reply.locale == "en-US"


async def test_who_is_welcome_by_their_domain_is_spoken_to_in_the_language_that_is_told(office: Office) -> None:
    office.chat.profiles["U0N"] = Profile(Account("chat", "U0N"), "new@example.org", locale="en-US")
    await office.writes("U0N", "hello")
    new = await person(office, "new@example.org")
    assert (new.locale, new.locale_source) == ("en-US", "platform")


def test_a_language_of_the_directory_is_nobody_elses_to_change() -> None:
    assert ANNA.speaking("en-US") == ANNA
    assert Policy().roles(ANNA.speaking(None)) == Policy().roles(ANNA)
