"""The labels by which issues of ours are found again in the tracker.

A label only says where to look. Whether an issue that carries one is ours is decided in `ownership.py`.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence

import msgspec

from bot.effects import CreateIssue, Effect, RaiseTicket, VerifyIssue

OURS = "butterboard"
"""Stands on every issue that we have made."""

DUPLICATE = "bb-duplicate"
"""Stands on an issue that was closed because an older one does the same job."""

PREFIX = "bb-"
DIGITS = 20  # hexadecimal: 80 bits, and each guess is a visible edit of an issue
MOST = 20  # of an issue: ours is one, and copies of copies may have a few


class IssueLabels:
    """Makes labels that nobody can tell in advance. `key` is secret, at least 16 bytes.

    An effect keeps the label that it got when it was decided: another key later finds everything again.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise ValueError("the key of issue labels has at least 16 bytes")
        self._key = key

    @classmethod
    def passing(cls) -> IssueLabels:
        """With a key that nobody keeps, where none lasts."""
        return cls(secrets.token_bytes(32))

    def of(self, effect: str) -> str:
        """The label of an effect's issue: an id may hold spaces or be too long, a label may not."""
        return PREFIX + hmac.new(self._key, effect.encode(), hashlib.sha256).hexdigest()[:DIGITS]

    def labelled(self, effect: Effect, known: str | None = None) -> Effect:
        """The effect with its label, where it makes an issue and has none yet. `known`: it has had one before."""
        if not isinstance(effect.act, CreateIssue | RaiseTicket) or effect.act.label:
            return effect
        return msgspec.structs.replace(
            effect, act=msgspec.structs.replace(effect.act, label=known or self.of(effect.id))
        )


def former_label(effect: str) -> str:
    """The label of an effect that was decided before labels had a key: anybody can make it."""
    return PREFIX + hashlib.blake2b(effect.encode(), digest_size=10).hexdigest()


def label_of(effect: str, act: CreateIssue | RaiseTicket | VerifyIssue) -> str:
    """The label under which the issue of an act is made, or looked for. `effect` is the id of what makes it."""
    return act.label or former_label(effect)


def label_name(effect: str) -> str:
    """The lookup that says which label the issue of an effect has."""
    return f"label-of:{effect}"


def made_under(labels: Sequence[str]) -> list[str]:
    """Those of an issue's labels that may be of effects; no more of them than anybody would have to look up."""
    return [label for label in labels if label.startswith(PREFIX)][:MOST]
