"""What must be kept is kept whole, and under a name of its own."""

import stat
from pathlib import Path

import msgspec

from bot.incoming import Incoming, Wrote
from tests.bot.kit import ANNA
from tests.bot.office import Office
from tests.bot.test_runner import with_broken_help
from wiring.secret import kept_secret

ALIKE = ("chat:52985", "chat:73208")  # the first 32 bits of their hashes are the same


async def test_two_events_with_hashes_that_begin_alike_are_both_kept(office: Office) -> None:
    runner = with_broken_help(office)
    for event in ALIKE:
        await runner.receive(office.incoming(ANNA, Wrote("/onboarding"), id=event))
    kept = [msgspec.json.decode(letter.payload, type=Incoming).id for letter in await office.store.dead()]
    assert sorted(kept) == sorted(ALIKE)


def test_a_secret_that_a_crash_has_left_empty_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "secret.key"
    file.touch()
    secret = kept_secret(file)
    assert len(secret) == 64
    assert kept_secret(file) == secret
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_crash_while_a_secret_is_made_leaves_none(tmp_path: Path) -> None:
    (tmp_path / "secret.new").write_text("half", encoding="ascii")
    assert len(kept_secret(tmp_path / "secret.key")) == 64
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]
