"""A stand-in of either kind, for the tests of the adapter."""

from collections.abc import AsyncIterator

import pytest

from sandbox.confluence import Deployment
from tests.adapters.confluence.kit import Stand, standing


@pytest.fixture(params=list(Deployment))
async def stand(request: pytest.FixtureRequest) -> AsyncIterator[Stand]:
    async with standing(request.param) as ready:
        yield ready
