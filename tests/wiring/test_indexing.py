"""The index of one collection through everything that can happen to its files: real builders, real folders."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import msgspec
import pytest

from bot.answers.document import Document, Section
from bot.answers.service import Answers, Served, Serving
from bot.shelf import digest
from wiring.indexing import CHANGES, Index, Tools

VPN = "To connect the VPN, open the client and sign in with your e-mail address."
MERGER = "The merger with the owl factory is announced on Monday."
QUESTION = "When is the merger with the owl factory announced?"


class Pages:
    """A source of documents that people change."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def has(self, one: str, text: str, *above: str, restricted: bool = False) -> None:
        sections = () if restricted else (Section("", "", text),)
        page = Document(
            id=one, title=one, url=None, version=1, sections=sections, restricted=restricted, ancestors=above
        )
        self.kept[one] = msgspec.json.encode(page)

    async def digests(self) -> Mapping[str, str]:
        return {one: digest(item) for one, item in self.kept.items()}

    async def items(self, ids: list[str]) -> AsyncIterator[tuple[str, bytes]]:
        for one in ids:
            yield one, self.kept[one]


class Indexed:
    """An index of pages, and the answers that it gives."""

    def __init__(self, folder: Path) -> None:
        self.pages, self.answers, self.folder = Pages(), Answers(), folder / "page"
        self.index = self.opened_again()

    def opened_again(self) -> Index:
        return Index("page", self.folder, (self.pages,), Tools(), self._serve)

    def _serve(self, serving: Serving, _: Path) -> None:
        self.answers.served = Served(pages=serving)

    async def finds(self, words: str) -> list[str]:
        return [answer.id for answer in await self.answers.search(words, "en")]

    @property
    def generations(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path.name.isdecimal())

    def has_no_room(self) -> None:
        """Changes cannot be written any more, whoever we are."""
        (self.folder / CHANGES).unlink(missing_ok=True)
        (self.folder / CHANGES).mkdir()


@pytest.fixture
async def indexed(tmp_path: Path) -> Indexed:
    it = Indexed(tmp_path)
    it.pages.has("vpn", VPN)
    it.pages.has("plans", "Plans of the factory.")
    it.pages.has("merger", MERGER, "plans")
    await it.index.take_up()
    assert "merger" in await it.finds(QUESTION)
    return it


async def test_what_has_left_is_hidden_also_where_nothing_can_be_written(indexed: Indexed) -> None:
    del indexed.pages.kept["merger"]
    indexed.has_no_room()
    with pytest.raises(IsADirectoryError):
        await indexed.index.take_up()
    assert "merger" not in await indexed.finds(QUESTION)
    assert (await indexed.finds("connect the VPN client"))[0] == "vpn"


async def test_what_stands_below_a_page_that_was_restricted_is_hidden_also_where_nothing_can_be_written(
    indexed: Indexed,
) -> None:
    indexed.pages.has("plans", "", restricted=True)
    indexed.has_no_room()
    with pytest.raises(IsADirectoryError):
        await indexed.index.take_up()
    assert not {"merger", "plans"} & set(await indexed.finds(QUESTION))
    assert (await indexed.finds("connect the VPN client"))[0] == "vpn"


async def test_an_index_that_somebody_deletes_while_it_serves_goes_on_serving_and_is_built_anew_with_the_next_change(
    indexed: Indexed,
) -> None:
    shutil.rmtree(indexed.folder)
    assert "merger" in await indexed.finds(QUESTION)
    del indexed.pages.kept["merger"]
    indexed.pages.has("tea", "Tea is in the kitchen of the second floor.")
    assert await indexed.index.take_up()
    assert (await indexed.finds("tea in the kitchen"))[0] == "tea"
    assert (await indexed.finds("connect the VPN client"))[0] == "vpn"
    assert "merger" not in await indexed.finds(QUESTION)


async def test_builders_that_do_not_come_to_their_end_leave_nothing_behind_for_long(indexed: Indexed) -> None:
    (indexed.folder / "77").mkdir()
    (indexed.folder / "78").mkdir()
    indexed.pages.has("tea", "Tea is in the kitchen of the second floor.")
    await indexed.index.take_up()
    assert len(indexed.generations) == 1


async def test_a_generation_whose_files_are_damaged_is_built_anew_with_everything(indexed: Indexed) -> None:
    (served,) = indexed.generations
    with (indexed.folder / served / "passages.jsonl").open("r+b") as file:
        file.truncate(10)
    indexed.index = indexed.opened_again()
    assert not await indexed.index.open_newest()
    assert await indexed.index.take_up()
    assert (await indexed.finds("connect the VPN client"))[0] == "vpn"
    assert "merger" in await indexed.finds(QUESTION)


async def test_what_leaves_while_an_index_is_being_built_is_hidden_at_once_and_by_the_new_index_too(
    indexed: Indexed,
) -> None:
    indexed.pages.has("news", "The canteen has a new cook.")
    building = asyncio.create_task(indexed.index.take_up())
    while len(indexed.generations) == 1:  # noqa: ASYNC110  -- until the builder, another process, has begun
        await asyncio.sleep(0)
    indexed.pages.has("plans", "", restricted=True)
    await indexed.index.hide()
    assert "merger" not in await indexed.finds(QUESTION)
    await building
    assert "news" in await indexed.finds("Who cooks in the canteen?")
    assert "merger" not in await indexed.finds(QUESTION)
    assert await indexed.index.take_up()
    assert "merger" not in await indexed.finds(QUESTION)


async def test_a_page_that_stands_below_one_restricted_since_is_hidden_before_either_is_taken_up(
    indexed: Indexed,
) -> None:
    indexed.pages.has("board", "", restricted=True)
    indexed.pages.has("plans", "Plans of the factory.", "board")
    await indexed.index.hide()
    assert "merger" not in await indexed.finds(QUESTION)
    del indexed.pages.kept["board"]
    indexed.pages.has("plans", "Plans of the factory.")
    await indexed.index.hide()
    assert "merger" in await indexed.finds(QUESTION)


async def test_of_a_collection_that_was_emptied_nothing_is_found_and_what_comes_later_is(indexed: Indexed) -> None:
    indexed.pages.kept.clear()
    await indexed.index.take_up()
    assert await indexed.finds(QUESTION) == []
    assert (await indexed.answers.find(QUESTION, "en")).band == "unknown"
    indexed.index = indexed.opened_again()
    assert await indexed.index.open_newest()
    indexed.pages.has("vpn", VPN)
    await indexed.index.take_up()
    assert await indexed.finds("connect the VPN client") == ["vpn"]
