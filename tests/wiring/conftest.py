"""Fixtures for what is tried as a process."""

from collections.abc import Iterator

import pytest

from tests.wiring.environment import environment
from tests.wiring.forked import Commanded, forking


@pytest.fixture(scope="session")
def forked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commanded]:
    """As `command` of test_process, without the second or two that each needs for its imports."""
    with forking(tmp_path_factory.mktemp("forked")) as processes:
        yield lambda folder, *args, **more: processes.command(folder, args, environment(folder, **more))
