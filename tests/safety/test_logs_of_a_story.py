"""A day on which everything goes wrong, and what the logs say of it: ids and codes, nobody's name, address or words."""

import logging

import pytest

from bot.errors import Refused, Retry, Unauthorized, Unknown
from bot.incoming import Account, Wrote
from bot.results import Profile
from tests.bot.kit import ADAM, ANNA, BORIS, EVERYBODY, HELGA
from tests.bot.office import Office
from tests.bot.platform import LOST
from tests.bot.test_runner import phrases, with_broken_help
from wiring.logs import JsonLines, TextLines

WORDS = "confidential-words"
PRIVATE = (WORDS, "@", *(part for one in EVERYBODY for part in one.name.split()))


async def everything_goes_wrong(office: Office) -> None:
    office.tracker.meets(Refused("user-unknown", f"{BORIS.email} cannot be assigned: {WORDS}"))
    office.chat.profiles["UNEW"] = Profile(Account("chat", "UNEW"), "nina@example.org", name="Nina Berg")
    await office.writes(BORIS, "start @anna")
    await office.writes(ANNA, "done reading")  # its issue is refused, and the administrators are told
    office.chat.meets(
        Unknown(WORDS), Retry(WORDS), Refused("unfit", WORDS), ValueError(WORDS), LOST, Unauthorized(WORDS)
    )
    await office.writes("UNEW", f"help {WORDS}")
    await office.writes(HELGA, WORDS)
    await office.passes_on(ANNA, WORDS)
    await with_broken_help(office).receive(office.incoming(ANNA, Wrote(f"/onboarding help {WORDS}")))
    office.chat.meets(*(Refused("unfit", WORDS) for _ in range(4)))
    office.tracker.meets(*(ValueError(WORDS) for _ in range(5)))
    await office.passes(days=3)


async def test_logs_carry_ids_and_codes_only(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    await everything_goes_wrong(office)
    assert len(caplog.records) >= 8
    for formatter in (TextLines(), JsonLines()):
        for record in caplog.records:
            line = formatter.format(record)
            assert not [word for word in PRIVATE if word in line], line


async def test_effects_are_known_by_ids_that_tell_nothing(office: Office) -> None:
    """Logs name them, and other apps of a workspace can read them."""
    await everything_goes_wrong(office)
    assert "alert-dead" in phrases(office, ADAM)
    for shown in office.chat.shown:
        assert not [word for word in PRIVATE if word in shown.effect], shown.effect
