from pathlib import Path

import pytest

from tools import check_locks, check_texts

PYPROJECT = """
[project]
dependencies = ["one==1.0", "two"]
[project.optional-dependencies]
dense = ["six==6.0"]
[dependency-groups]
dev = ["Three_x[extra]==3.0"]
"""


def entry(name: str, version: str) -> str:
    return f"{name}=={version} \\\n    --hash=sha256:{'0' * 64}\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    runtime = entry("one", "1.0") + entry("two", "2.0")
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "requirements.lock").write_text(runtime)
    (tmp_path / "requirements-dense.lock").write_text(runtime + entry("six", "6.0"))
    (tmp_path / "requirements-dev.lock").write_text(runtime + entry("three-x", "3.0"))
    return tmp_path


def test_locks_that_fit_are_fine(place: Path) -> None:
    assert check_locks.findings(place) == []


def test_a_dependency_that_is_not_locked_is_found(place: Path) -> None:
    (place / "pyproject.toml").write_text(PYPROJECT.replace('"two"', '"two", "four==4"'))
    assert check_locks.findings(place) == [
        "requirements.lock does not fit: four==4 (locked: not at all)",
        "requirements-dense.lock does not fit: four==4 (locked: not at all)",
        "requirements-dev.lock does not fit: four==4 (locked: not at all)",
    ]


def test_another_version_in_the_development_lock_is_found(place: Path) -> None:
    (place / "requirements.lock").write_text(entry("one", "1.0") + entry("two", "2.1"))
    assert check_locks.findings(place) == [
        "the locks disagree: two (differs in requirements-dense.lock)",
        "the locks disagree: two (differs in requirements-dev.lock)",
    ]


def test_an_extra_that_is_not_locked_is_found(place: Path) -> None:
    (place / "pyproject.toml").write_text(PYPROJECT.replace("six==6.0", "seven==7.0"))
    assert check_locks.findings(place) == ["requirements-dense.lock does not fit: seven==7.0 (locked: not at all)"]


def test_an_entry_without_a_hash_is_found(place: Path) -> None:
    with (place / "requirements-dev.lock").open("a") as lock:
        lock.write("five==5.0\n")
    assert check_locks.findings(place) == ["locked without a hash: five"]


def test_a_sentence_in_the_code_is_found(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text('"""Привет в описании."""\nx = 1\nprint(f"Привет, {x}")\n')
    (found,) = check_texts.findings(tmp_path)
    assert found.startswith("app.py:3: a text belongs in bot/texts/*.ftl: 'Привет,")


@pytest.mark.parametrize("name", ["bot/speech.py", "bot/speech_dates.py", "bot/speech/words.py", "sandbox/names.py"])
def test_words_of_the_grammar_and_of_the_stand_ins_may_stand_in_the_code(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text('VERBS = {"старт": "start"}\n')
    assert check_texts.findings(tmp_path) == []
