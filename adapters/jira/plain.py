"""Jira's markup of comments as people read it elsewhere: words and addresses without the signs around them."""

from __future__ import annotations

import re

SOMEBODY = "@…"  # a mention holds an account and no name
_RULES = (
    (re.compile(r"\{(?:code|noformat|quote|panel|color)(?::[^{}\n]*)?\}"), ""),
    (re.compile(r"\{\{([^{}\n]+)\}\}"), r"\1"),
    (re.compile(r"\[~[^\[\]\s]+\]"), SOMEBODY),
    (re.compile(r"\[([^\[\]|\n]+)\|((?:https?://|mailto:)[^\[\]|\s]+)(?:\|[^\[\]\n]*)?\]"), r"\1 (\2)"),
    (re.compile(r"\[((?:https?://|mailto:)[^\[\]|\s]+)\]"), r"\1"),
    (re.compile(r"^h[1-6]\.[ \t]+", re.MULTILINE), ""),
    (re.compile(r"(?<![\w*])\*(?!\s)([^*\n]+)(?<!\s)\*(?![\w*])"), r"\1"),
)


def plain(markup: str) -> str:
    """What is no markup that we know stays as it is."""
    text = markup.replace("\r\n", "\n")
    for pattern, shown in _RULES:
        text = pattern.sub(shown, text)
    return text.strip()
