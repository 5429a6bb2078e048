"""A large directory of people: how long an import takes and how much memory, and whether anybody waits meanwhile.

A question of somebody is sent twenty times a second to a running bot, over one connection: how late it is acknowledged
while `people import` runs beside it, or while the bot takes its own PEOPLE_FILE, is compared with a quiet time.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles

import msgspec

from adapters.store.connect import connect
from adapters.store.embedded import find_running, socket_url
from adapters.store.folder_lock import read_holder
from adapters.store.keys import Keys
from tests.bench.children import answer, child
from tests.bench.events import SECRET, questions, user
from tests.bench.figures import Figure, Section, Tell
from tests.bench.machine import resident_mb
from tests.bench.memory import OWN

PEOPLE, PEOPLE_QUICK = 200_000, 20_000
FEW = 5_000
HEADS = 200
PAUSE = 0.05  # seconds between two questions: fewer than one account may ask
QUIET = 8.0  # seconds
START_SECONDS = 600.0
READ = """
import pathlib, re, sys, time
from bot.people_file import load_people
began = time.perf_counter(), time.process_time()
load_people(pathlib.Path(sys.argv[1]))
took = time.perf_counter() - began[0], time.process_time() - began[1]
print(*took, int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]) / 1024)
"""
COLUMNS = "email,name,department,manager,start_date,locale,timezone,country,roles,accounts"


class Cost(msgspec.Struct, frozen=True):
    """Of a process: seconds, seconds of CPU, and the most memory that it had, in MB."""

    wall: float
    cpu: float
    peak: float


async def measure(folder: Path, quick: bool, tell: Tell) -> list[Section]:
    people = PEOPLE_QUICK if quick else PEOPLE
    sections = [await _files(folder, people, tell)]
    async with child("-m", "tests.bench.silent_slack") as slack:
        settings = {"SANDBOX": "off", "SLACK_API_URL": f"http://127.0.0.1:{slack.said}/api/"}
        settings |= {"SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_SIGNING_SECRET": SECRET, "LOG_LEVEL": "error"}
        sections.append(await _beside(folder, people, settings, tell))
        sections.append(await _at_a_start(folder, people, settings, tell))
    return sections


# --- files


def _rows(people: int) -> Iterator[tuple[str, ...]]:
    for number in range(people):
        manager = "" if number < HEADS else f"p{number % HEADS}@company.example"
        name, start = f"Имя{number} Фамильев", f"0{number % 9 + 1}.1{number % 3}.2026"
        email, account = f"p{number}@company.example", f"slack:{user(number)}"
        yield email, name, f"Отдел {number % 40}", manager, start, "ru", "Europe/Moscow", "RU", "", account


def _csv(folder: Path, people: int) -> Path:
    path = folder / f"{people}.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{COLUMNS}\n")
        file.writelines(f"{','.join(row)}\n" for row in _rows(people))
    return path


def _yaml(folder: Path, people: int) -> Path:
    path = folder / f"{people}.yaml"
    names = COLUMNS.split(",")
    with path.open("w", encoding="utf-8") as file:
        file.write("people:\n")
        for row in _rows(people):
            said = dict(zip(names, row, strict=True)) | {"accounts": f"{{{row[-1].replace(':', ': ')}}}"}
            lines = [f"{name}: {value}" for name, value in said.items() if value]
            file.write("  - " + "\n    ".join(lines) + "\n")
    return path


async def _files(folder: Path, people: int, tell: Tell) -> Section:
    figures: list[Figure] = []
    for name, path in (
        (f"{FEW:,} as YAML", _yaml(folder, FEW)),
        (f"{people:,} as YAML", _yaml(folder, people)),
        (f"{people:,} as CSV", _csv(folder, people)),
    ):
        said = await answer("-c", READ, str(path), given=b"")
        cost = Cost(*map(float, said.split()))
        note = f"({path.stat().st_size / 1e6:.1f} MB, {cost.wall:.1f} s)"
        tell(f"  {name}: {cost.wall:.1f} s, {cost.peak:.0f} MB")
        figures.append(Figure(name=f"{name}: CPU", value=cost.cpu, unit="s", note=note))
        figures.append(Figure(name=f"{name}: peak memory", value=cost.peak, unit="MB"))
    return Section("A directory of people as a file: read and checked", tuple(figures))


async def _cost(*command: str, environment: dict[str, str]) -> Cost:
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: ASYNC220 -- it only starts here; a thread waits for it
        [sys.executable, *command], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    _, status, used = await asyncio.to_thread(os.wait4, process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.stderr is not None:
        said = process.stderr.read()
        process.stderr.close()
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}: {said[-300:]}")
    return Cost(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


# --- beside a bot that works


class _Asking:
    """Somebody who asks and asks; milliseconds until each acknowledgement."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._first = 0
        self.waits: list[float] = []

    async def forever(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        while True:
            (request,) = questions(self._first, 1)
            self._first += 1
            began = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head.partition(b"\r\n")[0]:
                raise RuntimeError(head.decode())
            length = next(
                (int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if b"content-length" in line), 0
            )
            await reader.readexactly(length)
            self.waits.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(PAUSE)

    def taken(self) -> list[float]:
        """Those since the last time."""
        waits, self.waits = self.waits, []
        return waits


@asynccontextmanager
async def _asked(port: int) -> AsyncIterator[_Asking]:
    asking = _Asking(port)
    task = asyncio.create_task(asking.forever())
    try:
        yield asking
    finally:
        task.cancel()
        await asyncio.wait({task})
        if not task.cancelled():
            task.result()


def _waits(name: str, waits: list[float]) -> list[Figure]:
    cuts = quantiles(waits, n=100)
    return [
        Figure(name=f"acknowledged {name}: half", value=cuts[49], unit="ms", shaky=True),
        Figure(name=f"acknowledged {name}: 99 of 100", value=cuts[98], unit="ms", shaky=True),
        Figure(name=f"acknowledged {name}: the last", value=max(waits), unit="ms", shaky=True, note=f"of {len(waits)}"),
    ]


def _environment(settings: dict[str, str], data_dir: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
    return inherited | settings | {"PORT": "0", "HOST": "127.0.0.1", "DATA_DIR": str(data_dir)}


async def _beside(folder: Path, people: int, settings: dict[str, str], tell: Tell) -> Section:
    environment, path = _environment(settings, folder / "beside"), folder / f"{people}.csv"
    figures: list[Figure] = []
    async with child("app.py", "run", ready="is ready", environment=environment, by_signal=True) as bot:
        async with _asked(int(bot.said.rpartition(":")[2])) as asking:
            await asyncio.sleep(QUIET)
            figures += _waits("in a quiet time", asking.taken())
            for name in ("an import", "the same again"):
                cost = await _cost("app.py", "people", "import", str(path), environment=environment)
                tell(f"  {name}: {cost.wall:.1f} s, {cost.peak:.0f} MB")
                note = f"({people / cost.wall:,.0f} people a second, {cost.cpu:.1f} s of CPU)"
                figures.append(Figure(name=f"{name} of {people:,}", value=cost.wall, unit="s", shaky=True, note=note))
                figures.append(Figure(name=f"{name}: peak memory", value=cost.peak, unit="MB"))
                figures += _waits(f"beside {name}", asking.taken())
        holder = read_holder(folder / "beside")
        if holder is not None and holder.server_pid is not None:
            figures.append(
                Figure(name="the store with them: resident", value=resident_mb(holder.server_pid), unit="MB")
            )
    return Section("`app.py people import` beside a bot that works", tuple(figures))


async def _at_a_start(folder: Path, people: int, settings: dict[str, str], tell: Tell) -> Section:
    figures: list[Figure] = []
    path = folder / f"{people}.csv"
    for name, data_dir, file in (
        ("an empty store, no directory", folder / "start", None),
        (f"{people:,} new people", folder / "start", path),
        ("the same again", folder / "start", path),
    ):
        environment = _environment(settings, data_dir) | ({} if file is None else {"PEOPLE_FILE": str(file)})
        began = time.monotonic()
        async with child("app.py", "run", ready="is ready", environment=environment, by_signal=True) as bot:
            ready = time.monotonic() - began
            tell(f"  ready with {name}: {ready:.1f} s")
            figures.append(Figure(name=f"ready with {name}", value=ready, unit="s", shaky=True))
            if file is not None:
                async with _asked(int(bot.said.rpartition(":")[2])) as asking:
                    await _taken(data_dir, people)
                    figures.append(Figure(name="taken after", value=time.monotonic() - began, unit="s", shaky=True))
                    await asyncio.sleep(QUIET)
                    figures += _waits(f"meanwhile, {name}", asking.taken())
                figures.append(Figure(name="the bot afterwards: resident", value=resident_mb(bot.pid), unit="MB"))
    return Section("A start with that PEOPLE_FILE", tuple(figures))


async def _taken(data_dir: Path, people: int) -> None:
    """Until all of them are in the store."""
    holder = find_running(data_dir)
    if holder is None:
        raise RuntimeError("no store runs")
    async with asyncio.timeout(START_SECONDS), connect(socket_url(holder)) as client:
        while await client.scard(Keys("main").index("people")) < people:  # noqa: ASYNC110 -- it is another process
            await asyncio.sleep(0.2)
