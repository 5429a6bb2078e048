"""What processes that we start are given of our environment: what a program needs to run, and no setting of ours.

Settings carry tokens, and whoever may look into a process (its `/proc/PID/environ`, a core dump) would find them there.
"""

from __future__ import annotations

import os

PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TZ", "TMPDIR")


def child_environment(**more: str) -> dict[str, str]:
    """The environment of a child process: what is passed on of ours, and `more`."""
    return {**{name: os.environ[name] for name in PASSED_ON if name in os.environ}, **more}
