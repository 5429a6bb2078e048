"""What the operator says about Confluence: CONFLUENCE_URL and its neighbours."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.credential import header_text
from bot.web_address import web_address

# Without a user and a password in it: people are sent links that begin with it.
Url = Annotated[str, AfterValidator(web_address("https://company.atlassian.net"))]
Credential = Annotated[SecretStr, BeforeValidator(header_text)]
Word = Annotated[str, StringConstraints(strip_whitespace=True)]
# They stand in queries between quotation marks.
Key = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^~?[A-Za-z0-9_.:-]{1,255}$")]

CLOUD_HOST = ".atlassian.net"


def _keys(text: object) -> object:
    """ "HR, IT" as a list."""
    return [key for key in text.split(",") if key.strip()] if isinstance(text, str) else text


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        raise ValueError("expected a time zone like Europe/Moscow") from error
    return name


class ConfluenceSettings(BaseSettings):
    """One Confluence: Cloud with `user` and `token`, or Data Center with `pat`. Without `url` there is none.

    `spaces`: keys of those that are searched. `restricted`: also pages with read restrictions, for a wiki account that
    sees only what everyone may. `time_zone`: that of the account, in which Confluence reads the times of a query; where
    it is not set and Confluence does not say it, a day is read twice. `every`: minutes between two looks at changes.
    `slots`: how many calls run at once, each in a thread. `timeout`: seconds for one call as a whole.
    Raises ValidationError, which names the variables, when only a part of it is set.
    """

    model_config = SettingsConfigDict(
        env_prefix="CONFLUENCE_",
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
    spaces: Annotated[tuple[Key, ...], NoDecode, BeforeValidator(_keys), Field(max_length=200)] = ()
    restricted: bool = False
    time_zone: Annotated[Word, AfterValidator(_zone)] | None = None
    every: float = Field(5.0, ge=0.01, le=10_080, allow_inf_nan=False)
    requests_per_second: float = Field(10.0, ge=0.001, le=1_000_000, allow_inf_nan=False)
    slots: int = Field(4, ge=1, le=64)
    timeout: float = Field(30.0, ge=0.01, le=600, allow_inf_nan=False)

    @property
    def configured(self) -> bool:
        return self.url is not None

    @property
    def deployment(self) -> Literal["cloud", "datacenter"]:
        """Cloud is signed in to with an e-mail address and an API token, Data Center with a personal access token."""
        host = urlsplit(self.url or "").hostname or ""
        return "cloud" if host.endswith(CLOUD_HOST) or self.user is not None else "datacenter"

    @property
    def base(self) -> str:
        """The address of the wiki, without a slash at its end. Only of a configured one."""
        if self.url is None:
            raise ValueError("CONFLUENCE_URL is not set")
        base = self.url.rstrip("/")
        return f"{base}/wiki" if self.deployment == "cloud" and not base.endswith("/wiki") else base

    @model_validator(mode="after")
    def _whole(self) -> Self:
        basic = self.user is not None or self.token is not None
        if basic and self.pat is not None:
            raise ValueError(
                "CONFLUENCE_PAT is set beside CONFLUENCE_USER or CONFLUENCE_TOKEN: keep one way to sign in"
            )
        if basic and self.user is None:
            raise ValueError("CONFLUENCE_USER is missing: CONFLUENCE_TOKEN is set without it")
        if basic and self.token is None:
            raise ValueError("CONFLUENCE_TOKEN is missing: CONFLUENCE_USER is set without it")
        signed_in = basic or self.pat is not None
        if signed_in and self.url is None:
            raise ValueError("CONFLUENCE_URL is missing: it must say which Confluence the credentials are for")
        if self.url is not None and not signed_in:
            raise ValueError(
                "CONFLUENCE_URL is set: CONFLUENCE_USER and CONFLUENCE_TOKEN (Cloud) or CONFLUENCE_PAT (Data Center)"
                " must be too"
            )
        if self.pat is not None and self.deployment == "cloud":
            raise ValueError("CONFLUENCE_PAT is for Data Center: Cloud takes CONFLUENCE_USER and CONFLUENCE_TOKEN")
        if self.url is not None and not self.spaces:
            raise ValueError("CONFLUENCE_SPACES is missing: it must name the spaces that may be searched, like HR,IT")
        return self
