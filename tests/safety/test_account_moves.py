"""A directory that gives an account to somebody else: whoever had it can no longer be reached, nor act, through it."""

from msgspec.structs import replace

from bot.directory import import_people
from bot.incoming import Account, Wrote
from bot.people import Person
from bot.results import Profile
from tests.bot.kit import ANNA, BORIS, HELGA, OLGA
from tests.bot.office import Office
from tests.bot.test_runner import phrases


def has(who: Person, account: str) -> Person:
    return replace(who, accounts={"chat": account})


async def owner(office: Office, account: str) -> str | None:
    found = await office.work().owner(Account("chat", account))
    return None if found is None else found.id


async def accounts(office: Office, who: Person) -> dict[str, str]:
    found = await office.work().person(who.id)
    assert found is not None
    return found.accounts


async def test_an_account_that_a_corrected_file_gives_to_another_is_theirs_alone(office: Office) -> None:
    """The file had given HR's account to Anna: HR must not go on as Anna, nor Anna as HR."""
    await import_people(office.bot.runner, [has(ANNA, "HELGA")])
    assert await accounts(office, HELGA) == {}
    assert await owner(office, "HELGA") == ANNA.id
    assert await owner(office, "ANNA") is None
    # Whatever is written about Helga later must not take the account back.
    mail = Account("mail", "helga")
    await import_people(office.bot.runner, [replace(HELGA, accounts={"mail": mail.id})])
    await office.receive(office.incoming(HELGA, Wrote("help"), account=mail))
    assert await owner(office, "HELGA") == ANNA.id


async def test_an_account_that_was_replaced_no_longer_speaks_for_the_person(office: Office) -> None:
    await import_people(office.bot.runner, [has(HELGA, "HELGA2")])
    assert await owner(office, "HELGA") is None
    await office.writes("HELGA", "status team")
    assert phrases(office, "HELGA") == ["stranger"]
    await office.writes("HELGA2", "status team")
    assert phrases(office, HELGA) == ["team-empty"]


async def test_who_has_lost_an_account_does_not_take_it_back_by_another_change_of_the_same_file(office: Office) -> None:
    for people in ([has(ANNA, "HELGA"), replace(HELGA, department="HR")], [replace(HELGA, department="People")]):
        await import_people(office.bot.runner, people)
        assert await owner(office, "HELGA") == ANNA.id
        assert await accounts(office, HELGA) == {}


async def test_two_who_swap_their_accounts_in_one_file(office: Office) -> None:
    await import_people(office.bot.runner, [has(ANNA, "BORIS"), has(BORIS, "ANNA")])
    assert (await owner(office, "BORIS"), await owner(office, "ANNA")) == (ANNA.id, BORIS.id)
    assert await accounts(office, ANNA) == {"chat": "BORIS"}
    assert await accounts(office, BORIS) == {"chat": "ANNA"}


async def test_three_who_hand_their_accounts_round(office: Office) -> None:
    await import_people(office.bot.runner, [has(ANNA, "BORIS"), has(BORIS, "OLGA"), has(OLGA, "ANNA")])
    owners = [await owner(office, one) for one in ("BORIS", "OLGA", "ANNA")]
    assert owners == [ANNA.id, BORIS.id, OLGA.id]


async def test_a_file_that_names_no_accounts_takes_none_away(office: Office) -> None:
    await import_people(office.bot.runner, [replace(ANNA, department="Sales")])
    assert await owner(office, "ANNA") == ANNA.id


async def test_an_address_that_now_belongs_to_another_account_is_no_longer_the_first_ones(office: Office) -> None:
    """Somebody left, or changed their address, and the platform vouches for it in other hands."""
    office.chat.profiles["HELGA2"] = Profile(Account("chat", "HELGA2"), HELGA.email)
    await office.writes("HELGA2", "status team")
    assert phrases(office, HELGA) == ["team-empty"]
    await office.writes("HELGA", "status team")
    assert phrases(office, "HELGA") == ["stranger"]
