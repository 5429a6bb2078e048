"""A handler that raises: the person gets an apology with a number, Slack its 200, and the number leads to the act."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from bot.message import Reply
from bot.turn import Turn
from handlers.routes import ROUTES
from sandbox.slack import Kind
from tests.chaos.inside import Inside, inside
from tests.chaos.kin import ROOT
from wiring.parts import ForTests

NUMBER = re.compile(r"\b[0-9a-f]{12}\b")
SECRET_WORD = "пароль-который-никто-не-должен-видеть"


async def broken(_: Turn) -> Reply | None:
    raise ZeroDivisionError(SECRET_WORD)


BROKEN = msgspec.structs.replace(ROUTES, ask=broken, actions={**ROUTES.actions, "progress": broken})


@pytest.fixture
async def bot(tmp_path: Path, store_url: str, organisation: str) -> AsyncIterator[Inside]:
    async with inside(tmp_path, store_url, organisation, ForTests(routes=BROKEN)) as it:
        yield it


async def _listed(store_url: str, organisation: str, cwd: Path) -> tuple[int | None, str]:
    """What `app.py dead list` says, as a process of its own beside the running bot."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(ROOT / "app.py"), "dead", "list"),
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "REDIS_URL": store_url, "ORGANISATION": organisation},
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()


async def test_it_is_kept_and_the_person_gets_a_number(
    bot: Inside, store_url: str, organisation: str, tmp_path: Path
) -> None:
    newcomer = bot.user("U0NEW001")
    assert (await newcomer.say("status")).ok  # from now on it is known who this is
    await bot.rest()
    met = len(newcomer.inbox())
    spoken = await newcomer.say("Как подключить VPN?")
    commanded = await newcomer.command("/onboarding", "Как подключить VPN?")
    press = {"type": "button", "action_id": "progress", "value": "x"}
    user = {"id": "U0NEW001"}
    pressed = {"type": "block_actions", "user": user, "trigger_id": "1.P", "actions": [press]}
    assert (spoken.status, commanded.status, (await bot.send(Kind.INTERACTION, pressed))[0]) == (200, 200, 200)
    await bot.rest()

    apologies = [str(message["text"]) for message in newcomer.inbox()[met:]] + [commanded.body]
    numbers = {number for text in apologies for number in NUMBER.findall(text)}
    assert (len(apologies), len(numbers)) == (3, 3)
    assert not any(word in text for word in (SECRET_WORD, "Traceback", "ZeroDivision") for text in apologies)

    code, said = await _listed(store_url, organisation, tmp_path)
    assert code == 1
    assert all(f"quarantine:{number}" in said for number in numbers)
    assert said.count("ZeroDivisionError: test_quarantine.py") == 3
    assert SECRET_WORD not in said


async def test_what_is_in_quarantine_is_not_handled_again_when_it_is_sent_again(bot: Inside) -> None:
    newcomer = bot.user("U0NEW001")
    reply = await newcomer.say("Как подключить VPN?")
    await bot.rest()
    before, shown = await bot.all_that_is_kept(), len(bot.workspace.posts)
    assert (await newcomer.replay(reply)).ok
    await bot.rest()
    assert await bot.all_that_is_kept() == before
    assert len(bot.workspace.posts) == shown
    assert len(await bot.store.dead()) == 1
