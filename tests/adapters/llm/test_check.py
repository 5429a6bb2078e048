"""`check` says what keeps the model from answering before somebody asks."""

import pytest

from adapters.llm.check import check
from adapters.llm.settings import LlmSettings
from bot.flaw import Flaw
from sandbox.faults import Kind
from sandbox.llm import Mode, Model
from tests.adapters.llm.kit import KEY, free_address, settings_for, standing


async def test_a_model_that_answers_has_no_findings() -> None:
    async with standing() as stand:
        assert await check(stand.settings()) == []
        assert len(stand.model.calls) == 1


async def test_no_model_is_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URL", "KEY", "MODEL"):
        monkeypatch.delenv(f"LLM_{name}", raising=False)
    assert await check(LlmSettings()) == []


async def test_a_model_that_is_not_listed_is_named_with_those_that_are() -> None:
    async with standing(Model(KEY, ("small", "large"))) as stand:
        found = await check(stand.settings(model="huge"))
        assert found == [Flaw("model-unknown", {"model": "huge", "known": "large, small"})]
        assert stand.model.calls == []


async def test_an_api_without_a_list_is_asked_for_a_word() -> None:
    async with standing(Model(KEY, listed=False)) as stand:
        assert await check(stand.settings()) == []
        assert [one.code for one in await check(stand.settings(model="huge"))] == ["not-found"]


async def test_a_wrong_key_is_found_out_and_never_shown() -> None:
    async with standing() as stand:
        found = await check(stand.settings(key="sk-wrong"))
    assert [one.code for one in found] == ["unauthorized"]
    assert "sk-wrong" not in str(found)


async def test_a_key_that_may_only_list_is_found_out() -> None:
    async with standing() as stand:
        stand.fail(Kind.ERROR, status=403)
        assert [one.code for one in await check(stand.settings())] == ["forbidden"]


async def test_an_api_that_is_not_there_is_found_out() -> None:
    assert [one.code for one in await check(settings_for(free_address()))] == ["unreachable"]


async def test_an_api_that_answers_nonsense_is_found_out() -> None:
    async with standing() as stand:
        stand.say(Mode.WRONG_JSON)
        assert [one.code for one in await check(stand.settings())] == ["unreadable"]


async def test_a_model_that_has_more_to_say_than_a_word_is_fine() -> None:
    async with standing() as stand:
        stand.say(Mode.BROKEN_OFF)
        assert await check(stand.settings()) == []
