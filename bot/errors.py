"""Every error of Butterboard, drawn on top:

Butterboard error
 +- DeliveryError                what an adapter says of an attempt; the four ways in which an effect fails
 |   +- Retry(after)             it surely did not happen; done again later
 |   +- Refused(code, detail)    it will never happen like this; dead letter
 |   +- Unauthorized(detail)     our credentials are refused: the whole destination pauses
 |   +- Unknown(detail)          it may have happened: looked for before it is done again
 +- StoreError
 |   +- StoreUnavailable         nothing can be committed now; the platform hears 503
 |   +- Conflict                 somebody else was faster, five times; the platform hears 503
 |   +- NotReplicated            committed here, but on fewer replicas than asked
 +- Misunderstood(text)          the person's words cannot be followed; `text` says what to do instead
 +- NeedsAccount(account)        who this account is must be found out first
"""

from __future__ import annotations

from typing import Self

from bot.incoming import Account
from bot.message import Text


class ButterboardError(Exception):
    """Root of the tree."""


class DeliveryError(ButterboardError):
    """An attempt at an effect failed; the subclass says what may be done about it.

    `status` is the HTTP status of the answer and `reason` the platform's own code for it, where there was one: for the
    log, which `detail` is not, since a platform may quote people in it.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status: int | None = None
        self.reason = ""

    def answered(self, status: int | None, reason: object = "") -> Self:
        """The same error, with what the platform has answered."""
        self.status, self.reason = status, reason if isinstance(reason, str) else ""
        return self


class Retry(DeliveryError):
    """It surely did not happen. `after` is in seconds (None: our own back-off).

    `everywhere`: the destination asked for silence as a whole (429 of a workspace), not only for this lane.
    """

    def __init__(self, detail: str, after: float | None = None, *, everywhere: bool = False) -> None:
        super().__init__(detail)
        self.after = after
        self.everywhere = everywhere


class Refused(DeliveryError):
    """It will never happen like this. `code` is a stable word that texts and dead letters are made of."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class Unauthorized(DeliveryError):
    """The destination refuses our credentials."""


class Unknown(DeliveryError):
    """It may have happened: the answer was lost, late or unreadable."""


class StoreError(ButterboardError):
    """The store did not take a commit."""


class StoreUnavailable(StoreError):
    """The store cannot be reached, is loading, or is full."""


class Conflict(StoreError):
    """The aggregates kept changing under our hands."""


class NotReplicated(StoreError):
    """The commit stands, but on fewer replicas than REDIS_WAIT_REPLICAS asks."""


class Misunderstood(ButterboardError):
    """The person's words cannot be followed; `text` says, in their language, what to do instead."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


class NeedsAccount(ButterboardError):
    """A decision waits for the person behind this account."""

    def __init__(self, account: Account) -> None:
        super().__init__(account.key)
        self.account = account
