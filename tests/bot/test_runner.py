"""Everything that happens goes through the runner: once, whole, and answered."""

import asyncio

import msgspec
import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from bot.errors import Conflict, StoreUnavailable
from bot.incoming import Account, Incoming, Wrote
from bot.message import Message, Phrase, Reply
from bot.people import Person
from bot.ports import Commit, Verdict
from bot.router import Handler
from bot.runner import Runner
from bot.texts import speaker
from bot.turn import Turn
from bot.work import Work
from handlers.routes import ROUTES, results
from tests.bot.kit import ANNA, BORIS, EVERYBODY
from tests.bot.office import Office, open_office


def phrases(office: Office, to: Person | str) -> list[str]:
    texts = [one.message.text for one in office.chat.to(to)]
    return [text.key if isinstance(text, Phrase) else str(text) for text in texts]


async def fails(_: Turn) -> Reply | None:
    raise ZeroDivisionError("a slip of ours")


def with_help(office: Office, handler: Handler) -> Runner:
    """Another process of the bot, whose help is that handler."""
    return Runner(office.company, replace(ROUTES, help=handler), results(), office.clock, lambda _: office.nudge())


def with_broken_help(office: Office) -> Runner:
    return with_help(office, fails)


# --- once


async def test_an_event_that_comes_again_is_answered_as_before_and_does_nothing(office: Office) -> None:
    said = replace(office.incoming(BORIS, Wrote("x")), said=Wrote("start @anna"), answers_at_once=True)
    first = await office.receive(said)
    told = len(office.chat.shown)
    assert await office.receive(said) == first
    assert first is not None
    assert len(office.chat.shown) == told


async def test_the_same_act_under_another_name_is_the_same_act(office: Office) -> None:
    said = office.incoming(ANNA, Wrote("vpn"), also=("chat:C1:17.5",))
    await office.receive(said)
    await office.receive(replace(said, id="chat:C1:17.5", also=()))
    await office.receive(replace(said, id="chat:other"))
    assert len(office.chat.to(ANNA)) == 1


async def test_events_of_one_person_that_come_at_once_are_handled_one_by_one(office: Office) -> None:
    await office.writes(BORIS, "start @anna")
    acts = [office.incoming(ANNA, Wrote(f"done {name}")) for name in ("papers", "reading", "papers")]
    await asyncio.gather(*(office.bot.runner.receive(act) for act in acts))
    await office.idle()
    journey = await office.journey_of(ANNA)
    assert [name for name, state in journey.steps.items() if state.status == "done"] == ["papers", "reading"]
    assert phrases(office, ANNA).count("step-done-already") == 1


async def test_many_who_start_the_same_at_once_start_it_once(office: Office) -> None:
    acts = [office.incoming(who, Wrote("start @anna")) for who in EVERYBODY for _ in range(3)]
    other = Runner(office.company, ROUTES, results(), office.clock)
    await asyncio.gather(*((office.bot.runner, other)[n % 2].receive(act) for n, act in enumerate(acts)))
    await office.idle()
    assert len(await office.work().journeys_of(ANNA.id)) == 1
    assert phrases(office, ANNA).count("welcome") == 1


# --- conflicts and a store that is away


async def interrupt(office: Office, monkeypatch: pytest.MonkeyPatch, times: int, account: Account) -> list[int]:
    """Before the next `times` commits another process changes the record that they were decided on."""
    left = [times]
    commit = office.store.commit

    async def interrupted(wanted: Commit) -> Verdict:
        if left[0] and wanted.marks:
            left[0] -= 1
            work = Work(office.company, office.clock())
            person = await work.owner(account)
            assert person is not None
            work.put_person(replace(person, department=f"moved {left[0]}"))
            await commit(work.commit())
        return await commit(wanted)

    monkeypatch.setattr(office.store, "commit", interrupted)
    return left


async def test_what_changed_meanwhile_is_decided_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    account = Account("chat", "ANNA")
    left = await interrupt(office, monkeypatch, 3, account)
    await office.writes(ANNA, "help")
    assert left == [0]
    assert phrases(office, ANNA) == ["help"]
    person = await office.work().owner(account)
    assert person is not None
    assert (person.reach, person.department) == ("chat", "moved 0")


async def test_who_never_comes_to_a_commit_is_told_so_and_nothing_is_done(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await interrupt(office, monkeypatch, 100, Account("chat", "ANNA"))
    with pytest.raises(Conflict):
        await office.writes(ANNA, "help")
    assert office.chat.shown == []
    assert await office.dead() == []


async def test_a_store_that_is_away_is_no_quarantine(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise StoreUnavailable("away")

    act = office.incoming(ANNA, Wrote("help"))
    with monkeypatch.context() as patch:
        patch.setattr(office.store, "load_by_account", away)
        with pytest.raises(StoreUnavailable):
            await office.bot.runner.receive(act)
    assert await office.dead() == []
    await office.receive(act)
    assert phrases(office, ANNA) == ["help"]


# --- what breaks a handler


async def test_what_breaks_a_handler_is_kept_and_the_person_hears_a_number(office: Office) -> None:
    runner = with_broken_help(office)
    act = office.incoming(ANNA, Wrote("/onboarding"))
    assert await runner.receive(act) is None
    await office.idle()
    (letter,) = await office.store.dead()
    number = letter.id.removeprefix("quarantine:")
    assert (letter.kind, letter.code) == ("quarantine", "ZeroDivisionError")
    assert "a slip of ours" not in letter.detail
    assert msgspec.json.decode(letter.payload, type=Incoming) == act
    (apology,) = office.chat.to("ANNA")
    assert apology.text == speaker("en")(Phrase("apology", {"number": number}))


async def test_an_event_in_quarantine_that_comes_again_is_not_handled_again(office: Office) -> None:
    runner = with_broken_help(office)
    act = office.incoming(ANNA, Wrote("/onboarding"), answers_at_once=True)
    first = await runner.receive(act)
    assert first is not None
    assert first.message is not None
    assert first.locale == "en"
    assert await office.bot.runner.receive(act) == first
    assert len(await office.store.dead()) == 1


async def test_nothing_of_a_decision_that_broke_is_committed(office: Office) -> None:
    async def half(turn: Turn) -> Reply | None:
        turn.say("x:half", turn.speaker, Message("half a thing"))
        raise ZeroDivisionError

    await with_help(office, half).receive(office.incoming(ANNA, Wrote("/onboarding")))
    await office.idle()
    assert phrases(office, ANNA) == []


async def test_a_commit_that_cannot_be_written_is_kept_as_well(office: Office) -> None:
    async def boundless(turn: Turn) -> Reply | None:
        for number in range(600):
            turn.say(f"x:{number}", turn.speaker, Message("again"))
        return None

    await with_help(office, boundless).receive(office.incoming(ANNA, Wrote("/onboarding")))
    await office.idle()
    assert [letter.code for letter in await office.store.dead()] == ["ValueError"]
    assert phrases(office, "ANNA") == ["apology"]


async def test_a_record_that_cannot_be_read_is_apologised_for(office: Office) -> None:
    work = office.work()
    await work.person(ANNA.id)
    work.put(f"person:{ANNA.id}", b'{"id": 7}')
    await office.store.commit(work.commit())
    await office.writes(ANNA, "help")
    assert [letter.code for letter in await office.store.dead()] == ["ValidationError"]
    assert phrases(office, "ANNA") == ["apology"]


@pytest.mark.parametrize("text", ["half a pair \ud83d", "\udc00", "start @\ud800"])
async def test_half_a_surrogate_pair_breaks_nothing(office: Office, text: str) -> None:
    await office.writes(ANNA, text)
    assert await office.dead() == []
    assert len(office.chat.to(ANNA)) == 1


# --- a reader's own words


async def test_a_person_is_answered_on_the_channel_where_they_last_spoke(
    redis_client: Redis, organisation: str
) -> None:
    both = replace(ANNA, accounts={"mail": "anna@example.org"})
    async with open_office(redis_client, organisation, people=(both, BORIS)) as office:
        await office.writes(both, "help", account=Account("mail", "anna@example.org"))
        assert [one.to for one in office.mail.shown] == [ANNA.id]
        await office.writes(both, "help")
        assert len(office.chat.to(ANNA)) == 1
        assert len(office.mail.shown) == 1
