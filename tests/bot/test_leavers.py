"""Whoever is missing in the directory has left: nobody to us from then on, and what was theirs finds somebody else."""

import asyncio

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from bot.directory import Imported, TooManyLeave, import_directory, import_people, leavers, remove
from bot.effects import Effect, Lane, Say
from bot.errors import Retry
from bot.incoming import Account
from bot.indexes import complete
from bot.message import Message, Phrase
from bot.people import Person, Policy, Role
from bot.ports import Commit, Verdict
from bot.results import Profile
from tests.bot.kit import ADAM, ANNA, BORIS, EVERYBODY, HELGA, OLGA, OSCAR, person
from tests.bot.office import Office, open_office
from tests.bot.test_runner import phrases

HEAD = person("head", "Hedda Gabler")
HENRY = person("henry", "Henry Stone", locale="en", roles=frozenset({Role.HR}))
STAFF = tuple(replace(one, origin="directory") for one in (*EVERYBODY, HENRY, HEAD))
MANAGED = replace(BORIS, manager=HEAD.id, origin="directory")


def without(*gone: Person, staff: tuple[Person, ...] = STAFF) -> tuple[Person, ...]:
    return tuple(one for one in staff if one.id not in {who.id for who in gone})


async def imports(office: Office, *people: Person, sure: bool = False) -> Imported:
    found = await import_directory(office.bot.runner, people, sure=sure)
    await office.idle()
    return found


async def known(office: Office, who: Person) -> Person:
    found = await office.work().person(who.id)
    assert found is not None
    return found


@pytest.fixture
async def office(redis_client: Redis, organisation: str) -> Office:  # type: ignore[misc]
    async with open_office(redis_client, organisation, people=STAFF) as opened:
        yield opened


# --- nobody any more


async def test_who_has_left_has_no_role_no_account_and_is_not_found(office: Office) -> None:
    await office.opens_home(HELGA)
    assert (await imports(office, *without(HELGA))).left == 1
    gone, work = await known(office, HELGA), office.work()
    assert (gone.roles, gone.accounts, gone.reach, gone.homes) == (frozenset(), {}, None, ())
    assert [one.name for one in await work.with_role(Role.HR)] == [HENRY.name]
    assert HELGA.name not in [one.name for one in await work.everybody()]
    assert await work.owner(Account("chat", "HELGA")) is None
    await office.writes(OSCAR, "start @helga")
    await office.writes(OSCAR, f"start {HELGA.email}")
    assert phrases(office, OSCAR) == ["person-unknown", "person-left"]


async def test_who_has_left_has_none_of_the_roles_that_settings_give(office: Office) -> None:
    policy = Policy(hr=frozenset({HELGA.email}), admins=frozenset({HELGA.email}))
    assert policy.roles(HELGA) >= {Role.HR, Role.ADMIN}
    await imports(office, *without(ADAM))
    assert await office.work().with_role(Role.ADMIN) == []
    assert policy.roles(replace(HELGA, left=office.clock())) == frozenset()


async def test_the_account_of_who_has_left_is_a_strangers_and_is_not_joined_by_its_address(office: Office) -> None:
    await imports(office, *without(HELGA))
    office.chat.profiles["HELGA"] = Profile(Account("chat", "HELGA"), HELGA.email)
    for _ in range(2):
        await office.writes("HELGA", "status team")
    assert phrases(office, "HELGA") == ["stranger-left"]
    assert phrases(office, HELGA) == []
    assert await office.work().owner(Account("chat", "HELGA")) is None


async def test_what_waited_for_who_has_left_is_not_said(office: Office) -> None:
    await office.writes(HELGA, "start @anna")
    office.chat.meets(*[Retry("busy", after=10.0)] * 3)
    act = Say(Message(Phrase("looking")), person=HELGA.id)
    await office.does(Effect(id="secret", lane=Lane("chat", HELGA.id), act=act))
    seen = len(office.chat.to(HELGA))
    await imports(office, *without(HELGA))
    await office.passes(seconds=60)
    assert len(office.chat.to(HELGA)) == seen
    assert await office.dead() == []


async def test_an_account_that_a_message_finds_late_is_not_given_back(office: Office) -> None:
    nina = person("nina", "Nina Berg", origin="directory")
    await import_people(office.bot.runner, [nina])
    release = asyncio.Event()
    post = office.chat.post

    async def slow(what):  # type: ignore[no-untyped-def]
        posted = await post(what)
        await import_directory(office.bot.runner, STAFF)
        release.set()
        return posted

    office.chat.post = slow  # type: ignore[method-assign]
    act = Say(Message(Phrase("looking")), person=nina.id)
    await office.does(Effect(id="late", lane=Lane("chat", nina.id), act=act))
    assert release.is_set()
    assert await office.work().owner(Account("chat", "NINA")) is None


# --- what was theirs


async def test_their_own_onboarding_ends_and_its_heads_hear_of_it(office: Office) -> None:
    await office.writes(BORIS, "start @anna")
    heard = len(office.chat.to(ANNA))
    await imports(office, *without(ANNA))
    assert (await office.journey_of(ANNA)).status == "stopped"
    assert phrases(office, BORIS)[-1] == "stopped-by"
    await office.passes(days=30)
    assert len(office.chat.to(ANNA)) == heard
    assert "overdue" not in phrases(office, BORIS)


async def test_a_step_of_theirs_in_anothers_onboarding_goes_to_its_manager_who_is_told_once(office: Office) -> None:
    await office.writes(BORIS, "start @anna")
    await office.writes(BORIS, 'task @anna "Order a badge" for @olga')
    await office.writes(BORIS, 'task @anna "Order a desk" for @olga')
    before = await office.journey_of(ANNA)
    given = [one for one, state in before.steps.items() if state.assignee == OLGA.id]
    assert len(given) == 2
    told = len(office.chat.to(BORIS))
    await imports(office, *without(OLGA))
    after = await office.journey_of(ANNA)
    assert {after.step(one).assignee for one in given} == {BORIS.id}
    new = office.chat.to(BORIS)[told:]
    assert [getattr(one.message.text, "key", "") for one in new] == ["left-to-you"]
    assert [item.button is not None for item in new[0].message.items] == [True, True]
    keys = [issue.key for step in given if (issue := after.step(step).issue) is not None]
    assert [office.tracker.issue(key).assignee for key in keys] == [office.tracker.users[BORIS.email]] * 2


async def test_hr_is_told_once_who_has_left_and_what_became_of_their_work(office: Office) -> None:
    await office.writes(BORIS, "start @anna")
    await office.writes(BORIS, 'task @anna "Order a badge" for @olga')
    await imports(office, *without(OLGA))
    for reader in (HELGA, HENRY):
        (told,) = [one for one in office.chat.to(reader) if getattr(one.message.text, "key", "") == "left-hr"]
        assert OLGA.name in told.text
        assert [item.id.partition(":")[0] for item in told.message.items] == [(await office.journey_of(ANNA)).id]
    await imports(office, *without(OLGA))
    assert phrases(office, HELGA).count("left-hr") == 1


async def test_who_was_led_by_somebody_who_leaves_gets_the_manager_that_the_directory_now_names(office: Office) -> None:
    await office.writes(BORIS, "start @anna")
    await imports(office, *without(BORIS, ANNA), replace(ANNA, manager=OSCAR.id, origin="directory"))
    journey = await office.journey_of(ANNA)
    assert (journey.status, journey.manager) == ("active", OSCAR.id)
    assert phrases(office, OSCAR)[-1] == "left-to-you"
    await office.passes(days=30)
    assert "overdue" in phrases(office, OSCAR)
    assert "overdue" not in phrases(office, BORIS)


async def test_the_people_of_somebody_who_is_removed_are_under_the_one_above(office: Office) -> None:
    await import_people(office.bot.runner, [MANAGED])
    await office.writes(BORIS, "start @anna")
    await remove(office.bot.runner, BORIS.id)
    await office.idle()
    assert (await office.journey_of(ANNA)).manager == HEAD.id
    assert (await known(office, ANNA)).manager == HEAD.id
    assert [one.name for one in await office.work().team(HEAD.id)] == [ANNA.name]


async def test_where_nobody_stands_above_hr_takes_over(office: Office) -> None:
    await office.writes(BORIS, "start @anna")
    await remove(office.bot.runner, BORIS.id)
    await office.idle()
    manager = (await office.journey_of(ANNA)).manager
    assert manager in (HELGA.id, HENRY.id)
    assert (await known(office, ANNA)).manager is None


async def test_a_question_that_waited_for_them_is_asked_of_hr(office: Office) -> None:
    await office.passes_on(ANNA, "Where is the key?")
    assert phrases(office, BORIS) == ["question-passed-on"]
    await imports(office, *without(BORIS, ANNA), replace(ANNA, manager=OSCAR.id, origin="directory"))
    for reader in (HELGA, HENRY):
        assert "question-passed-on" in phrases(office, reader)
    await office.writes(HELGA, "reply 1 Under the mat")
    assert office.chat.texts(ANNA)[-1] == "Under the mat"


async def test_the_onboarding_of_who_has_left_does_not_begin_again_by_a_change_of_an_issue(office: Office) -> None:
    await office.writes(BORIS, "start @anna")
    for step in ("papers", "reading", "meeting"):
        await office.writes(BORIS, f"done @anna {step}")
    await office.writes(BORIS, "done @anna laptop")
    assert (await office.journey_of(ANNA)).status == "finished"
    await imports(office, *without(ANNA))
    await office.presses(BORIS, "reopen", f"{(await office.journey_of(ANNA)).id} papers")
    assert (await office.journey_of(ANNA)).status == "stopped"


async def test_journeys_of_a_store_from_before_are_found_by_their_manager(office: Office) -> None:
    await office.writes(BORIS, "start @anna")
    journey = await office.journey_of(ANNA)

    async def as_before(work) -> None:  # type: ignore[no-untyped-def]
        work.member(f"headed:{BORIS.id}", journey.id, present=False)

    await office.bot.runner.run("test", as_before)
    await complete(office.bot.runner)
    await imports(office, *without(BORIS, ANNA), replace(ANNA, manager=OSCAR.id, origin="directory"))
    assert (await office.journey_of(ANNA)).manager == OSCAR.id


# --- who leaves, and who does not


async def test_who_came_by_their_address_and_never_stood_in_a_directory_stays(office: Office) -> None:
    office.chat.profiles["UNEW"] = Profile(Account("chat", "UNEW"), "nina@example.org", "Nina Berg")
    await office.writes("UNEW", "help")
    assert (await imports(office, *STAFF)).left == 0
    assert await office.work().owner(Account("chat", "UNEW")) is not None


async def test_of_records_from_before_only_those_leave_that_a_directory_must_have_made(
    redis_client: Redis, organisation: str
) -> None:
    guest = person("guest", "Some Body")
    async with open_office(redis_client, organisation, people=(*EVERYBODY, guest)) as office:
        found = await leavers(office.work(), [replace(one, origin="directory") for one in without(OLGA)])
        assert (found.people, found.of) == ((OLGA.id,), len(EVERYBODY))


async def test_the_company_of_the_sandbox_is_nobodys_directory(office: Office) -> None:
    pete = person("pete", "Pete Sandbox", origin="sandbox")
    await import_people(office.bot.runner, [pete])
    assert (await imports(office, *STAFF)).left == 0


async def test_a_directory_without_more_than_a_fifth_is_refused_whole(office: Office) -> None:
    fewer = without(OLGA, ANNA)
    with pytest.raises(TooManyLeave, match=r"2 of the 8 active people.*--yes"):
        await imports(office, *fewer, person("nina", "Nina Berg", origin="directory"))
    assert (await known(office, OLGA)).is_active
    assert await office.work().person(person("nina", "x").id) is None
    assert (await imports(office, *fewer, sure=True)).left == 2


async def test_one_may_leave_of_few_but_not_the_last(redis_client: Redis, organisation: str) -> None:
    few = tuple(replace(one, origin="directory") for one in (ANNA, BORIS))
    async with open_office(redis_client, organisation, people=few) as office:
        assert (await imports(office, few[1])).left == 1
        with pytest.raises(TooManyLeave):
            await imports(office)


async def test_who_comes_back_is_active_with_the_roles_of_the_file_and_their_history(office: Office) -> None:
    await office.writes(BORIS, "start @anna")
    await imports(office, *without(ANNA))
    office.chat.profiles["ANNA"] = Profile(Account("chat", "ANNA"), ANNA.email)
    await office.writes("ANNA", "help")
    assert phrases(office, "ANNA") == ["stranger-left"]
    back = replace(ANNA, roles=frozenset({Role.HR}), origin="directory")
    counts = await imports(office, *without(ANNA), back)
    assert (counts.back, counts.left) == (1, 0)
    assert ANNA.name in [one.name for one in await office.work().with_role(Role.HR)]
    assert (await office.journey_of(ANNA)).status == "stopped"
    await office.writes("ANNA", "whoami")
    assert phrases(office, ANNA)[-1] == "whoami"


async def test_an_import_that_is_cut_short_is_finished_by_the_next_one(office: Office) -> None:
    """The first commit of leavers stands and nothing after it; somebody had been sure, and need not be again."""
    many = [person(f"p{number}", f"P {number}", origin="directory") for number in range(150)]
    await import_people(office.bot.runner, many)

    def crash(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await import_directory(office.bot.runner, STAFF, sure=True, probe=crash)
    await office.idle()
    left = len((await leavers(office.work(), STAFF)).people)
    assert 0 < left < len(many)
    assert (await imports(office, *STAFF)).left == left
    assert (await leavers(office.work(), STAFF)).people == ()


async def test_what_is_decided_again_after_a_conflict_leaves_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, verdicts = office.store.commit, [Verdict("conflict")] * 3

    async def contested(wanted: Commit) -> Verdict:
        return verdicts.pop() if verdicts else await commit(wanted)

    monkeypatch.setattr(office.store, "commit", contested)
    await imports(office, *without(OLGA))
    assert phrases(office, HELGA).count("left-hr") == 1
