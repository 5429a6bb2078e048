"""The real app as a process, and what a person does with its pages."""

from __future__ import annotations

import datetime
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Protocol

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.ready_answers import lay_answers

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "test-results"
STARTS = 30.0
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A server of ours or somebody else's as a process on this machine; it may be stopped and started again."""

    def __init__(self, folder: Path, ready: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder, self._ready = folder, ready
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, command: list[str], settings: dict[str, str]) -> None:
        """Return once it answers. It runs in its own folder: a .env of the developer must not count."""
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=self._folder, env={**environment, **settings}, stdout=log, stderr=subprocess.STDOUT
            )
        self._wait_until_ready(self._process)

    @property
    def _log(self) -> Path:
        return self._folder / f"{type(self).__name__.lower()}.log"

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + STARTS
        while not self._answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"it did not start:\n{self._log.read_text()}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}{self._ready}", timeout=2) as answer:  # noqa: S310  -- our own
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=60)
            self._process = None


class App(Server):
    """`app.py run` with its sandbox, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "/healthz")

    def start(self) -> None:
        lay_answers(self._folder / "data", "main")
        settings = {"SANDBOX": "on", "PORT": str(self.port), "DATA_DIR": str(self._folder / "data")}
        self.run([sys.executable, str(ROOT / "app.py"), "run"], settings)


class Served(Protocol):
    """A bot that is reached at an address."""

    url: str


class Chat:
    """One tab in which somebody talks with the bot."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.log = page.locator("#log")
        self.messages = self.log.locator("li.message")
        self.typed = self.log.locator("li.typed")

    @classmethod
    def of(cls, context: BrowserContext, app: Served, name: str) -> Chat:
        """Pick a person on the start page, in a tab of its own."""
        page = context.new_page()
        page.goto(app.url)
        page.get_by_role("button", name=name).click()
        page.wait_for_url("**/chat?as=*")
        return cls(page)

    def another_tab(self) -> Chat:
        page = self.page.context.new_page()
        page.goto(self.page.url)
        return Chat(page)

    def say(self, text: str) -> None:
        self.page.locator("#text").fill(text)
        self.page.keyboard.press("Enter")

    def message(self, text: str) -> Locator:
        return self.messages.filter(has_text=text)

    def hears(self, text: str) -> Locator:
        """The first message of the bot with this text, once it is there."""
        found = self.message(text).first
        expect(found).to_be_visible()
        return found

    def checklist(self) -> Locator:
        return self.messages.filter(has=self.page.locator("progress")).last

    def shoot(self, name: str) -> None:
        self.page.screenshot(path=RESULTS / f"{name}.png", animations="disabled")


def recently() -> str:
    """A first day that has passed, so that the first steps are open whatever the time of day."""
    return (datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=3)).isoformat()


def start_onboarding(manager: Chat, handle: str = "newcomer") -> None:
    manager.say(f"/onboarding start @{handle} newcomer {recently()}")
