"""Logs, as text or JSON lines. They carry ids and stable words; names, texts and secrets are never given to them."""

from __future__ import annotations

import datetime
import json
import logging
import sys
from typing import Literal

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def _extra(record: logging.LogRecord) -> dict[str, object]:
    return {key: value for key, value in vars(record).items() if key not in _STANDARD}


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "from": record.name, "what": record.getMessage()}
        return json.dumps({**line, **_extra(record)}, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC).strftime("%H:%M:%S")
        extra = " ".join(f"{key}={value}" for key, value in _extra(record).items())
        return f"{at} {record.levelname.lower():7} {record.name}: {record.getMessage()} {extra}".rstrip()


def set_up_logs(level: str, form: Literal["text", "json"]) -> None:
    """Everything of ours at `level`; libraries only from warnings on: at lower levels they print what people said."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for room in ("bot", "handlers", "adapters", "wiring"):
        logging.getLogger(room).setLevel(level.upper())
