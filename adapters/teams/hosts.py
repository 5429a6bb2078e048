"""To whom a token of ours may be sent.

Every activity says where its answers go, and that address is kept for years. A token that went to a stranger's address
would let them speak as the bot, so the address is looked at each time before it is used, whoever has brought it:
Microsoft's own hosts, and that of TEAMS_SERVICE_URL. What a validated token has once vouched for is not enough by
itself: that is forgotten with the process, and the answer must be the same after a restart and on every replica.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from adapters.teams.settings import LOOPBACK, TeamsSettings, is_loopback

# Names below these belong to Microsoft. Not so below trafficmanager.net and azure.com, where anybody may have one.
DOMAINS = (
    "botframework.com",
    "botframework.us",
    "botframework.azure.us",
    "botframework.azure.cn",
    "teams.microsoft.com",
    "teams.microsoft.us",
)
HOSTS = frozenset({"smba.trafficmanager.net", *DOMAINS})


# Nothing that two readers of an address could take for two different hosts: no user, backslash, query or fragment.
_ADDRESS = re.compile(r"(https?)://([a-z0-9.-]+|\[::1\])(:[0-9]{1,5})?(/[a-z0-9._~!$&'()*+,;=:@%/-]*)?", re.IGNORECASE)


class Hosts:
    """With `tokens`, what may be called with a token; without any, in the sandbox, this machine alone."""

    def __init__(self, settings: TeamsSettings, *, tokens: bool) -> None:
        self._tokens = tokens
        self._loopback = not tokens or is_loopback(settings.login_url)
        self._named = urlsplit(settings.service_url).hostname

    def allow(self, service_url: str) -> bool:
        found = _ADDRESS.fullmatch(service_url)
        if found is None:
            return False
        host = found[2].lower().strip("[]")
        if found[1].lower() == "http":
            return self._loopback and host in LOOPBACK
        return self._tokens and (host == self._named or is_microsofts(host))


def is_microsofts(host: str) -> bool:
    return host in HOSTS or host.endswith(tuple(f".{domain}" for domain in DOMAINS))
