"""YAML, read strictly."""

from pathlib import Path

import pytest

from bot.yaml_file import MAX_BYTES, parse_yaml, read_directory, read_yaml


def codes_of(text: str) -> list[str]:
    return [problem.code for problem in parse_yaml(text, "x.yaml", "steps").problems]


def test_only_numbers_true_false_and_null_are_not_text() -> None:
    read = parse_yaml(
        "{a: 1, b: -2, c: true, d: null, e: yes, on: done, f: 2026-01-02, g: 1.5, h: 010, i: '1'}", "x", "steps"
    )
    assert read.data == {
        "a": 1,
        "b": -2,
        "c": True,
        "d": None,
        "e": "yes",
        "on": "done",
        "f": "2026-01-02",
        "g": "1.5",
        "h": "010",
        "i": "1",
    }


def test_every_key_and_member_has_its_line() -> None:
    read = parse_yaml("id: x\nsteps:\n  - id: a\n    due: 2\n  - b\n", "x", "steps")
    assert read.lines[("steps", 0, "due")] == 4
    assert read.lines[("steps", 1)] == 5


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("# only a comment", "empty"),
        ("~", "empty"),
        ("a: &x 1\nb: *x", "alias"),
        ("a: !!python/object/apply:os.system [ls]", "tag"),
        ("a: !secret x", "tag"),
        ("[" * 500, "depth"),
        ("- " * 500, "depth"),
        ("? [a]\n: 1", "key"),
        ("a: [", "yaml"),
        ("a: b: c", "yaml"),
        ("a: \x07", "yaml"),
        ("a: 1\n---\nb: 2", "yaml"),
        ("a: " + "x" * MAX_BYTES, "size"),
        ("a: 1\nb: 2\na: 3", "duplicate-key"),
    ],
)
def test_what_is_refused(text: str, code: str) -> None:
    assert codes_of(text) == [code]


def test_a_bomb_of_aliases_stops_at_its_first_anchor() -> None:
    bomb = 'a: &a ["x", "x"]\n' + "".join(
        f"{n}: &{n} [*{p}, *{p}]\n" for p, n in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert codes_of(bomb) == ["alias"]


def test_the_line_of_a_syntax_error_is_told() -> None:
    (problem,) = parse_yaml("a: 1\nb: [\n", "x.yaml", "steps").problems
    assert problem.line == 3
    (problem,) = parse_yaml("a: 1\nb: \x07\n", "x.yaml", "steps").problems
    assert problem.line == 2


def test_files_that_are_not_text_or_too_large_are_problems(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xff\xfe")
    (tmp_path / "b.yaml").write_bytes(b"x" * (MAX_BYTES + 1))
    found = [problem.code for read in read_directory(tmp_path, "steps") for problem in read.problems]
    assert found == ["encoding", "size"]


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    (problem,) = read_yaml(tmp_path / "gone.yaml", "steps").problems
    assert problem.code == "unreadable"
