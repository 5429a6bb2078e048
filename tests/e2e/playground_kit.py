"""Microsoft's own client of Teams as a process, what a person does on its page, and a bot whose time a walk sets."""

from __future__ import annotations

import asyncio
import datetime
import shutil
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import yaml
from playwright.sync_api import BrowserContext, FloatRect, Locator, ViewportSize, expect

from tests.e2e.kit import RESULTS, STARTS, Server, free_port
from tests.walks.kit import Clock
from wiring.parts import ForTests
from wiring.run import Running, started
from wiring.settings import AllSettings, load_settings

HERE = Path(__file__).with_name("playground")
CLIENT = HERE / "node_modules" / "@microsoft" / "m365agentsplayground" / "cli.js"
QUIET = {"TEAMSAPPTESTER_BROWSER": "none", "APPLICATION_INSIGHTS_NO_STATSBEAT": "true"}
TALL = ViewportSize(width=720, height=1680)  # room for a whole plan
HEADER = 48
ONLY_HERE = "Full width control"  # the client cannot show cards as wide as Teams does, and says so below each
HIDE = """words => {
  const hide = () => [...document.querySelectorAll("span")]
    .filter(one => one.textContent.startsWith(words))
    .forEach(one => { one.parentElement.parentElement.style.display = "none" })  // with its orange dot
  new MutationObserver(hide).observe(document.body, {childList: true, subtree: true})
}"""
NOBODY = 5  # others in the company; the client takes exactly so many


def _account(number: int, name: str, email: str) -> dict[str, str]:
    given, _, surname = name.partition(" ")
    return {
        "id": f"29:user-{number}",
        "name": name,
        "userPrincipleName": email,  # so spelled by the client
        "aadObjectId": f"00000000-0000-0000-0000-0000000000{20 + number}",
        "givenName": given,
        "surname": surname,
        "email": email,
    }


def company(name: str, email: str) -> str:
    """The people of the client; whoever sits before it is the first."""
    others = [
        _account(number, f"Somebody {number}", f"somebody{number}@example.com") for number in range(1, NOBODY + 1)
    ]
    told = {
        "version": "0.1.1",
        "tenantId": "00000000-0000-0000-0000-000000000001",
        "bot": {"id": "28:butterboard", "name": "Butterboard"},
        "currentUser": _account(0, name, email),
        "users": others,
        "personalChat": {"id": "personal-chat-id"},
        "groupChat": {"id": "group-chat-id", "name": "Group Chat"},
        "team": {
            "id": "team-id",
            "name": "Команда",
            "aadGroupId": "00000000-0000-0000-0000-000000000031",
            "channels": [{"id": "channel-id", "name": "Объявления"}],
        },
    }
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False)


class Playground(Server):
    """The client, for one person who talks with the bot at `bot_url`."""

    def __init__(self, folder: Path, bot_url: str, name: str, email: str) -> None:
        super().__init__(folder, "/")
        self._bot_url = bot_url
        (folder / ".m365agentsplayground.yml").write_text(company(name, email), encoding="utf-8")

    def start(self) -> None:
        node = shutil.which("node")
        if node is None or not CLIENT.exists():
            raise RuntimeError("Microsoft's client is not installed: run `make e2e`")
        options = ("-p", str(self.port), "-e", f"{self._bot_url}/api/messages", "-c", "msteams", "--disable-telemetry")
        self.run([node, "--require", str(HERE / "guard.cjs"), str(CLIENT), "start", *options], QUIET)


class TeamsChat:
    """The page of the client: the person's own chat with the bot."""

    def __init__(self, context: BrowserContext, client: Playground) -> None:
        self.page = context.new_page()
        self.page.set_viewport_size(TALL)
        self.page.goto(client.url)
        self.page.evaluate(HIDE, ONLY_HERE)
        self.page.get_by_role("button", name="Toggle Log Panel").click()
        self.text = self.page.locator("div[role=textbox]").last
        expect(self.text).to_be_visible()

    def say(self, text: str) -> None:
        self.text.fill(text)
        self.page.get_by_role("button", name="Send Message").click()

    def hears(self, text: str) -> Locator:
        """The last message with this text, once it is there."""
        found = self.page.get_by_text(text).last
        expect(found).to_be_visible()
        return found

    def card(self, text: str) -> Locator:
        """The last card with this text, once it is there."""
        found = self.page.locator(".ac-adaptiveCard").filter(has_text=text).last
        expect(found).to_be_visible()
        return found

    def shoot(self, name: str, shown: Locator, height: int = TALL["height"]) -> None:
        """The conversation where `shown` is, without what only this client says."""
        self.page.set_viewport_size({**TALL, "height": height})
        self.page.mouse.move(0, 0)
        shown.scroll_into_view_if_needed()
        clip = FloatRect(x=0, y=HEADER, width=TALL["width"], height=height - HEADER)
        self.page.screenshot(path=RESULTS / f"{name}.png", animations="disabled", clip=clip)


class TimedBot:
    """The whole bot with its sandbox, in a thread of its own, at a time that the walk sets."""

    def __init__(self, folder: Path, people: str, now: datetime.datetime) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._clock = Clock(now)
        (folder / "people.yaml").write_text(people, encoding="utf-8")
        self._ready, self._stop = threading.Event(), asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._running: Running | None = None
        self._pool = ThreadPoolExecutor(1, "bot")
        self._ended: Future[None] | None = None

    def start(self) -> None:
        self._ended = self._pool.submit(lambda: asyncio.run(self._serve()))
        self._ended.add_done_callback(lambda _: self._ready.set())
        assert self._ready.wait(STARTS), "the bot did not start"
        if self._ended.done():
            self._ended.result()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        async with started(self._settings(), lambda _: None, ForTests(clock=self._clock)) as running:
            self._running = running
            self._ready.set()
            await self._stop.wait()

    def _settings(self) -> AllSettings:
        read = load_settings(env_file=None)
        main = read.main.model_copy(
            update={
                "sandbox": "on",
                "port": self.port,
                "data_dir": self._folder / "data",
                "people_file": self._folder / "people.yaml",
            }
        )
        return read.model_copy(update={"main": main})

    def comes(self, moment: datetime.datetime) -> None:
        """It is `moment`, and what is due by then is done."""
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(self._pass(moment), self._loop).result(timeout=STARTS)

    async def _pass(self, moment: datetime.datetime) -> None:
        assert self._running is not None
        bot = self._running.bot
        # A message that is on its way when the day changes would be taken for lost, and be sent once more.
        while (await bot.company.store.waiting()).get("teams"):  # noqa: ASYNC110  -- the store tells nobody
            await asyncio.sleep(0.02)
        self._clock.set(moment)
        while await bot.timers.fire() <= 0:
            pass
        bot.delivery.nudge()

    def stop(self) -> None:
        if self._loop is not None and self._ended is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
            self._ended.result(timeout=60)
        self._pool.shutdown()
