"""The wiki, as people meet it: what stands in a page is answered with a link to its heading, what is changed there is
known here, what not everybody may read is never said, and questions are answered whatever Confluence does."""

from __future__ import annotations

import datetime
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from aiohttp import ClientSession
from lxml import html

from bot.crawl.runs import last_summary
from bot.knowledge import Found
from sandbox.confluence import Deployment, Edit, Page, Readers, company
from sandbox.faults import Kind, Rule
from sandbox.slack import SlackUser
from tests.ready_answers import lay_answers
from tests.walks.kit import PATIENCE, SHIPPED, WIKI_ACCESS, Clock, Set, Stage, Wiki, said, stage, until, until_known
from wiring.check import check_all
from wiring.parts import ForTests
from wiring.run import Running, started

NOON = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC)
RELISTED = datetime.timedelta(minutes=16)  # later the list of all pages is walked again
SPACES = ("INT",)  # one of three, for tests are many
LATER = datetime.timedelta(minutes=11)  # whatever waits for another attempt is due
DESCALE = "как очистить кофемашину от накипи?"
BEANS = "какие зёрна засыпать в кофемашину на третьем этаже?"
TABLETS = "две таблетки в бак с водой"
ARABICA = "арабику средней обжарки"
MACHINE = f"""<p>Она стоит на каждой кухне.</p><h2>Как очистить от накипи</h2>
<p>Раз в месяц положите {TABLETS} и запустите программу очистки кофемашины.</p>
<h2>Кого звать, если сломалась</h2><p>Напишите в канал #office.</p>"""
ADDRESS = re.compile(r"https?://[^\s|>)'\"]+")
WIKI_SECRET = WIKI_ACCESS.token
ONLY_HR = Readers(groups=("hr",))


class Kitchen:
    """The company's wiki with two pages more, one below the other, that answer what nothing else does."""

    def __init__(self, deployment: Deployment = Deployment.CLOUD) -> None:
        self.wiki = Wiki(state=company(deployment), spaces=SPACES)
        self.machine = self.state.create("INT", "Кофемашина", MACHINE)
        self.third = self.state.create(
            "INT",
            "Кофемашина на третьем этаже",
            f"<h2>Какие зёрна засыпать</h2><p>В кофемашину на третьем этаже засыпают только {ARABICA}.</p>",
            parent=self.machine.id,
        )

    @property
    def state(self) -> Any:
        return self.wiki.state

    def rewrites(self, page: Page, body: str) -> None:
        self.state.edit(page.id, Edit(body=body))


class Theatre:
    def __init__(self, tmp_path: Path, store_url: str, organisation: str) -> None:
        self._where = (tmp_path, store_url, organisation)
        self.clock = Clock(NOON)

    def opens(
        self, wiki: Wiki, *, teams: bool = False, scenarios: Path | None = None
    ) -> AbstractAsyncContextManager[Stage]:
        return stage(*self._where, ForTests(clock=self.clock), Set(wiki=wiki, teams=teams, scenarios=scenarios))

    def passes(self, on_stage: Stage, time: datetime.timedelta = RELISTED) -> None:
        self.clock.set(self.clock() + time)
        on_stage.running.bot.delivery.nudge()


@pytest.fixture
def theatre(tmp_path: Path, store_url: str, organisation: str) -> Theatre:
    return Theatre(tmp_path, store_url, organisation)


@pytest.fixture
def kitchen() -> Kitchen:
    return Kitchen()


@pytest.fixture
async def on_stage(theatre: Theatre, kitchen: Kitchen) -> AsyncIterator[Stage]:
    async with theatre.opens(kitchen.wiki) as it:
        await knows(it.running, DESCALE, TABLETS)
        yield it


async def found(running: Running, question: str) -> Found:
    return await running.bot.knowledge.find(question, "ru")


async def knows(running: Running, question: str, words: str) -> None:
    """Until the answer has these words."""

    async def answers() -> bool:
        best = (await found(running, question)).best
        return best is not None and words in best.text

    await until_known(answers, f"an answer with: {words}")


async def has_forgotten(running: Running, question: str, words: str) -> None:
    """Until nothing that is found for it has these words."""

    async def forgotten() -> bool:
        hits = await running.bot.knowledge.search(question, "ru")
        return not any(words in one.text for one in hits)

    await until_known(forgotten, f"no more: {words}")


async def asks(user: SlackUser, question: str) -> Any:
    before = len(user.inbox())
    await user.say(question)
    return (await until(lambda: user.inbox()[before:], f"the answer to {question}"))[-1]


def buttons(message: Any) -> dict[str, Any]:
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return {button["text"]["text"]: button for row in rows for button in row}


async def press(user: SlackUser, message: Any, button: Any) -> Any:
    before = len(user.inbox())
    assert (await user.press(message, button["action_id"], value=button["value"])).ok
    return (await until(lambda: user.inbox()[before:], "what follows"))[-1]


def link_in(shown: Any, part: str) -> str:
    """The address with this in it, however the platform has it written."""
    return next(one[0] for one in ADDRESS.finditer(str(shown)) if part in one[0])


async def opens_at(link: str) -> str:
    """The heading at which a link opens, as the page has it."""
    async with ClientSession() as session, session.get(link) as answer:
        assert answer.status == 200
        page = html.fromstring(await answer.text())
    anchor = unquote(urlsplit(link).fragment)
    (heading,) = [one for one in page.iter() if one.get("id") == anchor]
    return str(heading.text_content())


# --- an answer


@pytest.mark.parametrize("deployment", list(Deployment))
async def test_a_question_is_answered_out_of_a_page_and_its_link_opens_at_the_heading(
    theatre: Theatre, deployment: Deployment
) -> None:
    kitchen = Kitchen(deployment)
    async with theatre.opens(kitchen.wiki) as on_stage:
        await knows(on_stage.running, DESCALE, TABLETS)
        anna = on_stage.users["anna"]
        answer = await asks(anna, DESCALE)
        assert TABLETS in answer["text"]
        assert "Она стоит" not in answer["text"]
        assert "Источник: Кофемашина &gt; Как очистить от накипи" in str(answer)
        assert await opens_at(link_in(answer["blocks"], kitchen.machine.id)) == "Как очистить от накипи"
        other = buttons(answer)["Кофемашина на третьем этаже: Какие зёрна засыпать"]
        assert ARABICA in (await press(anna, answer, other))["text"]


async def test_in_teams_the_card_has_the_answer_and_the_link(theatre: Theatre, kitchen: Kitchen) -> None:
    async with theatre.opens(kitchen.wiki, teams=True) as on_stage:
        await knows(on_stage.running, DESCALE, TABLETS)
        anna = on_stage.members["anna"]
        await anna.install()
        await anna.say(DESCALE)
        answer = await until(lambda: [one for one in anna.inbox() if TABLETS in str(one.activity)], "the card")
        assert "Источник: Кофемашина › Как очистить от накипи" in str(answer[0].cards)
        assert await opens_at(link_in(answer[0].cards, kitchen.machine.id)) == "Как очистить от накипи"


async def test_a_search_lists_where_it_stands_and_shows_it(on_stage: Stage, kitchen: Kitchen) -> None:
    anna = on_stage.users["anna"]
    listing = await asks(anna, "найти кофемашина")
    assert "Кофемашина на третьем этаже &gt; Какие зёрна засыпать" in str(listing["blocks"])
    assert kitchen.third.id in str(listing["blocks"])
    (show,) = [
        block["accessory"]
        for block in listing["blocks"]
        if "accessory" in block and kitchen.third.id in block["accessory"]["value"]
    ]
    assert ARABICA in (await press(anna, listing, show))["text"]


async def test_pages_that_are_made_to_harm_stop_nothing_and_are_named_to_hr(theatre: Theatre, kitchen: Kitchen) -> None:
    unclosed = kitchen.state.create("INT", "Страница с комментариями", "<!-- >" * 40_000 + "<p>Цапли спят стоя</p>")
    poison = kitchen.state.create("INT", "Страница из одних тегов", "<b/>" * 200_000)
    async with theatre.opens(kitchen.wiki) as on_stage:
        await knows(on_stage.running, DESCALE, TABLETS)
        await knows(on_stage.running, "как спят цапли?", "Цапли спят стоя")
        told = str(await asks(on_stage.users["irina"], "ответы"))
        assert "Страница из одних тегов" in told
        assert "слишком сложная разметка" in told
        assert link_in(told, poison.id)
        assert unclosed.title not in told
        checked = [one.detail for one in await check_all(on_stage.settings) if one.code == "page-unreadable"]
        assert [f"confluence:{poison.id}, too-much-markup: {poison.title}, " in one for one in checked] == [True]
        kitchen.rewrites(poison, "<p>Пингвины спят лёжа</p>")
        await knows(on_stage.running, "как спят пингвины?", "Пингвины спят лёжа")
        assert poison.title not in str(await asks(on_stage.users["irina"], "ответы"))


# --- what changes in the wiki


async def test_what_is_written_into_a_page_is_the_answer_soon(on_stage: Stage, kitchen: Kitchen) -> None:
    kitchen.rewrites(kitchen.machine, MACHINE.replace(TABLETS, "стакан лимонного сока"))
    await knows(on_stage.running, DESCALE, "стакан лимонного сока")
    answer = await asks(on_stage.users["anna"], DESCALE)
    assert "стакан лимонного сока" in answer["text"]
    assert TABLETS not in answer["text"]


async def test_a_page_in_the_trash_is_found_by_nothing(theatre: Theatre, on_stage: Stage, kitchen: Kitchen) -> None:
    anna = on_stage.users["anna"]
    assert ARABICA in (await asks(anna, BEANS))["text"]
    listing = await asks(anna, "найти зёрна")
    kitchen.state.trash(kitchen.third.id)
    theatre.passes(on_stage)
    await has_forgotten(on_stage.running, BEANS, ARABICA)
    await _is_found_by_nothing(anna, listing, kitchen.third)


async def test_a_page_that_is_no_longer_for_all_is_found_by_nothing_nor_is_what_is_below(
    theatre: Theatre, on_stage: Stage, kitchen: Kitchen
) -> None:
    anna = on_stage.users["anna"]
    assert ARABICA in (await asks(anna, BEANS))["text"]
    listing = await asks(anna, "найти зёрна")
    kitchen.state.restrict(kitchen.machine.id, ONLY_HR)
    theatre.passes(on_stage)
    await has_forgotten(on_stage.running, BEANS, ARABICA)
    await _is_found_by_nothing(anna, listing, kitchen.third)
    assert TABLETS not in str(await asks(anna, DESCALE))


async def _is_found_by_nothing(anna: SlackUser, listing: Any, page: Page) -> None:
    """Not by asking, not by searching, not by a button from before."""
    assert ARABICA not in str(await asks(anna, BEANS))
    assert page.id not in str(await asks(anna, "найти зёрна"))
    (show,) = [
        one["accessory"] for one in listing["blocks"] if page.id in str(one.get("accessory", {}).get("value", ""))
    ]
    assert "Этого ответа больше нет" in (await press(anna, listing, show))["text"]


@pytest.mark.parametrize("restricted", [False, True])
async def test_a_restricted_page_is_read_only_where_the_settings_say_so(theatre: Theatre, restricted: bool) -> None:
    kitchen = Kitchen()
    kitchen.state.restrict(kitchen.third.id, Readers(groups=("confluence-users",)))
    wiki = Wiki(state=kitchen.state, spaces=SPACES, restricted=restricted)
    async with theatre.opens(wiki) as on_stage:
        await knows(on_stage.running, DESCALE, TABLETS)
        await _crawled_whole(on_stage)
        if restricted:
            await knows(on_stage.running, BEANS, ARABICA)
        answer = await asks(on_stage.users["anna"], BEANS)
        assert (ARABICA in answer["text"]) == restricted


async def _crawled_whole(on_stage: Stage) -> None:
    async def whole() -> bool:
        last = await last_summary(on_stage.running.bot.company.store)
        return last is not None and last.listed is not None

    await until_known(whole, "the end of a run that has walked the list of all pages")


# --- HR


async def test_hr_sees_how_the_answers_stand_and_has_everything_read_anew(on_stage: Stage, kitchen: Kitchen) -> None:
    irina = on_stage.users["irina"]
    await _crawled_whole(on_stage)
    state = await asks(irina, "ответы")
    readable = sum(one.space in SPACES for one in kitchen.state.pages.values())
    assert f"{readable} страни" in str(state)
    assert "ещё ни разу" not in str(state)
    await irina.command("/onboarding", "answers reindex")
    (report,) = await until(lambda: said(irina, "Страницы Confluence обновлены"), "the report")
    assert f"Прочитано {readable} страни" in str(report) or f"Прочитаны {readable} страни" in str(report)


# --- what Confluence does meanwhile


async def test_whatever_confluence_does_questions_are_answered_and_then_it_goes_on(
    theatre: Theatre, kitchen: Kitchen
) -> None:
    wiki = Wiki(state=kitchen.state, spaces=SPACES, timeout=0.5)
    async with theatre.opens(wiki) as on_stage:
        anna = on_stage.users["anna"]
        await knows(on_stage.running, DESCALE, TABLETS)
        for kind in (Kind.HANG, Kind.RATE_LIMIT, Kind.LOST, Kind.ERROR):
            rule = Rule(kind=kind)
            wiki.faults.clear()
            wiki.faults.add(rule)
            theatre.passes(on_stage, LATER)
            await until(lambda shown=rule: shown.shown, f"{kind}")  # type: ignore[misc]
            assert TABLETS in (await asks(anna, DESCALE))["text"]
        kitchen.rewrites(kitchen.machine, MACHINE.replace(TABLETS, "стакан лимонного сока"))
        wiki.faults.clear()
        theatre.passes(on_stage, LATER)
        await knows(on_stage.running, DESCALE, "стакан лимонного сока")
        assert not said(on_stage.users["admin"], "confluence")


async def test_a_confluence_that_no_longer_lets_us_in_is_reported_and_questions_are_answered(
    on_stage: Stage, kitchen: Kitchen
) -> None:
    admin = on_stage.users["admin"]
    kitchen.wiki.faults.add(Rule(kind=Kind.ERROR, status=401))
    (alert,) = await until(lambda: said(admin, "confluence"), "the alert")
    assert TABLETS in (await asks(on_stage.users["anna"], DESCALE))["text"]
    assert len(said(admin, "confluence")) == 1
    assert WIKI_SECRET not in str(alert)


# --- starts


async def test_a_restart_answers_at_once_with_confluence_switched_off(theatre: Theatre, kitchen: Kitchen) -> None:
    async with theatre.opens(kitchen.wiki) as on_stage:
        await knows(on_stage.running, DESCALE, TABLETS)
    kitchen.wiki.faults.add(Rule(kind=Kind.CUT))
    async with theatre.opens(kitchen.wiki) as on_stage:
        answer = await asks(on_stage.users["anna"], DESCALE)
        assert TABLETS in answer["text"]


async def test_of_two_bots_one_crawls_and_both_answer(theatre: Theatre, kitchen: Kitchen) -> None:
    wiki = Wiki(state=kitchen.state, spaces=SPACES, every=60.0)
    async with theatre.opens(wiki) as on_stage:
        await knows(on_stage.running, DESCALE, TABLETS)
        await _crawled_whole(on_stage)
        before = wiki.calls.total()
        async with started(_of_its_own(on_stage), lambda _: None, ForTests(clock=theatre.clock)) as second:
            await knows(second, DESCALE, TABLETS)
            anna = SlackUser(on_stage.workspace, "U0ANNA", second.address, timeout=PATIENCE)
            assert TABLETS in (await asks(anna, DESCALE))["text"]
            kitchen.rewrites(kitchen.machine, MACHINE.replace(TABLETS, "стакан лимонного сока"))
            theatre.passes(on_stage, datetime.timedelta(minutes=61))
            for running in (on_stage.running, second):
                await knows(running, DESCALE, "стакан лимонного сока")
            await _crawled_whole(on_stage)
        assert 0 < wiki.calls.total() - before < before * 2, "nobody has read everything for the second bot"


def _of_its_own(on_stage: Stage) -> Any:
    """The settings of a second process on the same store."""
    settings = on_stage.settings
    folder = settings.main.data_dir.with_name("second")
    lay_answers(folder, settings.main.organisation)
    return settings.model_copy(update={"main": settings.main.model_copy(update={"data_dir": folder, "port": 0})})


# --- nobody knows, until somebody does


@pytest.fixture
def scenarios(tmp_path: Path) -> Path:
    """As they are shipped, but whoever knows about monitors is in the directory of the walks."""
    folder = tmp_path / "scenarios"
    shutil.copytree(SHIPPED, folder)
    contacts = folder / "contacts.yaml"
    shipped = contacts.read_text(encoding="utf-8")
    contacts.write_text(shipped.replace("admin@butterboard.example", "admin@company.example"), encoding="utf-8")
    return folder


async def test_what_nobody_knows_is_asked_answered_published_and_then_known(
    theatre: Theatre, kitchen: Kitchen, scenarios: Path
) -> None:
    async with theatre.opens(kitchen.wiki, scenarios=scenarios) as on_stage:
        anna, emma, irina, admin = (on_stage.users[name] for name in ("anna", "emma", "irina", "admin"))
        await irina.say("помощь")
        honest = await asks(anna, "почему скрипит монитор у аквариума?")
        assert "выдумывать не буду" in honest["text"]
        await _passes_on_and_publishes(anna, irina, admin, honest)
        await knows(on_stage.running, "скрип монитора возле аквариума", "Это рыба")
        assert "Это рыба" in (await asks(emma, "скрип монитора возле аквариума"))["text"]


async def _passes_on_and_publishes(anna: SlackUser, irina: SlackUser, admin: SlackUser, honest: Any) -> None:
    await press(anna, honest, buttons(honest)["Передать вопрос"])
    (shown,) = await until(lambda: said(anna, "Пока ничего не отправлено"), "the preview")
    await anna.press(shown, "inquiry-send")
    (asked,) = await until(lambda: said(admin, "аквариума"), "the question, at whoever knows about monitors")
    assert asked
    await admin.say("ответ 1 Это рыба бьётся о стекло, монитор ни при чём.")
    await until(lambda: said(anna, "Это рыба"), "the answer")
    (draft,) = await until(lambda: said(irina, "Это рыба"), "the draft")
    await irina.press(draft, "draft-publish")
    await until(lambda: said(irina, "Опубликовано"), "that it is in the FAQ")
