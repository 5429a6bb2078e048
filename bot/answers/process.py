"""What the bot lets processes of its own do: they are told by one line on stdin, and end when their parent does."""

from __future__ import annotations

import os
import sys
import threading

POLITE = 10  # how far behind the bot's own work they stand


def told() -> bytes:
    """The order, one line of JSON. From now on this process lives no longer than whoever holds its stdin."""
    os.nice(POLITE)
    line = sys.stdin.buffer.readline()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    return line


def say(line: str) -> None:
    """To the parent, who listens line by line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    while os.read(0, 4096):
        pass
    os._exit(1)  # whatever it is at: what it leaves behind is either whole or not looked at
