"""What was asked just before helps to understand what is asked now."""

from collections.abc import Sequence

import msgspec
import pytest

from bot import asked
from bot.asked import CONVERSATIONS, RECENT, Asked
from bot.incoming import Account, Place, Pressed, Wrote
from bot.people import Person
from tests.bot.kit import ANNA, BORIS, OLGA
from tests.bot.office import Office

CHANNEL = Place("chat", "C1", "t", private=False)


async def kept(office: Office, who: Person = ANNA) -> Asked | None:
    state = await office.work().state(asked.aggregate(Account("chat", who.handle.upper())))
    return None if state is None else msgspec.json.decode(state, type=Asked)


async def test_the_question_before_is_handed_on(office: Office) -> None:
    for text in ("how do I get the VPN?", "and on a phone?", "spasibo", "thanks", "and at home?"):
        await office.writes(ANNA, text)
    assert office.handbook.before == ["", "how do I get the VPN?", "and on a phone?", "spasibo"]


async def test_each_person_and_each_conversation_has_its_own(office: Office) -> None:
    await office.writes(ANNA, "how do I get the VPN?")
    await office.writes(OLGA, "and on a phone?")
    await office.writes(ANNA, "where is the office?", place=CHANNEL)
    await office.writes(ANNA, "and the canteen?", place=CHANNEL)
    await office.writes(ANNA, "and at home?")
    assert office.handbook.before == ["", "", "", "where is the office?", "how do I get the VPN?"]


async def test_after_ten_minutes_a_question_is_a_new_one(office: Office) -> None:
    await office.writes(ANNA, "how do I get the VPN?")
    await office.passes(seconds=RECENT.total_seconds() - 1)
    await office.writes(ANNA, "and on a phone?")
    await office.passes(seconds=RECENT.total_seconds())
    await office.writes(ANNA, "and at home?")
    assert office.handbook.before == ["", "how do I get the VPN?", ""]


async def test_little_is_kept_and_nothing_that_is_too_old(office: Office) -> None:
    for number in range(CONVERSATIONS + 3):
        await office.writes(ANNA, "vpn " * 300, place=Place("chat", f"C{number}", "t", private=False))
    found = await kept(office)
    assert found is not None
    assert list(found.last) == [f"C{number}:t" for number in range(3, CONVERSATIONS + 3)]
    assert {len(one.text) for one in found.last.values()} == {asked.LONGEST}
    await office.passes(minutes=11)
    await office.writes(ANNA, "vpn?")
    found = await kept(office)
    assert found is not None
    assert list(found.last) == ["ANNA:"]


async def test_what_the_owner_before_has_asked_is_nobody_elses(office: Office) -> None:
    await office.writes(ANNA, "how do I get the VPN?")
    account, place = Account("chat", "ANNA"), Place("chat", "ANNA")
    work = office.work()
    assert await asked.ask(work, account, ANNA.id, place, "and?") == "how do I get the VPN?"
    assert await asked.ask(office.work(), account, BORIS.id, place, "and?") == ""


@pytest.mark.parametrize("text", ["status", "help", "hello", "/onboarding whoami"])
async def test_commands_and_small_talk_are_no_questions(office: Office, text: str) -> None:
    await office.writes(ANNA, text)
    found = await kept(office)
    assert found is not None
    assert found.last == {}


async def test_it_is_read_together_with_whoever_speaks(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[Sequence[str]] = []
    load, load_by_account = office.store.load, office.store.load_by_account

    async def loads(ids: Sequence[str]) -> object:
        reads.append(ids)
        return await load(ids)

    async def loads_by_account(account: str, beside: Sequence[str]) -> object:
        reads.append((account, *beside))
        return await load_by_account(account, beside)

    monkeypatch.setattr(office.store, "load", loads)
    monkeypatch.setattr(office.store, "load_by_account", loads_by_account)
    for said in (Wrote("vpn?"), Pressed("help", "")):
        reads.clear()
        await office.bot.runner.receive(office.incoming(ANNA, said))
        assert reads[0] == ("chat:ANNA", "asked:chat:ANNA")
        assert not [ids for ids in reads[1:] if "asked:chat:ANNA" in ids]
    await office.idle()
