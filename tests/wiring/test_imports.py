"""What a command imports: it answers soon because it leaves alone what it does not use, on however busy a machine."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.wiring.environment import environment
from tests.wiring.waiting import PATIENCE

PROGRAM = """
import contextlib, io, json, sys
import app
seen = []
for args in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.redirect_stderr(said):
        try:
            app.app(args)
        except SystemExit as ended:
            code = ended.code
    seen.append((code, said.getvalue(), sorted({name.partition(".")[0] for name in sys.modules})))
print(json.dumps(seen))
"""
PLATFORMS = {
    "aiohttp", "atlassian", "botbuilder", "botframework", "jira", "jwt", "msal", "numpy", "requests", "slack_bolt",
    "slack_sdk",
}  # fmt: skip
STORES = {"redis", "valkey"}
OURS = {"adapters", "bot", "handlers", "sandbox", "wiring"}
COMMANDS: list[tuple[list[str], int, set[str]]] = [
    (["--help"], 0, PLATFORMS | STORES | OURS | {"asyncio", "pydantic"}),
    (["people", "show", "--help"], 0, PLATFORMS | STORES | OURS | {"asyncio"}),
    (["lint"], 0, PLATFORMS | STORES | {"handlers", "sandbox"}),
    (["simulate", "newcomer"], 0, PLATFORMS | STORES | {"handlers", "sandbox"}),
    (["people", "list"], 0, PLATFORMS | {"sandbox"}),
    (["people", "show", "nobody"], 1, PLATFORMS | {"sandbox"}),
    (["dead", "list"], 0, PLATFORMS | {"sandbox"}),
    (["sync", "--report"], 1, PLATFORMS | {"sandbox"}),
    (["check"], 0, PLATFORMS | {"sandbox"}),
]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, str, list[str]]]:
    """Of one process that does it all, one command after the other: exit code, words, what is imported by then."""
    folder = tmp_path_factory.mktemp("imported")
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps([args for args, _, _ in COMMANDS])],
        env=environment(folder / "data"),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    found: list[tuple[int, str, list[str]]] = json.loads(ended.stdout)
    return found


@pytest.mark.parametrize("number", range(len(COMMANDS)), ids=lambda number: " ".join(COMMANDS[number][0]))
def test_a_command_imports_no_platform_that_it_does_not_speak_to(
    imported: list[tuple[int, str, list[str]]], number: int
) -> None:
    _, code, unwanted = COMMANDS[number]
    ended, said, modules = imported[number]
    assert ended == code, said
    assert unwanted & {*modules} == set()


def test_a_channel_that_is_set_up_is_imported_for_its_check(tmp_path: Path) -> None:
    """So that what the test above sees is what is imported, and not nothing."""
    settings = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": "http://127.0.0.1:9/api/"}
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps([["check"]])],
        env=environment(tmp_path / "data", **settings),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    ((code, said, modules),) = json.loads(ended.stdout)
    assert code == 1, said
    assert "slack_sdk" in modules
