"""How long a call of another service may take in a test.

Long, so that no machine is too slow for it; short only where the test is about a service that keeps silent, as that is
how long the test then waits.
"""

from __future__ import annotations

import pytest

from sandbox.faults import Kind

LONG = 60.0
SHORT = 1.0
LATER = SHORT + 0.3  # when an answer comes that nobody waits for any more
SILENCES = (Kind.HANG, Kind.LATE, "silent", "late")


def call_seconds(request: pytest.FixtureRequest) -> float:
    """By what the test is given: a fault, its kind, or the name of one."""
    given = getattr(request.node, "callspec", None)
    params = () if given is None else given.params.values()
    return SHORT if any(getattr(one, "kind", one) in SILENCES for one in params) else LONG
