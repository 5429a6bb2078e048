"""Logs, as text or JSON lines. They carry ids and stable words; names, texts and secrets are never given to them."""

from __future__ import annotations

import datetime
import json
import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Literal

from wiring.log_limit import Kind, LimitedHandler

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_CODES = ("error", "code", "kind", "reason", "why", "destination")  # beside a message; they come from a small set


def _extra(record: logging.LogRecord) -> dict[str, object]:
    """What was given beside the message; of an exception only its kind and place, since its text may quote people."""
    extra = {key: value for key, value in vars(record).items() if key not in _STANDARD}
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        extra |= {"error": _kind(error), "where": _place(error)}
    return extra


def _kind(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        return ",".join(map(_kind, error.exceptions))
    return type(error).__name__


def _place(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


def _said(record: logging.LogRecord) -> str:
    """The message; of asyncio's own only the first line: below it stands what an unhandled exception said."""
    said = record.getMessage()
    return said.partition("\n")[0] if record.name == "asyncio" else said


def _kind_of(record: logging.LogRecord) -> Kind:
    """The words as they stand in the code: what is filled in differs from line to line."""
    words = str(record.msg).partition("\n")[0][:200]
    error = record.exc_info[1] if record.exc_info else None
    raised = () if error is None else (_kind(error), _place(error))
    codes = (str(vars(record).get(name, "")) for name in _CODES)
    return Kind(record.name, record.levelno, words, (*codes, *raised))


def _on_one_line(text: str) -> str:
    """So that nothing that comes from outside can pass for a line of its own, or steer a terminal."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "from": record.name, "what": _said(record)}
        return json.dumps({**line, **_extra(record)}, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC).strftime("%H:%M:%S")
        extra = " ".join(f"{key}={value}" for key, value in _extra(record).items())
        return _on_one_line(f"{at} {record.levelname.lower():7} {record.name}: {_said(record)} {extra}".rstrip())


def _crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What ends the process is shown with its whole way through the code, and without its text."""
    logging.getLogger("wiring").critical("ended by an error", exc_info=(kind, error, trace))
    sys.stderr.writelines(traceback.format_tb(trace))


def set_up_logs(level: str, form: Literal["text", "json"]) -> None:
    """Everything of ours at `level`; libraries only from warnings on: at lower levels they print what people said."""
    handler = LimitedHandler(sys.stderr, _kind_of)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for room in ("bot", "handlers", "adapters", "wiring"):
        logging.getLogger(room).setLevel(level.upper())
    sys.excepthook = _crashed
