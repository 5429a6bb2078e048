"""Who may speak as Jira."""

import pytest

from adapters.jira.signature import is_signed, is_token, looks_signed, webhook_token

SECRET, BODY = b"It's a Secret to Everybody", b"Hello World!"
DIGEST = "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"


def test_the_example_of_atlassian_is_signed() -> None:
    assert is_signed(SECRET, BODY, f"sha256={DIGEST}")
    assert is_signed(SECRET, BODY, f"SHA256={DIGEST.upper()}")


@pytest.mark.parametrize(
    ("secret", "body", "signature"),
    [
        (b"It's a secret to everybody", BODY, f"sha256={DIGEST}"),
        (b"", BODY, f"sha256={DIGEST}"),
        (SECRET, BODY + b"\n", f"sha256={DIGEST}"),
        (SECRET, b"", f"sha256={DIGEST}"),
        (SECRET, BODY, f"sha256={DIGEST[:-1]}8"),
    ],
)
def test_whatever_differs_is_not_signed(secret: bytes, body: bytes, signature: str) -> None:
    assert looks_signed(signature)
    assert not is_signed(secret, body, signature)


@pytest.mark.parametrize(
    "signature",
    [
        "",
        DIGEST,
        "sha256=",
        f"sha1={DIGEST}",
        f"sha512={DIGEST * 2}",
        f"sha256={DIGEST[:-1]}",
        f"sha256={DIGEST}0",
        f"sha256={DIGEST}\n",
        f" sha256={DIGEST}",
        f"sha256={DIGEST},sha256={DIGEST}",
        f"sha256={DIGEST[:-1]}é",
        f"sha256={DIGEST[:-1]}\udcff",
        "sha256=" + "٣" * 64,
        f"ſha256={DIGEST}",
        f"ſHA256={DIGEST}",
    ],
)
def test_other_shapes_are_no_signatures(signature: str) -> None:
    assert not looks_signed(signature)
    assert not is_signed(SECRET, BODY, signature)


def test_the_token_of_an_address_is_safe_in_it_and_belongs_to_one_key() -> None:
    token = webhook_token(b"key")
    assert token == webhook_token(b"key")
    assert len(token) == 43
    assert token.replace("-", "").replace("_", "").isalnum()
    assert is_token(b"key", token)
    assert not is_token(b"another key", token)


@pytest.mark.parametrize(
    "token", ["", "x", "\udcff", "é" * 43, webhook_token(b"key") + "=", webhook_token(b"key")[:-1]]
)
def test_no_other_token_fits(token: str) -> None:
    assert not is_token(b"key", token)
