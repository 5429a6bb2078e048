"""A form is read as `urllib.parse` reads it, only faster."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.form_body import fields, unquoted
from tests.generated import examples


@examples(200)
@given(st.text(st.characters(codec="utf-8")))
def test_a_payload_is_unquoted_in_c(text: str) -> None:
    body = urlencode({"payload": text}).encode()
    assert fields(body) == {"payload": text.encode()}


@examples(200)
@given(
    st.lists(
        st.sampled_from([b"%41", b"%", b"%z", b"%4", b"=", b"=41", b"&", b"+", b"a", b" ", b"\r\n", b"%0A", b"\t"])
    )
)
def test_whatever_is_not_quoted_as_a_browser_does_is_read_as_before(pieces: list[bytes]) -> None:
    value = b"".join(pieces)
    expected = dict(parse_qsl(f"payload={value.decode()}", keep_blank_values=True))["payload"]
    assert unquoted(value) in (None, expected.encode())


def test_the_fields_of_a_command_are_told_apart() -> None:
    assert fields(b"command=%2Fonboarding&text=status+%40anna&empty=") == {
        "command": "/onboarding",
        "text": "status @anna",
        "empty": "",
    }


def test_too_many_fields_are_refused() -> None:
    with pytest.raises(ValueError, match="fields"):
        fields(b"a=1&" * 200)
