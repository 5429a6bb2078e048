"""A directory that gives an account to somebody else: whoever had it can no longer be reached, nor act, through it."""

from msgspec.structs import replace

from bot.accounts import posted
from bot.directory import import_people
from bot.effects import Effect, Lane, Say, ShowChecklist
from bot.errors import Retry
from bot.incoming import Account, Wrote
from bot.message import Message
from bot.people import Person
from bot.ports import Claim
from bot.results import Posted, Profile
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


async def test_a_checklist_in_a_conversation_that_is_now_anothers_is_written_to_no_more(office: Office) -> None:
    """It stands where its person was reached until now: whoever has the account now would read on."""
    await office.writes(HELGA, "start @anna")
    (_, before) = office.chat.to(ANNA)
    await import_people(office.bot.runner, [has(ANNA, "BORIS"), has(BORIS, "ANNA")])
    await office.writes("BORIS", "done papers")
    assert before.updates == 0
    assert before.lines["papers"] == "open"
    after = next(shown for shown in office.chat.to(ANNA)[2:] if shown.lines)
    assert after.lines["papers"] == "done"


async def test_who_has_lost_an_account_is_not_looked_for_there(office: Office) -> None:
    await office.opens_home(HELGA)
    await office.writes(HELGA, "help")
    before = await office.work().person(HELGA.id)
    assert before is not None
    assert (before.reach, before.homes) == ("chat", ("chat",))
    await import_people(office.bot.runner, [has(ANNA, "HELGA")])
    left = await office.work().person(HELGA.id)
    assert left is not None
    assert (left.reach, left.homes) == (None, ())


async def test_what_was_on_its_way_when_an_account_moved_leaves_no_trace_of_where_it_went(office: Office) -> None:
    """Neither is the conversation that was opened for the message an address of the person, nor the checklist there."""
    await office.writes(HELGA, "start @anna")
    journey, before = await office.journey_of(ANNA), await office.work().person(ANNA.id)
    assert before is not None
    for act in (Say(Message("Private"), person=ANNA.id), ShowChecklist(journey.id, ANNA.id, afresh=True)):
        effect = Effect(id="late", lane=Lane("chat", ANNA.id), act=act)
        claim = Claim(
            lane="chat:late",
            destination="chat",
            token="token",
            attempts=0,
            doubt=False,
            doubt_age=0.0,
            doubt_over=0.0,
            effect=effect,
        )
        await import_people(office.bot.runner, [has(ANNA, "BORIS"), has(BORIS, "ANNA")])
        work = office.work()
        await posted(work, claim, Posted("with Anna's former account", address="chat of ANNA", to="ANNA"))
        await office.store.commit(work.commit())
        after = await office.work().person(ANNA.id)
        assert after is not None
        assert after.addresses == {}
        assert await office.work().standing_at(journey.id, "chat") is None


async def test_an_account_that_was_anothers_other_name_does_not_go_back_to_them(office: Office) -> None:
    await also_known_as(office, HELGA, "29:x")
    await import_people(office.bot.runner, [has(ANNA, "29:x")])
    await office.writes(HELGA, "help")  # whatever is written about Helga now
    assert await owner(office, "29:x") == ANNA.id


async def test_another_name_of_an_account_is_taken_from_whoever_was_thought_to_have_it(office: Office) -> None:
    await import_people(office.bot.runner, [has(HELGA, "29:x")])
    await also_known_as(office, ANNA, "29:x")
    assert await owner(office, "29:x") == ANNA.id
    assert await accounts(office, HELGA) == {}


async def test_two_who_are_given_an_account_of_nobody_at_once_do_not_both_get_it(office: Office) -> None:
    works = [office.work(), office.work()]
    for work, one in zip(works, (ANNA, BORIS), strict=True):
        before = await work.person(one.id)
        assert before is not None
        after = before.with_account(Account("chat", "NEW"))
        await work.hand_over(before, after)
        work.put_person(after)
    verdicts = [(await office.store.commit(work.commit())).what for work in works]
    assert verdicts == ["done", "conflict"]


async def test_whose_an_account_is_in_the_directory_stays_so_when_the_platform_answers_late(office: Office) -> None:
    office.chat.profiles["NEW"] = Profile(Account("chat", "NEW"), BORIS.email)
    office.chat.meets(Retry("busy", after=10.0))
    await office.writes("NEW", "status")
    await import_people(office.bot.runner, [has(ANNA, "NEW")])
    await office.passes(seconds=15)
    assert await owner(office, "NEW") == ANNA.id
    assert phrases(office, ANNA) == ["journey-none"]


async def also_known_as(office: Office, who: Person, name: str) -> None:
    work = office.work()
    before = await work.person(who.id)
    assert before is not None
    after = before.with_alias(Account("chat", name))
    await work.hand_over(before, after)
    work.put_person(after)
    verdict = await office.store.commit(work.commit())
    assert verdict.what == "done"
