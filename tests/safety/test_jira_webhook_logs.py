"""What comes through the webhook of Jira is not written down: no secret, no token, nobody's words or names."""

import json
import logging
from typing import Any

import pytest

from bot.errors import StoreUnavailable
from tests.adapters.jira.webhook_kit import (
    KEY,
    SIGNING,
    TOKEN,
    Door,
    door,
    encoded,
    payload,
    payload_names,
    signature,
)
from wiring.logs import JsonLines, TextLines

WORDS = "confidential-words"
GUESSED = "a-token-that-somebody-guessed"
PRIVATE = (WORDS, SIGNING, KEY.decode(), TOKEN, GUESSED, "Титов", "boris@", "Привезу", "ноутбук")


def confidential(name: str) -> dict[str, Any]:
    """A recorded event in which whatever people can write is confidential."""
    body = payload(name)
    for part in (body.get("issue", {}).get("fields", {}), body.get("comment", {})):
        part.update({field: WORDS for field in ("summary", "description", "body", "environment") if field in part})
    return body


async def everything_comes_in(made: Door) -> None:
    for name in payload_names():
        body = confidential(name)
        await made.tell(encoded(body))
        await made.tell(encoded({**body, "issue": {WORDS: WORDS}, "comment": WORDS}))
        await made.tell(encoded({**body, "webhookEvent": WORDS}))
        await made.tell(encoded(body)[:-9])
        made.inbox.error = StoreUnavailable(WORDS)
        await made.tell(encoded(body), X_Atlassian_Webhook_Identifier=f"{WORDS} {name}")
        made.inbox.error = None
    event = encoded(confidential("cloud_comment_created"))
    for path in ("/jira/webhook", f"/jira/webhook/{TOKEN}", f"/jira/webhook/{GUESSED}", f"/jira/webhook/{TOKEN}/more"):
        await made.post(path, event)
        await made.post(path, event, X_Hub_Signature=signature(event, WORDS))
        await made.post(path, event, X_Hub_Signature=WORDS)
        await made.post(path, b"x" * 1_100_000, X_Hub_Signature=signature(event))


@pytest.mark.parametrize("signing", [SIGNING, None])
async def test_logs_name_kinds_and_deliveries_only(signing: str | None, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with door(signing) as made:
            await everything_comes_in(made)
            assert len(made.seen) > 5
    said = {record.getMessage() for record in caplog.records}
    assert {"jira event not understood", "jira must send again"} <= said
    for formatter in (TextLines(), JsonLines()):
        for record in caplog.records:
            line = json.dumps(formatter.format(record), ensure_ascii=False)
            assert not [word for word in PRIVATE if word in line], line
