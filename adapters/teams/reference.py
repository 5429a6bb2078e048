"""Conversations and messages of Teams as the core carries them: one text each; pure."""

from __future__ import annotations

from typing import Self

import msgspec

MESSAGE_ID = ";messageid="
BETWEEN = "#"  # stands in no address of a service and in no id


class Conversation(msgspec.Struct, frozen=True):
    """A conversation, and the address of the service that it lives on.

    `service_url` is as it came, without a slash at its end; `id` is without a thread, unless this is one.
    """

    service_url: str
    id: str

    @property
    def text(self) -> str:
        return f"{self.service_url}{BETWEEN}{self.id}"

    @classmethod
    def of(cls, text: str) -> Self:
        """The conversation that `text` names; ValueError when it names none."""
        service_url, _, id_ = text.partition(BETWEEN)
        if not service_url or not id_ or BETWEEN in id_:
            raise ValueError("not a conversation of Teams")
        return cls(service_url.rstrip("/"), id_)

    @property
    def whole(self) -> Self:
        """The conversation without the thread in it."""
        return type(self)(self.service_url, self.id.partition(MESSAGE_ID)[0])

    @property
    def thread(self) -> str | None:
        """The message that begins the thread, where this is one."""
        return self.id.partition(MESSAGE_ID)[2] or None

    def in_thread(self, message: str | None) -> Self:
        """The thread below `message`; of None the conversation itself."""
        whole = self.whole
        return whole if message is None else type(self)(whole.service_url, f"{whole.id}{MESSAGE_ID}{message}")


class Sent(msgspec.Struct, frozen=True):
    """A message that stands in a conversation, or in a thread of it, under the id of its activity."""

    conversation: Conversation
    id: str

    @property
    def ref(self) -> str:
        return f"{self.conversation.text}{BETWEEN}{self.id}"

    @classmethod
    def of(cls, ref: str) -> Self:
        """The message that `ref` names; ValueError when it names none."""
        conversation, _, id_ = ref.rpartition(BETWEEN)
        if not id_:
            raise ValueError("not a message of Teams")
        return cls(Conversation.of(conversation), id_)
