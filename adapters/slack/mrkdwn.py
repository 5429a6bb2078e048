"""Slack's markup of texts, in both directions: what a person wrote as plain text, and plain text as mrkdwn."""

import re

ELLIPSIS = "…"
LONGEST_TEXT = 40_000  # Slack cuts messages there

_ENTITY = re.compile(r"<([^<>]*)>")
_MENTION = re.compile(r"@([UW][A-Z0-9]+)(?:\|.*)?", re.DOTALL)
_KEPT = re.compile("\0([A-Z0-9]+)\0")
_OPENS_MARKUP = re.compile(r"((?:^|(?<=[\s(\[«\"']))[*_~`])(?=\S)", re.MULTILINE)
_QUOTES = re.compile(r"^(?=&gt;)", re.MULTILINE)
_CUT_ENTITY = re.compile(r"&[a-z]{0,3}\Z")
_CALLS_ALL = re.compile(r"@(?=(?:channel|here|everyone|group)\b)", re.IGNORECASE)
_INVISIBLE = "\u200b"


def cleaned(text: str) -> str:
    """Text that every store and platform takes: no NUL, no half of a surrogate pair, of a bounded length."""
    return text[:LONGEST_TEXT].replace("\0", "").encode("utf-8", "replace").decode()


def heard(text: str) -> str:
    """What a person wrote, as plain text; mentions of accounts are `<@U123>`, and nothing else looks like one."""
    kept = _ENTITY.sub(lambda entity: _entity(entity[1]), cleaned(text))
    return _KEPT.sub(r"<@\1>", unforged(_unescaped(kept)))


def unforged(text: str) -> str:
    """Text in which nothing looks like a mention."""
    return text.replace("<@", "< @")


def without_address(text: str, own_user: str) -> str:
    """What was said to `own_user`, without the mention by which it was addressed."""
    if not own_user:
        return text
    return re.sub(rf"\A\s*<@{re.escape(own_user)}>[\s:,]*", "", text)


def _entity(inside: str) -> str:
    """`@U1|ann`, `#C1|general`, `!here`, `https://x|label`: what stands between angle brackets."""
    mention = _MENTION.fullmatch(inside)
    if mention is not None:
        return f"\0{mention[1]}\0"
    target, _, label = inside.partition("|")
    match target[:1]:
        case "#":
            return f"#{label or target[1:]}"
        case "!":
            return label or f"@{target[1:]}"
        case _:
            return target.removeprefix("mailto:").removeprefix("tel:")


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escaped(text: str) -> str:
    return cleaned(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unheard(text: str) -> str:
    """Escaped text that calls nobody: in plain words of mrkdwn Slack may find `@channel` and the like by itself."""
    return _CALLS_ALL.sub(f"@{_INVISIBLE}", text)


def literal(text: str) -> str:
    """Plain text as mrkdwn that shows as it is: escaped, and with no character that formats.

    An invisible space behind a character that would open bold, italics or code keeps it what it is; addresses, names
    with underscores and the like are not touched, so that they can be copied.
    """
    return _QUOTES.sub(_INVISIBLE, _OPENS_MARKUP.sub(rf"\1{_INVISIBLE}", unheard(escaped(text))))


def bold(text: str, most: int) -> str:
    """Plain text on one line, bold, at most so many characters of it; nothing when it is empty."""
    line = clipped(unheard(escaped(" ".join(text.split()).replace("*", "∗"))), most - 2)
    return f"*{line}*" if line else ""


def one_line(text: str) -> str:
    return " ".join(literal(text).split())


def link(url: str, label: str) -> str:
    """A link; the label alone when the address is none that people should be led to."""
    shown = one_line(label) or clipped(escaped(url), 100)
    if not url.startswith(("https://", "http://", "mailto:")) or len(url) > 2000:
        return shown
    safe = escaped(re.sub(r"[\s<>|]", lambda odd: f"%{ord(odd[0]):02X}", url))
    return f"<{safe}|{shown}>"


def clipped(text: str, most: int) -> str:
    """At most so many characters of escaped text, with an ellipsis when something is left out."""
    if len(text) <= most:
        return text
    return _CUT_ENTITY.sub("", text[: most - 1]) + ELLIPSIS


def pieces(text: str, most: int, count: int) -> list[str]:
    """Escaped text in at most `count` pieces of at most `most` characters, split between lines or words if possible."""
    found: list[str] = []
    while len(text) > most and len(found) < count - 1:
        cut = next((at for mark in "\n " if (at := text.rfind(mark, most // 2, most)) > 0), 0)
        piece = text[:cut] if cut else _CUT_ENTITY.sub("", text[:most])
        found.append(piece)
        text = text[len(piece) :].lstrip()
    return [*found, clipped(text, most)]
