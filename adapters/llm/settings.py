"""What the operator says about the language model: LLM_URL and its neighbours."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.credential import header_text
from bot.web_address import web_address

ENDPOINT = "/chat/completions"
# A question is rewritten before it is looked up, and answered after: together within the ten seconds of an answer.
REWRITING = 1 / 3


def _base(url: str) -> str:
    """Raises ValueError."""
    base = url.rstrip("/")
    if base.endswith(ENDPOINT):
        raise ValueError(f"LLM_URL is what stands before {ENDPOINT}, like https://api.example.com/v1")
    return base


Url = Annotated[str, AfterValidator(web_address("https://api.example.com/v1")), AfterValidator(_base)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Key = Annotated[SecretStr, BeforeValidator(header_text)]


class LlmSettings(BaseSettings):
    """An OpenAI-compatible API and the model of it that is used. Without `url` there is none.

    `timeout`: seconds that the model may cost a question as a whole. `compose`, `rewrite`: what it is used for.
    Raises ValidationError, which names the variables, when only a part of it is set.
    """

    model_config = SettingsConfigDict(
        env_prefix="LLM_", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    url: Url | None = None
    key: Key | None = None
    model: Word | None = None
    timeout: float = Field(6.0, ge=0.01, le=9.0, allow_inf_nan=False)
    compose: bool = True
    rewrite: bool = True

    @property
    def configured(self) -> bool:
        return self.url is not None

    @property
    def base(self) -> str:
        """The address of the API, without a slash at its end. Only of a configured one."""
        if self.url is None:
            raise ValueError("LLM_URL is not set")
        return self.url

    @property
    def rewrite_seconds(self) -> float:
        return self.timeout * REWRITING if self.compose else self.timeout

    @property
    def compose_seconds(self) -> float:
        return self.timeout * (1 - REWRITING) if self.rewrite else self.timeout

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.url is not None and self.model is None:
            raise ValueError("LLM_MODEL is missing: LLM_URL is set without it")
        if self.url is None and (self.model is not None or self.key is not None):
            given = "LLM_KEY" if self.model is None else "LLM_MODEL"
            raise ValueError(f"LLM_URL is missing: {given} is set without it")
        if self.url is not None and not (self.compose or self.rewrite):
            raise ValueError("LLM_COMPOSE and LLM_REWRITE are both off: unset LLM_URL, or leave one of them on")
        return self
