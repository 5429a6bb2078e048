"""The unix socket of an embedded server: where it is, its address, and whether anybody listens there."""

import contextlib
import os
import socket
import tempfile
from pathlib import Path
from urllib.parse import quote

NAME = "valkey.sock"
ELSEWHERE_PREFIX = "butterboard-"
PATH_BYTES = 100  # the system's limit is 108 on Linux and 104 on macOS, a closing NUL included
CONNECT_SECONDS = 2.0


def place_socket(data_dir: Path) -> Path:
    """A path for a new socket: in the data folder, or in a new private folder when that path is too long."""
    inside = data_dir / NAME
    if len(os.fsencode(inside)) <= PATH_BYTES:
        return inside
    return Path(tempfile.mkdtemp(prefix=ELSEWHERE_PREFIX)) / NAME


def remove_socket(path: Path, data_dir: Path) -> None:
    """Remove a socket that nobody listens on any more, with the folder that `place_socket` made for it."""
    path.unlink(missing_ok=True)
    if path.parent != data_dir and path.parent.name.startswith(ELSEWHERE_PREFIX):
        with contextlib.suppress(OSError):  # gone with a reboot, or not empty and then not ours
            path.parent.rmdir()


def socket_url(path: Path) -> str:
    """The address for `connect` of a server's socket."""
    return f"unix://{quote(str(path))}"


def accepts(path: Path) -> bool:
    """Whether a server listens on the socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(CONNECT_SECONDS)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True
