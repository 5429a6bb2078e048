"""How large the runs are: some seconds for `make test`, as long as it takes for `make chaos`."""

import os

FULL = os.environ.get("CHAOS") == "full"
JOURNEYS = 600 if FULL else 200
KILLS = 100 if FULL else 20  # at each failpoint, and as many at random moments
OUTAGES = 40 if FULL else 8
PAYLOADS = 60_000 if FULL else 10_000
SEED = 20261124
