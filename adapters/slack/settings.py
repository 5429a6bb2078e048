"""What an operator says about Slack: credentials, where its Web API is, and how fast we may post."""

from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.credential import header_text
from bot.web_address import web_address

Token = Annotated[SecretStr, BeforeValidator(header_text)]


def _ends_with_slash(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"


ApiUrl = Annotated[str, AfterValidator(web_address("https://slack.com/api/")), AfterValidator(_ends_with_slash)]


class SlackSettings(BaseSettings):
    """`SLACK_...` of the environment; all of it optional, none of it: the channel is off.

    Raises pydantic's ValidationError, naming the variable that is missing, for a channel that is half configured.
    `posts_per_second` is for the whole workspace, `burst` is how many posts may go at once after a silence.
    """

    model_config = SettingsConfigDict(
        env_prefix="SLACK_", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    bot_token: Token | None = None
    signing_secret: SecretStr | None = None
    app_token: Token | None = None
    api_url: ApiUrl = "https://slack.com/api/"
    posts_per_second_per_conversation: float = Field(1.0, ge=0.001, le=1_000_000, allow_inf_nan=False)
    posts_per_second: float = Field(8.0, ge=0.001, le=1_000_000, allow_inf_nan=False)
    burst: int = Field(16, ge=1, le=10_000)
    timeout_seconds: float = Field(10.0, ge=0.01, le=600, allow_inf_nan=False)

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
