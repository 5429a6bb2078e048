"""The web chat as a channel: what the core says to a person is put into their room."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import msgspec

from adapters.web.render import said
from adapters.web.rooms import Rooms
from bot.errors import Refused, Retry, StoreError
from bot.incoming import Account, Place
from bot.message import Home
from bot.people import Person
from bot.ports import Post, Say, Store
from bot.results import Posted, Profile

NAME = "web"
_people = msgspec.json.Decoder(Person)


@contextlib.contextmanager
def _store_errors() -> Iterator[None]:
    """All that can fail here is the store, and marks make every write repeatable."""
    try:
        yield
    except StoreError as error:
        raise Retry(str(error)) from error


class WebChannel:
    """`bot.ports.Channel`. An account's id is the person's own id: the session has vouched for it."""

    name = NAME
    can_look = True

    def __init__(self, rooms: Rooms, store: Store) -> None:
        self._rooms = rooms
        self._store = store

    async def post(self, post: Post) -> Posted:
        """Posting is exactly-once by itself, so a post that may have happened is just as well repeated."""
        with _store_errors():
            return Posted(await self._rooms.post(_room(post), post.effect, said(post.message, post.say)))

    async def update(self, post: Post, ref: str) -> Posted:
        with _store_errors():
            if not await self._rooms.update(_room(post), ref, said(post.message, post.say)):
                raise Refused("gone", "the conversation no longer holds this message")
        return Posted(ref)

    async def look(self, post: Post, age: float) -> Posted | None:  # noqa: ARG002  -- the room is read as a whole
        with _store_errors():
            ref = await self._rooms.find(_room(post), post.effect)
        return None if ref is None else Posted(ref)

    async def show_home(self, person: Person, home: Home, say: Say) -> None:
        """The panel beside the conversation."""
        with _store_errors():
            await self._rooms.show_home(person.id, tuple(said(section, say) for section in home.sections))

    async def whose(self, account: Account, place: Place | None = None, *, anew: bool = False) -> Profile:  # noqa: ARG002
        """The person of the directory; nobody is vouched for when there is none."""
        with _store_errors():
            (loaded,) = await self._store.load([f"person:{account.id}"])
        if loaded.state is None:
            return Profile(account, outside=True)
        person = _people.decode(loaded.state)
        return Profile(account, person.email, person.name, person.timezone, person.locale)


def _room(post: Post) -> str:
    """Whoever reads it: the person, or the one whose conversation the place is."""
    if post.place is not None:
        return post.place.conversation
    if post.person is not None:
        return post.person.id
    raise Refused("nobody", "a message needs a reader")
