"""The end of every run: wait until all is at rest, look at everything, print what was counted, and judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from tests.chaos.arena import Arena
from tests.chaos.evidence import Evidence
from tests.chaos.figures import Counts
from tests.chaos.oracle import doubted_creates, duplicates_closed, late_copies, problems
from tests.chaos.summary import Wrong

SHOWN = 40


class Verdict(NamedTuple):
    """What is wrong in the end, in sentences, and how much of it there is of each kind."""

    wrong: Counter[Wrong]
    sentences: list[str]

    def stands(self) -> None:
        """Fails with the sentences that are not true."""
        found = self.sentences
        assert not found, "\n".join([f"{len(found)} things are wrong", *found[:SHOWN]])


async def judge(on: Arena, counts: Counts) -> Verdict:
    evidence = await on.evidence(await on.rest())
    for service, shown in (await on.stands.shown()).items():
        counts(f"faults shown by {service}", dict(shown))
    counts("attempts", dict(on.attempts()))
    _count(evidence, counts)
    return verdict_of(problems(evidence))


def verdict_of(found: Sequence[tuple[Wrong, str]]) -> Verdict:
    return Verdict(Counter(kind for kind, _ in found), [sentence for _, sentence in found])


def _count(evidence: Evidence, counts: Counts) -> None:
    repeated = [act for act in evidence.acts if act.failed]
    counts("acts of people", len(evidence.acts))
    counts("acts that had to be repeated", f"{len(repeated)}, {sum(len(act.failed) for act in repeated)} tries more")
    counts("events replayed", sum(act.replayed for act in evidence.acts))
    counts("messages", sum(map(len, evidence.copies.values())))
    counts("late copies of hung calls", late_copies(evidence))
    counts("looks into conversations", evidence.calls["conversations.history"])
    counts("issues", len(evidence.issues))
    counts("creates that were looked for", doubted_creates(evidence))
    counts("duplicate issues closed", duplicates_closed(evidence))
