"""What keeps the answers up to date, and what happens when something is in its way."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import msgspec
import pytest
from redis.asyncio import Redis

from bot import shelf
from bot.answers.build import Order
from bot.answers.service import Answers
from bot.faq_file import FaqEntry
from bot.message import Local
from bot.problem import ProblemsError
from bot.work import Work
from tests.bot.office import Office, open_office
from wiring.answering import Indexing
from wiring.background import ended
from wiring.child import ChildFailed, child
from wiring.index_folder import index_folder
from wiring.indexing import CHANGES
from wiring.run import Running, _until

FILE = """
source: {title: {ru: Памятка, en: Notes}}
entries:
  - id: vpn
    question: {ru: "Как подключить VPN?", en: "How do I connect the VPN?"}
    answer: {ru: "Откройте клиент.", en: "Open the client."}
"""
BROKEN = "entries: [{id: ]"
OWLS = FaqEntry(
    id="chat-owls",
    question=Local("Где живут совы?", "Where do the owls live?"),
    answer=Local("В сарае.", "In the barn."),
    source_title=Local("Памятка", "Notes"),
    also=(),
)


class House:
    """A folder of scenarios, a store, and the answers out of both."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.answers, self.indexes = office, Answers(), folder / "indexes"
        self.file = folder / "scenarios" / "faq" / "it.yaml"
        self.file.parent.mkdir(parents=True)
        self.file.write_text(FILE)
        self.indexing = Indexing(office.store, self.answers, folder / "scenarios", self.indexes)

    async def publishes(self, entry: FaqEntry) -> None:
        await self._changes(lambda work: shelf.put(work, shelf.ENTRIES, {entry.id: entry}))

    async def withdraws(self, entry: FaqEntry) -> None:
        await self._changes(lambda work: shelf.take_off(work, shelf.ENTRIES, [entry.id]))

    async def _changes(self, change: Callable[[Work], Awaitable[int]]) -> None:
        async def decision(work: Work) -> None:
            await change(work)

        await self.office.bot.runner.run("test", decision)
        await self.indexing.take_up("faq")

    async def knows(self, entry: FaqEntry) -> bool:
        return await self.answers.read(entry.id, entry.question.en, "en") is not None


@pytest.fixture
async def house(redis_client: Redis, organisation: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_office(redis_client, organisation) as office:
        it = House(office, tmp_path)
        await it.publishes(OWLS)
        assert await it.knows(OWLS)
        yield it


async def test_what_hr_withdraws_is_gone_also_while_a_file_has_an_error_in_it(house: House) -> None:
    house.file.write_text(BROKEN)
    await house.withdraws(OWLS)
    assert not await house.knows(OWLS)
    found = await house.answers.find("How do I connect the VPN?", "en")
    assert found.best is not None
    assert found.best.text == "Open the client."


async def test_what_hr_withdraws_cannot_be_read_with_an_old_button_also_while_no_index_can_be_built(
    house: House,
) -> None:
    blocked = house.indexes / "faq" / CHANGES
    blocked.unlink()
    blocked.mkdir()
    with pytest.raises(IsADirectoryError):
        await house.withdraws(OWLS)
    assert not await house.knows(OWLS)


async def test_what_hr_writes_is_found_also_while_the_synonyms_have_an_error_in_them(house: House) -> None:
    synonyms = house.file.parent.parent / "synonyms.yaml"
    synonyms.write_text("groups: [[owl, strix]]")
    await house.indexing.take_up("faq")
    synonyms.write_text("groups: [[owl, {a: ]")
    herons = msgspec.structs.replace(OWLS, id="chat-herons", answer=Local("В камышах.", "In the reeds."))
    await house.publishes(herons)
    assert await house.knows(herons)
    assert any(one.id == OWLS.id for one in await house.answers.search("strix", "en"))


async def test_an_answer_of_hr_is_given_word_for_word_also_when_it_is_withdrawn_that_very_moment(house: House) -> None:
    withdrawn = msgspec.structs.replace(house.answers.served, entries={})

    class Slow(Executor):
        """Whatever is counted, the entry has left when it is done."""

        def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            done: Future[Any] = Future()
            done.set_result(work(*args, **kwargs))
            answers.served = withdrawn
            return done

    answers = Answers(Slow())
    answers.served = house.answers.served
    found = await answers.find(OWLS.question.en, "en")
    assert found.best is not None
    assert (found.best.kind, found.best.text) == ("faq", OWLS.answer.en)


async def test_synonyms_with_an_error_in_them_are_told_with_file_and_line_at_a_start(house: House) -> None:
    (house.file.parent.parent / "synonyms.yaml").write_text("groups: [[owl, {a: ]")
    started = Indexing(house.office.store, Answers(), house.file.parent.parent, house.indexes.parent / "others")
    with pytest.raises(ProblemsError, match=r"scenarios/synonyms.yaml:1: is not YAML"):
        await started.take_up("faq")


def test_whoever_else_is_on_the_machine_cannot_read_the_wiki_in_the_indexes(tmp_path: Path) -> None:
    above = tmp_path / "answers" / "main"
    above.mkdir(parents=True, mode=0o755)
    with index_folder(tmp_path, "main") as folder:
        assert folder.parent == above
        assert above.stat().st_mode & 0o077 == 0


async def test_a_process_that_hangs_is_killed_in_the_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / CHANGES)  # nobody will ever write into it
    order = Order(kind="page", changes=str(tmp_path / CHANGES), out=str(tmp_path / "1"))
    with pytest.raises(ChildFailed, match="not done within 1 s"):
        await child("bot.answers.build", order, 1.0)


async def test_a_bot_whose_answers_nobody_keeps_up_to_date_any_more_stops(house: House) -> None:
    async def breaks() -> None:
        raise RuntimeError("nobody expected this")

    async def works() -> None:
        await asyncio.Event().wait()

    working, indexes = asyncio.create_task(works()), asyncio.create_task(breaks())
    running = Running("http://127.0.0.1", house.office.bot, None, None, False, working, indexes, None)
    with pytest.raises(RuntimeError, match="nobody expected this"):
        await asyncio.wait_for(_until(asyncio.Event(), running), 60)
    await ended(working)
