"""The thread of a direct message in which a form was asked for. Slack tells of what is sent off neither message nor
thread, so it stands in the private metadata of the form, in front of the form's own context."""

import re

from adapters.slack.classify import is_direct_id
from bot.incoming import Place

MOST_CONTEXT = 2900  # characters beside which the thread has room: Slack takes 3,000
PREFIX = "@thread "
_CARRIED = re.compile(rf"{PREFIX}(?:-|(D[A-Z0-9]{{1,63}}):([0-9]{{1,10}}\.[0-9]{{1,9}}))\n(.*)", re.DOTALL)


def carrying(place: Place | None, context: str) -> str:
    """The metadata of a form that was asked for at `place`. What people wrote into a context names no thread."""
    if place is None or place.thread is None or not is_direct_id(place.conversation) or len(context) > MOST_CONTEXT:
        return f"{PREFIX}-\n{context}" if context.startswith(PREFIX) else context
    return f"{PREFIX}{place.conversation}:{place.thread}\n{context}"


def carried(metadata: str) -> tuple[tuple[str, str] | None, str]:
    """The conversation and the thread, if there are any, and the context; also of a form that was opened before
    threads stood there."""
    found = _CARRIED.fullmatch(metadata)
    if found is None:
        return None, metadata
    return (found[1], found[2]) if found[1] else None, found[3]
