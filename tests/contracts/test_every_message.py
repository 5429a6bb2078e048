"""Every message that the bot can say, in every channel and language: within the channel's limits, and shown as it was
written, whatever people have put into it."""

from urllib.parse import unquote

import pytest
from redis.asyncio import Redis

from adapters.slack.render import home_view
from bot.message import Form, Message
from bot.texts import LANGUAGES, speaker
from sandbox.slack.blocks import check_view
from tests.contracts.channels import CHANNELS, FORMS, links_of, plainly
from tests.contracts.sayings import INSIDE, catalogued, form_with, message_with, sayings, texts
from tests.contracts.situations import answers, homes, plans, readable_page, talk, todo

WHOLE = 1500  # characters that every channel shows of a text, even where each becomes five
LINE = 50  # and of everything else: of the shortest, a button
CHOICE = 14  # and of a button that names what it is about, even where each becomes five

everywhere = pytest.mark.parametrize("language", LANGUAGES)
in_every_channel = pytest.mark.parametrize("channel", CHANNELS)


@everywhere
def test_every_text_stands_in_the_catalogue_once(language: str) -> None:
    assert sorted(catalogued()) == sorted(texts(language)), "tests/contracts/sayings.py says where a new text belongs"


@everywhere
def test_what_stands_inside_of_a_text_is_one_of_its_arguments(language: str) -> None:
    known = texts(language)
    assert [pair for pair in INSIDE if pair[1] not in known[pair[0]]] == []


@everywhere
@in_every_channel
def test_every_text_shows_as_it_was_written_within_the_limits(channel: str, language: str) -> None:
    say = speaker(language)
    for name, part, said in sayings(language):
        if part == "form" and channel not in FORMS:
            continue
        try:
            message = message_with(part, said)
            read = FORMS[channel](form_with(said), say) if part == "form" else CHANNELS[channel](message, say)
            most = {"text": WHOLE, "choice": CHOICE}.get(part, LINE)
            assert plainly(say(said))[:most] in plainly(read.text)
            assert list(read.links) == [link.url for link in message.links], "a link that is not ours"
        except (AssertionError, ValueError) as error:
            error.add_note(f"{name}, in {channel} and {language}")
            raise


@everywhere
@in_every_channel
def test_the_longest_plans_and_answers_are_within_the_limits(channel: str, language: str) -> None:
    for name, message in (*plans(), *todo(), *answers()):
        _shows(name, message, channel, language)


@everywhere
@in_every_channel
def test_what_steps_ask_is_read_whole_on_a_page_of_the_list(channel: str, language: str) -> None:
    say, page = speaker(language), readable_page()
    read = plainly(CHANNELS[channel](page, say).text)
    assert [one.id for one in page.items if one.text is None or plainly(say(one.text)) not in read] == []


@everywhere
async def test_everything_that_is_said_while_people_use_it_is_within_the_limits_everywhere(
    redis_client: Redis, organisation: str, language: str
) -> None:
    heard = await talk(redis_client, organisation)
    assert {
        "welcome",
        "checklist",
        "help",
        "whoami",
        "step-ambiguous",
        "reopen-which",
        "remind-overdue",
        "draft",
        "preview",
        "preview-private",
        "faq-cut",
        "tasks-none",
        "tasks-usage",
    } <= {getattr(one.text, "key", "") for _, one in heard if isinstance(one, Message)}
    assert {one.name for _, one in heard if isinstance(one, Form)} == {"start", "task", "inquiry", "faq", "passing"}
    for channel in CHANNELS:
        for name, one in heard:
            _shows(name, one, channel, language)


@everywhere
def test_every_home_is_within_the_limits(language: str) -> None:
    for _, home in homes():
        check_view(home_view(home, speaker(language)))


def _shows(name: str, one: Message | Form, channel: str, language: str) -> None:
    say = speaker(language)
    try:
        if isinstance(one, Form):
            if channel in FORMS:
                assert plainly(say(one.fields[0].label)) in plainly(FORMS[channel](one, say).text)
            return
        read = CHANNELS[channel](one, say)
        assert plainly(say(one.text))[:WHOLE] in plainly(read.text)
        assert {unquote(url) for url in read.links} <= set(links_of(one)), "a link that is not ours"
    except (AssertionError, ValueError) as error:
        error.add_note(f"{name}, in {channel} and {language}")
        raise
