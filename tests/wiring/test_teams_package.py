"""`teams-package` as people run it."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "tests/adapters/teams/schemas"
PARTS = {"manifest.json": "teams-manifest-1.29.json", "ru.json": "teams-localization-1.29.json"}
APP = "0b0e0b0e-1111-4222-8333-444455556666"
TEAMS = {"TEAMS_APP_ID": APP, "TEAMS_APP_PASSWORD": "secret", "TEAMS_TENANT_ID": APP.replace("0b0e", "7e7e")}
PUBLIC = {"PUBLIC_URL": "https://bot.company.example/"}


def teams_package(folder: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, str(ROOT / "app.py"), "teams-package", *args],
        env={**kept, **more},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def validated(path: Path) -> dict[str, Any]:
    """The manifest of a package that Microsoft's schemas take."""
    with zipfile.ZipFile(path) as archive:
        parts: dict[str, dict[str, Any]] = {name: json.loads(archive.read(name)) for name in PARTS}
    for name, schema in PARTS.items():
        Draft4Validator(json.loads((SCHEMAS / schema).read_bytes())).validate(parts[name])
    return parts["manifest.json"]


def test_an_administrator_gets_a_zip_to_upload(tmp_path: Path) -> None:
    ended = teams_package(tmp_path, "--privacy", "https://company.example/privacy", **TEAMS, **PUBLIC)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "butterboard-teams.zip" in ended.stdout
    manifest = validated(tmp_path / "butterboard-teams.zip")
    assert manifest["bots"][0]["botId"] == APP
    assert manifest["developer"]["privacyUrl"] == "https://company.example/privacy"
    assert manifest["developer"]["termsOfUseUrl"] == "https://bot.company.example/terms"


def test_what_is_uploaded_again_has_another_version(tmp_path: Path) -> None:
    ended = teams_package(tmp_path, "--version", "1.0.1", "--out", "again.zip", **TEAMS, **PUBLIC)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert validated(tmp_path / "again.zip")["version"] == "1.0.1"


def test_without_an_app_id_it_says_what_is_missing(tmp_path: Path) -> None:
    ended = teams_package(tmp_path, **PUBLIC)
    assert ended.returncode == 2
    assert ended.stderr == "TEAMS_APP_ID is not set\n"
    assert list(tmp_path.iterdir()) == []


def test_without_a_public_address_it_says_what_is_missing(tmp_path: Path) -> None:
    ended = teams_package(tmp_path, **TEAMS)
    assert ended.returncode == 2
    assert "https://" in ended.stderr
    assert "PUBLIC_URL" in ended.stderr


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    ended = teams_package(tmp_path, "--out", "nowhere/app.zip", **TEAMS, **PUBLIC)
    assert ended.returncode == 2
    assert "nowhere/app.zip" in ended.stderr
