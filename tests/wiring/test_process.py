"""The command line as people run it: real processes, real signals."""

import contextlib
import json
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wiring.environment import ROOT, environment
from tests.wiring.forked import Commanded
from tests.wiring.waiting import PATIENCE, until


def command(data_dir: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "app.py"), *args],
        env=environment(data_dir, **more),
        cwd=data_dir,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


class Running:
    """A bot in a process of its own, and the address that it has printed."""

    def __init__(self, data_dir: Path, **more: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "app.py")],
            env=environment(data_dir, **more),
            cwd=data_dir,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        first = self.process.stdout.readline()
        self.address = first.strip().rpartition(" ")[2]
        assert self.address.startswith("http"), first + self.process.stdout.read()

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@contextlib.contextmanager
def running(data_dir: Path, **more: str) -> Iterator[Running]:
    bot = Running(data_dir, **more)
    try:
        yield bot
    finally:
        if bot.process.poll() is None:
            bot.end(signal.SIGKILL)
        if bot.process.stdout is not None:
            bot.process.stdout.close()


def server_of(data_dir: Path) -> int:
    return int(json.loads((data_dir / "lock").read_text(encoding="utf-8"))["server_pid"])


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Path]]:
    """A bot that runs while commands are used beside it, and its folder."""
    folder = tmp_path_factory.mktemp("beside")
    with running(folder) as bot:
        yield bot, folder


def test_it_runs_says_where_and_stops_with_its_children(data_dir: Path) -> None:
    with running(data_dir) as bot:
        assert bot.get("/healthz")[0] == 200
        assert json.loads(bot.get("/readyz")[1])["problems"] == []
        assert bot.get("/")[0] == 200
        server = server_of(data_dir)
        assert is_alive(server)
        assert bot.end() == 0
        assert not is_alive(server)


def test_nothing_outlives_a_bot_that_was_killed(data_dir: Path) -> None:
    with running(data_dir) as bot:
        server = server_of(data_dir)
        bot.end(signal.SIGKILL)
        until(lambda: not is_alive(server), "the end of the store's server")


def test_the_start_page_leads_to_everything_that_runs_beside_it_and_says_what_is_kept(
    beside: tuple[Running, Path],
) -> None:
    bot, _ = beside
    _, page = bot.get("/?lang=en")
    _, _, elsewhere = page.partition('<nav class="elsewhere"')
    links = re.findall(r'<li><a href="(http://127[^"]+)"[^>]*>([^<]+)<', elsewhere.partition("</nav>")[0])
    opened = {label: urllib.request.urlopen(url, timeout=PATIENCE) for url, label in links}  # noqa: S310
    for label, answer in opened.items():
        with answer:
            assert (answer.status, answer.headers.get_content_type()) == (200, "text/html"), label
    assert {"Tasks in Jira (a stand-in)", "The wiki in Confluence (a stand-in)"} <= set(opened)
    assert "Teams" in elsewhere, "it says how Microsoft's client is started, or leads there"
    for path in ("/privacy", "/terms"):
        assert f'href="{path}?lang=en"' in page
        assert bot.get(f"{path}?lang=en")[0] == 200
    assert "sandbox is on" in bot.get("/privacy?lang=en")[1]


def test_a_second_run_on_the_folder_is_refused_and_hears_who_holds_it(beside: tuple[Running, Path]) -> None:
    bot, folder = beside
    second = command(folder)
    assert second.returncode == 2
    assert str(bot.process.pid) in second.stderr


def test_sub_commands_work_beside_a_running_bot(beside: tuple[Running, Path], forked: Commanded) -> None:
    _, folder = beside
    listed = forked(folder, "people", "list", "--json")
    assert listed.returncode == 0, listed.stderr
    assert "newcomer@butterboard.example" in listed.stdout
    assert forked(folder, "dead", "list").returncode == 0
    assert json.loads(forked(folder, "people", "show", "newcomer@butterboard.example", "--json").stdout)


def test_sync_lets_the_running_bot_compare_everything_and_shows_what_it_found(
    beside: tuple[Running, Path], data_dir: Path, forked: Commanded
) -> None:
    _, folder = beside
    before = forked(folder, "sync", "--report")
    compared = forked(folder, "sync", "--json")
    assert compared.returncode == 0, compared.stderr
    assert json.loads(compared.stdout)["summary"]["run"].startswith("cli-")
    assert "0 issues compared, 0 repaired" in forked(folder, "sync", "--report").stdout
    assert before.returncode in {0, 1}, "a run that comes by itself may have ended"
    alone = forked(data_dir, "sync", "--wait", "0.1")
    assert alone.returncode == 1
    assert "Is a bot running?" in alone.stderr


def test_without_the_sandbox_there_is_no_web_chat(data_dir: Path) -> None:
    with running(data_dir, SANDBOX="off") as bot:
        assert bot.get("/healthz")[0] == 200
        assert bot.get("/chat")[0] == 404
        assert bot.get("/")[0] == 404
        assert bot.get("/privacy")[0] == 200


@pytest.mark.parametrize(
    ("args", "variables", "code", "said"),
    [
        (("check",), {}, 0, "keeps what it acknowledges"),
        (("check",), {"PORT": "x"}, 2, "PORT"),
        ((), {"SANDBOX": "on", "JIRA_URL": "https://jira.example", "JIRA_PAT": "p"}, 2, "SANDBOX=on beside JIRA_URL"),
        (("lint",), {}, 0, "all well"),
        (("lint", "--schema"), {}, 0, "$schema"),
        (("lint", "--schema", "--of", "synonyms"), {}, 0, "SynonymsShape"),
        (("lint", "--schema", "--of", "sensitive"), {}, 0, "SensitiveShape"),
        (("simulate", "newcomer", "--start", "2026-12-01"), {}, 0, "JourneyFinished"),
        (("simulate", "nothing"), {}, 2, "there is no scenario nothing"),
        (("ask", "как подключить VPN?"), {}, 0, "vpn.butterboard.example"),
        (("ask", "сколько спутников у Юпитера?"), {}, 1, "no good answer"),
        (("dead", "list"), {}, 0, "no dead letters"),
        (("dead", "retry", "nothing"), {}, 1, "there is no such letter"),
        (("people", "show", "nobody@company.example"), {}, 1, "nobody is known"),
        (("people", "import", "missing.yaml"), {}, 2, "missing.yaml"),
        (("nonsense",), {}, 2, "No such command"),
    ],
)
def test_a_command_says_what_it_found_and_how_it_ended(
    data_dir: Path, args: tuple[str, ...], variables: dict[str, str], code: int, said: str, forked: Commanded
) -> None:
    ended = forked(data_dir, *args, **variables)
    assert ended.returncode == code, ended.stderr
    assert said in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_scenario_with_an_error_names_file_line_step_and_field(data_dir: Path) -> None:
    scenarios = data_dir / "scenarios"
    (scenarios / "faq").mkdir(parents=True)
    (scenarios / "bad.yaml").write_text(
        "id: bad\ntitle: {ru: А, en: A}\nsteps:\n  - id: one\n    title: {ru: А, en: A}\n    dew: 2\n", encoding="utf-8"
    )
    ended = command(data_dir, "lint", str(scenarios))
    assert ended.returncode == 1
    assert "bad.yaml:6: one, dew: is not a known key; did you mean due?" in ended.stdout
