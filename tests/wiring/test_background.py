"""The end of what runs beside the rest."""

import asyncio

import pytest

from wiring.background import ended


async def test_whoever_is_to_end_while_they_wait_for_the_end_of_another_does_end() -> None:
    """Else an index that is being taught would keep a bot from stopping."""
    begun, ending, last = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        try:
            begun.set()
            await asyncio.sleep(3600)
        finally:
            ending.set()
            await last.wait()

    inner = asyncio.create_task(slow())
    await begun.wait()
    outer = asyncio.create_task(ended(inner))
    await ending.wait()
    outer.cancel()
    last.set()
    await asyncio.wait({outer, inner})
    assert outer.cancelled()
    assert inner.cancelled()


async def test_a_task_that_has_failed_by_itself_is_heard() -> None:
    async def fails() -> None:
        raise ValueError("broken")

    task = asyncio.create_task(fails())
    await asyncio.wait({task})
    with pytest.raises(ValueError, match="broken"):
        await ended(task)
