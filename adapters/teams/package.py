"""The app package that an administrator of Teams uploads: the manifest, its Russian texts and the icons, as one zip.

What the app is stands in `package/`, for everybody the same; what is one bot's own is put in here.
"""

from __future__ import annotations

import io
import json
import re
import uuid
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from adapters.teams.settings import TeamsSettings, is_safe_url

FOLDER = Path(__file__).with_name("package")
MANIFEST = "manifest.json"
OTHERS = ("ru.json", "color.png", "outline.png")
FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)  # of a zip: the same app gives the same bytes, whenever it is packed
OURS = "Butterboard"  # in the ids of apps: with another, Teams would take the app for a new one
VERSION = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9}){2}")
PLAIN = re.compile(r"[!-~]+")
READABLE = 0o644 << 16
UNIX = 3


class Pages(msgspec.Struct, frozen=True, kw_only=True):
    """What Teams shows beside the app: who is behind it, what becomes of people's data, on what terms. https only."""

    website: str
    privacy: str
    terms: str


def write_package(
    settings: TeamsSettings, public_url: str, path: Path, pages: Pages | None = None, version: str | None = None
) -> None:
    """Write the zip to `path`, in place of what is there.

    `public_url` is where people and platforms reach the bot; its own `pages` stand where nobody named others.
    `version` (1.2.3) is for what is uploaded again: Teams takes an app once more only with a higher one.
    Raises ValueError without an app id, and for an address or a version that Teams would not take; OSError as files do.
    """
    path.write_bytes(package(manifest(settings.app, public_url, pages, version)))


def manifest(app_id: str, public_url: str, pages: Pages | None = None, version: str | None = None) -> dict[str, Any]:
    """The manifest of the bot with this app id. Raises ValueError as above."""
    bare = public_url.rstrip("/")
    pages = pages or Pages(website=public_url, privacy=f"{bare}/privacy", terms=f"{bare}/terms")
    filled: dict[str, Any] = json.loads((FOLDER / MANIFEST).read_bytes())
    filled["id"] = str(uuid.uuid5(uuid.UUID(app_id), OURS))
    filled["version"] = _version(version or filled["version"])
    filled["validDomains"] = [urlsplit(_https(public_url, ": set PUBLIC_URL")).netloc]
    filled["bots"][0]["botId"] = app_id
    filled["developer"] |= {
        "websiteUrl": _https(pages.website),
        "privacyUrl": _https(pages.privacy),
        "termsOfUseUrl": _https(pages.terms),
    }
    return filled


def package(filled: dict[str, Any]) -> bytes:
    """The zip around a manifest: the same bytes everywhere, since nothing is compressed."""
    texts = json.dumps(filled, ensure_ascii=False, indent=2) + "\n"
    files = {MANIFEST: texts.encode(), **{name: (FOLDER / name).read_bytes() for name in OTHERS}}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in files.items():
            archive.writestr(_entry(name), content)
    return written.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, FIRST_MOMENT)
    entry.create_system = UNIX
    entry.external_attr = READABLE
    return entry


def _https(url: str, hint: str = "") -> str:
    if not (is_safe_url(url) and urlsplit(url).scheme == "https" and PLAIN.fullmatch(url)):
        raise ValueError(f"Teams takes only addresses that begin with https://, in plain ASCII, not {url}{hint}")
    return url


def _version(text: str) -> str:
    if not VERSION.fullmatch(text):
        raise ValueError(f"a version of an app is three numbers, like 1.2.0, not {text}")
    return text
