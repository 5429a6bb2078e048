"""What the operator says about Jira: JIRA_URL and its neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.credential import header_text
from bot.priority import PRIORITIES
from bot.web_address import web_address

# Without a user and a password in it: people are sent links that begin with it.
Url = Annotated[str, AfterValidator(web_address("https://company.atlassian.net"))]
Credential = Annotated[SecretStr, BeforeValidator(header_text)]
Word = Annotated[str, StringConstraints(strip_whitespace=True)]


def _pairs(text: object) -> object:
    """ "high=P1,low=P4" as a mapping. Raises ValueError."""
    if not isinstance(text, str):
        return text
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    found = {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
    names = {name.casefold() for name in found.values()}
    if not len(names) == len(found) == len(pairs) or "" in names:
        raise ValueError("JIRA_PRIORITIES is a list like high=P1,low=P4, each name at most once")
    unknown = sorted(found.keys() - {*PRIORITIES})
    if unknown:
        raise ValueError(f"JIRA_PRIORITIES names {', '.join(unknown)}: ours are {', '.join(PRIORITIES)}")
    return found


def _listed(text: object) -> object:
    """ "5b10a,5b10b" as a tuple."""
    return tuple(one.strip() for one in text.split(",") if one.strip()) if isinstance(text, str) else text


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
Pairs = Annotated[Mapping[str, Word], NoDecode, BeforeValidator(_pairs)]


class JiraSettings(BaseSettings):
    """One Jira: Cloud with `user` and `token`, or Data Center with `pat`. Without `url` there is none.

    `project` gets the issues that name no project of their own. `webhook_secret` signs what Jira tells us.
    `former_accounts`: what named our account before it was replaced; what these have created is ours, too.
    `priorities`: the name there of some of ours; then no other rule says which of them mean ours.
    `settle_seconds`: how far the search may lag behind a new issue. `slots`: how many calls run at once, each in a
    thread. `timeout`: seconds for one call as a whole.
    Raises ValidationError, which names the variables, when only a part of it is set.
    """

    model_config = SettingsConfigDict(
        env_prefix="JIRA_",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        # An error would else print what was given, and with it a token.
        hide_input_in_errors=True,
    )

    url: Url | None = None
    user: Annotated[str, BeforeValidator(header_text)] | None = None
    token: Credential | None = None
    pat: Credential | None = None
    project: Word | None = None
    webhook_secret: Annotated[SecretStr, Field(min_length=16)] | None = None
    priorities: Pairs = {}
    former_accounts: Words = ()
    settle_seconds: float = Field(30.0, ge=0, le=3600, allow_inf_nan=False)
    requests_per_second: float = Field(10.0, ge=0.001, le=1_000_000, allow_inf_nan=False)
    slots: int = Field(4, ge=1, le=64)
    timeout: float = Field(20.0, ge=0.01, le=600, allow_inf_nan=False)

    @property
    def configured(self) -> bool:
        return self.url is not None

    @property
    def base(self) -> str:
        """The address of the site, without a slash at its end. Only of a configured one."""
        if self.url is None:
            raise ValueError("JIRA_URL is not set")
        return self.url.rstrip("/")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        basic = self.user is not None or self.token is not None
        if basic and self.pat is not None:
            raise ValueError("JIRA_PAT is set beside JIRA_USER or JIRA_TOKEN: keep one way to sign in")
        if basic and self.user is None:
            raise ValueError("JIRA_USER is missing: JIRA_TOKEN is set without it")
        if basic and self.token is None:
            raise ValueError("JIRA_TOKEN is missing: JIRA_USER is set without it")
        signed_in = basic or self.pat is not None
        if signed_in and self.url is None:
            raise ValueError("JIRA_URL is missing: it must say which Jira the credentials are for")
        if self.url is not None and not signed_in:
            raise ValueError("JIRA_URL is set: JIRA_USER and JIRA_TOKEN (Cloud) or JIRA_PAT (Data Center) must be too")
        return self
