"""The data folder, looked at before anything is begun in it."""

from __future__ import annotations

import tempfile

from wiring.settings import AllSettings, SettingsError


def demand_folder(settings: AllSettings) -> None:
    """Make DATA_DIR if need be, for its owner alone, and see that files can be written in it. Raises SettingsError."""
    folder = settings.main.data_dir
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise SettingsError([f"DATA_DIR: {folder}: {why}; expected a folder that we can make and write in"]) from error
