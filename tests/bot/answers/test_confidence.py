"""How sure one may be: the model, what bends it, and the questions it is tried with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.bands import ANSWER, MAYBE, band_of
from bot.answers.confidence import FEWEST, Confidence, Signals
from bot.answers.document import Passage
from bot.answers.logistic import Logistic, blank
from bot.answers.trials import MOST, trials

GOOD = Signals(strength=0.7, held=0.95, words=1.8, together=1.2)
POOR = Signals(strength=0.15, held=0.1, words=1.8, together=0.15)
NEAR = GOOD._replace(nearness=0.9, nearer=0.05)
FAR = POOR._replace(nearness=0.76, nearer=0.001)
ENTRY = Passage(document="vpn", kind="faq", title="", text="Так.", asked=("Как подключить рабочий VPN дома?", "VPN"))
PAGE = Passage(
    document="7",
    kind="page",
    title="Пропуска",
    heading="Гостевой пропуск",
    text="Гостя встречают у стойки охраны. Пропуск заказывают заранее на портале.\n$ curl --data secretword",
)


ACROSS = [
    Signals(strength=0, held=0, words=1.8, together=0, nearness=near, nearer=more, other_language=True)
    for near, more in ((0.86, 0.03), (0.73, 0.001))
]


@pytest.mark.parametrize(("good", "poor"), [(GOOD, POOR), (NEAR, FAR), ACROSS])
def test_what_is_known_beforehand_tells_an_answer_from_nonsense(good: Signals, poor: Signals) -> None:
    assert Confidence().of(good) > ANSWER
    assert Confidence().of(poor) < MAYBE


def test_the_bands_follow_the_confidence() -> None:
    assert [band_of(one) for one in (0.0, MAYBE - 0.01, MAYBE, ANSWER - 0.01, ANSWER, 1.0)] == [
        "unknown",
        "unknown",
        "maybe",
        "maybe",
        "answer",
        "answer",
    ]


def test_what_was_seen_bends_the_model_and_too_little_does_not() -> None:
    seen = [(GOOD, False), (POOR, False)] * 200
    assert Confidence().fitted(seen).of(GOOD) < Confidence().of(GOOD)
    assert Confidence().fitted(seen).of(NEAR) == Confidence().of(NEAR)
    assert Confidence().fitted(seen[: FEWEST - 2]).of(GOOD) == Confidence().of(GOOD)


def test_a_confidence_is_opened_as_it_was_saved(tmp_path: Path) -> None:
    fitted = Confidence().fitted([(NEAR, True), (FAR, False)] * 30)
    fitted.save(tmp_path)
    assert Confidence.open(tmp_path).of(NEAR) == fitted.of(NEAR)
    (tmp_path / "confidence.json").write_bytes(b"[[[1],[1],[1]],[[1],[1],[1]]]")
    with pytest.raises(ValueError, match="other signals"):
        Confidence.open(tmp_path)


def test_logistic_regression_finds_the_weights_that_made_the_data() -> None:
    dice = np.random.default_rng(3)
    rows = dice.normal(size=(20_000, 2))
    yes = (dice.random(20_000) < 1 / (1 + np.exp(-(2 * rows[:, 0] - rows[:, 1] + 0.5)))).astype(float)
    plain = Logistic(np.zeros(3), np.zeros(2), np.ones(2))
    np.testing.assert_allclose(plain.fitted(rows, yes, 1).weights, [2, -1, 0.5], atol=0.1)
    np.testing.assert_allclose(plain.fitted(rows, yes, 1e9).weights, 0, atol=1e-3)


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.booleans()), min_size=1, max_size=50))
def test_whatever_is_observed_the_fit_is_finite(seen: list[tuple[float, bool]]) -> None:
    rows = np.array([[signal] for signal, _ in seen])
    model = blank(rows).fitted(rows, np.array([float(yes) for _, yes in seen]), 1.0)
    assert np.isfinite(model.weights).all()
    assert ((model.probability(rows) >= 0) & (model.probability(rows) <= 1)).all()


def test_trials_are_the_same_each_time_and_name_what_they_were_made_of() -> None:
    passages = [ENTRY, *[ENTRY] * 30]
    assert trials(passages) == trials(passages)
    assert len(trials(passages)) == MOST["faq"]
    assert {trial.position for trial in trials(passages)} == set(range(31))
    assert trials([]) == []


def test_a_trial_of_a_page_has_words_of_it_and_no_code() -> None:
    made = trials([PAGE] * 100)
    assert len(made) == MOST["page"]
    assert not any("secret" in trial.question for trial in made)
    assert sum("охран" in trial.question.casefold() or "пропуск" in trial.question.casefold() for trial in made) > 100
    assert len({trial.question for trial in made}) > 200


@given(st.lists(st.text(max_size=60), max_size=5))
def test_trials_are_made_of_any_text(texts: list[str]) -> None:
    made = trials([Passage(document=text, kind="page", title=text, heading=text, text=text) for text in texts])
    assert all(trial.question for trial in made)
