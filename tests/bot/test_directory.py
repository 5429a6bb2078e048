"""Taking a directory into the store: what the file says wins, what people did themselves stays."""

import datetime

import pytest
from msgspec.structs import replace

from bot.directory import BATCH, Imported, import_people
from bot.incoming import Account
from bot.people import Person, Policy, Role
from bot.ports import Commit, Verdict
from tests.bot.kit import ADAM, ANNA, BORIS, EVERYBODY, HELGA, OSCAR, moment, person
from tests.bot.office import Office
from tests.bot.test_runner import phrases


async def taken(office: Office, *people: Person) -> tuple[int, int, int]:
    counts = await import_people(office.bot.runner, people)
    await office.idle()
    return counts.new, counts.changed, counts.same


async def team(office: Office, head: Person) -> list[str]:
    return [one.name for one in await office.work().team(head.id)]


async def known(office: Office, who: Person) -> Person:
    found = await office.work().person(who.id)
    assert found is not None
    return found


async def test_people_are_new_once_and_then_the_same(office: Office) -> None:
    nina = person("nina", "Nina Berg")
    assert await taken(office, nina) == (1, 0, 0)
    assert await taken(office, nina) == (0, 0, 1)
    assert await taken(office, replace(nina, department="Sales")) == (0, 1, 0)
    assert await taken(office, *EVERYBODY) == (0, 0, len(EVERYBODY))


async def test_nobody_is_a_change_of_nothing(office: Office) -> None:
    assert await import_people(office.bot.runner, ()) == Imported()


async def test_more_people_than_fit_one_commit(office: Office) -> None:
    many = [person(f"p{number}", f"P {number}", manager=BORIS.id) for number in range(BATCH * 2 + 1)]
    assert await taken(office, *many) == (len(many), 0, 0)
    assert len(await team(office, BORIS)) == len(many) + 1


async def test_what_is_decided_again_after_a_conflict_is_counted_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, verdicts = office.store.commit, [Verdict("conflict")] * 3

    async def contested(wanted: Commit) -> Verdict:
        return verdicts.pop() if verdicts else await commit(wanted)

    monkeypatch.setattr(office.store, "commit", contested)
    assert await taken(office, person("nina", "Nina Berg"), ANNA) == (1, 0, 1)


async def test_what_people_did_themselves_stays(office: Office) -> None:
    await office.writes(ANNA, "help")
    await office.opens_home(ANNA)
    await taken(office, replace(ANNA, name="Anna Orlova", accounts={"mail": "anna@example.org"}))
    anna = await known(office, ANNA)
    assert (anna.name, anna.reach, anna.homes) == ("Anna Orlova", "chat", ("chat",))
    assert anna.accounts == {"chat": "ANNA", "mail": "anna@example.org"}
    assert await office.work().owner(Account("mail", "anna@example.org")) == anna


async def test_a_new_manager_takes_the_person_into_their_team(office: Office) -> None:
    assert await team(office, BORIS) == ["Anna Smirnova"]
    await taken(office, replace(ANNA, manager=OSCAR.id))
    assert await team(office, BORIS) == []
    assert sorted(await team(office, OSCAR)) == ["Anna Smirnova", "Olga Petrova"]
    await taken(office, replace(ANNA, manager=None))
    assert await team(office, OSCAR) == ["Olga Petrova"]


async def test_a_role_that_was_taken_away_is_gone(office: Office) -> None:
    assert [one.name for one in await office.work().with_role(Role.HR)] == [HELGA.name]
    await taken(office, replace(HELGA, roles=frozenset()))
    assert await office.work().with_role(Role.HR) == []
    await office.writes(HELGA, "start @anna")
    assert phrases(office, HELGA) == ["not-allowed"]


async def test_roles_of_the_settings_need_no_directory(office: Office) -> None:
    assert [one.name for one in await office.work().with_role(Role.ADMIN)] == [ADAM.name]
    policy = Policy(hr=frozenset({ANNA.email}))
    assert policy.roles(ANNA) == {Role.EMPLOYEE, Role.HR}


async def test_somebody_who_moves_is_woken_by_their_new_clock(office: Office) -> None:
    await office.writes(BORIS, "start @anna newcomer 2026-12-01")
    await taken(office, replace(ANNA, timezone="Asia/Vladivostok"))
    await office.comes(moment("2026-11-30 22:59"))
    assert phrases(office, ANNA)[-1] == "checklist"
    await office.comes(moment("2026-11-30 23:00"))
    assert (await office.journey_of(ANNA)).step("papers").status == "open"
    await office.passes(hours=1)
    assert phrases(office, ANNA)[-1] == "steps-opened"


async def test_a_holiday_in_the_new_country_is_kept(office: Office) -> None:
    office.clock.now = moment("2026-12-30 09:00")
    await office.writes(BORIS, "start @anna newcomer 2027-01-04")
    await taken(office, replace(ANNA, timezone="Europe/Berlin", country="DE"))
    await office.comes(moment("2027-01-04 08:00"))
    assert (await office.journey_of(ANNA)).step("papers").opened == datetime.date(2027, 1, 4)
