"""What Teams sends, signed and ready for the wire, so that neither signing nor JSON is paid for while time is taken.

A channel gets a token for an hour and signs every activity with it, and all who write at the same time share a few. So
does the load: `TOKENS` of them in turn. Whoever receives them may remember what it has verified; that is no gift of
the load, it is what Teams sends.
"""

import datetime
import json
from typing import Any

import msgspec

APP_ID = "5d2f3c1e-8f0a-4c57-9c0d-2f6f3c0a1b02"
APP_PASSWORD = "bench-app-password"
TENANT = "7a4c0f5e-1d55-4f0f-9a27-6f3f1f6f0b01"
PEOPLE = 400
TOKENS = 4
SMALL_TALK = ("Спасибо!", "Как дела?", "Привет", "Thank you very much", "Good morning", "Хорошо, понятно")
FIRST_ID = 1_764_059_400_000  # ids of activities are times, in milliseconds


class Signed(msgspec.Struct, frozen=True):
    """Where activities come from, the tokens that vouch for it, and what is written in them."""

    service_url: str
    tokens: tuple[str, ...]
    texts: tuple[str, ...]

    def text(self, number: int) -> str:
        return self.texts[number % len(self.texts)]

    def token(self, number: int) -> str:
        return self.tokens[number % len(self.tokens)]


def user(number: int) -> str:
    """The object id of an employee in the directory of the company."""
    return f"be7c0000-0000-4000-8000-{number:012d}"


def conversation(number: int) -> str:
    """The personal chat in which activity `number` is written."""
    return f"a:1Bench-personal-chat-{number % PEOPLE:043d}"


def identifier(number: int) -> str:
    return str(FIRST_ID + number)


def mark(number: int) -> str:
    """Under which our bot commits activity `number`."""
    return f"teams:{conversation(number)}:{identifier(number)}"


def activity(number: int, at: datetime.datetime, said: str, service_url: str) -> dict[str, Any]:
    """A message in a personal chat, as Teams words it; every number is another message."""
    sender = number % PEOPLE
    return {
        "text": said,
        "textFormat": "plain",
        "attachments": [{"contentType": "text/html", "content": f"<p>{said}</p>"}],
        "type": "message",
        "timestamp": at.isoformat().replace("+00:00", "Z"),
        "localTimestamp": at.astimezone(datetime.timezone(datetime.timedelta(hours=3))).isoformat(),
        "id": identifier(number),
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": {"id": f"29:1Bench-{sender:060d}", "name": f"Анна Новикова {sender}", "aadObjectId": user(sender)},
        "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": conversation(number)},
        "recipient": {"id": f"28:{APP_ID}", "name": "Butterboard"},
        "entities": [
            {
                "locale": "ru-RU",
                "country": "RU",
                "platform": "Windows",
                "timezone": "Europe/Moscow",
                "type": "clientInfo",
            }
        ],
        "channelData": {"tenant": {"id": TENANT}},
        "locale": "ru-RU",
        "localTimezone": "Europe/Moscow",
    }


def activities(first: int, count: int, signed: Signed) -> list[bytes]:
    """So many requests, each with an activity of its own; of no person more than one, up to PEOPLE."""
    now = datetime.datetime.now(datetime.UTC)
    return [_request(number, now, signed) for number in range(first, first + count)]


def _request(number: int, at: datetime.datetime, signed: Signed) -> bytes:
    """A whole request of HTTP/1.1, with the headers that the service of Teams sends."""
    sent = activity(number, at, signed.text(number), signed.service_url)
    body = json.dumps(sent, ensure_ascii=False).encode()
    head = (
        "POST /api/messages HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\n"
        "User-Agent: Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)\r\n"
        f"x-ms-conversation-id: {conversation(number)}\r\n"
        f"Authorization: Bearer {signed.token(number)}\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Content-Type: application/json; charset=utf-8\r\n"
        "\r\n"
    )
    return head.encode() + body
