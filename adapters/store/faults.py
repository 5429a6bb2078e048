"""What redis-py raises, in the words of `bot.errors`."""

import contextlib
import re
from collections.abc import Iterator

from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.errors import StoreUnavailable

LOST = (RedisConnectionError, RedisTimeoutError, OSError, TimeoutError)
"""No answer came, or LOADING, which redis-py counts among the broken connections."""

# Full, a replica, an append-only file that cannot be written, a script of somebody else, a cluster that moves.
_CANNOT_NOW = re.compile(
    r"\b(OOM|READONLY|MISCONF|LOADING|BUSY|UNKILLABLE|NOREPLICAS|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MOVED|ASK)\b"
)


def refusal(error: ResponseError) -> StoreUnavailable | ResponseError:
    """What an error answer means: that the store cannot now, or that we have asked for nonsense."""
    # redis-py keeps the first word apart where it knows it; inside of a script the word stands further back.
    text = f"{error.status_code or ''} {error}".strip()
    return StoreUnavailable(text) if _CANNOT_NOW.search(text) else error


@contextlib.contextmanager
def as_store_errors() -> Iterator[None]:
    """Raise StoreUnavailable where redis-py says, in whatever way, that the store cannot answer now."""
    try:
        yield
    except LOST as error:
        raise StoreUnavailable(str(error)) from error
    except ResponseError as error:
        raise refusal(error) from error
