"""What the start page of the sandbox leads to, and what is seen there."""

import asyncio

import pytest
from aiohttp import ClientSession

from adapters.web.pages import PageLink
from bot.message import Phrase
from sandbox.llm.app import serve as serve_model
from sandbox.llm.model import Model
from sandbox.slack.app import serve as serve_slack
from sandbox.slack.workspace import Post, Workspace
from sandbox.teams.app import serve as serve_teams
from sandbox.teams.company import Company
from wiring.stand_ins import running_stand_ins

NOWHERE = "http://127.0.0.1:1"


async def test_what_runs_is_led_to_and_what_does_not_says_how_it_is_started() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    found = await running_stand_ins("http://127.0.0.1:5", "http://127.0.0.1:6", None, client=NOWHERE)
    assert list(found) == [
        PageLink(Phrase("web-link-jira"), "http://127.0.0.1:5"),
        PageLink(Phrase("web-link-confluence"), "http://127.0.0.1:6"),
        PageLink(Phrase("web-link-teams-off"), None),
    ]
    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as client:
        here = f"http://127.0.0.1:{client.sockets[0].getsockname()[1]}"
        assert PageLink(Phrase("web-link-teams"), here) in await running_stand_ins(None, None, None, client=here)


async def test_a_language_model_is_led_to_only_where_it_is_a_stand_in_on_this_machine() -> None:
    ours = await running_stand_ins(None, None, "http://127.0.0.1:7/v1", client=NOWHERE)
    assert PageLink(Phrase("web-link-model"), "http://127.0.0.1:7") in ours
    theirs = await running_stand_ins(None, None, "https://api.company.example/v1", client=NOWHERE)
    assert [link.label for link in theirs] == [Phrase("web-link-teams-off")]


@pytest.mark.parametrize("name", ["Slack", "Teams", "LLM"])
async def test_a_stand_in_has_a_page_for_people_that_shows_words_as_words_and_to_this_machine_alone(name: str) -> None:
    workspace = Workspace()
    workspace.posts.append(Post(method="chat.postMessage", channel="D1", message={"text": "<b>Добро пожаловать</b>"}))
    served = {"Slack": serve_slack(workspace), "Teams": serve_teams(Company()), "LLM": serve_model(Model())}[name]
    async with served as url, ClientSession() as http:
        async with http.get(url, headers={"Accept-Language": "en"}) as answer:
            page = await answer.text()
            assert (answer.status, answer.content_type) == (200, "text/html")
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert '<html lang="en">' in page
        assert f"<h1>{name}</h1>" in page
        assert ("&lt;b&gt;Добро пожаловать&lt;/b&gt;" in page) == (name == "Slack")
        async with http.get(f"{url}/?lang=ru") as answer:
            assert "Учебная копия" in await answer.text()
        async with http.get(url, headers={"Host": "rebound.example"}) as answer:
            assert answer.status == 403
