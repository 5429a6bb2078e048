"""Waiting for what no event tells of: other processes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
GLANCE = 0.1


async def until(look: Callable[[], Awaitable[T]], seconds: float, glance: float = GLANCE) -> T:
    """The first true answer of `look`, asked again and again; TimeoutError when there is none in time."""
    async with asyncio.timeout(seconds):
        while not (seen := await look()):  # noqa: ASYNC110 - nothing in this process knows when
            await asyncio.sleep(glance)
        return seen
