"""Jira's markup of comments as people read it elsewhere: words and addresses without the signs around them."""

from __future__ import annotations

import re

from adapters.jira.markup import JOINER, SIGNS

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
# Code is shown as it is, two backslashes break a line; all others make the sign after them a mere sign.
_ESCAPED = re.compile(rf"(\{{(code|noformat)\b.*?\{{\2\}}|\\\\)|(\\){JOINER}|\\([{re.escape(SIGNS)}])", re.DOTALL)
_ASIDE = 0x10F000  # a private place, where no rule finds a sign
_KEPT = re.compile(f"[{chr(_ASIDE)}-{chr(_ASIDE + 0x7F)}]")


def plain(markup: str) -> str:
    """What is no markup that we know stays as it is."""
    text = _ESCAPED.sub(_set_aside, markup.replace("\r\n", "\n"))
    for pattern, shown in _RULES:
        text = pattern.sub(shown, text)
    return _KEPT.sub(lambda found: chr(ord(found[0]) - _ASIDE), text).replace(JOINER, "").strip()


def _set_aside(found: re.Match[str]) -> str:
    return found[1] or chr(_ASIDE + ord(found[3] or found[4]))
