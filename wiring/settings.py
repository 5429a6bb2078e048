"""Settings from the environment and `.env`: all optional; what is wrong is named with what is expected."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from adapters.confluence.settings import ConfluenceSettings
from adapters.jira.settings import JiraSettings
from adapters.llm.settings import LlmSettings
from adapters.slack.settings import SlackSettings
from adapters.teams.settings import TeamsSettings
from bot.errors import ButterboardError
from bot.limiter import Limits
from bot.people import Policy
from bot.web_address import host_of, is_loopback, unencrypted_host
from wiring.setting_names import Names, problems_of_environment, problems_of_file
from wiring.setting_values import (
    Domains,
    Emails,
    Hosts,
    ListeningHost,
    Networks,
    Organisation,
    OwnWords,
    PublicUrl,
    SecretKey,
    StoreUrl,
    comma_separated,
)

ENV_FILE = ".env"
# What listens on all addresses, and where it is found on this machine.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


class Settings(BaseSettings):
    """What belongs to no channel and no service."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True, env_file_encoding="utf-8", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    host: ListeningHost = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    public_url: PublicUrl | None = None
    sandbox: Literal["auto", "on", "off"] = "auto"
    secret_key: SecretKey | None = None
    allow_http: Hosts = frozenset()
    data_dir: Path = Path("data")
    redis_url: StoreUrl | None = None
    organisation: Organisation = "main"
    redis_wait_replicas: int = Field(0, ge=0, le=16)
    people_file: Path | None = None
    privacy_file: OwnWords | None = None
    terms_file: OwnWords | None = None
    privacy_contact: str = Field("", max_length=300)
    scenarios_dir: Path = Path(__file__).parents[1] / "scenarios"
    hr_emails: Emails = frozenset()
    admin_emails: Emails = frozenset()
    email_domains: Domains = frozenset()
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"
    lease_seconds: float = Field(30.0, gt=0, le=3600)
    header_seconds: float = Field(10.0, gt=0, le=3600)
    max_connections: int = Field(500, ge=1, le=100_000)
    max_connections_per_address: int = Field(100, ge=1, le=100_000)
    trusted_proxies: Networks = ()
    quiet_hours: Literal["auto", "on", "off"] = "auto"
    acts_burst: int = Field(30, ge=1, le=1_000_000)
    acts_per_minute: int = Field(30, ge=1, le=60_000)

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, given: object) -> object:
        if isinstance(given, dict):
            for name in ("hr_emails", "admin_emails", "email_domains", "allow_http"):
                if name in given:
                    given[name] = comma_separated(given[name])
            if isinstance(given.get("log_level"), str):
                given["log_level"] = given["log_level"].lower()
        return given

    @property
    def limits(self) -> Limits:
        return Limits(self.acts_burst, self.acts_per_minute)

    @property
    def policy(self) -> Policy:
        return Policy(hr=self.hr_emails, admins=self.admin_emails, domains=self.email_domains)


class AllSettings(BaseModel):
    """Settings of the house and of every adapter, and whether the sandbox is on."""

    main: Settings
    slack: SlackSettings
    teams: TeamsSettings
    jira: JiraSettings
    confluence: ConfluenceSettings
    llm: LlmSettings

    @property
    def sandboxed(self) -> bool:
        """`auto`: only where nothing is set that concerns other people than whoever tries it on this machine."""
        return self.main.sandbox == "on" or (self.main.sandbox == "auto" and not self._serious())

    @property
    def keeps_quiet_hours(self) -> bool:
        """`auto`: not where one person tries everything on this machine, maybe in the evening."""
        return self.main.quiet_hours == "on" or (self.main.quiet_hours == "auto" and not self.sandboxed)

    @property
    def why_unsandboxed(self) -> str:
        """Why the sandbox is off, and with it the web chat, in a sentence; "" where it is on."""
        serious = self._serious()
        if self.sandboxed:
            return ""
        if self.main.sandbox == "off":
            return "The sandbox is off, because SANDBOX=off."
        whys = ["HOST is not an address of this machine" if name == "HOST" else f"{name} is set" for name in serious]
        why = " and ".join(filter(None, (", ".join(whys[:-1]), whys[-1])))
        here = self.main.host in EVERYWHERE or is_loopback(self.main.host)
        possible = " SANDBOX=on turns it on, for this machine alone." if here and not self._forbidding() else ""
        return f"The sandbox is off, because {why}.{possible}"

    @property
    def base_url(self) -> str:
        return (self.main.public_url or self.address(self.main.port)).rstrip("/")

    def address(self, port: int) -> str:
        """Where a browser on this machine finds us, when we listen on `port`."""
        host = EVERYWHERE.get(self.main.host, self.main.host)
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    @property
    def unencrypted(self) -> Mapping[str, str]:
        """Variables whose address is plain http elsewhere than on this machine, each with its host. Those of Teams are
        never: who can change its keys on the way can speak as anybody."""
        addresses = {
            "PUBLIC_URL": self.main.public_url,
            "SLACK_API_URL": self.slack.api_url,
            "JIRA_URL": self.jira.url,
            "CONFLUENCE_URL": self.confluence.url,
            "LLM_URL": self.llm.url,
        }
        hosts = {name: unencrypted_host(url) for name, url in addresses.items() if url is not None}
        return {name: host for name, host in hosts.items() if host is not None}

    def _real(self) -> list[str]:
        set_ones = {
            "SLACK_BOT_TOKEN": self.slack.configured,
            "TEAMS_APP_ID": self.teams.configured,
            "JIRA_URL": self.jira.configured,
            "CONFLUENCE_URL": self.confluence.configured,
            "REDIS_URL": self.main.redis_url is not None,
        }
        return [name for name, is_set in set_ones.items() if is_set]

    def _serious(self) -> list[str]:
        """What tells of people or services that are not the sandbox's own."""
        main = self.main
        set_ones = {
            "PUBLIC_URL": main.public_url is not None,
            "PEOPLE_FILE": main.people_file is not None,
            "HR_EMAILS": bool(main.hr_emails),
            "ADMIN_EMAILS": bool(main.admin_emails),
            "EMAIL_DOMAINS": bool(main.email_domains),
            "HOST": not is_loopback(main.host),
        }
        return [*self._real(), *(name for name, is_set in set_ones.items() if is_set)]

    def _forbidding(self) -> list[str]:
        """What no sandbox may stand beside. People come to a public address through a proxy: it would refuse them."""
        url = self.main.public_url
        return [*self._real(), *(["PUBLIC_URL"] if url is not None and not is_loopback(host_of(url)) else [])]

    @model_validator(mode="after")
    def _no_sandbox_beside_what_is_real(self) -> Self:
        if self.main.sandbox != "on":
            return self
        if forbidding := self._forbidding():
            names = ", ".join(forbidding)
            raise ValueError(f"SANDBOX=on beside {names}: anybody could speak as anybody. Unset one of them")
        if self.main.host not in EVERYWHERE and not is_loopback(self.main.host):
            raise ValueError("SANDBOX=on answers this machine alone, and HOST is another address: set HOST=127.0.0.1")
        return self

    @model_validator(mode="after")
    def _encrypted(self) -> Self:
        refused = {name: host for name, host in self.unencrypted.items() if host not in self.main.allow_http}
        if refused:
            raise ValueError(
                "\n".join(
                    f"{name}: http://{host} {_risk(name)} unencrypted. Use https://, or set ALLOW_HTTP={host}"
                    for name, host in refused.items()
                )
            )
        return self


def _risk(name: str) -> str:
    """What goes over a plain http address of that variable."""
    return "would carry people's links" if name == "PUBLIC_URL" else "would be sent secrets"


class SettingsError(ButterboardError):
    """`problems` name the variables and what is expected of them."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


KINDS: dict[str, type[BaseSettings]] = {
    "main": Settings,
    "slack": SlackSettings,
    "teams": TeamsSettings,
    "jira": JiraSettings,
    "confluence": ConfluenceSettings,
    "llm": LlmSettings,
}


def _names() -> Names:
    prefixes = {name: str(kind.model_config.get("env_prefix") or "") for name, kind in KINDS.items()}
    known = (f"{prefixes[name]}{field}".upper() for name, kind in KINDS.items() for field in kind.model_fields)
    return Names(frozenset(known), tuple(prefix for prefix in prefixes.values() if prefix))


NAMES = _names()


def load_settings(env_file: str | None = ENV_FILE) -> AllSettings:
    """Read the environment and `env_file`. Raises SettingsError with every problem at once."""
    file = Path(env_file) if env_file and Path(env_file).exists() else None
    problems = list(_unread(file))
    parts: dict[str, BaseSettings] = {}
    for name, kind in KINDS.items():
        try:
            parts[name] = kind(_env_file=file, _env_file_encoding="utf-8-sig")
        except ValidationError as error:
            problems += _named(error, str(kind.model_config.get("env_prefix") or ""))
    if problems:
        raise SettingsError(problems)
    try:
        return AllSettings.model_validate(parts)
    except ValidationError as error:
        said = (str(one["msg"]).removeprefix("Value error, ") for one in error.errors())
        raise SettingsError([line for one in said for line in one.splitlines()]) from error


def _unread(file: Path | None) -> Iterable[str]:
    """What nobody would read: names with a slip, lines that are none. Raises SettingsError: the file is no text."""
    found: list[str] = []
    given: frozenset[str] = frozenset()
    try:
        if file is not None:
            found, given = problems_of_file(file, NAMES)
    except UnicodeDecodeError as error:
        raise SettingsError([f"{file} is not UTF-8 at byte {error.start}"]) from None
    except OSError as error:
        raise SettingsError([f"{file} cannot be read: {error.strerror}"]) from None
    return [*found, *problems_of_environment(os.environ, NAMES, given)]


EXPECTED = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "finite_number": "a finite number",
    "float_parsing": "a number",
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a smaller number",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "literal_error": "{expected}",
    "string_too_short": "at least {min_length} characters",
    "too_long": "at most {max_length} of them",
    "too_short": "at least {min_length} characters",
}
"""Kinds of errors of pydantic, with what is expected instead; each figure from the setting itself."""


def _named(error: ValidationError, prefix: str) -> Iterator[str]:
    for one in error.errors(include_url=False, include_input=False):
        # What comes after the first is a place within the value.
        variable = f"{prefix}{one['loc'][0]}".upper() if one["loc"] else ""
        said = _expected(one)
        yield said if not variable or said.startswith(variable) else f"{variable}: {said}"


def _expected(one: ErrorDetails) -> str:
    expected = EXPECTED.get(one["type"])
    if expected is None:
        return str(one["msg"]).removeprefix("Value error, ")
    return f"expected {expected.format(**one.get('ctx', {}))}"
