"""The sensitive topics of a running bot: read again whenever their file has changed, as the FAQ files are."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from pathlib import Path

from bot.problem import ProblemsError
from bot.sensitive import Sensitive, Topics
from bot.sensitive_file import FILES, load_sensitive
from wiring.background import ended

log = logging.getLogger(__name__)
# A copy of the one beside the shipped scenarios, which a company's own folder may take the place of.
SHIPPED = Path(__file__).parent / "shipped"
LOOK_EVERY = 0.5  # seconds between two looks for changes

Stamp = tuple[tuple[str, int, int], ...]


def _stamp(directory: Path) -> Stamp:
    """What changes when the file does: its name, time and size."""
    paths = [path for name in FILES if (path := directory / name).exists()]
    return tuple((path.name, status.st_mtime_ns, status.st_size) for path in paths for status in (path.stat(),))


def _load(directory: Path) -> Topics:
    """With their index, which takes a moment: nobody's question is to wait for it."""
    topics = load_sensitive(directory, SHIPPED)
    _ = topics.index
    return topics


async def wire_sensitive(stack: AsyncExitStack, directory: Path) -> Sensitive:
    """The topics, kept up to their file for as long as `stack` lasts.

    Raises ProblemsError: the file has an error in it.
    """
    seen = await asyncio.to_thread(_stamp, directory)
    sensitive = Sensitive(await asyncio.to_thread(_load, directory))
    keeping = asyncio.create_task(_keep(sensitive, directory, seen), name="sensitive topics")
    stack.push_async_callback(ended, keeping)
    return sensitive


async def _keep(sensitive: Sensitive, directory: Path, seen: Stamp) -> None:
    """While the file has an error in it, what stood there before is what counts."""
    while True:
        await asyncio.sleep(LOOK_EVERY)
        try:
            now = await asyncio.to_thread(_stamp, directory)
            if now == seen:
                continue
            seen = now
            sensitive.topics = await asyncio.to_thread(_load, directory)
            log.info("sensitive topics ready", extra={"topics": len(sensitive.topics.by_id)})
        except ProblemsError as error:
            log.error("sensitive topics not read", extra={"problem": str(error.problems[0])})
        except OSError as error:  # a file that is being written anew is gone for a moment
            log.warning("sensitive topics not read", extra={"error": type(error).__name__})
