"""Why the model gave nothing. Both stay inside: a composer never raises."""

from __future__ import annotations


class ModelError(Exception):
    """The call failed. Its `code` is one of: unreachable, timeout, limited (with the seconds to wait in `after`),
    failing, unreadable, too-long, redirected, unauthorized, forbidden, not-found, refused. `detail` is the status, the
    name of an error, or the code of the API's own; never its words, which may repeat the question.
    """

    def __init__(self, code: str, detail: str = "", after: float | None = None) -> None:
        super().__init__(f"{code} ({detail})" if detail else code)
        self.code, self.detail, self.after = code, detail, after


class Unfit(Exception):
    """What the model said is not fit to be shown or used; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
