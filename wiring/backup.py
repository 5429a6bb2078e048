"""`backup`: the data of the embedded store as one file, also while the bot runs.

What the store has acknowledged stands in append-only files, which a manifest lists. They only grow at their end, so a
copy of them is the store as it was a moment ago, whatever is written meanwhile. When the server rewrites them, it
writes new ones first, then the manifest, and removes the old ones last: a file that is gone is looked for anew.
"""

from __future__ import annotations

import io
import os
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from bot.errors import ButterboardError
from wiring.secret import KEY_FILE
from wiring.settings import AllSettings

FOLDER = "appendonlydir"
MANIFEST = f"{FOLDER}/appendonly.aof.manifest"
BESIDE = (KEY_FILE, "sandbox.json", "sandbox-jira.json")  # indexes are made anew, and a log is none of the data
TRIES = 20  # a rewrite is over within seconds, and then none follows for a long time
PAUSE = 0.2  # seconds between them
PRIVATE = 0o600


class NoBackup(ButterboardError):
    """Why there is none; the text says what to do."""


class BackedUp(msgspec.Struct, frozen=True):
    """What stands in the backup: so many files, and so many bytes of them."""

    files: int
    size: int


def back_up(settings: AllSettings, out: Path) -> BackedUp:
    """Write the backup to `out`, which must not be there yet: whole, or not at all. Raises NoBackup."""
    main = settings.main
    if main.redis_url is not None:
        raise NoBackup("The data is in the store that REDIS_URL names: back that up, as docs/setup/backup.md says.")
    if not (main.data_dir / MANIFEST).exists():
        raise NoBackup(f"There is no data in {main.data_dir}: DATA_DIR must be that of the bot.")
    half = out.with_name(f"{out.name}.half")
    try:
        if out.exists():
            raise NoBackup(f"{out} is there already: name another file.")
        try:
            with _private(half) as file:
                found = _write(main.data_dir, file)
                file.flush()
                os.fsync(file.fileno())
            half.rename(out)
        finally:
            half.unlink(missing_ok=True)
    except OSError as error:
        raise NoBackup(f"{out} cannot be written: {error.strerror}.") from error
    return found


def _private(path: Path) -> BinaryIO:
    """Open for writing; only its owner may read it, from the first byte on: the key is in it."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, PRIVATE), "wb")


def _write(data_dir: Path, file: BinaryIO) -> BackedUp:
    files = size = 0
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, content, length in _contents(data_dir):
            with content:
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode, entry.mtime = length, PRIVATE, int(time.time())
                archive.addfile(entry, content)
            files, size = files + 1, size + length
    return BackedUp(files, size)


def _contents(data_dir: Path) -> Iterator[tuple[str, BinaryIO, int]]:
    """Name, open file and how much of it is taken: what is written from now on is not."""
    manifest, opened = _at_one_moment(data_dir)
    yield MANIFEST, io.BytesIO(manifest), len(manifest)
    for name, file in opened.items():
        yield f"{FOLDER}/{name}", file, os.fstat(file.fileno()).st_size
    for name in BESIDE:
        path = data_dir / name
        if path.exists():
            content = path.read_bytes()
            yield name, io.BytesIO(content), len(content)


def _at_one_moment(data_dir: Path) -> tuple[bytes, dict[str, BinaryIO]]:
    """The manifest and the files that it lists, open: so they stay readable though the server removes them."""
    for _ in range(TRIES):
        opened: dict[str, BinaryIO] = {}
        manifest = (data_dir / MANIFEST).read_bytes()
        try:
            for name in _listed(manifest):
                opened[name] = (data_dir / FOLDER / name).open("rb")
        except FileNotFoundError:
            for file in opened.values():
                file.close()
            time.sleep(PAUSE)
            continue
        return manifest, opened
    raise NoBackup("The store has just been rewriting its files all the time: try again in a minute.")


def _listed(manifest: bytes) -> list[str]:
    """Names of the files that hold data: `file NAME seq N type b`. Those of type h are on their way out."""
    lines = [line.split() for line in manifest.decode("ascii").splitlines()]
    return [Path(words[1]).name for words in lines if len(words) >= 6 and words[5] in ("b", "i")]
