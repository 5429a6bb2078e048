"""Vectors: the file that keeps them, what is still to be made, and the real model."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.answers.document import Passage
from bot.answers.embedder import DIMENSIONS, Embedder
from bot.answers.vector_cache import KEY, VectorCache, key_of
from bot.answers.vectors import embed_missing, missing, texts_of, vectors_of
from tests.made_up import unit_vectors

RECORD = KEY + 2 * DIMENSIONS
PAGE = Passage(document="7", kind="page", title="VPN", heading="Настройка", text="Установите клиент и войдите.")
OTHER = Passage(document="8", kind="page", title="Отпуск", text="Двадцать восемь дней в году.")
ENTRY = Passage(
    document="vpn", kind="faq", title="Справочник", text="Так.\n\nSo.", asked=("Как подключить VPN?", "впн")
)


def keys(count: int, kind: str = "passage") -> list[bytes]:
    return [key_of(kind, f"text {at}") for at in range(count)]


def test_what_was_kept_is_found_again_by_another_reader(tmp_path: Path) -> None:
    rows = unit_vectors(3, seed=1)
    VectorCache(tmp_path / "new" / "v").append(keys(3), rows)
    again = VectorCache(tmp_path / "new" / "v")
    found, known = again.get([keys(3)[2], key_of("passage", "no such"), keys(3)[0]])
    assert known.tolist() == [True, False, True]
    assert found[1].any() == np.False_
    np.testing.assert_allclose(found[[0, 2]], rows[[2, 0]], atol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(found[[0, 2]], axis=1), 1, atol=1e-6)


def test_a_question_and_a_passage_of_the_same_words_are_two_things() -> None:
    assert key_of("query", "VPN") != key_of("passage", "VPN")


def test_a_reader_sees_what_others_add(tmp_path: Path) -> None:
    reader, writer = VectorCache(tmp_path / "v"), VectorCache(tmp_path / "v")
    writer.append(keys(2), unit_vectors(2, seed=1))
    assert len(reader) == 0
    reader.refresh()
    assert keys(2)[1] in reader


@pytest.mark.parametrize("left", [1, KEY, RECORD - 1])
def test_a_record_that_was_cut_short_is_not_read_and_goes_with_the_next(tmp_path: Path, left: int) -> None:
    path = tmp_path / "v"
    VectorCache(path).append(keys(3), unit_vectors(3, seed=1))
    path.write_bytes(path.read_bytes()[: 2 * RECORD + left])
    cache = VectorCache(path)
    assert [key in cache for key in keys(3)] == [True, True, False]
    cache.append(keys(3)[2:], unit_vectors(1, seed=2))
    assert path.stat().st_size == 3 * RECORD
    np.testing.assert_allclose(VectorCache(path).get(keys(3)[2:])[0], unit_vectors(1, seed=2), atol=1e-3)


def test_what_is_no_vector_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "v"
    VectorCache(path).append(keys(1), unit_vectors(1, seed=1))
    path.write_bytes(path.read_bytes() + b"\0" * RECORD + b"\x7c" * RECORD)
    assert len(VectorCache(path)) == 1


def _append_many(path: Path, kind: str) -> None:
    cache = VectorCache(path)
    for key, row in zip(keys(60, kind), unit_vectors(60, seed=1), strict=True):
        cache.append([key], row[None])


def test_two_processes_add_to_one_file(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_append_many, args=(tmp_path / "v", kind)) for kind in ("query", "passage")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    cache = VectorCache(tmp_path / "v")
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert all(key in cache for kind in ("query", "passage") for key in keys(60, kind))


def test_an_entry_is_each_way_to_ask_it_and_the_question_with_its_answer() -> None:
    assert [(one.kind, one.text) for one in texts_of(ENTRY)] == [
        ("query", "Как подключить VPN?"),
        ("query", "впн"),
        ("passage", "Как подключить VPN?\nТак.\n\nSo."),
    ]
    assert [(one.kind, one.text) for one in texts_of(PAGE)] == [
        ("passage", "VPN\nНастройка\nУстановите клиент и войдите.")
    ]


def test_each_vector_belongs_to_its_passage_and_what_is_not_made_is_left_out(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "v")
    cache.append([one.key for one in texts_of(ENTRY)], unit_vectors(3, seed=1))
    found = vectors_of([PAGE, ENTRY, OTHER], cache)
    assert (found.owners.tolist(), found.asked.tolist()) == ([1, 1, 1], [True, True, False])
    assert [one.text for one in missing([PAGE, ENTRY, OTHER, PAGE], cache)] == [
        texts_of(PAGE)[0].text,
        texts_of(OTHER)[0].text,
    ]
    assert vectors_of([], cache).rows.shape == (0, DIMENSIONS)


class Stopped(Exception):
    """Somebody ends the work."""


class Interrupted:
    """A model that is stopped after so many vectors."""

    def __init__(self, model: Embedder, after: int) -> None:
        self._model, self._left = model, after

    def query(self, text: str) -> NDArray[np.float32]:
        self._count()
        return self._model.query(text)

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self._count()
        return self._model.passages(texts)

    def _count(self) -> None:
        if not self._left:
            raise Stopped
        self._left -= 1


def test_who_is_stopped_goes_on_where_they_were(tmp_path: Path, model: Embedder) -> None:
    passages: Sequence[Passage] = (PAGE, ENTRY, OTHER)
    with pytest.raises(Stopped):
        embed_missing(passages, VectorCache(tmp_path / "v"), Interrupted(model, after=3), batch=2)
    assert len(VectorCache(tmp_path / "v")) == 2
    assert embed_missing(passages, VectorCache(tmp_path / "v"), model, batch=2) == 3
    assert embed_missing(passages, VectorCache(tmp_path / "v"), model) == 0


def test_the_model_finds_a_russian_passage_for_an_english_question(model: Embedder) -> None:
    rows = model.passages([PAGE.text, OTHER.text])
    assert rows.shape == (2, DIMENSIONS)
    assert int((rows @ model.query("How many vacation days do I have?")).argmax()) == 1
    assert int((rows @ model.query("install the client")).argmax()) == 0


@pytest.mark.parametrize("text", ["", "\0", "vpn\0", "\ud83d", "я" * 100_000, "a" * 100_000, "\n" * 5000])
def test_the_model_takes_any_text(model: Embedder, text: str) -> None:
    assert np.linalg.norm(model.query(text)) == pytest.approx(1, abs=1e-3)


def test_a_zero_byte_does_not_hide_the_rest_of_a_text(model: Embedder) -> None:
    rows = model.passages(["a\0 отпуск", "a отпуск", "a"])
    assert rows[0] @ rows[1] > rows[0] @ rows[2]
