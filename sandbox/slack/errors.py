"""The one error of the stand-in: what Slack answers as `{"ok": false, "error": code, ...}`."""

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """A request that Slack refuses; `extra` holds the further fields of the answer."""

    def __init__(self, code: str, **extra: object) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra

    def answer(self) -> Json:
        return {"ok": False, "error": self.code, **self.extra}


class RateLimited(SlackError):
    """The 429 of Slack; `seconds` goes into the Retry-After header."""

    def __init__(self, seconds: int) -> None:
        super().__init__("ratelimited")
        self.seconds = seconds


def refusal(code: str, problems: Iterable[str]) -> SlackError:
    """The error `code` with every problem spelled out, as Slack does for blocks, views and arguments."""
    found = list(problems)
    messages = [f"[ERROR] {problem}" for problem in found]
    return SlackError(code, errors=found, response_metadata={"messages": messages})
