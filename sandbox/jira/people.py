"""The users of the stand-in: who exists, who may be assigned, whose address is hidden."""

import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from sandbox.jira.site import Deployment

_NAMESPACE = uuid.UUID("6f1d8a52-0d0b-4d8f-9a57-2f6b6a0f4c11")


class User(Struct, frozen=True, kw_only=True, rename="camel"):
    """A Jira user. Data Center knows people by `name`, Cloud by `account_id`.

    `hidden_email`: Cloud lets people hide their address, and then a search for it finds nothing.
    `time_zone` is the name of one, like "Europe/Moscow".
    """

    name: str
    display_name: str
    email_address: str = ""
    account_id: str = ""
    active: bool = True
    assignable: bool = True
    hidden_email: bool = False
    time_zone: str = "UTC"

    @property
    def account(self) -> str:
        """The account id; when none is given it is derived from the name, the same after every restart."""
        return self.account_id or f"712020:{uuid.uuid5(_NAMESPACE, self.name)}"

    def shown_email(self, deployment: Deployment) -> str:
        hidden = self.hidden_email and deployment is Deployment.CLOUD
        return "" if hidden else self.email_address

    def begins_with(self, text: str, deployment: Deployment) -> bool:
        """Whether a word of the display name, the address or (Data Center) the name begins with `text`."""
        words = [self.display_name, *self.display_name.split(), self.shown_email(deployment)]
        if deployment is Deployment.SERVER:
            words.append(self.name)
        return any(word.casefold().startswith(text.casefold()) for word in words if word)


ADMIN = User(name="admin", display_name="Администратор Jira", email_address="admin@jira.example")


class People:
    """All users, by name. The administrator, who acts on the page, is always there."""

    def __init__(self, users: Iterable[User] = ()) -> None:
        self._users = {user.name: user for user in (ADMIN, *users)}

    def __iter__(self) -> Iterator[User]:
        return iter(self._users.values())

    def add(self, user: User) -> None:
        self._users[user.name] = user

    def named(self, name: str) -> User:
        """The user with this name; for one who is gone, the nameless user that Jira shows in such a place."""
        return self._users.get(name) or User(name=name, display_name="Former user", active=False)

    def identified(self, wanted: str, deployment: Deployment) -> User | None:
        """The user whom this deployment knows by exactly this identifier."""
        if deployment is Deployment.SERVER:
            return self._users.get(wanted)
        return next((user for user in self if user.account == wanted), None)

    def any_match(self, wanted: str) -> User | None:
        """The user with this name, account, address or display name, as JQL and sign-in look people up."""
        folded = wanted.casefold()
        for user in self:
            known = (user.name, user.account, user.email_address, user.display_name)
            if folded in (text.casefold() for text in known if text):
                return user
        return None

    def search(self, text: str, deployment: Deployment) -> list[User]:
        """Active users for what a person typed; Data Center returns everybody for "."."""
        everybody = deployment is Deployment.SERVER and text == "."
        return [user for user in self if user.active and (everybody or user.begins_with(text, deployment))]


def people_from(file: Path) -> People:
    """People from a JSON file: a list of objects with the fields of User in camelCase.

    Only `name` and `displayName` must be there. Raises OSError or msgspec.DecodeError.
    """
    return People(msgspec.json.decode(file.read_bytes(), type=list[User]))
