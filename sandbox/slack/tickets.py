"""What Slack hands out for a short while: trigger ids (3 s, once) and response URLs (30 min, 5 times)."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.slack.errors import SlackError

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 30 * 60.0
RESPONSE_USES = 5


@dataclass
class Trigger:
    user: str
    minted: float
    used: bool = False


@dataclass
class ResponseUrl:
    """Where a response URL leads: to a person in a channel and, for a pressed button, to its message."""

    user: str
    channel: str
    minted: float
    message_ts: str | None = None
    ephemeral: bool = False
    uses: int = 0


class Tickets:
    def __init__(self, clock: Callable[[], float], new_id: Callable[[str], str]) -> None:
        self._clock = clock
        self.trigger_seconds = TRIGGER_SECONDS
        self._new_id = new_id
        self._triggers: dict[str, Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}

    def mint_trigger(self, user: str) -> str:
        trigger_id = f"{int(self._clock() * 1000)}.{self._new_id('')}"
        self._triggers[trigger_id] = Trigger(user, self._clock())
        return trigger_id

    def use_trigger(self, trigger_id: str) -> str:
        """The person behind a trigger id; each can be used once, within three seconds."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if self._clock() - trigger.minted > self.trigger_seconds:
            raise SlackError("expired_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        trigger.used = True
        return trigger.user

    def mint_response(self, user: str, channel: str, *, message_ts: str | None = None, ephemeral: bool = False) -> str:
        token = self._new_id("")
        self._urls[token] = ResponseUrl(user, channel, self._clock(), message_ts, ephemeral)
        return token

    def use_response(self, token: str) -> ResponseUrl:
        url = self._urls.get(token)
        if url is None or self._clock() - url.minted > RESPONSE_SECONDS:
            raise SlackError("expired_url")
        if url.uses >= RESPONSE_USES:
            raise SlackError("used_url")
        url.uses += 1
        return url
