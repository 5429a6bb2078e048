"""The one line that says how the fault runs have ended."""

from tests.chaos.oracle import RULES
from tests.chaos.summary import summary
from tests.chaos.verdict import verdict_of

RUN = {"seed": 7, "kills": 101, "lost": 0, "doubled": 0, "out of order": 0, "otherwise wrong": 0}


def test_runs_are_summed_up_whatever_was_wrong() -> None:
    other = {**RUN, "seed": 8, "kills": 12, "lost": 2, "doubled": 1}
    assert summary([RUN, other, RUN]) == (
        "chaos: 3 runs, 214 kills, 2 lost, 1 doubled, 0 out of order, 0 otherwise wrong (seeds 7, 8)"
    )


def test_every_kind_of_wrong_that_is_looked_for_is_in_the_line() -> None:
    assert all(kind in summary([RUN]) for kind in RULES)


def test_a_verdict_counts_by_kind() -> None:
    verdict = verdict_of([("lost", "a message"), ("lost", "another"), ("doubled", "a third")])
    assert (verdict.wrong["lost"], verdict.wrong["doubled"], verdict.wrong["out of order"]) == (2, 1, 0)
    assert len(verdict.sentences) == 3
