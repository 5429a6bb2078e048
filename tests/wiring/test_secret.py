"""Keys of single purposes, derived from one secret."""

from wiring.secret import derived_key

SECRET = b"a secret of at least thirty-two bytes"


def test_each_purpose_has_a_key_of_its_own() -> None:
    keys = {
        derived_key(SECRET, "issue-labels"),
        derived_key(SECRET, "jira-webhook"),
        derived_key(SECRET, "journey-links"),
        derived_key(SECRET, "web-session"),
    }
    assert len(keys) == 4
    assert all(len(key) == 32 for key in keys)


def test_a_key_is_the_same_in_every_process_that_shares_the_secret() -> None:
    assert derived_key(SECRET, "web-session") == derived_key(bytes(SECRET), "web-session")
    assert derived_key(SECRET, "web-session") != derived_key(SECRET + b".", "web-session")
