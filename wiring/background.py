"""What runs beside the rest for as long as something lasts."""

from __future__ import annotations

import asyncio
from typing import Any


async def ended(task: asyncio.Task[Any]) -> None:
    """End a task and wait until it has. Raises what it raises, and CancelledError when whoever waits is to end too."""
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.result()
