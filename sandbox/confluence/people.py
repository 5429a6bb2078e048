"""Who there is: people with their groups, and who may read what."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from enum import StrEnum

from msgspec import Struct

_NAMESPACE = uuid.UUID("0c5a5fd0-5a55-4c1c-9d0b-0a3d6f1f7a55")
EVERYBODY = "confluence-users"


class Deployment(StrEnum):
    CLOUD = "cloud"
    SERVER = "server"  # Data Center


class User(Struct, frozen=True, kw_only=True):
    """Data Center knows people by `name` and a key, Cloud by an account id. `time_zone` is the name of one."""

    name: str
    display_name: str
    email: str = ""
    groups: tuple[str, ...] = ()
    time_zone: str = "Europe/Moscow"

    @property
    def account(self) -> str:
        """The account id, the same after every restart."""
        return f"712020:{uuid.uuid5(_NAMESPACE, self.name)}"

    @property
    def key(self) -> str:
        return uuid.uuid5(_NAMESPACE, f"key {self.name}").hex


class Readers(Struct, frozen=True):
    """Names of the users and groups that may read; nobody named: everybody may."""

    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.users or self.groups)

    def admit(self, user: User) -> bool:
        return not self or user.name in self.users or not set(self.groups).isdisjoint((*user.groups, EVERYBODY))


class People:
    """Everybody by name. Who writes when nobody is named is `wiki`."""

    def __init__(self, users: Iterable[User] = ()) -> None:
        writer = User(name="wiki", display_name="Редактор базы знаний")
        self._users = {user.name: user for user in (writer, *users)}

    def __iter__(self) -> Iterator[User]:
        return iter(self._users.values())

    def add(self, user: User) -> None:
        self._users[user.name] = user

    def named(self, name: str) -> User:
        """The user with this name; one who is gone is shown as nobody."""
        return self._users.get(name) or User(name=name, display_name="Unknown User")

    def any_match(self, wanted: str) -> User | None:
        """The user with this name, account id, key or address."""
        folded = wanted.casefold()
        return next((u for u in self if folded in (u.name, u.account, u.key, u.email.casefold())), None)
