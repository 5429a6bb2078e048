"""What nobody could answer is counted by its subject, within bounds, until there is an answer."""

import datetime
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot import unanswered
from bot.unanswered import Unanswered, note_unanswered, resolve, subject, waiting
from bot.work import Work
from tests.bot.kit import ANNA, OLGA
from tests.bot.office import Office, open_office

HERONS = "Where do the herons sleep?"


@pytest.fixture
async def office(redis_client: Redis, organisation: str) -> AsyncIterator[Office]:
    async with open_office(redis_client, organisation) as opened:
        yield opened


async def ask(office: Office, question: str = HERONS, who: str = ANNA.id) -> None:
    async def note(work: Work) -> None:
        await note_unanswered(work, question, who, "en")

    await office.bot.runner.run(subject(question), note)


async def counted(office: Office) -> list[tuple[str, int]]:
    return [(one.question, one.count) for one in await waiting(office.work())]


def test_a_subject_is_the_same_however_it_is_asked() -> None:
    assert (
        subject("Как подключить VPN?")
        == subject("подскажите, пожалуйста, как VPN подключить")
        == subject("vpn VPN подключить")
    )
    assert subject("Как подключить VPN?") != subject("Как отключить VPN?")
    assert subject("???") != subject("!!!")


@pytest.mark.parametrize("question", ["", "\ud83d", "x" * 100_000, "как и что"])
def test_everything_has_a_subject_and_none_tells_the_words(question: str) -> None:
    assert len(subject(question)) == 16
    assert set(subject(question)) <= set("0123456789abcdef")


async def test_a_question_is_counted_and_kept_as_it_was_asked_first(office: Office) -> None:
    await ask(office, "  Where do\nthe herons sleep?  ")
    later = office.clock.now = office.clock.now + datetime.timedelta(hours=1)
    await ask(office, "herons sleep where", OLGA.id)
    await ask(office, "herons sleep where", OLGA.id)
    (one,) = await waiting(office.work())
    assert one == Unanswered(
        subject=subject(HERONS), question=HERONS, language="en", last=later, count=3, askers=(ANNA.id, OLGA.id)
    )


async def test_the_most_asked_comes_first_and_of_the_same_number_the_latest(office: Office) -> None:
    for question in ("first", "second", "third", "first"):
        await ask(office, question)
        office.clock.now += datetime.timedelta(minutes=1)
    assert await counted(office) == [("first", 2), ("third", 1), ("second", 1)]


async def test_what_is_kept_of_one_has_bounds(office: Office) -> None:
    for number in range(unanswered.ASKERS + 5):
        await ask(office, "word " * 1000, f"person{number}")
    (one,) = await waiting(office.work())
    assert (len(one.question), one.count, len(one.askers)) == (unanswered.LONGEST, 25, unanswered.ASKERS)


async def test_of_too_many_those_that_were_asked_least_and_longest_ago_go(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unanswered, "MOST", 3)
    for question in ("old", "often", "often", "recent", "newest"):
        await ask(office, question)
        office.clock.now += datetime.timedelta(minutes=1)
    assert await counted(office) == [("often", 2), ("newest", 1), ("recent", 1)]
    assert len(await office.store.members(unanswered.INDEX)) == 3
    (gone,) = await office.store.load([f"unanswered:{subject('old')}"])
    assert gone.state is None


async def test_who_asks_without_end_takes_the_place_of_their_own_questions(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unanswered, "MOST", 8)
    monkeypatch.setattr(unanswered, "EACH", 3)
    for number in range(5):
        await ask(office, f"olga{number}", OLGA.id)
        office.clock.now += datetime.timedelta(minutes=1)
    for number in range(30):
        await ask(office, f"anna{number}")
        office.clock.now += datetime.timedelta(minutes=1)
    asked = [question for question, _ in await counted(office)]
    assert [one for one in asked if one.startswith("olga")] == [f"olga{number}" for number in (4, 3, 2, 1, 0)]
    assert [one for one in asked if one.startswith("anna")] == ["anna29", "anna28", "anna27"]


async def test_one_that_is_resolved_waits_no_longer_and_is_counted_anew(office: Office) -> None:
    await ask(office)
    await ask(office)
    await ask(office, "storks")
    resolved: list[Unanswered] = []

    async def settle(work: Work) -> None:
        resolved[:] = await resolve(work, [subject(HERONS), subject(HERONS), subject("never asked"), "x"])

    await office.bot.runner.run("test", settle)
    assert [(one.question, one.count) for one in resolved] == [(HERONS, 2)]
    assert await counted(office) == [("storks", 1)]
    await ask(office)
    assert await counted(office) == [(HERONS, 1), ("storks", 1)]
