"""What Microsoft answers instead of doing something: in the words of the connector, and in those of Entra ID."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

Json = dict[str, Any]


class TeamsError(Exception):
    """A request that the connector refuses with `status` and `{"error": {"code": …, "message": …}}`.

    `subcode` is what stands in `innerHttpError`, where the connector passes on what Teams itself has said.
    `retry_after` (seconds) goes into the header of that name.
    """

    def __init__(
        self, status: int, code: str, message: str, *, subcode: str | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message = status, code, message
        self.subcode, self.retry_after = subcode, retry_after

    def answer(self) -> web.Response:
        error: Json = {"code": self.code, "message": self.message}
        if self.subcode is not None:
            body = {"errorCode": self.status, "subCode": self.subcode, "message": self.message}
            error["innerHttpError"] = {"statusCode": self.status, "body": body}
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        answer: Json = {"error": error} if self.subcode is None else {"error": error, "subCode": self.subcode}
        return web.json_response(answer, status=self.status, headers=headers)


def entra_refusal(status: int, error: str, code: int, words: str) -> web.Response:
    """A token that Entra ID does not give: `code` is the number behind AADSTS."""
    now = datetime.now(UTC)
    trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
    said = f"AADSTS{code}: {words} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {now:%Y-%m-%d %H:%M:%SZ}"
    answer: Json = {
        "error": error,
        "error_description": said,
        "error_codes": [code],
        "timestamp": f"{now:%Y-%m-%d %H:%M:%SZ}",
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": f"https://login.microsoftonline.com/error?code={code}",
    }
    return web.json_response(answer, status=status)
