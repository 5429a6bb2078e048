"""The same trouble is the same error on every channel, and nothing but the four delivery errors comes out of one."""

from __future__ import annotations

import contextlib
import logging

import pytest

from bot.errors import DeliveryError, Retry, Unauthorized, Unknown
from bot.message import Home, Message
from tests.contracts.channel.harness import LIMIT, Fault, Harness
from tests.contracts.channel.sayings import post, say

ERRORS: dict[Fault, type[DeliveryError]] = {
    "limited": Retry,
    "broken": Unknown,
    "silent": Unknown,
    "late": Unknown,
    "cut": Unknown,
    "lost": Unknown,
    "unreachable": Retry,
    "unauthorised": Unauthorized,
}
WORDS = "Your salary is 1000"


@pytest.mark.parametrize(("fault", "error"), ERRORS.items())
async def test_a_post_that_fails_says_whether_it_may_have_happened(
    harness: Harness, fault: Fault, error: type[DeliveryError]
) -> None:
    await harness.channel.post(post("Before", "e0", to=harness.anna))
    await harness.fail(fault)
    with pytest.raises(error):
        await harness.channel.post(post("Hello", to=harness.anna))
    await harness.heal()
    await harness.channel.post(post("After", "e1", to=harness.anna))
    assert len(await harness.shown_to(harness.anna)) in ((2, 3) if error is Unknown else (2,))


@pytest.mark.parametrize("fault", [fault for fault in ERRORS if fault != "late"])
async def test_a_replacement_that_fails_is_simply_done_again(harness: Harness, fault: Fault) -> None:
    error = Unauthorized if fault == "unauthorised" else Retry
    ref = (await harness.channel.post(post("Before", to=harness.anna))).ref
    await harness.fail(fault)
    with pytest.raises(error):
        await harness.channel.update(post("Hello", to=harness.anna), ref)
    await harness.heal()
    await harness.channel.update(post("After", to=harness.anna), ref)
    (seen,) = await harness.shown_to(harness.anna)
    assert seen.text == "After"


@pytest.mark.parametrize("fault", ["broken", "silent", "cut", "lost", "limited"])
async def test_what_fails_before_the_message_is_sent_has_surely_not_happened(harness: Harness, fault: Fault) -> None:
    anna = harness.unmet
    await harness.fail(fault, before=True)
    with pytest.raises(Retry):
        await harness.channel.post(post("Hello", to=anna))
    await harness.heal()
    await harness.channel.post(post("Hello", to=anna))
    assert len(await harness.shown_to(harness.anna)) == 1


async def test_a_limit_says_for_how_long(harness: Harness) -> None:
    await harness.fail("limited")
    with pytest.raises(Retry) as retry:
        await harness.channel.post(post("Hello", to=harness.anna))
    assert retry.value.after == LIMIT


async def test_a_message_whose_answer_was_lost_is_found(harness: Harness) -> None:
    harness.needs("looks")
    await harness.fail("lost")
    with pytest.raises(Unknown):
        await harness.channel.post(post("Hello", to=harness.anna))
    await harness.heal()
    assert await harness.channel.look(post("Hello", to=harness.anna), 60) is not None


@pytest.mark.parametrize("fault", list(ERRORS))
async def test_everything_else_fails_in_the_same_way_or_not_at_all(harness: Harness, fault: Fault) -> None:
    """Pages, profiles and looks: whatever they meet, it is a delivery error."""
    await harness.fail(fault)
    member = harness.member
    for asked in (
        harness.channel.show_home(harness.anna, Home((Message("Home"),)), say),
        harness.channel.whose(member.account, member.place),
        harness.channel.look(post("Hello", to=harness.anna), 60),
    ):
        with contextlib.suppress(DeliveryError):
            await asked


@pytest.mark.parametrize("fault", [None, *(fault for fault in ERRORS if fault != "late")])
async def test_neither_secrets_nor_words_are_written_into_the_log(
    harness: Harness, fault: Fault | None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await harness.write(WORDS)
        if fault is not None:
            await harness.fail(fault)
        for effect in ("e1", "e2"):
            with contextlib.suppress(DeliveryError):
                await harness.channel.post(post(WORDS, effect, to=harness.anna))
        await harness.heal()
        await harness.intrude(WORDS)
        await harness.bring(WORDS.encode())
    # asyncio shows whatever it is told in its debug mode: it is not how anybody runs a bot.
    lines = [f"{record.getMessage()} {record.__dict__}" for record in caplog.records if record.name != "asyncio"]
    for secret in (WORDS, *harness.secrets):
        assert [line for line in lines if secret in line] == []
