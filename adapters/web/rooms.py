"""Conversations of the web chat, kept through the port `Store` alone: each person has one room.

The capped log of the aggregate `room:<person>` is the conversation, the aggregate's state is the person's standing
page, and the lookup `room:<person>` names the last change, so that looking for news reads one short string.

A log only grows: a change of a message is appended under the message's own ref and takes the place of the earlier
entry when the log is read. The store keeps the last entries of a log (200), so old messages fall off together with
the versions that were replaced; to spare that room, a change that changes nothing is not written.
"""

from __future__ import annotations

import datetime
import hashlib
import itertools

import msgspec

from adapters.web.bells import Bells
from bot.errors import Conflict
from bot.message import Message
from bot.ports import Clock, Commit, Lookup, Store, Verdict, Write

ATTEMPTS = 5
_encode = msgspec.json.encode


class Shown(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="message"):
    """What the bot said, in the reader's words. `changed`: when it last took the place of an earlier version."""

    ref: str
    at: datetime.datetime
    message: Message
    changed: datetime.datetime | None = None


class Typed(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="typed"):
    """What the person wrote."""

    ref: str
    at: datetime.datetime
    text: str


Entry = Shown | Typed
_entries: msgspec.json.Decoder[Entry] = msgspec.json.Decoder(Entry)


class _Ref(msgspec.Struct, frozen=True):
    ref: str


_refs = msgspec.json.Decoder(_Ref)


class Room(msgspec.Struct, frozen=True):
    """A room as it was read: entries oldest first, replaced versions among them, and the standing page, all JSON."""

    entries: tuple[bytes, ...]
    home: bytes | None

    def current(self) -> list[bytes]:
        """Each message once, as it is now, where it first stood."""
        return list({_refs.decode(entry).ref: entry for entry in self.entries}.values())

    def last(self) -> str:
        return mark_of(self.entries[-1]) if self.entries else ""

    def since(self, mark: str) -> tuple[bytes, ...] | None:
        """The entries after the one with this mark; None: it is no longer there. An empty mark: all of them."""
        if not mark:
            return self.entries
        for index in reversed(range(len(self.entries))):
            if mark_of(self.entries[index]) == mark:
                return self.entries[index + 1 :]
        return None


def mark_of(entry: bytes) -> str:
    """Names one entry of a log, unlike its ref, which all versions of a message share."""
    return hashlib.blake2b(entry, digest_size=9).hexdigest()


class Rooms:
    """`bells` ring when a room changes in this process.

    Every method that reads or writes raises StoreError when the store cannot answer now.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self.bells = Bells()
        self._store = store
        self._clock = clock

    # --- reading

    async def read(self, person: str) -> Room:
        room = _name(person)
        (loaded,) = await self._store.load([room])
        return Room(tuple(await self._store.log(room)), loaded.state)

    async def latest(self, person: str) -> str | None:
        """Names the last change of a room; something else than before: there is news."""
        return (await self._store.lookup([_name(person)]))[0]

    # --- writing

    async def post(self, person: str, effect: str, message: Message) -> str:
        """Add a message, once for an effect; its ref. One that has fallen off the log is posted anew."""
        for turn in itertools.count(1):
            ref = f"{_ref_of(effect)}-{turn}"
            entry = Shown(ref=ref, at=self._clock(), message=message)
            verdict = await self._append(person, entry, f"web:post:{effect}:{turn}")
            if verdict.what == "done":
                return ref
            kept = verdict.reply.decode()
            if await self._standing(person, kept) is not None:
                return kept
        raise AssertionError("a count has no end")

    async def find(self, person: str, effect: str) -> str | None:
        """The ref of the message that was posted for an effect, if the room still holds it."""
        prefix = f"{_ref_of(effect)}-"
        refs = [_refs.decode(entry).ref for entry in await self._store.log(_name(person))]
        return next((ref for ref in reversed(refs) if ref.startswith(prefix)), None)

    async def update(self, person: str, ref: str, message: Message) -> bool:
        """Replace a message where it stands; False: the room no longer holds it."""
        standing = await self._standing(person, ref)
        if standing is None:
            return False
        if standing.message != message:
            await self._append(person, Shown(ref=ref, at=standing.at, message=message, changed=self._clock()))
        return True

    async def typed(self, person: str, event: str, text: str) -> None:
        """Add what the person wrote, once for an event."""
        entry = Typed(ref=f"typed-{event}", at=self._clock(), text=text)
        await self._append(person, entry, f"web:typed:{person}:{event}")

    async def show_home(self, person: str, sections: tuple[Message, ...]) -> None:
        """Put the person's standing page in the place of the one before."""
        state, room = _encode(sections), _name(person)
        for _ in range(ATTEMPTS):
            (loaded,) = await self._store.load([room])
            if loaded.state == state:
                return
            write = Write(room, loaded.version, state)
            verdict = await self._store.commit(Commit(writes=(write,), lookups=(Lookup(room, mark_of(state)),)))
            if verdict.what != "conflict":
                self.bells.ring(person)
                return
        raise Conflict(f"{room} met {ATTEMPTS} conflicts")

    async def _append(self, person: str, entry: Entry, mark: str | None = None) -> Verdict:
        encoded, room = _encode(entry), _name(person)
        commit = Commit(
            marks=(mark,) if mark else (),
            reply=entry.ref.encode(),
            lookups=(Lookup(room, mark_of(encoded)),),
            logs={room: (encoded,)},
        )
        verdict = await self._store.commit(commit)
        self.bells.ring(person)
        return verdict

    async def _standing(self, person: str, ref: str) -> Shown | None:
        for raw in reversed(await self._store.log(_name(person))):
            if _refs.decode(raw).ref == ref:
                entry = _entries.decode(raw)
                return entry if isinstance(entry, Shown) else None
        return None


def _name(person: str) -> str:
    return f"room:{person}"


def _ref_of(effect: str) -> str:
    """Short, and free of whatever an effect's id may hold."""
    return hashlib.blake2b(effect.encode(), digest_size=9).hexdigest()
