"""A stand-in as a process of its own: it says where it is, and ends when it is told to or its parent is gone."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import threading
from zoneinfo import available_timezones


def stop_event(*, until_stdin_closes: bool) -> asyncio.Event:
    """Set on SIGTERM and SIGINT, and on request when stdin closes."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def watch() -> None:
        # os.read holds no lock of sys.stdin, so the interpreter can end while it still waits
        while os.read(0, 4096):
            pass
        loop.call_soon_threadsafe(stop.set)

    if until_stdin_closes:
        # A thread and not a reader of the loop: stdin may be a file or /dev/null, which cannot be polled.
        threading.Thread(target=watch, daemon=True).start()
    return stop


def time_zone(text: str) -> str:
    """For argparse, which does not expect the KeyError of an unknown time zone."""
    if text not in available_timezones():
        raise argparse.ArgumentTypeError(f"there is no time zone {text!r}")
    return text


def announce(**facts: str) -> None:
    """One line of JSON on stdout, for whoever started the process."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()
