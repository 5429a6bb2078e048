"""The figures as a table: a row for each, and beside each column what was promised of it."""

from __future__ import annotations

from collections.abc import Sequence

from tests.eval.measures import Figure
from tests.eval.ranker import DENSE, LEXICAL

COLUMNS = (LEXICAL, DENSE)


def table(figures: Sequence[Figure]) -> str:
    cells = {(figure.group, figure.name, figure.column): figure for figure in figures}
    rows = [f"{'':46}" + "".join(f"{column:>13}{'promised':>10}{'':8}" for column in COLUMNS)]
    group = ""
    for own, name in dict.fromkeys((figure.group, figure.name) for figure in figures):
        if own != group:
            rows += ["", own]
            group = own
        rows.append((f"  {name:44}" + "".join(_cell(cells.get((own, name, column))) for column in COLUMNS)).rstrip())
    missed = [f"{figure.group}: {figure.name} ({figure.column})" for figure in figures if figure.missed]
    return "\n".join([*rows, "", f"missed: {'; '.join(missed) or 'nothing'}"])


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return f"{'-':>13}{'':18}"
    bound = figure.at_least if figure.at_least is not None else figure.at_most
    sign = ">=" if figure.at_least is not None else "<="
    promised = f"{sign} {_number(bound)}" if bound is not None else ""
    verdict = ("MISSED" if figure.missed else "OK") if bound is not None else ""
    return f"{_number(figure.value):>13}{promised:>10}  {verdict:6}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3f}" if abs(value) <= 1 else f"{value:.1f}"
