"""Make .venv from a lock file: `python3 tools/bootstrap.py requirements.lock`.

Needs nothing but Python's standard library. pip comes from the wheel beside this file, the way CPython's
own ensurepip carries it: Debian's python3 has no ensurepip, and a bare Debian has no certificates to
fetch a pip with. Index, proxy and certificates are pip's own settings (PIP_INDEX_URL, pip.conf ...).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = (ROOT / ".venv").resolve()
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.txt"
NEEDED = (3, 11)

# The other locks are resolved on top of the runtime lock, so each satisfies both.
LOCKS = {
    "requirements.lock": ["requirements.lock"],
    "requirements-dense.lock": ["requirements-dense.lock", "requirements.lock"],
    "requirements-dev.lock": ["requirements-dev.lock", "requirements.lock"],
}

# What pip prints -> what to do about it. The first that fits is shown.
ADVICE = [
    (r"No space left", "The disk is full."),
    (r"CERTIFICATE_VERIFY_FAILED", "The package index's certificate is not trusted here.\n"
     "Behind a proxy that signs for itself, name its root certificate: PIP_CERT=/path/to/root.pem"),
    (r"TLS CA certificate bundle", "PIP_CERT (or REQUESTS_CA_BUNDLE) names a file that does not exist.\n"
     "On Debian: apt install ca-certificates"),
    (r"DO NOT MATCH THE HASHES", "A package is not the one that the lock file names. Do not use it.\n"
     "If PIP_INDEX_URL or pip.conf names a mirror, ask whoever runs it."),
    (r"resolution|unreachable|Connection|ProxyError|[Tt]imed? ?out|Max retries",
     "The package index cannot be reached. Check the network; behind a proxy set HTTPS_PROXY,\n"
     "with a mirror of your own set PIP_INDEX_URL. Then run the same command again."),
    (r"No matching distribution", "The index has no ready-made package for this Python and machine.\n"
     "Another Python may have one: make PYTHON=python3.12 test"),
]  # fmt: skip


def say(text: str) -> None:
    print(text, flush=True)


def fail(text: str) -> NoReturn:
    print(text, file=sys.stderr, flush=True)
    sys.exit(1)


def base_lines() -> set[str]:
    """What the environment itself depends on: it is made again when one of these changes."""
    return {f"python {sys.version_info[0]}.{sys.version_info[1]}", f"in {VENV}"}


def lock_lines(lock: str) -> set[str]:
    return {f"{name} {hashlib.sha256((ROOT / name).read_bytes()).hexdigest()}" for name in LOCKS[lock]}


def stamped() -> set[str]:
    """The stamp is written last and removed first: without it the environment is half made."""
    if not STAMP.exists() or not PYTHON.exists():
        return set()
    return set(STAMP.read_text().splitlines())


def make_venv() -> None:
    try:
        import venv
    except ImportError:
        fail("This Python has no venv module. On Debian: apt install python3 (not only python3-minimal)")
    say(f"{'Making again' if VENV.exists() else 'Making'} .venv with Python {sys.version.split()[0]}")
    venv.EnvBuilder(clear=True, symlinks=True).create(VENV)
    wheel = next((ROOT / "tools").glob("pip-*.whl"))
    # A wheel is a zip file, and Python runs pip from inside it: here pip installs itself.
    run_pip([str(wheel / "pip")], ["--no-index", "--no-deps", str(wheel)], total=1)


def install(lock: str) -> None:
    total = len(re.findall(r"^[a-z0-9]", (ROOT / lock).read_text(), re.MULTILINE))
    say(f"Installing the packages of {lock} (up to {total}; the first time takes a minute or two)")
    # Without a compiler a source package only fails late, and its build would run code that no hash covers.
    options = ["--require-hashes", "--only-binary", ":all:", "--retries", "3", "-r", str(ROOT / lock)]
    run_pip(["-m", "pip"], options, total)


def run_pip(pip: list[str], options: list[str], total: int) -> None:
    command = [str(PYTHON), *pip, "install", "--no-input", "--progress-bar", "off", *options]
    settings = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore", "PIP_USER": "0"}
    last: deque[str] = deque(maxlen=15)
    with subprocess.Popen(  # noqa: S603 - our own interpreter with our own arguments
        command, env={**os.environ, **settings}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None  # noqa: S101 - PIPE was asked for
        follow(process.stdout, last, total)
    if process.returncode:
        explain(list(last))


def follow(lines: Iterable[str], last: deque[str], total: int) -> None:
    """Show one short line for every ten packages, so that a slow network is not taken for a hang."""
    seen = 0
    for line in lines:
        last.append(line.rstrip())
        if line.startswith("Collecting "):
            seen += 1
            if seen % 10 == 0:
                say(f"  {seen}/{total} {line.split()[1]}")
        elif line.startswith("WARNING: Retrying"):
            say("  trouble with the package index, trying again")
        elif line.startswith("Installing collected") and total > 1:
            say("  unpacking")


def explain(last: list[str]) -> NoReturn:
    text = "\n".join(last)
    advice = next((words for pattern, words in ADVICE if re.search(pattern, text)), "pip failed, see above.")
    shown = [line for line in last if not line.startswith("WARNING: Retrying")]
    fail("\n".join([*shown, "", advice]))


def bring_up_to_date(lock: str) -> None:
    present = stamped()
    if base_lines() | lock_lines(lock) <= present:
        return
    started = time.monotonic()
    if not base_lines() <= present:
        make_venv()
    STAMP.unlink(missing_ok=True)
    install(lock)
    STAMP.write_text("\n".join(sorted(base_lines() | lock_lines(lock))) + "\n")
    say(f"Ready after {time.monotonic() - started:.0f} s")


def main() -> None:
    if sys.version_info < NEEDED:
        found = ".".join(map(str, sys.version_info[:2]))
        fail(f"Python 3.11 or newer is needed, and this is {found}. Name another: make PYTHON=python3.12 run")
    if len(sys.argv) != 2 or sys.argv[1] not in LOCKS:
        fail(f"Usage: python3 tools/bootstrap.py {'|'.join(LOCKS)}")
    with Path(__file__).open() as this_file:
        # Two commands started at once must not build the same directory.
        fcntl.flock(this_file, fcntl.LOCK_EX)
        bring_up_to_date(sys.argv[1])


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        fail("\nStopped. The next start makes .venv again.")
