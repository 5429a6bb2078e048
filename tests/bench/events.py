"""What Slack sends, signed and ready for the wire, so that neither signing nor JSON is paid for while time is taken."""

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

SECRET = "bench-signing-secret"
PEOPLE = 256
QUESTIONS = (
    "Подскажите, пожалуйста, как подключить VPN из дома?",
    "когда выплачивают зарплату",
    "Где взять справку 2-НДФЛ для визы?",
    "кто мой ментор и как с ним связаться",
    "How do I connect to the VPN from home?",
    "А можно ли приходить с собакой?",
)


def user(number: int) -> str:
    return f"U0BENCH{number:05d}"


def conversation(number: int) -> str:
    return f"D0BENCH{number:05d}"


def journey(number: int) -> str:
    return f"{number:016x}"


def question(number: int, at: float) -> dict[str, Any]:
    """The event of a direct message, as Slack words it; every number is another event."""
    sender, ts, said = number % PEOPLE, f"{at + number / 1e6:.6f}", QUESTIONS[number % len(QUESTIONS)]
    element = {"type": "rich_text_section", "elements": [{"type": "text", "text": said}]}
    return {
        "token": "Jhj5dZrVaK7ZwHHjRyZWjbDl",
        "team_id": "T0BENCH0001",
        "context_team_id": "T0BENCH0001",
        "context_enterprise_id": None,
        "api_app_id": "A0BENCH0001",
        "event": {
            "user": user(sender),
            "type": "message",
            "ts": ts,
            "client_msg_id": f"6f1c2a44-8a5e-4f0e-9a6a-{number:012x}",
            "text": said,
            "team": "T0BENCH0001",
            "blocks": [{"type": "rich_text", "block_id": "Q8aXz", "elements": [element]}],
            "channel": conversation(sender),
            "event_ts": ts,
            "channel_type": "im",
        },
        "type": "event_callback",
        "event_id": f"Ev{number:012d}",
        "event_time": int(at),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": "T0BENCH0001",
                "user_id": "U0BENCHBOT1",
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": "4-eyJldCI6Im1lc3NhZ2UiLCJ0aWQiOiJUMEJFTkNIMDAwMSJ9",
    }


def press(number: int, at: float, person: int, value: str) -> dict[str, Any]:
    """The button "Done" of a step, pressed in the direct message with us."""
    return {
        "type": "block_actions",
        "user": {"id": user(person), "username": "anna", "name": "anna", "team_id": "T0BENCH0001"},
        "api_app_id": "A0BENCH0001",
        "token": "Jhj5dZrVaK7ZwHHjRyZWjbDl",
        "team": {"id": "T0BENCH0001", "domain": "bench"},
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": f"{number}.1111.aa11",
        "container": {
            "type": "message",
            "message_ts": "1764057601.000100",
            "channel_id": conversation(person),
            "is_ephemeral": False,
        },
        "channel": {"id": conversation(person), "name": "directmessage"},
        "message": {"user": "U0BENCHBOT1", "type": "message", "ts": "1764057601.000100", "text": "Plan", "blocks": []},
        "state": {"values": {}},
        "response_url": "https://hooks.slack.com/actions/T0BENCH0001/2/abc",
        "actions": [
            {
                "action_id": "done",
                "block_id": "Zx1c0",
                "text": {"type": "plain_text", "text": "Done", "emoji": True},
                "value": value,
                "type": "button",
                "action_ts": f"{at:.6f}",
            }
        ],
    }


def questions(first: int, count: int) -> list[bytes]:
    """So many requests, each with an event of its own."""
    now = time.time()
    return [_request(json.dumps(question(number, now)).encode(), "application/json") for number in _run(first, count)]


def presses(first: int, count: int, steps: tuple[str, ...]) -> list[bytes]:
    """So many presses, each of a step that nobody has completed yet: journey after journey, `steps` one by one.

    Number `n` belongs to the journey of that number in its round of journeys; steps of one journey come in order.
    """
    now, requests = time.time(), []
    for number in _run(first, count):
        whose, step = divmod(number, len(steps))
        payload = press(number, now, whose % PEOPLE, f"{journey(whose)} {steps[step]}")
        body = urlencode({"payload": json.dumps(payload)}).encode()
        requests.append(_request(body, "application/x-www-form-urlencoded"))
    return requests


def _run(first: int, count: int) -> range:
    return range(first, first + count)


def _request(body: bytes, content_type: str) -> bytes:
    """A whole request of HTTP/1.1, with the headers that Slack sends."""
    stamp = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    head = (
        "POST /slack/events HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\n"
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
        "Accept-Encoding: gzip,deflate\r\n"
        "Accept: application/json,*/*\r\n"
        f"X-Slack-Signature: v0={digest}\r\n"
        f"X-Slack-Request-Timestamp: {stamp}\r\n"
        f"Content-Length: {len(body)}\r\n"
        f"Content-Type: {content_type}\r\n"
        "\r\n"
    )
    return head.encode() + body
