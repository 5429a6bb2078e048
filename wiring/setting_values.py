"""What values settings may have, and the words for those that they may not: no check quotes what it was given."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from adapters.web.own_words import own_words
from bot.people import normal_email
from bot.web_address import web_address

KEY_CHARACTERS = 32
KEY_VARIETY = 8  # so many different ones; even of 32 random digits one key in a thousand has fewer
ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
HOST_NAME = re.compile(r"[a-z0-9._-]+|[0-9a-f]*(:[0-9a-f]*){2,7}")


def comma_separated(value: object) -> frozenset[str]:
    return frozenset(normal_email(part) for part in str(value).split(",") if part.strip())


def _store_url(url: str) -> str:
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("expected redis://host:port/0, rediss://... or unix:///path")
    # For this setting alone: most commands need no Redis.
    from redis.asyncio.connection import ConnectionPool, parse_url
    from redis.exceptions import RedisError

    try:
        parse_url(url)
    except ValueError:
        # Its own words quote what it stumbled over, and that is most often a part of the password.
        raise ValueError(
            "cannot be read: percent-encode / # ? @ and : in the password, as %2F %23 %3F %40 %3A"
        ) from None
    try:
        pool = ConnectionPool.from_url(url)
        pool.connection_class(**pool.connection_kwargs)  # connects to nothing yet
    except (TypeError, ValueError, RedisError):
        raise ValueError("expected no options after the ? but those of redis-py, with values that it knows") from None
    return url


def _emails(found: frozenset[str]) -> frozenset[str]:
    if not all(map(ADDRESS.fullmatch, found)):
        raise ValueError("expected e-mail addresses separated by commas, as irina@company.com,hr@company.com")
    return found


def _domains(found: frozenset[str]) -> frozenset[str]:
    domains = frozenset(name.removeprefix("@") for name in found)
    if not all(re.fullmatch(r"[\w-]+(\.[\w-]+)*", name) for name in domains):
        raise ValueError("expected mail domains separated by commas, as company.com,company.ru")
    return domains


def _listening(host: str) -> str:
    bare = host.strip().removeprefix("[").removesuffix("]")
    if HOST_NAME.fullmatch(bare.casefold()) is None:
        raise ValueError("expected an address to listen on, as 127.0.0.1 or 0.0.0.0, without http:// and port")
    return bare


def _organisation(name: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name) is None:
        raise ValueError("expected up to 64 letters, digits, _ and -")
    return name


def _strong(key: SecretStr) -> SecretStr:
    """Whoever is given a link may try keys on it for as long as they like. Raises ValueError, which quotes nothing."""
    text = key.get_secret_value().strip()
    if len(text) < KEY_CHARACTERS:
        raise ValueError(f"expected at least {KEY_CHARACTERS} characters, such as `openssl rand -hex 32` prints")
    if len(set(text)) < KEY_VARIETY or _repeats(text):
        raise ValueError("expected random characters, such as `openssl rand -hex 32` prints, and no repeated text")
    return key


def _repeats(text: str) -> bool:
    """Is it a shorter text, over and over?"""
    return any(text.startswith(text[period:]) for period in range(1, len(text) // 2 + 1))


def _host_names(names: frozenset[str]) -> frozenset[str]:
    bare = frozenset(name.removeprefix("[").removesuffix("]") for name in names)
    if not all(map(HOST_NAME.fullmatch, bare)):
        raise ValueError("expected hosts like jira.lan,10.0.0.7, separated by commas, without http:// and port")
    return bare


def _own_words(path: str) -> str:
    """Read once already here, so that what is wrong with the file is said with the name of the variable."""
    own_words(path)
    return path


Hosts = Annotated[frozenset[str], NoDecode, AfterValidator(_host_names)]


def _networks(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return tuple(ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip())
    except ValueError:
        raise ValueError("expected addresses or networks with commas, as 10.0.0.5,192.168.0.0/16") from None


Emails = Annotated[frozenset[str], NoDecode, AfterValidator(_emails)]
Domains = Annotated[frozenset[str], NoDecode, AfterValidator(_domains)]
Network = IPv4Network | IPv6Network
Networks = Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_networks)]

StoreUrl = Annotated[str, AfterValidator(_store_url)]
SecretKey = Annotated[SecretStr, AfterValidator(_strong)]
ListeningHost = Annotated[str, AfterValidator(_listening)]
PublicUrl = Annotated[str, AfterValidator(web_address("https://onboarding.company.com"))]
OwnWords = Annotated[str, AfterValidator(_own_words)]
Organisation = Annotated[str, AfterValidator(_organisation)]
