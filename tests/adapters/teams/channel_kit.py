"""What the tests of the way out share: a company in Teams that is served, and our channel to it over real HTTP."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from adapters.teams.connector import Connector, http_session
from adapters.teams.credentials import Credentials
from adapters.teams.outbound import TeamsChannel
from adapters.teams.reference import Conversation
from adapters.teams.settings import TeamsSettings
from bot.message import Text
from bot.people import Person
from sandbox.faults import FaultPlan
from sandbox.teams import Company, Message, serve
from sandbox.teams import Person as Member
from sandbox.teams import Place as Chat
from tests.hurry import LONG

ANNA_THERE = Member(name="Anna Petrova", email="anna@example.com")
BORIS_THERE = Member(name="Boris Petrov", email="boris@example.com")
NEW_THERE = Member(name="Nina New", email="nina@example.com")
PASSWORD = "sandbox-password"


def say(text: Text) -> str:
    """Says plain strings as they are, and of a text only which it would be."""
    return text if isinstance(text, str) else str(getattr(text, "key", text))


def settings_for(company: Company, url: str, **changed: Any) -> TeamsSettings:
    """As an operator would set up the bot for the stand-in at `url`."""
    given = {
        "app_id": company.app_id,
        "app_password": SecretStr(PASSWORD),
        "tenant_id": company.tenant_id,
        "openid_metadata_url": company.issuer.metadata_url,
        "login_url": url,
        "service_url": f"{url}/teams",
        "timeout_seconds": LONG,
    }
    return TeamsSettings.model_validate({**given, **changed})


@dataclass
class Teams:
    """A company that is served, and what our side has made of it."""

    company: Company
    faults: FaultPlan
    settings: TeamsSettings
    connector: Connector
    channel: TeamsChannel

    def conversation(self, chat: Chat) -> Conversation:
        return Conversation(self.company.service_url.rstrip("/"), chat.id)

    def address(self, member: Member) -> str:
        """Where the member can be written to in private, as an activity of theirs has told it."""
        return self.conversation(self.company.personal(member)).text

    def chat(self, member: Member) -> list[Message]:
        """What the bot says to the member in private."""
        return self.company.of_bot(self.company.personal(member))

    def texts(self, member: Member) -> list[str]:
        return [message.text for message in self.chat(member)]

    def anna(self, **more: Any) -> Person:
        """She has written to us."""
        return self.person(ANNA_THERE, addresses={"teams": self.address(ANNA_THERE)}, **more)

    def person(self, member: Member, **more: Any) -> Person:
        """Somebody whose account we know."""
        email = member.email or ""
        accounts = {"teams": member.aad_object_id}
        given = {"id": email.partition("@")[0], "email": email, "name": member.name, "accounts": accounts}
        return Person(**{**given, **more})

    def calls(self, method: str, ending: str) -> int:
        return sum(call.method == method and call.path.endswith(ending) for call in self.company.calls)


@asynccontextmanager
async def teams(
    clock: Callable[[], float] = time.monotonic, of_company: Callable[[], float] = time.time, **changed: Any
) -> AsyncIterator[Teams]:
    """Anna and Boris have the app, Nina has not. `clock` is the connector's, `of_company` that of the stand-in."""
    faults, company = FaultPlan(), Company(people=(ANNA_THERE, BORIS_THERE, NEW_THERE), clock=of_company)
    for member in (ANNA_THERE, BORIS_THERE):
        company.install(member)
    async with serve(company, faults) as url:
        settings = settings_for(company, url, **changed)
        async with http_session(settings) as session:
            connector = Connector(session, settings, Credentials(settings), clock)
            yield Teams(company, faults, settings, connector, TeamsChannel(connector, settings.tenant_id))
