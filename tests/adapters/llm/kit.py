"""What the tests of the language model share: a stand-in, and composers that talk to it over HTTP."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from adapters.llm.client import ModelClient, http_session
from adapters.llm.composer import LlmComposer
from adapters.llm.settings import LlmSettings
from bot.composer import Excerpt
from sandbox.faults import FaultPlan, Kind, Rule
from sandbox.llm import Mode, Model, Say, serve

KEY = "sk-test-0123456789"
VPN = Excerpt(1, "VPN > Доступ", "Портал открыт всем. Чтобы подключить VPN, откройте портал https://vpn.example.com.")
LEAVE = Excerpt(2, "Отпуск", "Отпуск длится 28 дней. Заявление на отпуск подают за две недели.")
EXCERPTS = (VPN, LEAVE)
QUESTION = "Как подключить VPN?"


class Clock:
    """A clock that only a test moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Stand:
    """A running stand-in."""

    url: str
    model: Model
    faults: FaultPlan

    def settings(self, **more: Any) -> LlmSettings:
        return settings_for(self.url, **more)

    def say(self, mode: Mode, text: str = "", *, times: int | None = None) -> None:
        self.model.say(Say(mode=mode, text=text, times=times))

    def fail(self, kind: Kind, *, times: int | None = None, status: int = 500, retry_after: int = 1) -> None:
        rule = Rule(kind=kind, match="/chat/completions ", times=times, status=status, retry_after=retry_after)
        self.faults.add(rule)


def settings_for(
    url: str,
    *,
    timeout: float = 9.0,
    key: str = KEY,
    model: str = "sandbox",
    compose: bool = True,
    rewrite: bool = True,
) -> LlmSettings:
    return LlmSettings(
        url=f"{url}/v1", key=SecretStr(key), model=model, timeout=timeout, compose=compose, rewrite=rewrite
    )


@asynccontextmanager
async def standing(model: Model | None = None) -> AsyncIterator[Stand]:
    served, plan = model or Model(KEY), FaultPlan()
    async with serve(served, plan) as url:
        yield Stand(url, served, plan)


@asynccontextmanager
async def composing(settings: LlmSettings, clock: Clock | None = None) -> AsyncIterator[LlmComposer]:
    async with http_session() as session:
        yield LlmComposer(ModelClient(session, settings, clock or Clock()), settings)


def free_address() -> str:
    """Where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return f"http://127.0.0.1:{door.getsockname()[1]}"
