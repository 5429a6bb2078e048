"""The page of one journey, over real HTTP and from the real store: what it shows, to whom, and what it never shows."""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Sequence

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis

from adapters.store.redis_store import RedisStore
from adapters.web.journey_links import JourneyLinks
from adapters.web.journey_routes import JourneyPages, mount_assets
from bot.errors import StoreUnavailable
from bot.journey.links import LAST_FOR, PERIOD, permit
from bot.journey.state import IssueRef, Journey, StepState
from bot.library import Library
from bot.message import Local
from bot.people import Policy
from bot.ports import Commit, Loaded, Write
from bot.scenario import Link, Step, make_scenario
from bot.texts import speaker
from bot.work import Company
from tests.adapters.web.kit import ANNA, NOW, SECRET, Client
from tests.adapters.web.test_pages import Reader

LINKS = JourneyLinks("https://bot.example", SECRET)
TODAY = NOW.date()
PRIVATE = "Объяснение, которое нужно только новичку"


def local(ru: str, en: str) -> Local:
    return Local(ru=ru, en=en)


SCENARIO = make_scenario(
    "newcomer",
    local("Первые 90 дней", "The first 90 days"),
    (
        Step(id="papers", title=local("Подписать документы", "Sign the papers")),
        Step(
            id="access",
            title=local("Получить доступы", "Get access"),
            text=local(PRIVATE, PRIVATE),
            links=(Link(local("Вики", "Wiki"), "https://wiki.example/access"),),
        ),
        Step(id="laptop", title=local("Выдать ноутбук", "Hand over the laptop"), who="manager"),
        Step(id="pass", title=local("Заказать пропуск", "Order a pass")),
        Step(id="talk", title=local("Встреча через неделю", "A talk after a week"), day=7, after=("access",)),
    ),
)


def issue(key: str, url: str | None = None) -> IssueRef:
    return IssueRef(key=key, url=url or f"https://jira.example/browse/{key}")


def day(offset: int) -> datetime.date:
    return TODAY + datetime.timedelta(days=offset)


JOURNEY = Journey(
    id="5f0c",
    person=ANNA.id,
    manager=ANNA.manager,
    by=str(ANNA.manager),
    scenario=SCENARIO.id,
    version=SCENARIO.version,
    start=TODAY,
    started_at=NOW,
    steps={
        "papers": StepState(status="done", due=TODAY, done_at=NOW, done_by=ANNA.id, issue=issue("HR-1")),
        "access": StepState(status="open", opened=TODAY, due=day(1)),
        "laptop": StepState(status="open", opened=TODAY, due=day(2), issue=issue("IT-7")),
        "pass": StepState(status="open", opened=day(-5), due=day(-1)),
    },
)


class Leaving(RedisStore):
    """`away`: nothing can be read. `now`: when it is."""

    away = False
    now = NOW

    async def load(self, ids: Sequence[str]) -> list[Loaded]:
        if self.away:
            raise StoreUnavailable("away")
        return await super().load(ids)


@pytest.fixture
def leaving(redis_client: Redis, organisation: str) -> Leaving:
    return Leaving(redis_client, organisation)


@pytest.fixture
async def browser(leaving: Leaving) -> AsyncIterator[Client]:
    company = Company(
        store=leaving,
        library=Library(leaving, {SCENARIO.id: SCENARIO}),
        policy=Policy(),
        channels=("web",),
        tracker="jira",
    )
    app = web.Application()
    mount_assets(app)
    JourneyPages(company, LINKS, lambda: leaving.now, speaker).mount(app)
    async with TestClient(TestServer(app)) as client:
        yield client


async def keep(store: RedisStore, journey: Journey = JOURNEY) -> str:
    """The path of the page of a journey that is now in the store, with its person."""
    writes = (
        Write(f"journey:{journey.id}", 0, msgspec.json.encode(journey)),
        Write(f"person:{ANNA.id}", 0, msgspec.json.encode(ANNA)),
    )
    await store.commit(Commit(writes=writes))
    return path_of(journey.id)


def path_of(journey_id: str) -> str:
    """The path of a link that was given out now."""
    return LINKS.url(permit(msgspec.structs.replace(JOURNEY, id=journey_id), NOW)).removeprefix("https://bot.example")


async def page(client: Client, path: str, accepts: str = "ru") -> str:
    async with client.get(path, headers={"Accept-Language": accepts}) as answer:
        assert answer.status == 200
        return await answer.text()


async def test_the_page_shows_where_the_journey_stands(browser: Client, leaving: Leaving) -> None:
    text = await page(browser, await keep(leaving))
    assert "<h1>Анна Новикова</h1>" in text
    assert "План «Первые 90 дней»" in text
    assert "<dt>Первый день</dt><dd>вт, 24 ноября</dd>" in text
    assert '<progress max="5" value="1"' in text
    assert "1 из 5" in text


async def test_each_step_has_its_mark_its_due_day_and_its_issue(browser: Client, leaving: Leaving) -> None:
    text = await page(browser, await keep(leaving))
    done, access, laptop, late, ahead = text.split('<li class="step ')[1:]
    assert done.startswith("done")
    assert "Готово" in done
    assert 'href="https://jira.example/browse/HR-1"' in done
    assert access.startswith("open")
    assert "срок — ср, 25 ноября" in access
    assert "делает руководитель, срок — чт, 26 ноября" in laptop
    assert ">IT-7<" in laptop
    assert late.startswith("overdue")
    assert "Просрочено" in late
    assert "срок — пн, 23 ноября" in late
    assert ahead.startswith("waiting")
    assert "после предыдущих" in ahead


async def test_the_issue_of_the_journey_itself_stands_on_top(browser: Client, leaving: Leaving) -> None:
    text = await page(browser, await keep(leaving, msgspec.structs.replace(JOURNEY, issue=issue("HR-100"))))
    assert '<a href="https://jira.example/browse/HR-100"' in text.partition("<h2")[0]


@pytest.mark.parametrize(("status", "says"), [("finished", "пройден"), ("stopped", "остановлен")])
async def test_a_journey_that_has_ended_says_so(browser: Client, leaving: Leaving, status: str, says: str) -> None:
    ended = msgspec.structs.replace(JOURNEY, status=status, ended_at=NOW)
    text = await page(browser, await keep(leaving, ended))
    assert f"План «Первые 90 дней» — {says}" in text
    assert "срок —" not in text


async def test_nothing_can_be_pressed_and_nothing_private_is_told(browser: Client, leaving: Leaving) -> None:
    text = await page(browser, await keep(leaving))
    tags = Reader(text).tags
    assert not {tag for tag, _ in tags} & {"button", "form", "input", "script", "iframe", "textarea"}
    assert not any(name == "style" or name.startswith("on") for _, attributes in tags for name in attributes)
    assert ANNA.email not in text
    assert PRIVATE not in text
    assert "wiki.example" not in text


async def test_what_somebody_has_to_do_for_the_person_stands_there_with_all_that_it_asks(
    browser: Client, leaving: Leaving
) -> None:
    asks, guide = (
        local("Закажите ноутбук\n<b>заранее</b>", "Order a laptop\n<b>early</b>"),
        "https://wiki.example/laptops",
    )
    links = (Link(local("Как заказать", "How to order"), guide), Link(asks, "javascript:alert(1)"))
    task = Step(id="order", title=local("Ноутбук", "A laptop"), who="manager", text=asks, links=links)
    state = StepState(status="open", opened=TODAY, due=day(1))

    async def shown(state: StepState, language: str = "ru") -> str:
        one = msgspec.structs.replace(JOURNEY, id=state.status, steps={"order": state}, tasks=(task,))
        (known,) = await leaving.load([f"journey:{one.id}"])
        await leaving.commit(Commit(writes=(Write(known.id, known.version, msgspec.json.encode(one)),)))
        return await page(browser, path_of(one.id), language)

    await keep(leaving)
    text = await shown(state)
    assert "Закажите ноутбук\n&lt;b&gt;заранее&lt;/b&gt;" in text
    assert f'<a href="{guide}" target="_blank" rel="noopener">Как заказать' in text
    assert "javascript:" not in text
    assert "Order a laptop\n&lt;b&gt;early" in await shown(state, "en")
    for other in ("waiting", "done"):  # nobody has to do it now
        assert guide not in await shown(msgspec.structs.replace(state, status=other))
    theirs = msgspec.structs.replace(state, assignee=ANNA.id)  # in their own plan they read it themselves
    assert guide not in await shown(theirs)


async def test_hostile_names_titles_and_addresses_stay_text(browser: Client, leaving: Leaving) -> None:
    evil = '"><script>alert(1)</script>$name'
    task = Step(id="evil", title=local(evil, evil))
    steps = {"evil": StepState(status="open", issue=issue(evil, "javascript:alert(1)"))}
    path = await keep(leaving, msgspec.structs.replace(JOURNEY, steps=steps, tasks=(task,)))
    (anna,) = await leaving.load([f"person:{ANNA.id}"])
    named = msgspec.json.encode(msgspec.structs.replace(ANNA, name=evil))
    await leaving.commit(Commit(writes=(Write(anna.id, anna.version, named),)))
    text = await page(browser, path)
    assert not any(tag == "script" for tag, _ in Reader(text).tags)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;$name" in text
    assert "javascript:" not in text


async def test_the_reader_is_spoken_to_in_the_first_of_our_languages_that_they_accept(
    browser: Client, leaving: Leaving
) -> None:
    path = await keep(leaving)
    for accepts in ("", "ru-RU,ru;q=0.9,en;q=0.8", "de", "*", "ru,en"):
        assert '<html lang="ru">' in await page(browser, path, accepts)
    for accepts in ("en-GB,en;q=0.9", "de-DE,de;q=0.9,en;q=0.8", "EN"):
        assert '<html lang="en">' in await page(browser, path, accepts)
    english = await page(browser, f"{path}?lang=en", "ru")
    assert "The first 90 days" in english
    assert "due" in english.partition("Get access")[2]
    assert '<html lang="ru">' in await page(browser, f"{path}?lang=de", "ru")


async def test_a_forged_link_a_forgotten_journey_and_a_forgotten_person_look_the_same(
    browser: Client, leaving: Leaving
) -> None:
    path = await keep(leaving)
    orphan = msgspec.structs.replace(JOURNEY, id="0rph", person="gone")
    await leaving.commit(Commit(writes=(Write(f"journey:{orphan.id}", 0, msgspec.json.encode(orphan)),)))
    seen = set()
    for dead in (f"{path[:-1]}~", "/journeys/nothing", "/journeys/%ff.x", path_of("forgotten"), path_of("0rph")):
        async with browser.get(dead) as answer:
            assert answer.status == 404
            headers = {name: value for name, value in answer.headers.items() if name != "Date"}
            seen.add((await answer.text(), *headers.items()))
    ((text, *_),) = seen
    assert "Здесь ничего нет" in text
    assert "Проверьте ссылку в задаче или попросите новую." in text


async def test_a_link_that_has_expired_says_what_to_do_and_shows_nothing(browser: Client, leaving: Leaving) -> None:
    path = await keep(leaving)
    leaving.now = NOW + LAST_FOR * PERIOD - datetime.timedelta(seconds=1)
    await page(browser, path)
    leaving.now = NOW + LAST_FOR * PERIOD
    assert "Её срок прошёл, или её отозвали." in await refused(browser, path, "ru")
    assert "While the onboarding goes on, its issues carry a new link" in await refused(browser, path, "en")


async def test_a_link_that_was_withdrawn_opens_nothing_and_a_new_one_does(browser: Client, leaving: Leaving) -> None:
    path = await keep(leaving)
    (known,) = await leaving.load([f"journey:{JOURNEY.id}"])
    withdrawn = msgspec.structs.replace(JOURNEY, withdrawn=1)
    await leaving.commit(Commit(writes=(Write(known.id, known.version, msgspec.json.encode(withdrawn)),)))
    await refused(browser, path, "ru")
    assert "Анна Новикова" in await page(browser, LINKS.url(permit(withdrawn, NOW)).removeprefix("https://bot.example"))


async def test_whoever_has_a_link_from_before_links_expired_hears_the_same(browser: Client, leaving: Leaving) -> None:
    await keep(leaving)
    await refused(browser, f"/journeys/{JOURNEY.id}.{'Ab1-' * 6}", "ru")


async def refused(client: Client, path: str, accepts: str) -> str:
    async with client.get(path, headers={"Accept-Language": accepts}) as answer:
        assert answer.status == 410
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        text = await answer.text()
    assert "Анна" not in text
    assert SCENARIO.title.ru not in text
    return text


async def test_while_the_store_is_away_the_page_says_so_and_tries_again(browser: Client, leaving: Leaving) -> None:
    path = await keep(leaving)
    leaving.away = True
    async with browser.get(path) as answer:
        assert answer.status == 503
        assert {"Retry-After", "Refresh"} <= set(answer.headers)
        text = await answer.text()
    assert "План пока не открывается" in text
    assert "Страница сама обновится через несколько секунд." in text
    leaving.away = False
    assert "Анна Новикова" in await page(browser, path)


async def test_every_answer_carries_the_strict_headers(browser: Client, leaving: Leaving) -> None:
    path = await keep(leaving)
    leaving.away = True
    away = await browser.get(path)
    leaving.away = False
    for answer in (await browser.get(path), await browser.get("/journeys/nothing"), away):
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_whatever_the_page_loads_is_there_also_without_the_chat(browser: Client, leaving: Leaving) -> None:
    path = await keep(leaving)
    wanted = {
        str(attributes.get("src") or attributes.get("href"))
        for tag, attributes in Reader(await page(browser, path)).tags
        if tag in ("link", "img")
    }
    assert "assets/journey.css" in wanted
    for name in wanted:
        async with browser.get(f"/journeys/{name}") as answer:
            assert answer.status == 200, name
    for missing in ("chat.js", "%2e%2e%2froutes.py"):
        async with browser.get(f"/journeys/assets/{missing}") as answer:
            assert answer.status == 404


async def test_a_page_can_only_be_read(browser: Client, leaving: Leaving) -> None:
    path = await keep(leaving)
    async with browser.post(path) as answer:
        assert answer.status == 405
    async with browser.head(path) as answer:
        assert answer.status == 200
