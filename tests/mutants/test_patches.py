"""Each mutant can be tried on the tree as it is; whether the tests notice it, `make mutants` shows."""

import shutil
import subprocess

import pytest

from tests.mutants.__main__ import ROOT, Mutant, read_mutants


@pytest.mark.parametrize("mutant", read_mutants(), ids=lambda one: one.patch.stem)
def test_a_mutant_applies_and_names_tests_that_are_there(mutant: Mutant) -> None:
    assert all((ROOT / one).exists() for one in mutant.tests)
    if shutil.which("git") is None:
        pytest.skip("git is what applies patches")
    command = ["git", "apply", "--check", str(mutant.patch)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
