"""Addresses of services: which of them are this machine, and which would be spoken to unencrypted."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from urllib.parse import urlsplit

_HOST = re.compile(r"[\w.-]*\w[\w.-]*|[0-9a-f:.]+")  # names may be in any script


def is_loopback(host: str | None) -> bool:
    """Whether the host is this machine: `localhost`, 127.0.0.0/8 or ::1. No name is looked up."""
    if host is not None and host.casefold() == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def host_of(url: str) -> str | None:
    """The host that an address names, in small letters; None where it cannot be read or names none."""
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def web_address(example: str) -> Callable[[str], str]:
    """A check of settings that hold an address people and programs are sent: it returns the text without blanks around
    it, and raises ValueError, which shows the `example` and quotes nothing, as there may be a password in it."""

    def checked(text: str) -> str:
        text = text.strip()
        if not _is_plain(text):
            raise ValueError(
                f"expected an address like {example}: https:// and a host, without user, password, ? and #"
            )
        return text

    return checked


def _is_plain(url: str) -> bool:
    if not url.isprintable() or any(char in url for char in " \\?#"):
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # of a port that is none
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return False
    return host is not None and _HOST.fullmatch(host) is not None


def unencrypted_host(url: str) -> str | None:
    """The host, in small letters, that would be sent everything in the open: of an `http` address elsewhere than on
    this machine. None for any other address."""
    if not url.casefold().startswith("http://") or is_loopback(host_of(url)):
        return None
    return host_of(url) or ""
