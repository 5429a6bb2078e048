"""Which addresses are this machine, and which would be spoken to in the open."""

import pytest

from bot.web_address import is_loopback, unencrypted_host


@pytest.mark.parametrize("host", ["localhost", "LocalHost", "127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_known_by_its_addresses(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [None, "", "0.0.0.0", "::", "10.0.0.1", "127.1", "127.0.0.1.evil.example", "localhost.evil.example", "localhost."],
)
def test_what_only_looks_like_this_machine_is_not(host: str | None) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://Jira.lan:8080/base", "jira.lan"),
        ("http://10.0.0.7", "10.0.0.7"),
        ("http://[fd00::1]:8080/", "fd00::1"),
        ("HTTP://127.0.0.1.evil.example/", "127.0.0.1.evil.example"),
        ("http://", ""),
        ("https://jira.lan", None),
        ("http://127.0.0.1:2990/jira", None),
        ("http://localhost", None),
        ("http://[::1]:8080", None),
        ("http://[::1", ""),
    ],
)
def test_plain_http_elsewhere_is_unencrypted(url: str, host: str | None) -> None:
    assert unencrypted_host(url) == host
