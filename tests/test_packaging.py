"""The image, the compose file and the settings example keep their promises; no docker engine is needed to see it."""

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in text.splitlines() if line.strip()]


def final_stage() -> dict[str, list[str]]:
    stages: list[dict[str, list[str]]] = []
    for word, rest in instructions():
        if word == "FROM":
            stages.append({})
        stages[-1].setdefault(word, []).append(rest)
    return stages[-1]


def health_command() -> list[str]:
    (line,) = final_stage()["HEALTHCHECK"]
    command: list[str] = json.loads(line.split("CMD", 1)[1])
    return command


@contextmanager
def server_that_answers(status: int) -> Iterator[tuple[int, list[str]]]:
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server.server_port, asked
        server.shutdown()


PINNED = re.compile(r"[a-z0-9./-]+:\d+\.\d+\.\d+[a-z0-9.-]*@sha256:[0-9a-f]{64}")


def test_every_image_is_named_by_version_and_digest() -> None:
    stages = [rest.split() for word, rest in instructions() if word == "FROM"]
    own = {words[2] for words in stages if len(words) > 2}
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    images = [words[0] for words in stages if words[0] not in own]
    images += [service["image"] for service in compose["services"].values() if "image" in service]
    assert len(images) == 2
    assert [image for image in images if not PINNED.fullmatch(image)] == []


def test_the_build_fetches_no_frontend_of_its_own() -> None:
    """A `# syntax=` line would pull one more image, by a tag."""
    assert not re.match(r"#\s*syntax\s*=", (ROOT / "Dockerfile").read_text())


def test_the_image_runs_as_a_fixed_user_that_is_not_root() -> None:
    assert final_stage()["USER"] == ["10001:10001"]
    assert any("--uid 10001" in line for line in final_stage()["RUN"])


def test_the_image_passes_signals_to_python() -> None:
    (entrypoint,) = final_stage()["ENTRYPOINT"]
    assert json.loads(entrypoint) == ["python", "app.py"]


def test_the_image_keeps_its_data_in_a_volume_and_listens_outside() -> None:
    stage = final_stage()
    assert stage["VOLUME"] == ["/data"]
    assert stage["EXPOSE"] == ["8080"]
    environment = dict(pair.split("=", 1) for pair in " ".join(stage["ENV"]).split())
    assert environment["DATA_DIR"] == "/data"
    assert environment["HOST"] == "0.0.0.0"
    assert environment["PORT"] == "8080"


def test_the_final_stage_installs_nothing() -> None:
    assert not re.search(r"apt-get|pip |bootstrap", " ".join(final_stage()["RUN"]))


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_health_check_tells_a_live_bot_from_a_dead_one(status: int, code: int) -> None:
    with server_that_answers(status) as (port, asked):
        command = [sys.executable, *health_command()[1:]]
        done = subprocess.run(command, env={**os.environ, "PORT": str(port)}, capture_output=True, check=False)
    assert done.returncode == code, done.stderr.decode()
    assert asked == ["/healthz"]


def rooms() -> list[str]:
    return sorted(path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name not in {"tests", "tools"})


def context_patterns() -> list[str]:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize(
    "name", ["app.py", "scenarios", "requirements.lock", "requirements-dense.lock", "tools/bootstrap.py", *rooms()]
)
def test_the_image_gets_what_the_bot_runs_on(name: str) -> None:
    assert f"!{name}" in context_patterns()


@pytest.mark.parametrize("name", [".env", ".git", "data", "tests", ".venv"])
def test_the_image_gets_no_secrets_and_no_ballast(name: str) -> None:
    assert context_patterns()[0] == "*"
    assert not any(fnmatch(name, pattern[1:]) for pattern in context_patterns() if pattern.startswith("!"))


def compose() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    return services


def test_the_store_beside_the_bot_loses_nothing() -> None:
    store = compose()["valkey"]
    command = " ".join(store["command"])
    for option in ("--appendonly yes", "--appendfsync always", "--maxmemory-policy noeviction"):
        assert option in command
    assert "valkey:/data" in store["volumes"]
    assert store["healthcheck"]["test"][-1] == "ping"
    assert "ports" not in store


def test_the_bot_waits_for_its_store_and_asks_for_a_secret_key() -> None:
    bot = compose()["bot"]
    assert bot["depends_on"]["valkey"]["condition"] == "service_healthy"
    assert bot["env_file"] == ".env"
    assert bot["environment"]["REDIS_URL"].startswith("redis://valkey:")
    assert ":?" in bot["environment"]["SECRET_KEY"]


def test_the_example_of_settings_sets_nothing_by_itself() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []
    settings = [line for line in lines if re.match(r"#[A-Z_]+=", line)]
    assert len(settings) == len({line.split("=")[0] for line in settings}) > 20
    assert [line for line in settings if " #" in line] == []


def test_the_pip_that_the_bootstrap_carries_is_the_one_of_the_index() -> None:
    (wheel,) = (ROOT / "tools").glob("pip-*.whl")
    version = wheel.name.split("-")[1]
    entry = (ROOT / "requirements-dev.lock").read_text().split(f"\npip=={version} ", 1)[1].split("\n\n")[0]
    hashes = re.match(r"\\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", entry)
    assert hashes
    assert hashlib.sha256(wheel.read_bytes()).hexdigest() in hashes[1]
