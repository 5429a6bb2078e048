"""Indexes that are ready before a bot starts, as after a restart: a test that is not about them need not wait for a
builder."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

import msgspec

from bot.answers import calibrate
from bot.answers.build import Order, build
from bot.answers.embedder import nano_e5
from bot.answers.items import Line, write
from bot.answers.synonyms import FILE
from bot.faq_file import load_faq
from bot.shelf import digest
from wiring.index_folder import VECTORS

SHIPPED = Path(__file__).parents[1] / "scenarios"


def lay_answers(data_dir: Path, organisation: str, scenarios: Path = SHIPPED) -> None:
    """What a bot with the FAQ of these scenarios would have left in its DATA_DIR."""
    above = data_dir / "answers" / organisation
    if not above.exists():
        shutil.copytree(_ready(scenarios), above)


@cache
def _ready(scenarios: Path) -> Path:
    folder = Path(_kept(scenarios).name)
    faq = folder / "0" / "faq"
    faq.mkdir(parents=True)
    entries = ((one.id, msgspec.json.encode(one)) for one in load_faq(scenarios / "faq"))
    write(faq / "changes.jsonl", (Line(one, digest(item), msgspec.Raw(item)) for one, item in entries))
    dense = nano_e5() is not None
    order = Order(
        kind="faq",
        changes=str(faq / "changes.jsonl"),
        out=str(faq / "1"),
        synonyms=str(scenarios / FILE),
        vectors=str(folder / VECTORS) if dense else None,
    )
    build(order)
    calibrate.calibrate(calibrate.Order(generation=order.out, dense=False))
    return folder


@cache
def _kept(_: Path) -> tempfile.TemporaryDirectory[str]:
    """Goes with this process."""
    return tempfile.TemporaryDirectory(prefix="answers-")
