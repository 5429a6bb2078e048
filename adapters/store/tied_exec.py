"""Become another program that is told to stop (SIGTERM) when the process that started us dies.

Run as a script: `python -I -S tied_exec.py HOW PARENT_PID PROGRAM [ARGUMENT ...]`. After `exec` nothing of
Python is left, and the program has the process id that the starter knows.

HOW is `kernel` on Linux: the kernel sends the signal itself, so no helper can be killed and no pipe can
leak into a stray child. It counts from the *thread* that started us; asyncio starts processes in the thread
of its loop. HOW is `watcher` elsewhere: a small child waits for the end of our stdin, whose other end only
the starter holds.

It is set here, after the start, because `preexec_fn` would run Python between fork and exec in a process
with threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(how: str, parent: int, command: list[str]) -> None:
    """Tie this process to `parent` and become `command`. Exits with 1 when the parent is dead already."""
    os.umask(0o077)
    if how == "kernel":
        _ask_kernel()
    else:
        _fork_watcher()
    if os.getppid() != parent:  # it died before we were tied
        sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 - a fixed program, no shell wanted


def _ask_kernel() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")


def _fork_watcher() -> None:
    program = os.getpid()
    if os.fork() != 0:
        return
    while os.read(0, 4096):
        pass
    if os.getppid() == program:  # else it ended before, and the id may be another's by now
        os.kill(program, signal.SIGTERM)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
