from pathlib import Path

import pytest

from tools import bootstrap


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own whose installations are only noted down."""
    venv = tmp_path / ".venv"
    for name, value in {
        "ROOT": tmp_path,
        "VENV": venv,
        "PYTHON": venv / "bin" / "python",
        "STAMP": venv / "installed.txt",
    }.items():
        monkeypatch.setattr(bootstrap, name, value)
    (tmp_path / "requirements.lock").write_text("one==1\n")
    (tmp_path / "requirements-dev.lock").write_text("one==1\ntwo==2\n")
    return tmp_path


@pytest.fixture(autouse=True)
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    notes: list[str] = []

    def make_venv() -> None:
        notes.append("venv")
        bootstrap.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        bootstrap.PYTHON.touch()

    monkeypatch.setattr(bootstrap, "make_venv", make_venv)
    monkeypatch.setattr(bootstrap, "install", notes.append)
    return notes


def interrupted(_: str) -> None:
    raise KeyboardInterrupt


def test_the_first_start_makes_everything_and_the_second_nothing(done: list[str]) -> None:
    bootstrap.bring_up_to_date("requirements.lock")
    bootstrap.bring_up_to_date("requirements.lock")
    assert done == ["venv", "requirements.lock"]


def test_the_development_lock_covers_the_runtime_lock(done: list[str]) -> None:
    bootstrap.bring_up_to_date("requirements-dev.lock")
    bootstrap.bring_up_to_date("requirements.lock")
    assert done == ["venv", "requirements-dev.lock"]


def test_a_changed_lock_is_installed_into_the_same_environment(done: list[str], place: Path) -> None:
    bootstrap.bring_up_to_date("requirements.lock")
    (place / "requirements.lock").write_text("one==2\n")
    bootstrap.bring_up_to_date("requirements.lock")
    assert done == ["venv", "requirements.lock", "requirements.lock"]


def test_an_interrupted_installation_is_made_again(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap.bring_up_to_date("requirements.lock")
    with monkeypatch.context() as patched:
        patched.setattr(bootstrap, "install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            bootstrap.bring_up_to_date("requirements-dev.lock")
    bootstrap.bring_up_to_date("requirements.lock")
    assert done == ["venv", "requirements.lock", "venv", "requirements.lock"]


def test_an_environment_of_another_python_is_made_again(done: list[str]) -> None:
    bootstrap.bring_up_to_date("requirements.lock")
    bootstrap.STAMP.write_text(bootstrap.STAMP.read_text().replace("python 3.", "python 2."))
    bootstrap.bring_up_to_date("requirements.lock")
    assert done == ["venv", "requirements.lock"] * 2


def test_an_old_python_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit) as stopped:
        bootstrap.main()
    assert stopped.value.code == 1
    assert "3.11 or newer is needed, and this is 3.9" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("printed", "advice"),
    [
        ("NameResolutionError: Temporary failure in name resolution", "cannot be reached"),
        ("SSLError(CERTIFICATE_VERIFY_FAILED)", "PIP_CERT"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "Do not use it"),
        ("ERROR: No matching distribution found for one==1", "no ready-made package"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: something new", "pip failed"),
    ],
)
def test_a_failure_says_what_to_do(printed: str, advice: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bootstrap.explain([printed])
    assert advice in capsys.readouterr().err
