"""A tracker on a stand-in of either kind, for the tests of the adapter."""

from collections.abc import AsyncIterator

import pytest

from adapters.jira.tracker import JiraTracker
from sandbox.jira import Deployment
from tests.adapters.jira.kit import Stand, standing


@pytest.fixture(params=list(Deployment))
async def stand(request: pytest.FixtureRequest) -> AsyncIterator[Stand]:
    async with standing(request.param) as ready:
        yield ready


@pytest.fixture
async def tracker(stand: Stand) -> AsyncIterator[JiraTracker]:
    async with stand.tracker() as ready:
        yield ready
