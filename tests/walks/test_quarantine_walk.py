"""What broke a handler is kept, and is handled once the handler is mended."""

from pathlib import Path

import msgspec

from adapters.confluence.settings import ConfluenceSettings
from adapters.jira.settings import JiraSettings
from adapters.llm.settings import LlmSettings
from adapters.slack.settings import SlackSettings
from adapters.teams.settings import TeamsSettings
from bot.message import Reply
from bot.turn import Turn
from handlers.routes import ROUTES
from tests.walks.kit import stage, texts, until
from wiring.console import retry
from wiring.parts import ForTests
from wiring.settings import AllSettings, Settings


async def broken(_: Turn) -> Reply | None:
    raise ZeroDivisionError


async def test_a_question_that_broke_the_bot_is_answered_after_the_repair(
    tmp_path: Path, store_url: str, organisation: str
) -> None:
    async with stage(
        tmp_path, store_url, organisation, ForTests(routes=msgspec.structs.replace(ROUTES, ask=broken))
    ) as day:
        await day.users["anna"].say("как подключить VPN?")
        await until(lambda: "не получилось" in texts(day.users["anna"]), "the apology")
    main = Settings(redis_url=store_url, organisation=organisation)
    settings = AllSettings(
        main=main,
        slack=SlackSettings(),
        teams=TeamsSettings(),
        jira=JiraSettings(),
        confluence=ConfluenceSettings(),
        llm=LlmSettings(),
    )
    assert list((await retry(settings, ["all"])).values()) == [True]
    assert await retry(settings, ["all"]) == {}
    async with stage(tmp_path, store_url, organisation) as next_day:
        await until(lambda: "Источник" in texts(next_day.users["anna"]), "the answer")
