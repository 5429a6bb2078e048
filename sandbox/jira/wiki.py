"""As much of Jira's markup as the page shows: a sign with a backslash before it is a mere sign."""

import re

_ESCAPED = re.compile(r"(\\\\)|\\([{}\[\]|!*_+~^?#()-])")


def read(markup: str) -> str:
    """The text as people read it. What is markup stays as it was typed."""
    return _ESCAPED.sub(lambda found: found[1] or found[2], markup)
