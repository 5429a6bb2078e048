"""Whatever comes in: nothing is raised, nothing ends in quarantine, and whoever asked is answered."""

from collections.abc import AsyncIterator

import msgspec
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.choices import Choice
from bot.incoming import Commanded, Opened, Pressed, Said, Submitted, Wrote
from bot.limiter import Limits
from bot.people import Person
from handlers.routes import ROUTES
from tests.bot.kit import ADAM, ANNA, BORIS, HELGA
from tests.bot.office import Office, open_office
from tests.generated import examples
from tests.handlers.test_onboarding import begin

FUZZ = examples(100, HealthCheck.function_scoped_fixture)  # the office lives on: what was said before matters
ACTIONS, FORMS = sorted(ROUTES.actions), sorted(ROUTES.forms)
FIELDS = [
    "person", "scenario", "date", "title", "answer", "question_ru", "question_en", "answer_ru", "answer_en", "also",
]  # fmt: skip
SCRAPS = [
    "/onboarding", "start", "старт", "stop", "done", "готово", "status", "статус", "ask", "help", "team", "команда",
    "reply", "ответ", "faq", "вопросы", "new", "edit",
    "search", "найти", "answers", "ответы", "unanswered", "drafts", "reindex", "vpn",
    "@anna", "@olga", "<@ANNA>", "<@BORIS>", "anna@example.org", "mailto:", "newcomer", "papers", "reading", "laptop",
    "2", "99", "0", "-1", "2026-12-01", "31.02.2026", "+3d", "завтра", "friday", '"', "«", "»", "?", "\n", "\x00", "🙂",
    "\ud83d", "{name}", "%s", "*", "`", "<!channel>", "|", "&amp;",
]  # fmt: skip
scrap = st.sampled_from(SCRAPS)
whatever = st.text(st.characters(), max_size=30)  # with halves of surrogate pairs
texts = st.lists(scrap | whatever, max_size=8).map(" ".join) | whatever
storable = texts.map(lambda one: one.encode(errors="replace").decode())  # as it is when we make a button of it
choices = st.builds(Choice, storable, storable).map(lambda one: one.value)
said: st.SearchStrategy[Said] = st.one_of(
    st.builds(Wrote, texts),
    st.builds(Commanded, texts),
    st.builds(Pressed, st.sampled_from(ACTIONS) | whatever, texts | choices),
    st.builds(
        Submitted,
        st.sampled_from(FORMS) | whatever,
        st.dictionaries(st.sampled_from(FIELDS) | whatever, scrap | texts, max_size=4),
        st.sampled_from(["", "entry ", "draft ", "unanswered x"]) | whatever,
    ),
    st.just(Opened()),
)

people = st.sampled_from([ANNA, BORIS, HELGA, ADAM])


@pytest.fixture
async def office(redis_client: Redis, organisation: str) -> AsyncIterator[Office]:
    """Everything happens at one moment here, and none of it is too much."""
    async with open_office(redis_client, organisation, limits=Limits(burst=1_000_000)) as opened:
        yield opened


@FUZZ
@given(acts=st.lists(st.tuples(people, said, st.booleans()), min_size=1, max_size=4))
async def test_nothing_that_people_do_breaks_the_bot(office: Office, acts: list[tuple[Person, Said, bool]]) -> None:
    for who, act, at_once in acts:
        before = len(office.chat.shown) + len(office.chat.calls)
        reply = await office.receive(office.incoming(who, act, answers_at_once=at_once))
        assert await office.dead() == []
        assert reply is not None or len(office.chat.shown) + len(office.chat.calls) > before


@FUZZ
@given(text=texts, at_once=st.booleans())
async def test_nothing_that_strangers_write_breaks_the_bot(office: Office, text: str, *, at_once: bool) -> None:
    await office.receive(office.incoming("STRANGER", Wrote(text), answers_at_once=at_once))
    assert await office.dead() == []
    assert len(office.chat.to("STRANGER")) == 1


@FUZZ
@given(value=texts)
async def test_no_value_of_a_button_does_anything_but_its_own(office: Office, value: str) -> None:
    if not await office.work().journeys_of(ANNA.id):
        await begin(office)
    before = await office.journey_of(ANNA)
    await office.presses(ANNA, "done", value)
    assert await office.journey_of(ANNA) == before
    assert await office.dead() == []


@pytest.mark.parametrize("length", [4_000, 40_000, 1_000_000])
async def test_a_text_of_any_length_is_answered(office: Office, length: int) -> None:
    for text in (
        "x" * length,
        "x " * (length // 2),
        "done " + "9" * length,
        '"' * length,
        "start @anna " + "x" * length,
    ):
        await office.writes(ANNA, text)
    assert await office.dead() == []
    assert len(office.chat.to(ANNA)) == 5


async def test_what_a_handler_was_given_is_what_was_said(office: Office) -> None:
    act = office.incoming(ANNA, Wrote("vpn \u2028 ё"))
    assert msgspec.json.decode(msgspec.json.encode(act), type=type(act)) == act
    await office.receive(act)
    assert office.handbook.asked == ["vpn \u2028 ё"]
