"""The examples of a proxy before the bot: for what we serve, and, where nginx or Caddy are installed, at work."""

import asyncio
import datetime
import io
import re
import shutil
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientConnectionError, ClientSession, TCPConnector, web
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.jira.webhook import PATH as JIRA
from adapters.slack.app import MOST_BYTES as MOST_OF_SLACK
from adapters.slack.app import PATH as SLACK
from adapters.teams.app import MOST_BYTES as MOST_OF_TEAMS
from adapters.teams.app import PATH as TEAMS
from adapters.web.about_routes import PRIVACY
from adapters.web.about_routes import TERMS as TERMS_OF_USE
from adapters.web.journey_links import PATH as JOURNEYS
from wiring.connections import Limits
from wiring.listener import listening

PROXIES = Path(__file__).parents[1] / "docs" / "proxy"
PATIENCE = 30.0
SERVED = {SLACK, TEAMS, JIRA, f"{JIRA}/", f"{JOURNEYS}/", PRIVACY, TERMS_OF_USE, "/chat/events", "/healthz"}
NAME = "onboarding.example.com"


def served_by(text: str) -> set[str]:
    """The addresses that a configuration passes on."""
    found = re.findall(r"^\s*(?:location(?: =)?|handle) (/\S*) \{", text, re.MULTILINE)
    return {path.removesuffix("*") for path in found} - {"/"}


@pytest.mark.parametrize("file", ["nginx.conf", "Caddyfile"])
def test_what_a_proxy_passes_on_is_what_we_serve(file: str) -> None:
    assert served_by((PROXIES / file).read_text()) == SERVED


@pytest.mark.parametrize("file", ["nginx.conf", "Caddyfile"])
def test_a_proxy_lets_through_what_the_bot_would_read(file: str) -> None:
    units = {"k": 1024, "m": 1024**2, "KiB": 1024, "MB": 1000**2}
    block = r"(?:location =|handle) (\S+) \{\s*(?:request_body \{\s*)?max_size (\d+)(KiB|MB|k|m)"
    text = (PROXIES / file).read_text().replace("client_max_body_size", "max_size")
    sizes = {path: int(size) * units[unit] for path, size, unit in re.findall(block, text)}
    for path, most in ((SLACK, MOST_OF_SLACK), (TEAMS, MOST_OF_TEAMS), (JIRA, 2_000_000)):
        assert most <= sizes[path] < 1.1 * most


class Bot:
    """What stands behind the proxy: it counts the connections and requests that get there."""

    def __init__(self) -> None:
        self.requests: list[web.Request] = []
        self.go_on = asyncio.Event()

    async def take(self, request: web.Request) -> web.Response:
        self.requests.append(request)
        return web.Response(text=str(len(await request.read())))

    async def stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"data: first\n\n")
        await self.go_on.wait()
        await response.write(b"data: last\n\n")
        return response

    def app(self) -> web.Application:
        app = web.Application(client_max_size=4_000_000)
        app.add_routes([web.get("/chat/events", self.stream), web.route("*", "/{rest:.*}", self.take)])
        return app


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate(folder: Path) -> tuple[Path, Path]:
    """Of our own making, for the proxy's name: files of it and of its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
    files = folder / "cert.pem", folder / "key.pem"
    files[0].write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


def nginx(folder: Path, bot: int, port: int) -> tuple[str, list[str]]:
    """The example, and only what is of the machine put otherwise: ports, certificate, where it keeps its own files."""
    made, key = certificate(folder)
    text = (PROXIES / "nginx.conf").read_text()
    text = text.replace("127.0.0.1:8080", f"127.0.0.1:{bot}")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;")
    text = re.sub(r"/etc/letsencrypt/\S*/fullchain.pem", str(made), text)
    text = re.sub(r"/etc/letsencrypt/\S*/privkey.pem", str(key), text)
    own = "\n".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    text = text.replace("http {\n", f"http {{\n{own}\naccess_log {folder}/access.log;\n", 1)
    file = folder / "nginx.conf"
    file.write_text(f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n{text}")
    return "nginx", ["-p", str(folder), "-e", f"{folder}/error.log", "-c", str(file)]


def caddy(folder: Path, bot: int, port: int) -> tuple[str, list[str]]:
    """As `nginx`; an old one calls its buffer otherwise, and as the test has no names it is asked by address."""
    made, key = certificate(folder)
    text = (PROXIES / "Caddyfile").read_text()
    text = text.replace("127.0.0.1:8080", f"127.0.0.1:{bot}")
    text = text.replace("request_buffers 2MB", "buffer_requests\n\t\tmax_buffer_size 2MB") if OLD_CADDY else text
    text = text.replace("{\n\tservers", "{\n\tadmin off\n\tauto_https off\n\tservers", 1)
    text = text.replace(f"{NAME} {{", f"https://{NAME}:{port} {{\n\tbind 127.0.0.1\n\ttls {made} {key}")
    file = folder / "Caddyfile"
    file.write_text(text)
    return "caddy", ["run", "--config", str(file), "--adapter", "caddyfile"]


def _is_old() -> bool:
    """Debian's Caddy is of before 2.7."""
    program = shutil.which("caddy")
    return program is not None and b"request_buffers" not in Path(program).read_bytes()


OLD_CADDY = _is_old()


@asynccontextmanager
async def proxy(of: Callable[[Path, int, int], tuple[str, list[str]]], folder: Path, bot: int) -> AsyncIterator[int]:
    """The proxy before a bot that listens on port `bot`; yields its own port."""
    port = free_port()
    program, arguments = of(folder, bot, port)
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    process = await asyncio.create_subprocess_exec(
        program, *arguments, env=environment, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(PATIENCE):
            while not await answers(port):
                assert process.returncode is None, "the proxy did not take its configuration"
                await asyncio.sleep(0.05)
        yield port
    finally:
        process.terminate()
        await process.wait()


async def answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionError:
        return False
    writer.close()
    return True


def installed(program: str) -> bool:
    return shutil.which(program, path="/usr/sbin:/usr/bin:/usr/local/bin") is not None


KINDS = [
    pytest.param(of, marks=pytest.mark.skipif(not installed(of.__name__), reason=f"{of.__name__} is not installed"))
    for of in (nginx, caddy)
]


@pytest.mark.parametrize("of", KINDS)
async def test_the_example_serves_limits_and_keeps_half_sent_requests_to_itself(
    of: Callable[[Path, int, int], tuple[str, list[str]]], tmp_path: Path
) -> None:
    bot = Bot()
    async with (
        listening(bot.app(), "127.0.0.1", 0, Limits(20, 20)) as behind,
        proxy(of, tmp_path, behind) as port,
        ClientSession(
            f"https://{NAME}:{port}", connector=TCPConnector(ssl=unchecked(), resolver=ThisMachine())
        ) as session,
    ):
        for path, size, status in (
            (SLACK, 900_000, 200),
            (SLACK, 1_100_000, 413),
            (TEAMS, 200_000, 200),
            (TEAMS, 300_000, 413),
            (JIRA, 1_900_000, 200),
            (f"{JIRA}/token", 1_900_000, 200),
            (JIRA, 2_200_000, 413),
            ("/readyz", 0, 404),
            ("/nothing", 0, 404),
        ):
            try:
                async with session.post(path, data=io.BytesIO(bytes(size))) as answer:
                    assert answer.status in {status, 502 if OLD_CADDY and status == 413 else status}, (path, size)
            except ClientConnectionError:  # it does not wait for the rest of what is too large
                assert status == 413, (path, size)
        told = bot.requests[0].headers
        assert (told["X-Forwarded-For"], told["X-Forwarded-Proto"]) == ("127.0.0.1", "https")
        assert told["X-Forwarded-Host"].partition(":")[0] == told["Host"].partition(":")[0] == NAME
        await _streams(bot, session)
        before = len(bot.requests)
        await _half_sent(port)
        async with session.get("/healthz") as answer:
            assert answer.status == 200
        assert len(bot.requests) == before + 1


async def _streams(bot: Bot, session: ClientSession) -> None:
    """What is sent arrives before the stream has ended."""
    async with session.get("/chat/events") as answer:
        async with asyncio.timeout(PATIENCE):
            assert await answer.content.readuntil(b"\n\n") == b"data: first\n\n"
        bot.go_on.set()
        assert await answer.content.readuntil(b"\n\n") == b"data: last\n\n"


async def _half_sent(port: int) -> None:
    """Three hundred, half of them with half a header and half with half a body; not more at once than one may have."""
    sent = f"POST {SLACK} HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 1000\r\n\r\nhalf a bo".encode()
    for number in range(10):
        opened = [
            await asyncio.open_connection("127.0.0.1", port, ssl=unchecked(), server_hostname=NAME) for _ in range(30)
        ]
        for _, writer in opened:
            writer.write(sent if number % 2 else sent[:60])
            await writer.drain()
        for _, writer in opened:
            writer.transport.abort()


def unchecked() -> ssl.SSLContext:
    """TLS with whoever is there: the certificate is of our own making."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class ThisMachine(AbstractResolver):
    """Every name is this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None: ...
