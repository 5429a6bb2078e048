"""A folder for the indexes of one process: `DATA_DIR/answers/<organisation>/<n>`, the first that no other works in.

Indexes can be made anew from the store at any time, so where DATA_DIR cannot be written they lie in a folder that goes
with the process.
"""

from __future__ import annotations

import fcntl
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

log = logging.getLogger(__name__)
PRIVATE = 0o700  # the wiki is in it, and not everybody on this machine may read that
VECTORS = "vectors.bin"  # shared by all processes: a vector depends on the text alone


@contextmanager
def index_folder(data_dir: Path, organisation: str) -> Iterator[Path]:
    """The folder, locked for as long as the context lasts."""
    above = data_dir / "answers" / organisation
    try:
        above.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        with suppress(PermissionError):  # it is somebody else's, who lets us write there
            above.chmod(PRIVATE)
    except OSError as error:
        log.warning("indexes are not kept", extra={"folder": str(above), "error": error.strerror})
        with tempfile.TemporaryDirectory() as passing:
            yield Path(passing)
        return
    for number in count():
        folder = above / str(number)
        folder.mkdir(exist_ok=True)
        with (folder / "lock").open("w") as lock, suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield folder
            return
