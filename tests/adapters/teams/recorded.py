"""Activities as Teams sends them, one file each."""

import json
from pathlib import Path
from typing import Any

PAYLOADS = Path(__file__).with_name("payloads")
TENANT = "7a4c0f5e-1d55-4f0f-9a27-6f3f1f6f0b01"
APP_ID = "5d2f3c1e-8f0a-4c57-9c0d-2f6f3c0a1b02"


def payload(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def payload_names() -> list[str]:
    return sorted(path.stem for path in PAYLOADS.glob("*.json"))
