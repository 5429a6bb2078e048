"""The messages of all conversations, in the order of their ts."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from sandbox.slack.errors import Json, SlackError


def micros(ts: str, error: str) -> int:
    """A ts as whole microseconds; SlackError(error) when it is none."""
    try:
        return int(Decimal(ts) * 1_000_000)
    except (InvalidOperation, OverflowError, ValueError) as cause:
        raise SlackError(error) from cause


class Messages:
    """What was said where. A ts is unique in the whole workspace and grows, whatever the clock does."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = 0
        self._said: dict[str, dict[str, Json]] = {}

    def next_ts(self) -> str:
        self._last = max(int(self._clock() * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def add(self, channel: str, message: Json) -> Json:
        """Keep `message` under its own ts, or a new one, and count it as a reply when it is one."""
        ts = message.setdefault("ts", self.next_ts())
        thread = self._said.setdefault(channel, {})
        thread[ts] = message
        parent = thread.get(message.get("thread_ts", ""))
        if parent is not None and parent is not message:
            self._count_reply(parent, message)
        return message

    def find(self, channel: str, ts: str) -> Json | None:
        return self._said.get(channel, {}).get(ts)

    def remove(self, channel: str, ts: str) -> Json | None:
        return self._said.get(channel, {}).pop(ts, None)

    def history(self, channel: str) -> list[Json]:
        """The messages of the conversation itself, newest first: replies only when they were broadcast."""
        said = reversed(list(self._said.get(channel, {}).values()))
        return [message for message in said if not _is_reply(message) or message.get("reply_broadcast")]

    def thread(self, channel: str, ts: str) -> list[Json]:
        """The message `ts` and the replies to it, oldest first; SlackError when there is none."""
        if self.find(channel, ts) is None:
            raise SlackError("thread_not_found")
        said = self._said[channel].values()
        return [message for message in said if ts in (message["ts"], message.get("thread_ts"))]

    def everything(self) -> dict[str, list[Json]]:
        """All messages that are still there, by channel, oldest first."""
        return {channel: list(said.values()) for channel, said in self._said.items()}

    @staticmethod
    def _count_reply(parent: Json, reply: Json) -> None:
        users = {*parent.get("reply_users", []), reply.get("user", "")}
        parent.update(
            thread_ts=parent["ts"],
            reply_count=parent.get("reply_count", 0) + 1,
            reply_users=sorted(users),
            latest_reply=reply["ts"],
        )


def _is_reply(message: Json) -> bool:
    return message.get("thread_ts") not in (None, message["ts"])
