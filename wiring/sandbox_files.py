"""Files of the sandbox that others ask for, too: so that nobody must import the stand-ins for a path."""

from __future__ import annotations

from pathlib import Path

PEOPLE = Path(__file__).parents[1] / "sandbox" / "people.yaml"
"""The fictional company."""

PORTS = "sandbox.json"
"""In the data folder: where the stand-ins listened in the last run."""
