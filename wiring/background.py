"""What runs beside the rest for as long as something lasts."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any


async def ended(task: asyncio.Task[Any]) -> None:
    """End a task and wait until it has."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
