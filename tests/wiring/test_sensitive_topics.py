"""A running bot takes up what HR changes in the list of sensitive topics; one with an error in it changes nothing."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.problem import ProblemsError
from bot.sensitive import Sensitive
from wiring.linting import lint_files
from wiring.sensitive_topics import wire_sensitive

PATIENCE = 60.0
LIST = "topics:\n  - id: zoo\n    phrases: {ru: [цапля кусает], en: [heron bites]}\n"


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110  -- the condition is about a file that is read
            await asyncio.sleep(0.02)


def takes(sensitive: Sensitive, text: str) -> bool:
    return sensitive.topic(text) is not None


async def test_a_changed_list_counts_at_once_and_one_with_an_error_does_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "sensitive.yaml"
    async with AsyncExitStack() as stack:
        sensitive = await wire_sensitive(stack, tmp_path)
        assert takes(sensitive, "меня домогаются")  # of the list that comes with the bot
        file.write_text(LIST, encoding="utf-8")
        await until(lambda: takes(sensitive, "цапля меня кусает"))
        assert not takes(sensitive, "меня домогаются")
        file.write_text(LIST.replace("topics", "topix"), encoding="utf-8")
        await until(lambda: "sensitive topics not read" in caplog.text)
        assert takes(sensitive, "the heron bites")
        file.unlink()
        await until(lambda: takes(sensitive, "меня домогаются"))


async def test_a_bot_does_not_start_on_a_list_with_an_error_and_lint_names_it(tmp_path: Path) -> None:
    (tmp_path / "sensitive.yaml").write_text(LIST.replace("[цапля кусает]", "['{birds} кусают']"), encoding="utf-8")
    async with AsyncExitStack() as stack:
        with pytest.raises(ProblemsError, match="there is no group birds"):
            await wire_sensitive(stack, tmp_path)
    found = [(Path(one.file).name, one.step, one.code) for one in lint_files(tmp_path)]
    assert ("sensitive.yaml", "zoo", "group") in found
