"""Who and what a company consists of in Teams, its people, teams, channels and chats, and how Teams writes them."""

from __future__ import annotations

import base64
import hashlib
import uuid
from typing import Literal

import msgspec

from sandbox.teams.errors import Json

Kind = Literal["personal", "channel", "groupChat"]
COUNTRY = "NL"


class Person(msgspec.Struct, kw_only=True):
    """A member, as `--people FILE` (a JSON list) gives it: a name is enough, everything else follows from it.

    `tenant_id` empty: the company's own. `id` is by what a bot knows the person (`29:…`), `aad_object_id` by what the
    whole directory does. `email` None: Teams tells none.
    """

    name: str
    email: str | None = None
    user_principal_name: str = ""
    aad_object_id: str = ""
    id: str = ""
    tenant_id: str = ""
    role: Literal["user", "guest"] = "user"
    locale: str = "en-US"
    timezone: str = "Europe/Amsterdam"
    country: str = COUNTRY

    def __post_init__(self) -> None:
        meant = self.email or self.user_principal_name or self.name
        self.user_principal_name = self.user_principal_name or meant
        self.aad_object_id = self.aad_object_id or str(uuid.uuid5(uuid.NAMESPACE_URL, f"aad:{meant}"))
        self.id = self.id or f"29:1{opaque(self.aad_object_id, 66)}"

    @property
    def names(self) -> frozenset[str]:
        """Whatever the connector finds the person by."""
        return frozenset({self.id, self.aad_object_id.lower(), self.user_principal_name.lower()})


class Place(msgspec.Struct, kw_only=True):
    """A conversation. `with_person` is the person of a personal one, `team_id` the team of a channel.

    The bot may read and write where it is `installed`. `blocked`: the person wants nothing from it.
    """

    id: str
    kind: Kind
    name: str = ""
    members: list[Person] = msgspec.field(default_factory=list)
    with_person: Person | None = None
    team: Team | None = None
    installed: bool = False
    blocked: bool = False

    @property
    def in_roster(self) -> bool:
        """Whether the bot is a member: a team counts for all its channels."""
        return self.team.installed if self.team is not None else self.installed


class Team(msgspec.Struct, kw_only=True):
    """A team: its people are in all of its channels. `id` is that of its first channel, as in Teams."""

    id: str
    name: str
    aad_group_id: str
    members: list[Person] = msgspec.field(default_factory=list)
    installed: bool = False


def opaque(text: str, length: int) -> str:
    """Something like the ids of Teams, always the same for the same text."""
    raw = hashlib.shake_256(text.encode()).digest(length)
    return base64.urlsafe_b64encode(raw).decode()[:length]


def thread_id(text: str, ending: str) -> str:
    """The id of a channel (`thread.tacv2`) or a chat (`thread.v2`)."""
    return f"19:{hashlib.sha256(text.encode()).hexdigest()[:32]}@{ending}"


def member_object(person: Person, tenant_id: str) -> Json:
    """The person as the connector tells a bot."""
    given, _, surname = person.name.partition(" ")
    member: Json = {
        "id": person.id,
        "name": person.name,
        "aadObjectId": person.aad_object_id,
        "objectId": person.aad_object_id,
        "givenName": given,
        "surname": surname,
        "userPrincipalName": person.user_principal_name,
        "tenantId": person.tenant_id or tenant_id,
        "userRole": person.role,
    }
    return member if person.email is None else {**member, "email": person.email}
