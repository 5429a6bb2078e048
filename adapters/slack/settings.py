"""What an operator says about Slack: credentials, where its Web API is, and how fast we may post."""

from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SlackSettings(BaseSettings):
    """`SLACK_...` of the environment; all of it optional, none of it: the channel is off.

    Raises pydantic's ValidationError, naming the variable that is missing, for a channel that is half configured.
    `posts_per_second` is for the whole workspace, `burst` is how many posts may go at once after a silence.
    """

    model_config = SettingsConfigDict(
        env_prefix="SLACK_", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    bot_token: SecretStr | None = None
    signing_secret: SecretStr | None = None
    app_token: SecretStr | None = None
    api_url: str = "https://slack.com/api/"
    posts_per_second_per_conversation: float = Field(1.0, gt=0, allow_inf_nan=False)
    posts_per_second: float = Field(8.0, gt=0, allow_inf_nan=False)
    burst: int = Field(16, ge=1)
    timeout_seconds: float = Field(10.0, gt=0, allow_inf_nan=False)

    @property
    def configured(self) -> bool:
        return self.bot_token is not None

    @property
    def token(self) -> str:
        """The bot's token; ValueError when the channel is off."""
        if self.bot_token is None:
            raise ValueError("SLACK_BOT_TOKEN is not set")
        return self.bot_token.get_secret_value()

    @property
    def socket_mode(self) -> bool:
        return self.app_token is not None

    @field_validator("api_url")
    @classmethod
    def _ends_with_slash(cls, url: str) -> str:
        if not url.startswith(("https://", "http://")):
            raise ValueError("SLACK_API_URL must begin with https:// or http://")
        return url if url.endswith("/") else f"{url}/"

    @model_validator(mode="after")
    def _whole(self) -> Self:
        ways_in = self.signing_secret is not None or self.app_token is not None
        if self.configured and not ways_in:
            raise ValueError(
                "SLACK_BOT_TOKEN is set: also set SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN (Socket Mode)"
            )
        if ways_in and not self.configured:
            given = "SLACK_APP_TOKEN" if self.signing_secret is None else "SLACK_SIGNING_SECRET"
            raise ValueError(f"{given} is set: also set SLACK_BOT_TOKEN")
        return self
