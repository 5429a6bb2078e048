"""The guides of docs/setup: what they name exists, their settings are taken, their rehearsals are followed to the end.

In a guide, a block ```sh rehearsal is carried out, ```env rehearsal is the .env of it, ```text check stands in what
`check` prints, and ```text seen at the address that is named before it. Ports are other ones than in the guide.
"""

from __future__ import annotations

import asyncio
import html
import os
import re
import secrets
import shlex
import socket
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import typer
import yaml
from aiohttp import ClientSession

from app import app
from tests.hurry import LONG
from tests.ready_answers import lay_answers
from tests.sandbox.process_kit import started as stand_in
from tests.wiring.test_settings import OURS
from wiring.check import check_all
from wiring.run import started
from wiring.settings import KINDS, load_settings

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "setup"
GUIDES = sorted(FOLDER.glob("*.md"))
REHEARSED = ["slack", "teams", "jira-cloud", "jira-data-center", "confluence"]
SOCKET = "socket"  # what stands in place of some blocks where Slack is reached by Socket Mode
OF_OTHERS = {"REQUESTS_CA_BUNDLE"}  # of the library that speaks with Jira and Confluence
BLOCK = re.compile(r"^ *```(\w+)(?: (\w+))?\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
SETTING = re.compile(r"(?<![\w/<])(?:[A-Z]{2,}(?:_[A-Z]+)+|HOST|PORT)(?![\w>])")
COMMAND = re.compile(r"(?<!\w)app\.py((?: (?:--)?[a-z][a-z-]*)*)")


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(OURS)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(ROOT)


def blocks(guide: Path, language: str, kind: str = "") -> list[str]:
    found = BLOCK.findall(guide.read_text(encoding="utf-8"))
    return [re.sub(r"^ {3}", "", text, flags=re.MULTILINE) for a, b, text in found if (a, b) == (language, kind)]


def known_settings() -> set[str]:
    prefixes = {kind: str(kind.model_config.get("env_prefix") or "") for kind in KINDS.values()}
    return {f"{prefix}{field.upper()}" for kind, prefix in prefixes.items() for field in kind.model_fields}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_what_a_guide_leads_to_is_there(guide: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", guide.read_text(encoding="utf-8")):
        if target.startswith(("https://", "http://")):
            continue
        name, _, heading = target.partition("#")
        path = (guide.parent / name).resolve() if name else guide
        assert path.exists(), target
        headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE) if heading else []
        anchors = {re.sub(r"[^\w -]", "", one).strip().lower().replace(" ", "-") for one in headings}
        assert not heading or heading in anchors, target


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_every_setting_that_a_guide_names_exists(guide: Path) -> None:
    named = set(SETTING.findall(guide.read_text(encoding="utf-8")))
    assert named - known_settings() - OF_OTHERS == set()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_the_settings_of_a_guide_are_taken_once_secrets_are_put_in(
    guide: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for number, block in enumerate(blocks(guide, "env")):
        path = tmp_path / str(number)
        path.write_text(block.replace("<random>", secrets.token_hex(32)), encoding="utf-8")
        assert not load_settings(str(path)).sandboxed


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_every_command_that_a_guide_names_exists_with_its_options(guide: Path) -> None:
    for words in COMMAND.findall(guide.read_text(encoding="utf-8")):
        command = typer.main.get_command(app)
        for word in words.split():
            if word.startswith("--"):
                options = {option for parameter in command.params for option in parameter.opts}
                assert word in options, f"app.py{words}"
            elif hasattr(command, "commands"):
                assert word in command.commands, f"app.py{words}"
                command = command.commands[word]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_a_guide_explains_only_what_check_can_say(guide: Path) -> None:
    sources = [
        *ROOT.glob("adapters/*/check.py"),
        *ROOT.glob("wiring/check*.py"),
        ROOT / "bot/flaw.py",
        *ROOT.glob("adapters/*/errors.py"),
    ]
    said = {
        code for path in sources for code in re.findall(r'"([a-z]+(?:-[a-z]+)*)"', path.read_text(encoding="utf-8"))
    }
    for row in re.findall(r"^\| ([^|]* in `check`[^|]*) \|", guide.read_text(encoding="utf-8"), re.MULTILINE):
        codes = re.findall(r"`([a-z]+(?:-[a-z]+)*)`", row)
        assert set(codes) - {"check", "fine"} <= said, row


def test_every_guide_is_named_in_their_list_and_the_list_in_the_readme() -> None:
    listed = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [guide.name for guide in GUIDES if guide.name != "README.md" and f"({guide.name})" not in listed] == []
    assert "docs/setup/README.md" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_compose_mounts_the_directory_of_people_and_reads_it_where_a_plain_process_would() -> None:
    bot = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]["bot"]
    assert {"./people:/app/people:ro", "./scenarios:/app/scenarios:ro"} <= set(bot["volumes"])
    assert bot["environment"]["PEOPLE_FILE"] == "${PEOPLE_FILE-people/people.yaml}"
    assert "WORKDIR /app" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


# --- the rehearsals


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Rehearsal:
    """The blocks of a guide with ports of this test's own. `way`: the kind of those that set things up."""

    def __init__(self, guide: Path, way: str = "rehearsal") -> None:
        self._way = way
        text = guide.read_text(encoding="utf-8")
        _, _, rehearsed = text.partition("\n## Rehearse it")
        taken = {port: str(free_port()) for port in set(re.findall(r"(?:127\.0\.0\.1:|--port )(\d+)", rehearsed))}
        self._text = re.sub(r"(127\.0\.0\.1:|--port )(\d+)", lambda found: f"{found[1]}{taken[found[2]]}", rehearsed)
        self.port = taken["8080"]

    def lines(self, language: str, kind: str = "rehearsal") -> list[str]:
        texts = [text for a, b, text in BLOCK.findall(self._text) if (a, b) == (language, kind)]
        return [line for text in texts for line in text.splitlines()]

    def settings(self) -> list[str]:
        return self.lines("env", self._way)

    @property
    def looks_at(self) -> str:
        """The address that is named right before what is seen there."""
        return str(re.findall(r"<(http://[^>]+)>", self._text.partition("```text seen")[0])[-1])

    def stand_ins(self) -> Iterator[list[str]]:
        """Module and arguments of each."""
        for line in self.lines("sh", self._way):
            _, *words = shlex.split(line)
            if words[0] == "-m":
                yield words[1:]

    def calls(self) -> Iterator[tuple[str, str]]:
        """Address and body of each `curl -X POST`."""
        for line in self.lines("sh"):
            command, *words = shlex.split(line)
            if command == "curl":
                assert (words[0], words[1], words[3]) == ("-X", "POST", "-d")
                yield words[2], words[4]


@pytest.mark.parametrize(("name", "way"), [*((name, "rehearsal") for name in REHEARSED), ("slack", SOCKET)])
async def test_a_rehearsal_is_followed_to_its_end(name: str, way: str, tmp_path: Path) -> None:
    rehearsal = Rehearsal(FOLDER / f"{name}.md", way)
    data = tmp_path / "rehearsal-data"
    lay_answers(data, "main")
    env = [line.replace("rehearsal-data", str(data)) for line in rehearsal.settings()]
    (tmp_path / ".env").write_text("\n".join([*env, f"PORT={rehearsal.port}"]), encoding="utf-8")
    settings = load_settings(str(tmp_path / ".env"))
    async with AsyncExitStack() as stack:
        for module, *arguments in rehearsal.stand_ins():
            await stack.enter_async_context(stand_in(module, *arguments))
        found = [str(finding) for finding in await check_all(settings)]
        for line in rehearsal.lines("text", "check"):
            assert any(one.startswith(line) for one in found), (line, found)
        assert not [one for one in found if one.startswith("problem")]
        http = await stack.enter_async_context(ClientSession())
        await stack.enter_async_context(started(settings, lambda _: None))
        address = next((one for one in found if "/jira/webhook/" in one), "")
        secret = re.search(r"https://onboarding\.example\.com(\S+?)(?:,|$)", address)
        for url, body in rehearsal.calls():
            await told(http, url, body.replace("ADDRESS", secret[1] if secret else ""))
        for line in rehearsal.lines("text", "seen"):
            await seen(http, rehearsal.looks_at, line, again=(url, body))
        if name.startswith("jira"):
            await webhooks_arrive(http, rehearsal.looks_at)


async def told(http: ClientSession, url: str, body: str) -> None:
    async with http.post(url, data=body.encode()) as answer:
        assert answer.status < 300, (url, await answer.text())


async def seen(http: ClientSession, url: str, text: str, again: tuple[str, str]) -> None:
    """Wait until that stands on the page. What the wiki is asked too early is asked again, as the guide says."""
    async with asyncio.timeout(LONG):
        for turn in range(10_000):
            async with http.get(url) as answer:
                page = html.unescape(await answer.text())
            if text in page:
                return
            if turn % 30 == 29:
                await told(http, *again)
            await asyncio.sleep(0.1)


async def webhooks_arrive(http: ClientSession, url: str) -> None:
    """Wait until the bot has taken what Jira told it."""
    async with asyncio.timeout(LONG):
        while True:
            async with http.get(f"{url}/_sandbox/webhooks") as answer:
                told_of = await answer.json()
            if told_of["counts"]["sent"]:
                return
            await asyncio.sleep(0.1)
