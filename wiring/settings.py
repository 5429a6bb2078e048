"""Settings from the environment and `.env`: all optional; what is wrong is named with what is expected."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from redis.asyncio.connection import parse_url

from adapters.confluence.settings import ConfluenceSettings
from adapters.jira.settings import JiraSettings
from adapters.llm.settings import LlmSettings
from adapters.slack.settings import SlackSettings
from adapters.teams.settings import TeamsSettings
from adapters.web.own_words import own_words
from bot.limiter import Limits
from bot.people import Policy, normal_email
from bot.web_address import host_of, is_loopback, unencrypted_host

ENV_FILE = ".env"
KEY_CHARACTERS = 32
KEY_VARIETY = 8  # so many different ones; even of 32 random digits one key in a thousand has fewer
# What listens on all addresses, and where it is found on this machine.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
HOST_NAME = re.compile(r"[a-z0-9._-]+|[0-9a-f]*(:[0-9a-f]*){2,7}")


def _comma_separated(value: object) -> frozenset[str]:
    return frozenset(normal_email(part) for part in str(value).split(",") if part.strip())


def _store_url(url: str) -> str:
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("expected redis://host:port/0, rediss://... or unix:///path")
    try:
        parse_url(url)
    except ValueError:
        # Its own words quote what it stumbled over, and that is most often a part of the password.
        raise ValueError(
            "cannot be read: percent-encode / # ? @ and : in the password, as %2F %23 %3F %40 %3A"
        ) from None
    return url


def _strong(key: SecretStr) -> SecretStr:
    """Whoever is given a link may try keys on it for as long as they like. Raises ValueError, which quotes nothing."""
    text = key.get_secret_value().strip()
    if len(text) < KEY_CHARACTERS:
        raise ValueError(f"expected at least {KEY_CHARACTERS} characters, such as `openssl rand -hex 32` prints")
    if len(set(text)) < KEY_VARIETY or _repeats(text):
        raise ValueError("expected random characters, such as `openssl rand -hex 32` prints, and no repeated text")
    return key


def _repeats(text: str) -> bool:
    """Is it a shorter text, over and over?"""
    return any(text.startswith(text[period:]) for period in range(1, len(text) // 2 + 1))


def _host_names(names: frozenset[str]) -> frozenset[str]:
    bare = frozenset(name.removeprefix("[").removesuffix("]") for name in names)
    if not all(map(HOST_NAME.fullmatch, bare)):
        raise ValueError("expected hosts like jira.lan,10.0.0.7, separated by commas, without http:// and port")
    return bare


Hosts = Annotated[frozenset[str], NoDecode, AfterValidator(_host_names)]


def _networks(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return tuple(ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip())
    except ValueError:
        raise ValueError("expected addresses or networks with commas, as 10.0.0.5,192.168.0.0/16") from None


def _own_words(path: str) -> str:
    """Read once already here, so that what is wrong with the file is said with the name of the variable."""
    own_words(path)
    return path


OwnWords = Annotated[str, AfterValidator(_own_words)]
Emails = Annotated[frozenset[str], NoDecode]
Network = IPv4Network | IPv6Network
Networks = Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_networks)]


class Settings(BaseSettings):
    """What belongs to no channel and no service."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True, env_file_encoding="utf-8", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    public_url: str | None = None
    sandbox: Literal["auto", "on", "off"] = "auto"
    secret_key: Annotated[SecretStr, AfterValidator(_strong)] | None = None
    allow_http: Hosts = frozenset()
    data_dir: Path = Path("data")
    redis_url: Annotated[str, AfterValidator(_store_url)] | None = None
    organisation: str = Field("main", pattern=r"^[A-Za-z0-9_-]{1,64}$")
    redis_wait_replicas: int = Field(0, ge=0, le=16)
    people_file: Path | None = None
    privacy_file: OwnWords | None = None
    terms_file: OwnWords | None = None
    privacy_contact: str = Field("", max_length=300)
    scenarios_dir: Path = Path(__file__).parents[1] / "scenarios"
    hr_emails: Emails = frozenset()
    admin_emails: Emails = frozenset()
    email_domains: Emails = frozenset()
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"
    lease_seconds: float = Field(30.0, gt=0, le=3600)
    header_seconds: float = Field(10.0, gt=0, le=3600)
    max_connections: int = Field(500, ge=1, le=100_000)
    max_connections_per_address: int = Field(100, ge=1, le=100_000)
    trusted_proxies: Networks = ()
    acts_burst: int = Field(30, ge=1, le=1_000_000)
    acts_per_minute: int = Field(30, ge=1, le=60_000)

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, given: object) -> object:
        if isinstance(given, dict):
            for name in ("hr_emails", "admin_emails", "email_domains", "allow_http"):
                if name in given:
                    given[name] = _comma_separated(given[name])
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
    def why_unsandboxed(self) -> str | None:
        """Why `auto` has left the sandbox off, in a sentence. None where it is on, or SANDBOX=off."""
        serious = self._serious()
        if self.main.sandbox != "auto" or not serious:
            return None
        why = "HOST is not an address of this machine" if serious[0] == "HOST" else f"{serious[0]} is set"
        possible = " SANDBOX=on turns it on, for this machine alone." if not self._forbidding() else ""
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
                    f"{name}: http://{host} would be sent secrets unencrypted. Use https://, or set ALLOW_HTTP={host}"
                    for name, host in refused.items()
                )
            )
        return self


class SettingsError(Exception):
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


def load_settings(env_file: str | None = ENV_FILE) -> AllSettings:
    """Read the environment and `env_file`. Raises SettingsError with every problem at once."""
    env_file = env_file if env_file and os.path.exists(env_file) else None  # noqa: PTH110
    parts: dict[str, BaseSettings] = {}
    problems: list[str] = []
    for name, kind in KINDS.items():
        try:
            parts[name] = kind(_env_file=env_file)
        except ValidationError as error:
            problems += _named(error, str(kind.model_config.get("env_prefix") or ""))
        except UnicodeDecodeError as error:
            raise SettingsError([f"{env_file} is not UTF-8 at byte {error.start}"]) from None
    if problems:
        raise SettingsError(problems)
    try:
        return AllSettings.model_validate(parts)
    except ValidationError as error:
        said = (str(one["msg"]).removeprefix("Value error, ") for one in error.errors())
        raise SettingsError([line for one in said for line in one.splitlines()]) from error


def _named(error: ValidationError, prefix: str) -> Iterator[str]:
    for one in error.errors(include_url=False, include_input=False):
        variable = prefix + "_".join(map(str, one["loc"])).upper()
        said = str(one["msg"]).removeprefix("Value error, ")
        yield f"{variable}: {said}" if one["loc"] else said
