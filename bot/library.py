"""The scenarios at hand: those of the files for new journeys, and every pinned version that a journey still uses."""

from __future__ import annotations

from collections.abc import Mapping

from bot.ports import Store
from bot.scenario import Scenario, scenario_from_json, scenario_to_json

KIND = "scenario"


class Library:
    """`current` by id; versions are immutable, so what was read once is kept."""

    def __init__(self, store: Store, current: Mapping[str, Scenario]) -> None:
        self._store = store
        self.current = dict(current)
        self._versions = {scenario.version: scenario for scenario in current.values()}

    async def keep(self) -> None:
        """Keep every current version in the store, before a journey can pin it."""
        for scenario in self.current.values():
            await self._store.keep_version(KIND, scenario.version, scenario_to_json(scenario))

    async def version(self, version: str) -> Scenario:
        """The scenario with that content hash. LookupError: the store has lost a version in use."""
        if version not in self._versions:
            content = await self._store.version(KIND, version)
            if content is None:
                raise LookupError(f"scenario version {version} is not kept")
            self._versions[version] = scenario_from_json(content)
        return self._versions[version]
