"""The port `Channel` over rooms."""

from __future__ import annotations

import json

import msgspec
import pytest

from adapters.web.chat import WebChannel
from adapters.web.rooms import Rooms
from bot.errors import Refused, Retry
from bot.incoming import Account, Place
from bot.message import Home, Message, Phrase
from bot.texts import speaker
from tests.adapters.web.kit import ANNA, EMMA, FlakyStore, keep_people, post_of

HELLO = Message(Phrase("web-role-newcomer"))


async def read(rooms: Rooms, person: str) -> list[str]:
    return [json.loads(entry)["message"]["text"] for entry in (await rooms.read(person)).current()]


async def test_a_message_is_said_in_the_readers_language(channel: WebChannel, rooms: Rooms) -> None:
    await channel.post(post_of(HELLO))
    await channel.post(post_of(HELLO, person=EMMA))
    assert await read(rooms, "a1") == ["новичок"]
    assert await read(rooms, "e1") == ["newcomer"]


async def test_a_lost_answer_leaves_one_message(channel: WebChannel, rooms: Rooms, store: FlakyStore) -> None:
    store.lost = True
    with pytest.raises(Retry):
        await channel.post(post_of(HELLO))
    found = await channel.look(post_of(HELLO), 1.0)
    assert found == await channel.post(post_of(HELLO))
    assert len(await read(rooms, "a1")) == 1


async def test_a_store_that_is_away_is_tried_again(channel: WebChannel, store: FlakyStore) -> None:
    ref = (await channel.post(post_of(HELLO))).ref
    store.away = True
    with pytest.raises(Retry):
        await channel.post(post_of(HELLO, "other"))
    with pytest.raises(Retry):
        await channel.update(post_of(Message("new")), ref)
    with pytest.raises(Retry):
        await channel.show_home(ANNA, Home((Message("home"),)), speaker("ru"))


async def test_a_message_is_updated_where_it_stands(channel: WebChannel, rooms: Rooms) -> None:
    ref = (await channel.post(post_of(HELLO))).ref
    assert (await channel.update(post_of(Message("new")), ref)).ref == ref
    assert await read(rooms, "a1") == ["new"]


async def test_what_is_no_longer_there_is_refused_as_gone(channel: WebChannel) -> None:
    with pytest.raises(Refused) as refused:
        await channel.update(post_of(HELLO), "nothing-1")
    assert refused.value.code == "gone"


async def test_nothing_is_found_where_nothing_was_posted(channel: WebChannel) -> None:
    assert await channel.look(post_of(HELLO), 1.0) is None


async def test_a_place_is_the_conversation_of_its_person(channel: WebChannel, rooms: Rooms) -> None:
    post = msgspec.structs.replace(post_of(HELLO), person=None, place=Place("web", "e1"))
    await channel.post(post)
    assert await read(rooms, "e1") == ["новичок"]


async def test_a_message_to_nobody_is_refused(channel: WebChannel) -> None:
    with pytest.raises(Refused):
        await channel.post(msgspec.structs.replace(post_of(HELLO), person=None))


async def test_the_standing_page_is_kept_in_the_readers_words(channel: WebChannel, rooms: Rooms) -> None:
    await channel.show_home(EMMA, Home((HELLO,)), speaker("en"))
    home = (await rooms.read("e1")).home
    assert home is not None
    assert json.loads(home)[0]["text"] == "newcomer"


async def test_the_session_vouches_for_people_of_the_directory(channel: WebChannel, store: FlakyStore) -> None:
    await keep_people(store)
    profile = await channel.whose(Account("web", "e1"))
    assert (profile.email, profile.name, profile.locale) == (EMMA.email, EMMA.name, "en")


async def test_nobody_is_vouched_for_who_is_not_in_the_directory(channel: WebChannel) -> None:
    assert (await channel.whose(Account("web", "nobody"))).email is None
