"""An account is somebody's for as long as the platform says so: it is asked again day by day, and when it changes."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot import vouching
from bot.directory import import_people
from bot.errors import Retry
from bot.incoming import Account, AccountChanged
from bot.people import Person, Role, person_id
from bot.results import Profile
from tests.bot.kit import ANNA, BORIS, EVERYBODY, HELGA, person
from tests.bot.office import Office, open_office
from tests.bot.test_runner import phrases

NINA = person("nina", "Nina Berg", locale="en", roles=frozenset({Role.HR}))
HERS = Account("chat", "UNINA")


def vouch(office: Office, email: str | None = NINA.email, *, outside: bool = False, account: Account = HERS) -> None:
    office.chat.profiles[account.id] = Profile(account, email, outside=outside)


async def owner(office: Office, account: Account = HERS) -> str | None:
    found = await office.work().owner(account)
    return None if found is None else found.id


def asked(office: Office) -> int:
    return office.chat.calls.count("whose")


async def changes(office: Office, email: str | None, *, outside: bool = False) -> None:
    await office.receive(office.incoming(HERS.id, AccountChanged(email, outside)))


@pytest.fixture
async def office(redis_client: Redis, organisation: str) -> AsyncIterator[Office]:
    """Nina of HR is known by her address alone, and has spoken."""
    async with open_office(redis_client, organisation) as opened:
        await import_people(opened.bot.runner, [NINA])
        vouch(opened)
        await opened.writes(HERS.id, "status team")
        assert phrases(opened, NINA) == ["team-empty"]
        yield opened


# --- by the day


async def test_within_a_day_nobody_is_asked_about_again(office: Office) -> None:
    await office.passes(hours=23)
    await office.writes(HERS.id, "status team")
    assert asked(office) == 1


async def test_who_has_become_a_guest_has_no_role_a_day_later(office: Office) -> None:
    await office.passes(hours=24)
    vouch(office, None, outside=True)
    await office.writes(HERS.id, "status team")
    assert phrases(office, NINA) == ["team-empty"]
    assert phrases(office, HERS.id) == ["stranger"]
    assert await owner(office) is None
    await office.commands(HERS.id, "status team")
    assert phrases(office, NINA) == ["team-empty"]
    assert asked(office) == 2


async def test_who_is_still_a_member_is_answered_after_one_question(office: Office) -> None:
    await office.passes(hours=25)
    for _ in range(3):
        await office.writes(HERS.id, "status team")
    assert phrases(office, NINA) == ["team-empty"] * 4
    assert asked(office) == 2


async def test_whoever_may_do_what_everybody_may_is_answered_while_the_platform_is_asked(office: Office) -> None:
    account = Account("chat", "UDORA")
    dora = person("dora", "Dora Maar")
    await import_people(office.bot.runner, [dora])
    vouch(office, dora.email, account=account)
    await office.writes(account.id, "help")
    await office.passes(hours=24)
    vouch(office, None, outside=True, account=account)
    await office.writes(account.id, "help")
    assert await owner(office, account) is None
    await office.writes(account.id, "help")
    assert phrases(office, dora) == ["help", "help"]


async def test_a_platform_that_fails_takes_nothing_away(office: Office) -> None:
    await office.passes(hours=24)
    office.chat.meets(Retry("503", after=60.0))
    await office.writes(HERS.id, "status team")
    assert await owner(office) == NINA.id
    await office.passes(seconds=120)
    assert phrases(office, NINA) == ["team-empty"] * 2


# --- another address


async def test_a_new_address_that_the_directory_knows_makes_it_that_persons_account(office: Office) -> None:
    married = person("nina.stone", "Nina Stone", roles=frozenset({Role.HR}))
    await import_people(office.bot.runner, [married])
    vouch(office, married.email)
    await changes(office, married.email)
    assert await owner(office) == married.id
    await office.writes(HERS.id, "status team")
    assert phrases(office, married) == ["team-empty"]
    assert phrases(office, HERS.id) == []


async def test_a_new_address_that_nobody_knows_is_kindly_said_to_be_the_reason(office: Office) -> None:
    vouch(office, "nina@elsewhere.org")
    await changes(office, "nina@elsewhere.org")
    assert await owner(office) is None
    assert phrases(office, HERS.id) == ["stranger-moved"]
    assert office.chat.texts(HERS.id)[0].startswith("Your work e-mail seems to have changed")
    await office.passes(hours=2)
    await office.commands(HERS.id, "status team")
    reply = await office.commands(HERS.id, "status team")
    assert reply is not None
    assert "stranger-moved" in str(reply.message)


async def test_a_new_address_of_a_welcome_domain_is_a_new_person_who_is_told_so(office: Office) -> None:
    vouch(office, "nina.stone@example.org")
    await changes(office, "nina.stone@example.org")
    assert await owner(office) == person_id("nina.stone@example.org")
    assert phrases(office, HERS.id) == ["stranger-moved"]
    await office.writes(HERS.id, "status team")
    new = await office.work().owner(HERS)
    assert new is not None
    assert phrases(office, new) == ["team-of-heads"]


# --- when the platform tells of a change


@pytest.mark.parametrize("email", [NINA.email, NINA.email.upper()])
async def test_a_change_that_is_none_of_the_address_is_asked_about_by_nobody(office: Office, email: str) -> None:
    await changes(office, email)
    assert asked(office) == 1


async def test_what_the_platform_leaves_out_is_asked_for(office: Office) -> None:
    await changes(office, None)
    assert asked(office) == 2
    assert await owner(office) == NINA.id


async def test_who_becomes_a_guest_has_no_role_from_then_on(office: Office) -> None:
    vouch(office, None, outside=True)
    await changes(office, NINA.email, outside=True)
    assert await owner(office) is None
    await office.writes(HERS.id, "status team")
    assert phrases(office, NINA) == ["team-empty"]
    record = await office.work().person(NINA.id)
    assert record is not None
    assert (record.roles, record.accounts) == (NINA.roles, {})


async def test_a_change_is_not_believed_but_asked_about(office: Office) -> None:
    await changes(office, "eve@elsewhere.org", outside=True)
    assert asked(office) == 2
    assert await owner(office) == NINA.id


async def test_changes_of_people_whom_nobody_knows_are_nothing_to_us(office: Office) -> None:
    await office.receive(office.incoming("UELSE", AccountChanged("x@example.org")))
    assert asked(office) == 1


async def test_a_stranger_who_becomes_a_member_need_not_wait_an_hour(office: Office) -> None:
    dora, account = person("dora", "Dora Maar"), Account("chat", "UDORA")
    await import_people(office.bot.runner, [dora])
    vouch(office, None, outside=True, account=account)
    await office.writes(account.id, "help")
    vouch(office, dora.email, account=account)
    await office.receive(office.incoming(account.id, AccountChanged(dora.email)))
    assert await owner(office, account) == dora.id


# --- accounts that the directory names


async def test_an_account_that_the_directory_names_needs_no_address(office: Office) -> None:
    vouch(office, "private@elsewhere.org", account=Account("chat", "HELGA"))
    await office.receive(office.incoming("HELGA", AccountChanged("private@elsewhere.org")))
    await rounds(office)
    assert await owner(office, Account("chat", "HELGA")) == HELGA.id


async def test_a_guest_whom_the_directory_names_is_none_of_us_however_often_it_is_imported(office: Office) -> None:
    guest = Account("chat", "HELGA")
    vouch(office, None, outside=True, account=guest)
    await rounds(office)
    assert await owner(office, guest) is None
    for department in ("HR", "People"):
        named = Person(
            id=HELGA.id, email=HELGA.email, name=HELGA.name, department=department, accounts={"chat": "HELGA"}
        )
        await import_people(office.bot.runner, [named])
        assert await owner(office, guest) is None


# --- the rounds


async def rounds(office: Office) -> None:
    await office.bot.runner.run("test", vouching.plan_next)
    await office.idle()


async def test_a_round_asks_about_everybody_once_a_day_and_a_few_at_a_time(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vouching, "ASKED", 3)
    before = asked(office)
    await rounds(office)
    assert asked(office) - before == 3
    for _ in range(4):
        await office.passes(seconds=30)
    assert asked(office) - before == len(EVERYBODY), "all but Nina, who was asked about a moment ago"
    await office.passes(hours=2)
    await rounds(office)
    assert asked(office) - before == len(EVERYBODY)
    for _ in range(4 * 24):
        await office.passes(minutes=15)
    assert asked(office) - before >= 2 * len(EVERYBODY) + 1


async def test_who_has_become_a_guest_is_found_by_a_round_though_they_do_nothing(office: Office) -> None:
    vouch(office, None, outside=True)
    await office.passes(hours=20)
    await rounds(office)
    assert await owner(office) is None


async def test_two_starts_are_one_round(office: Office) -> None:
    before = asked(office)
    await rounds(office)
    await rounds(office)
    assert asked(office) - before == len(EVERYBODY)


async def test_who_is_asked_about_gets_no_other_persons_account(office: Office) -> None:
    """The directory may name an account of somebody whose address is another's."""
    vouch(office, BORIS.email, account=Account("chat", "ANNA"))
    await rounds(office)
    assert await owner(office, Account("chat", "ANNA")) == ANNA.id
