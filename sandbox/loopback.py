"""Serves an app to this machine alone: on loopback, to its own pages and to programs."""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from aiohttp import HttpVersion11, web
from aiohttp.typedefs import Handler, Middleware

HOST = "127.0.0.1"
PATIENCE = 0.1  # seconds for open requests when it stops: a request that is told to hang must not hold it up
# What proxies and tunnels say of whom they speak for. A browser and a program of this machine send none of them.
FORWARDED = frozenset(
    {
        "forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "x-proxyuser-ip", "client-ip",
        "true-client-ip", "fastly-client-ip", "fly-client-ip", "x-azure-clientip", "cdn-loop", "proxy-connection",
        "x-scheme", "x-url-scheme", "front-end-https", "x-rewrite-url", "x-http-host-override",
    }
)  # fmt: skip
FORWARDED_BEGIN = ("x-forwarded", "x-original-", "x-envoy-", "x-amzn-", "cf-", "ngrok-", "tailscale-")


@asynccontextmanager
async def serving(app: web.Application, port: int = 0) -> AsyncIterator[str]:
    """Serves while the context is open, in the event loop that runs, and gives the address, like
    "http://127.0.0.1:40123".

    Port 0 takes a free one. Raises OSError when the port is taken.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=PATIENCE)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        yield f"http://{HOST}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def guard(refused: Callable[[web.Request], web.StreamResponse]) -> Middleware:
    """The middleware of all that anybody may use who sits at this machine, and nobody else: where no sign-in is asked
    for, a visitor behind a proxy, or a strange site in the same browser, would be whoever they like. `refused` makes
    the answer that they get instead."""

    @web.middleware
    async def only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await handler(request) if is_from_here(request) else refused(request)

    return only_from_here


def _refused(_: web.Request) -> web.StreamResponse:
    message = "This stand-in answers on loopback, to its own page and to programs only."
    return web.json_response({"message": message}, status=403)


only_from_here = guard(_refused)


def is_from_here(request: web.Request) -> bool:
    """Sent by a browser or a program of this machine, straight to it, and by no page but our own.

    Host must be a loopback address, or `localhost`, which browsers never look up elsewhere (RFC 6761): a site that
    gives its own name our address (DNS rebinding) is found out by that name. HTTP/1.0 is what nginx speaks to whatever
    stands behind it unless it is told otherwise, and then it says nothing else of whom it speaks for.
    """
    hosts = request.headers.getall("Host", [])
    return (
        _is_loopback(request.remote)
        and request.version >= HttpVersion11
        and not is_forwarded(request.headers)
        and len(hosts) == 1
        and _is_ours(hosts[0], request.headers.get("Origin"))
    )


def is_forwarded(headers: Mapping[str, str]) -> bool:
    """Whether a proxy or a tunnel has passed the request on, as far as it says so."""
    names = [name.casefold() for name in headers]
    return any(name in FORWARDED or name.startswith(FORWARDED_BEGIN) for name in names)


def _is_ours(host: str, origin: str | None) -> bool:
    try:
        asked = urlsplit(f"//{host}")
        same = origin is None or urlsplit(origin).netloc == asked.netloc
        return asked.netloc == host and "@" not in host and same and _is_loopback(asked.hostname)
    except ValueError:  # half an address is not here
        return False


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback
