"""The secret that signs links (SECRET_KEY, or one that is kept beside the data), and a key for each of its uses."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from wiring.settings import AllSettings

KEY_FILE = "secret.key"
KEY_BYTES = 32

Purpose = Literal["issue-labels", "jira-webhook", "journey-links", "web-session"]


def derived_key(secret: bytes, purpose: Purpose) -> bytes:
    """The key of one purpose, 32 bytes (HKDF-SHA256, RFC 5869): what one of them signs tells nothing of the others."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"butterboard {purpose}".encode()).derive(secret)


def own_secret(settings: AllSettings) -> bytes | None:
    """SECRET_KEY; with the embedded store one that is made once and kept. None: with a store that many processes
    share, no process may make its own."""
    given = settings.main.secret_key
    if given is not None:
        return given.get_secret_value().encode()
    if settings.main.redis_url is not None:
        return None
    return kept_secret(settings.main.data_dir / KEY_FILE)


def kept_secret(path: Path) -> bytes:
    """Made whole or not at all: a file that a crash has left empty would let everybody sign."""
    if not path.exists() or not path.read_bytes().strip():
        made = path.with_suffix(".new")
        made.unlink(missing_ok=True)
        made.touch(mode=0o600)
        made.write_text(secrets.token_hex(32), encoding="ascii")
        made.replace(path)
    return path.read_text(encoding="ascii").strip().encode()
