"""What an API sends back is read strictly, and never repeated."""

import json
from typing import Any

import pytest

from adapters.llm.errors import ModelError
from adapters.llm.reply import completion, refusal


def body(content: Any, ended: str | None = "stop") -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": ended}
    return json.dumps({"id": "1", "choices": [choice]}).encode()


@pytest.mark.parametrize("ended", ["stop", None, "eos"])
def test_a_whole_answer_is_taken(ended: str | None) -> None:
    assert completion(body("Да [1].", ended)) == "Да [1]."


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\x00",
        b"[]",
        b"{}",
        b'{"choices": []}',
        b'{"choices": {"0": 1}}',
        b'{"choices": [null]}',
        b'{"choices": [{"message": null}]}',
        b"[" * 100_000,
        body(None),
        body(""),
        body(" \n"),
        body(["Да"]),
        body("Да [1]", "length"),
        body("Да [1]", "content_filter"),
    ],
)
def test_anything_else_is_an_error_of_the_house(raw: bytes) -> None:
    with pytest.raises(ModelError) as error:
        completion(raw)
    assert error.value.code == "unreadable"


def test_half_a_surrogate_pair_does_no_harm() -> None:
    assert completion(b'{"choices": [{"message": {"content": "a\\ud83d"}}]}').encode() == b"a?"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (301, "redirected"),
        (400, "refused"),
        (401, "unauthorized"),
        (403, "forbidden"),
        (404, "not-found"),
        (408, "failing"),
        (422, "refused"),
        (429, "limited"),
        (500, "failing"),
        (503, "failing"),
    ],
)
def test_every_status_means_something(status: int, code: str) -> None:
    assert refusal(status, b"", None).code == code


def test_only_the_code_of_an_error_is_kept_and_not_its_words() -> None:
    raw = json.dumps({"error": {"code": "model_not_found", "message": "Анна спросила"}}).encode()
    assert str(refusal(404, raw, None)) == "not-found (404 model_not_found)"
    strange = json.dumps({"error": {"code": "Анна спросила", "type": "x y"}}).encode()
    assert str(refusal(404, strange, None)) == "not-found (404)"


@pytest.mark.parametrize(
    ("status", "header", "after"),
    [
        (429, "7", 7.0),
        (503, "1.5", 1.5),
        (500, "7", None),
        (429, "Wed, 21 Oct 2026 07:28:00 GMT", None),
        (429, "-1", None),
        (429, "nan", None),
        (429, "٣", None),
        (429, None, None),
    ],
)
def test_how_long_to_wait_is_a_number_of_seconds_or_unknown(
    status: int, header: str | None, after: float | None
) -> None:
    assert refusal(status, b"", header).after == after
