"""What an operator says about Teams: who the bot is in Entra ID, where Microsoft is, and how fast we may call it."""

import re
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class TeamsSettings(BaseSettings):
    """`TEAMS_...` of the environment; all of it optional, without an app id: the channel is off.

    Raises pydantic's ValidationError, naming the variable that is missing, for a channel that is half configured.
    `requests_per_second` is for the app in its tenant, `burst` is how many may go at once after a silence.
    `timeout_seconds` is for one call. `service_url` is where a conversation is opened with somebody who never wrote.
    """

    model_config = SettingsConfigDict(
        env_prefix="TEAMS_", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    app_id: str | None = None
    app_password: SecretStr | None = None
    app_type: Literal["SingleTenant", "UserAssignedMSI"] = "SingleTenant"
    tenant_id: str | None = None
    openid_metadata_url: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    token_issuer: str = "https://api.botframework.com"  # noqa: S105  -- an address
    login_url: str = "https://login.microsoftonline.com"
    service_url: str = "https://smba.trafficmanager.net/teams"
    requests_per_second: float = Field(50.0, ge=0.001, le=1_000_000, allow_inf_nan=False)
    burst: int = Field(50, ge=1, le=10_000)
    timeout_seconds: float = Field(10.0, ge=0.01, le=600, allow_inf_nan=False)

    @property
    def configured(self) -> bool:
        return self.app_id is not None

    @property
    def app(self) -> str:
        """The bot's app id; ValueError when the channel is off."""
        if self.app_id is None:
            raise ValueError("TEAMS_APP_ID is not set")
        return self.app_id

    @property
    def tenant(self) -> str:
        """The id of our own directory; ValueError when the channel is off."""
        if self.tenant_id is None:
            raise ValueError("TEAMS_TENANT_ID is not set")
        return self.tenant_id

    @property
    def password(self) -> str:
        """The client secret; ValueError when there is none (a managed identity has none)."""
        if self.app_password is None:
            raise ValueError("TEAMS_APP_PASSWORD is not set")
        return self.app_password.get_secret_value()

    @property
    def scope(self) -> str:
        """What our own tokens are for: the connector of the cloud whose tokens come to us."""
        return f"{self.token_issuer}/.default"

    @field_validator("app_type", mode="before")
    @classmethod
    def _of_one_tenant(cls, kind: object) -> object:
        if kind == "MultiTenant":
            raise ValueError(
                "there have been no new multi-tenant bots since 2025-07-31: "
                "choose SingleTenant (app id, client secret and tenant id) or UserAssignedMSI (app id and tenant id)"
            )
        return kind

    @field_validator("app_id", "tenant_id")
    @classmethod
    def _is_guid(cls, value: str | None, info: ValidationInfo) -> str | None:
        """As activities name them: a tenant written as a domain would match none of them."""
        if value is None or GUID.fullmatch(value.lower()):
            return value and value.lower()
        raise ValueError(
            f"TEAMS_{str(info.field_name).upper()} must be an id like 00000000-0000-0000-0000-000000000000"
        )

    @field_validator("openid_metadata_url", "token_issuer", "login_url", "service_url")
    @classmethod
    def _is_safe(cls, url: str, info: ValidationInfo) -> str:
        if not is_safe_url(url):
            raise ValueError(
                f"TEAMS_{str(info.field_name).upper()} must begin with https:// (http:// only on loopback)"
            )
        return url.rstrip("/")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        given = {"TEAMS_APP_PASSWORD": self.app_password, "TEAMS_TENANT_ID": self.tenant_id}
        if not self.configured:
            present = [name for name, value in given.items() if value is not None]
            if present:
                raise ValueError(f"{present[0]} is set: also set TEAMS_APP_ID")
            return self
        if self.app_type == "UserAssignedMSI" and self.app_password is not None:
            raise ValueError("TEAMS_APP_TYPE is UserAssignedMSI, which has no password: unset TEAMS_APP_PASSWORD")
        needed = given if self.app_type == "SingleTenant" else {"TEAMS_TENANT_ID": self.tenant_id}
        missing = [name for name, value in needed.items() if value is None]
        if missing:
            raise ValueError(f"TEAMS_APP_ID is set: also set {' and '.join(missing)} (TEAMS_APP_TYPE {self.app_type})")
        return self


def is_safe_url(url: str) -> bool:
    """An address that a token may be sent to or a key be taken from, as far as its scheme goes; never raises."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or is_loopback(url)) and "@" not in parts.netloc


def is_loopback(url: str) -> bool:
    """An http address of this very machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "http" and parts.hostname in LOOPBACK
