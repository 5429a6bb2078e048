"""Conversations in the store: each message once, replaced where it stands."""

from __future__ import annotations

import json
from typing import Any

from adapters.web.rooms import Rooms
from bot.message import Message
from tests.adapters.web.kit import FlakyStore, Ticking


async def conversation(rooms: Rooms) -> list[dict[str, Any]]:
    return [json.loads(entry) for entry in (await rooms.read("a1")).current()]


async def texts(rooms: Rooms) -> list[str]:
    return [
        entry["text"] if entry["kind"] == "typed" else entry["message"]["text"] for entry in await conversation(rooms)
    ]


async def test_an_effect_is_posted_once_however_often_it_is_tried(rooms: Rooms) -> None:
    first = await rooms.post("a1", "effect", Message("hello"))
    assert await rooms.post("a1", "effect", Message("hello")) == first
    assert await texts(rooms) == ["hello"]


async def test_another_process_that_tries_the_same_effect_finds_it_posted(rooms: Rooms, store: FlakyStore) -> None:
    first = await rooms.post("a1", "effect", Message("hello"))
    assert await Rooms(store, Ticking()).post("a1", "effect", Message("hello")) == first
    assert len(await conversation(rooms)) == 1


async def test_a_change_takes_the_place_of_the_message_and_keeps_its_time(rooms: Rooms) -> None:
    ref = await rooms.post("a1", "list", Message("0 of 2"))
    await rooms.post("a1", "later", Message("later"))
    assert await rooms.update("a1", ref, Message("1 of 2"))
    changed, later = await conversation(rooms)
    assert (changed["message"]["text"], later["message"]["text"]) == ("1 of 2", "later")
    assert changed["at"] < later["at"] < changed["changed"]


async def test_a_change_that_changes_nothing_is_not_written(rooms: Rooms) -> None:
    ref = await rooms.post("a1", "list", Message("same"))
    assert await rooms.update("a1", ref, Message("same"))
    assert len((await rooms.read("a1")).entries) == 1


async def test_a_message_that_fell_off_the_log_is_gone_and_its_effect_is_posted_anew(rooms: Rooms) -> None:
    ref = await rooms.post("a1", "list", Message("old"))
    for number in range(12):
        await rooms.post("a1", f"other {number}", Message("other"))
    assert not await rooms.update("a1", ref, Message("new"))
    again = await rooms.post("a1", "list", Message("new"))
    assert again != ref
    assert await rooms.post("a1", "list", Message("new")) == again
    assert (await texts(rooms)).count("new") == 1


async def test_what_was_posted_for_an_effect_is_found(rooms: Rooms) -> None:
    assert await rooms.find("a1", "effect") is None
    ref = await rooms.post("a1", "effect", Message("hello"))
    assert await rooms.find("a1", "effect") == ref


async def test_what_a_person_wrote_stands_in_the_conversation_once(rooms: Rooms) -> None:
    for _ in range(2):
        await rooms.typed("a1", "id-1", "Привет")
    assert await texts(rooms) == ["Привет"]


async def test_what_a_person_wrote_cannot_be_replaced_by_a_message(rooms: Rooms) -> None:
    await rooms.typed("a1", "id-1", "Привет")
    assert not await rooms.update("a1", "typed-id-1", Message("other words"))


async def test_rooms_are_apart(rooms: Rooms) -> None:
    await rooms.post("p1", "effect", Message("for Pavel"))
    assert await conversation(rooms) == []


async def test_the_standing_page_is_replaced_as_a_whole(rooms: Rooms) -> None:
    await rooms.show_home("a1", (Message("first"), Message("second")))
    await rooms.show_home("a1", (Message("third"),))
    home = (await rooms.read("a1")).home
    assert home is not None
    assert [section["text"] for section in json.loads(home)] == ["third"]


async def test_every_change_has_a_name_of_its_own_and_nothing_new_has_none(rooms: Rooms) -> None:
    names = [await rooms.latest("a1")]
    ref = await rooms.post("a1", "effect", Message("one"))
    names.append(await rooms.latest("a1"))
    await rooms.update("a1", ref, Message("two"))
    names.append(await rooms.latest("a1"))
    await rooms.show_home("a1", (Message("home"),))
    names.append(await rooms.latest("a1"))
    assert len(set(names)) == 4
    await rooms.update("a1", ref, Message("two"))
    assert await rooms.latest("a1") == names[-1]
