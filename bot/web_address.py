"""Addresses of services: which of them are this machine, and which would be spoken to unencrypted."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


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


def unencrypted_host(url: str) -> str | None:
    """The host, in small letters, that would be sent everything in the open: of an `http` address elsewhere than on
    this machine. None for any other address."""
    if not url.casefold().startswith("http://") or is_loopback(host_of(url)):
        return None
    return host_of(url) or ""
