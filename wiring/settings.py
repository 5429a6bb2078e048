"""Settings from the environment and `.env`: all optional; what is wrong is named with what is expected."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from redis.asyncio.connection import parse_url

from adapters.confluence.settings import ConfluenceSettings
from adapters.jira.settings import JiraSettings
from adapters.llm.settings import LlmSettings
from adapters.slack.settings import SlackSettings
from adapters.teams.settings import TeamsSettings
from bot.limiter import Limits
from bot.people import Policy, normal_email

ENV_FILE = ".env"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


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


Emails = Annotated[frozenset[str], NoDecode]


class Settings(BaseSettings):
    """What belongs to no channel and no service."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True, env_file_encoding="utf-8", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    public_url: str | None = None
    sandbox: Literal["auto", "on", "off"] = "auto"
    secret_key: SecretStr | None = None
    data_dir: Path = Path("data")
    redis_url: Annotated[str, AfterValidator(_store_url)] | None = None
    organisation: str = Field("main", pattern=r"^[A-Za-z0-9_-]{1,64}$")
    redis_wait_replicas: int = Field(0, ge=0, le=16)
    people_file: Path | None = None
    scenarios_dir: Path = Path(__file__).parents[1] / "scenarios"
    hr_emails: Emails = frozenset()
    admin_emails: Emails = frozenset()
    email_domains: Emails = frozenset()
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"
    lease_seconds: float = Field(30.0, gt=0, le=3600)
    acts_burst: int = Field(30, ge=1, le=1_000_000)
    acts_per_minute: int = Field(30, ge=1, le=60_000)

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, given: object) -> object:
        if isinstance(given, dict):
            for name in ("hr_emails", "admin_emails", "email_domains"):
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
        """`auto`: only where nothing real is set, and nobody but this machine can reach us."""
        if self.main.sandbox == "auto":
            return not self._real() and self.main.host in LOOPBACK
        return self.main.sandbox == "on"

    @property
    def base_url(self) -> str:
        return (self.main.public_url or f"http://{self.main.host}:{self.main.port}").rstrip("/")

    def _real(self) -> list[str]:
        set_ones = {
            "SLACK_BOT_TOKEN": self.slack.configured,
            "TEAMS_APP_ID": self.teams.configured,
            "JIRA_URL": self.jira.configured,
            "CONFLUENCE_URL": self.confluence.configured,
            "REDIS_URL": self.main.redis_url is not None,
        }
        return [name for name, is_set in set_ones.items() if is_set]

    @model_validator(mode="after")
    def _no_sandbox_beside_real_services(self) -> Self:
        real = self._real()
        if self.main.sandbox == "on" and real:
            raise ValueError(f"SANDBOX=on beside {', '.join(real)}: anybody could speak as anybody. Unset one of them")
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
        raise SettingsError([str(one["msg"]).removeprefix("Value error, ") for one in error.errors()]) from error


def _named(error: ValidationError, prefix: str) -> Iterator[str]:
    for one in error.errors(include_url=False, include_input=False):
        variable = prefix + "_".join(map(str, one["loc"])).upper()
        said = str(one["msg"]).removeprefix("Value error, ")
        yield f"{variable}: {said}" if one["loc"] else said
