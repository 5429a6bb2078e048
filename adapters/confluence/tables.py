"""A table as lines that can be read by themselves: "Header: cell; Header: cell"."""

from __future__ import annotations

from itertools import zip_longest

import msgspec

LONGEST_LABEL = 100  # a longer header says something itself: its row is a line of its own
LONGEST_SHARED = 200  # a cell over several rows is repeated in each of them, up to this length
MOST_SPANNED = 100
MOST_CELLS = (
    10_000  # of a table; beyond these no cell reaches down or along: a few lines of markup could else fill the memory
)


class Cell(msgspec.Struct, frozen=True):
    text: str
    header: bool = False
    columns: int = 1
    rows: int = 1


Row = list[Cell]


def span(text: str | None) -> int:
    """The value of a colspan or rowspan."""
    return min(max(int(text), 1), MOST_SPANNED) if text is not None and text.isdecimal() and len(text) < 5 else 1


def lines(rows: list[Row]) -> list[str]:
    """One line a row. A first row of headers labels the cells below it; what labels nothing is a line of its own."""
    full = [row for row in _filled(rows) if row]
    labels = _labels(full)
    body = full[1:] if labels else full
    said = [line for row in body if (line := _line(row, labels))]
    used = {column for row in body for column, cell in enumerate(row[: len(labels)]) if cell.text}
    idle = [label for column, label in enumerate(labels) if label and column not in used]
    return ["; ".join(idle), *said] if idle else said


def _filled(rows: list[Row]) -> list[Row]:
    """Rows in which each cell stands in its column: those that reach down from above are repeated."""
    above: dict[int, Cell] = {}
    filled: list[Row] = []
    cells = 0
    for row in rows:
        filled.append(_placed(row, above) if cells < MOST_CELLS else row)
        cells += len(filled[-1])
    return filled


def _placed(row: Row, above: dict[int, Cell]) -> Row:
    """`above`: what reaches down, by column; it is carried on for the next row."""
    placed: Row = []
    cells = iter(row)
    cell = next(cells, None)
    while cell is not None or len(placed) in above:
        column = len(placed)
        reaching = above.pop(column, None)
        if reaching is not None:
            taken = reaching
        elif cell is not None:
            taken, cell = cell, next(cells, None)
        else:
            break
        if taken.rows > 1:
            shared = taken.text if len(taken.text) <= LONGEST_SHARED else ""
            above[column] = msgspec.structs.replace(taken, rows=taken.rows - 1, text=shared)
        rest = msgspec.structs.replace(taken, text="", rows=1, columns=1)
        placed += [taken, *[rest] * (taken.columns - 1 if len(placed) < MOST_CELLS else 0)]
    return placed


def _labels(rows: list[Row]) -> list[str]:
    if len(rows) < 2 or not rows[0] or not all(cell.header for cell in rows[0]):
        return []
    labels = [cell.text.rstrip(":") for cell in rows[0]]
    return labels if all(len(label) <= LONGEST_LABEL for label in labels) else []


def _line(row: Row, labels: list[str]) -> str:
    if not labels and len(row) > 1 and row[0].header and row[0].text and not row[1].header:
        first, rest = row[0].text, "; ".join(cell.text for cell in row[1:] if cell.text)
        return f"{first.rstrip(':')}: {rest}" if rest else first
    named = zip_longest(labels[: len(row)], row, fillvalue="")
    said = [(label, cell.text) for label, cell in named if isinstance(cell, Cell) and cell.text]
    return "; ".join(f"{label}: {text}" if label and label != text else text for label, text in said)
