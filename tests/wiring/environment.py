"""What a process of a test knows of the environment: nothing that the machine has set for a bot."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return {**kept, "DATA_DIR": str(data_dir), "PORT": "0", "PYTHONPATH": str(ROOT), **more}
