"""How large the runs are: a few minutes for `make chaos`, as long as it takes for `make chaos FULL=1`."""

import os
from collections.abc import Callable

FULL = os.environ.get("CHAOS") == "full"
JOURNEYS = 600 if FULL else 200
KILLS = 100 if FULL else 20  # at each failpoint, and as many at random moments
OUTAGES = 40 if FULL else 12
HUNG = 100 if FULL else 20  # calls of a service that are carried out late, and as many that never are
PAYLOADS = 60_000 if FULL else 10_000
REST_SECONDS = 600.0  # for all lanes to come to rest once nobody kills any more: only a run that hangs takes so long
SIDES = 500 if FULL else 60  # journeys that are steered from two sides
SIDES_ACTS = 8 if FULL else 4  # for each of them in the chat, and as many in Jira
SEED = int(os.environ.get("CHAOS_SEED", "20261124"))

Counts = Callable[[str, object], None]
"""Notes a figure under a name; it is printed at the end of the run."""
