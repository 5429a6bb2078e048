"""Recorded payloads of Slack become what the core understands, and everything else is left alone."""

import copy
import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.inbound import Installation, base_action, incoming
from bot.incoming import Account, AccountChanged, Commanded, Incoming, Opened, Place, Pressed, Submitted, Wrote
from tests.adapters.slack.kit import HERE, NOW, payload, payload_names

ANNA = Account("slack", "U0ANNA")
BADGE = "where do I get a badge?"


def heard(name: str, installation: Installation = HERE) -> Incoming:
    found = incoming(payload(name), installation, NOW)
    assert found is not None
    return found


def test_a_direct_message_is_what_its_writer_wrote_in_private() -> None:
    found = heard("direct_message")
    assert found == Incoming(
        id="slack:Ev0DIRECT01",
        also=("slack:D0ANNA:1764057600.000100",),
        account=ANNA,
        place=Place("slack", "D0ANNA"),
        said=Wrote("status"),
        at=datetime.datetime.fromtimestamp(1764057600.0001, datetime.UTC),
    )


def test_a_direct_message_in_a_thread_is_answered_there() -> None:
    assert heard("direct_message_in_thread").place == Place("slack", "D0ANNA", "1764057600.000100")


def test_markup_becomes_plain_text_in_which_only_real_mentions_are_mentions() -> None:
    assert heard("direct_message_with_markup").said == Wrote(
        "start <@U0IVAN> & <@W0OLGA> in #general https://wiki.example.com/a?b=1&c=2 ivan@example.com < @U0FORGED> @here"
    )


def test_a_file_comes_with_its_words() -> None:
    assert heard("direct_message_with_file").said == Wrote("my badge photo")


def test_a_mention_is_answered_in_a_thread_of_its_own() -> None:
    found = heard("app_mention")
    assert found.said == Wrote(BADGE)
    assert found.place == Place("slack", "C0GENERAL", "1764057660.000200", private=False)


def test_a_mention_in_a_thread_is_answered_in_that_thread() -> None:
    found = heard("app_mention_in_thread")
    assert found.said == Wrote("thanks")
    assert found.place.thread == "1764057660.000200"


def test_one_post_in_two_events_is_one_act() -> None:
    as_mention, as_message = heard("app_mention"), heard("app_mention_as_message")
    assert as_mention.id != as_message.id
    assert as_mention.also == as_message.also == ("slack:C0GENERAL:1764057660.000200",)
    assert as_mention.said == as_message.said
    assert as_mention.place == as_message.place


def test_the_own_name_is_known_from_the_event_before_slack_has_told_it() -> None:
    assert heard("app_mention", Installation()).said == Wrote(BADGE)
    assert incoming(payload("ignored_own_message"), Installation(), NOW) is None


def test_a_command_is_answered_to_its_writer_wherever_it_was_typed() -> None:
    found = heard("command")
    assert found.id == "slack:cmd:13345224609.738474920.8088930838d88f008e0"
    assert found.said == Commanded("start <@U0IVAN> friday")
    assert found.place == Place("slack", "U0BORIS")
    assert found.answers_at_once
    assert found.at == NOW


def test_a_command_may_name_people_in_plain_text() -> None:
    assert heard("command_with_plain_names").said == Commanded("start @ivan friday")


def test_a_press_is_its_action_and_value() -> None:
    found = heard("press_in_direct_message")
    assert found.said == Pressed("done", "j1/badge")
    assert found.place == Place("slack", "D0ANNA")
    assert found.id == "slack:act:9876.1111.aa11"
    assert not found.answers_at_once
    assert found.opens_forms


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("press_in_channel", Place("slack", "C0GENERAL", "1764057660.000200", private=False)),
        ("press_in_ephemeral", Place("slack", "U0ANNA")),
        ("press_in_home", Place("slack", "U0ANNA")),
    ],
)
def test_a_press_belongs_where_its_message_is_or_to_the_person(name: str, place: Place) -> None:
    assert heard(name).place == place


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("press_in_direct_message", "D0ANNA:1764057601.000100"),
        ("press_in_channel", "C0GENERAL:1764057661.000100"),
        ("press_in_ephemeral", None),
        ("press_in_home", None),
    ],
)
def test_a_press_names_its_message_where_we_can_change_it(name: str, message: str | None) -> None:
    assert heard(name).pressed == message


def test_a_form_comes_with_its_answers_by_field() -> None:
    found = heard("submission")
    assert found.said == Submitted(
        "start",
        {
            "person": "<@U0IVAN>",
            "date": "2026-11-30",
            "scenario": "newcomer",
            "note": "< @U0FORGED> Tom & Jerry",
            "empty": "",
        },
        "from:command",
    )
    assert found.answers_at_once


def test_the_home_tab_is_opened_in_private() -> None:
    found = heard("home_opened")
    assert (found.said, found.place) == (Opened(), Place("slack", "U0ANNA"))


def test_a_member_who_comes_or_changes_has_said_nothing_but_is_asked_about() -> None:
    joined, changed = heard("team_joined"), heard("user_changed")
    assert (joined.account, joined.said) == (ANNA, AccountChanged("anna@example.com"))
    assert (changed.account, changed.said) == (ANNA, AccountChanged("anna@example.com", outside=True))


@pytest.mark.parametrize("flag", ["deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger"])
def test_a_change_tells_who_is_nobody_of_the_company_any_more(flag: str) -> None:
    told = payload("team_joined")
    told["event"]["user"][flag] = True
    found = incoming(told, HERE, NOW)
    assert found is not None
    assert found.said == AccountChanged("anna@example.com", outside=True)


def test_an_address_that_nobody_has_confirmed_is_none() -> None:
    told = payload("team_joined")
    told["event"]["user"]["is_email_confirmed"] = False
    found = incoming(told, HERE, NOW)
    assert found is not None
    assert found.said == AccountChanged(None)


@pytest.mark.parametrize("name", [name for name in payload_names() if name.startswith("ignored_")])
def test_what_is_not_for_us_is_ignored(name: str) -> None:
    assert incoming(payload(name), HERE, NOW) is None


def test_a_clock_that_runs_ahead_of_ours_says_nothing_in_the_future() -> None:
    early = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    found = incoming(payload("direct_message"), HERE, early)
    assert found is not None
    assert found.at == early


@pytest.mark.parametrize(
    "text",
    ["&lt;@U1&gt;", "&lt;<#C1|@U1>&gt;", "&lt;<!subteam^S1|@U1>&gt;", "&amp;lt;@U1&amp;gt;", "\0U1\0", "&lt;<@>U1&gt;"],
)
def test_no_writing_forges_a_mention(text: str) -> None:
    told = payload("direct_message")
    told["event"]["text"] = text
    found = incoming(told, HERE, NOW)
    assert found is not None
    assert isinstance(found.said, Wrote)
    assert "<@" not in found.said.text


def test_half_a_surrogate_pair_does_no_harm() -> None:
    told = payload("direct_message")
    told["event"]["text"] = "a\ud83db"
    found = incoming(told, HERE, NOW)
    assert found is not None
    assert found.said == Wrote("a?b")


def test_only_the_number_at_the_end_of_an_action_is_taken_off() -> None:
    assert [base_action(name) for name in ("done", "done:2", "a:b", "a:b:12")] == ["done", "done", "a:b", "a:b"]


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["im", "U1", "message", "1.1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a payload."""
    inside: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    return [at, *(path for key, part in inside for path in paths(part, (*at, key)))]


@st.composite
def broken_payloads(draw: st.DrawFn) -> Any:
    """A recorded payload in which one or more places hold something else, or nothing."""
    whole = {"all": payload(draw(st.sampled_from(payload_names())))}
    for _ in range(draw(st.integers(1, 3))):
        *outer, last = draw(st.sampled_from(paths(whole)[1:]))
        holder: Any = whole
        for key in outer:
            holder = holder[key]
        if draw(st.booleans()):
            holder[last] = draw(ANYTHING)
        elif isinstance(holder, dict) and last != "all":
            del holder[last]
    return whole["all"]


@given(broken_payloads() | ANYTHING)
def test_nothing_that_is_sent_to_us_raises(told: Any) -> None:
    before = copy.deepcopy(told)
    found = incoming(told, HERE, NOW)
    assert found is None or isinstance(found, Incoming)
    assert repr(told) == repr(before)
