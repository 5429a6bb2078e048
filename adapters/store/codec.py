"""What the scripts read and write, as bytes.

Commits go to the scripts as MessagePack. The server's decoder does not know the type `bin`, so bytes travel as strings
(`_raw`), which for it are the same. Effects lie in their lane as JSON, so that a person with a command line can read
what waits, and a dead letter is shown as it is.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from adapters.store.keys import lane_name
from adapters.store.scripts import RawClaim, RawLetter
from bot.effects import Effect
from bot.ports import (
    Claim,
    Commit,
    DeadLetter,
    DueWake,
    Loaded,
    Lookup,
    Membership,
    Score,
    Settlement,
    Verdict,
    Waiting,
    Write,
)

MOST_EFFECTS = 500
MOST_BYTES = 8 * 1024 * 1024


class _Write(msgspec.Struct):
    id: str
    version: int
    state: msgspec.Raw | None


class _Queued(msgspec.Struct, omit_defaults=True):
    lane: str
    id: str
    record: msgspec.Raw
    needs: str | None = None
    replaces: bool = False
    once: bool = False


class _Letter(msgspec.Struct):
    id: str
    at: int
    code: str
    detail: str
    payload: msgspec.Raw


class _Commit(msgspec.Struct, omit_defaults=True):
    """A commit as `scripts/commit.lua` reads it, without what is empty."""

    marks: tuple[str, ...] = ()
    reply: msgspec.Raw | None = None
    writes: Sequence[_Write] = ()
    lookups: tuple[Lookup, ...] = ()
    memberships: tuple[Membership, ...] = ()
    scores: tuple[Score, ...] = ()
    effects: Sequence[_Queued] = ()
    wakes: Mapping[str, int | bool] | None = None
    logs: Mapping[str, Sequence[msgspec.Raw]] | None = None
    settle: Settlement | None = None
    woken: DueWake | None = None
    quarantined: _Letter | None = None


_pack = msgspec.msgpack.Encoder().encode
_effect_json = msgspec.json.Encoder().encode
_effect = msgspec.json.Decoder(Effect).decode


def encode_commit(commit: Commit) -> bytes:
    """Raises ValueError for what the script could not carry out: it must not fail after its first write."""
    _check(commit)
    packed = _pack(
        _Commit(
            marks=commit.marks,
            reply=_raw(commit.reply) if commit.reply else None,
            writes=[_Write(write.id, write.version, _raw_state(write)) for write in commit.writes],
            lookups=commit.lookups,
            memberships=commit.memberships,
            scores=commit.scores,
            effects=[_queued(effect) for effect in commit.effects],
            wakes=_wakes(commit.wakes) if commit.wakes else None,
            logs=_logs(commit.logs) if commit.logs else None,
            settle=commit.settle,
            woken=commit.woken,
            quarantined=_letter(commit.quarantined) if commit.quarantined else None,
        )
    )
    if len(packed) > MOST_BYTES:
        raise ValueError(f"a commit of {len(packed)} bytes; {MOST_BYTES} are possible")
    return packed


def encode_settlement(settlement: Settlement) -> bytes:
    """A commit that does nothing else. Raises ValueError as encode_commit does."""
    _check_settlement(settlement)
    return _pack(_Commit(settle=settlement))


def decode_verdict(answer: int | list[Any]) -> Verdict:
    if isinstance(answer, list):
        return Verdict("duplicate", answer[1])
    return _VERDICTS[answer]


_VERDICTS = {0: Verdict("done"), 2: Verdict("conflict"), 3: Verdict("stale")}


def decode_loaded(aggregate: str, value: bytes | None) -> Loaded:
    if value is None:
        return Loaded(aggregate, 0, None)
    version, _, state = value.partition(b" ")
    return Loaded(aggregate, int(version), state)


def decode_claim(destination: str, raw: RawClaim) -> Claim:
    """Raises msgspec.DecodeError for an effect that this version of the software does not understand."""
    lane, token, attempts, doubt_age, doubt_over, record = raw
    return Claim(
        lane=lane.decode(),
        destination=destination,
        token=token.decode(),
        attempts=attempts,
        doubt=doubt_age >= 0,
        doubt_age=max(0, doubt_age) / 1000,
        doubt_over=max(0, doubt_over) / 1000 if doubt_age >= 0 else 0.0,
        effect=_effect(_payload(record)),
    )


def effect_id(raw: RawClaim) -> str:
    return raw[5].partition(b"\n")[0].decode(errors="replace")


def unreadable(destination: str, raw: RawClaim, error: msgspec.DecodeError) -> Settlement:
    """Ends a claim that `decode_claim` refused; the detail names the field and not what is in it."""
    return Settlement(
        lane=raw[0].decode(),
        destination=destination,
        token=raw[1].decode(),
        outcome="dead",
        code="unreadable",
        detail=str(error),
    )


def decode_letter(raw: RawLetter) -> DeadLetter:
    letter, at, (kind, code, detail, payload, record), parked = raw
    return DeadLetter(
        id=letter.decode(),
        kind=kind.decode(),  # type: ignore[arg-type]  # one of three words, which only the scripts write
        at=datetime.fromtimestamp(at / 1000, UTC),
        code=code.decode(),
        detail=detail.decode(),
        payload=_payload(record) if record is not None else payload or b"",
        parked=parked,
    )


def wake_payload(wake: DueWake) -> str:
    return msgspec.json.encode({"journey": wake.journey, "due": wake.due}).decode()


def _check(commit: Commit) -> None:
    if len(commit.effects) > MOST_EFFECTS:
        raise ValueError(f"{len(commit.effects)} effects in one commit; {MOST_EFFECTS} are possible")
    if len(commit.writes) > 1 and len({write.id for write in commit.writes}) < len(commit.writes):
        raise ValueError("an aggregate is written twice in one commit")
    if commit.settle is not None:
        _check_settlement(commit.settle)


def _check_settlement(settlement: Settlement) -> None:
    if not (0 <= settlement.after < math.inf and 0 <= settlement.pace < math.inf):
        raise ValueError(f"not a time to wait: {settlement.after} s or {settlement.pace} s")


def _queued(effect: Effect) -> _Queued:
    record = _raw(_queued_record(effect))
    return _Queued(lane_name(effect.lane), effect.id, record, effect.needs, effect.replaces, effect.once)


def record_of(effect: Effect) -> str:
    """The effect as it lies in its lane. Raises ValueError as encode_commit does."""
    return _queued_record(effect).decode()


def decode_waiting(records: Sequence[bytes]) -> list[Waiting]:
    """As far as this version of the software understands them."""
    waiting = []
    for record in records:
        try:
            effect = _effect(_payload(record))
        except (msgspec.DecodeError, IndexError):
            break
        waiting.append(Waiting(effect, hashlib.sha1(record, usedforsecurity=False).hexdigest()))
    return waiting


def _queued_record(effect: Effect) -> bytes:
    needs = effect.needs or ""
    if not effect.id or "\n" in effect.id or "\n" in needs:
        raise ValueError(f"not the id of an effect: {effect.id!r} or {needs!r}")
    return b"\n".join((effect.id.encode(), needs.encode(), _effect_json(effect)))


def _letter(letter: DeadLetter) -> _Letter:
    at = round(letter.at.timestamp() * 1000)
    return _Letter(letter.id, at, letter.code, letter.detail, _raw(letter.payload))


def _payload(record: bytes) -> bytes:
    return record.split(b"\n", 2)[2]


def _raw_state(write: Write) -> msgspec.Raw | None:
    return None if write.state is None else _raw(write.state)


def _wakes(wakes: Mapping[str, int | None]) -> dict[str, int | bool]:
    # Lua tables cannot hold a nil.
    return {journey: False if due is None else due for journey, due in wakes.items()}


def _logs(logs: Mapping[str, tuple[bytes, ...]]) -> dict[str, list[msgspec.Raw]]:
    return {aggregate: [_raw(entry) for entry in entries] for aggregate, entries in logs.items() if entries}


def _raw(data: bytes) -> msgspec.Raw:
    """Bytes as a MessagePack string, whatever they hold."""
    size = len(data)
    if size < 32:
        header = bytes((0xA0 | size,))
    elif size < 0x10000:
        header = b"\xda" + size.to_bytes(2, "big")
    else:
        header = b"\xdb" + size.to_bytes(4, "big")
    return msgspec.Raw(header + data)
