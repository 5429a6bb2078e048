"""Recorded activities of Teams become what the core understands, and everything else is left alone."""

import copy
import datetime
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.heard import LONGEST_TEXT
from adapters.teams.inbound import changed, incoming
from bot.incoming import Account, AccountChanged, Incoming, Installed, Place, Pressed, Removed, Submitted, Wrote
from bot.speech import ref
from tests.adapters.teams.recorded import payload, payload_names

NOW = datetime.datetime(2025, 11, 25, 9, 0, tzinfo=datetime.UTC)
ANNA = Account("teams", "0c5cfdbb-596f-4d39-b557-5d9516c94107")
URL = "https://smba.trafficmanager.net/emea"
CHAT = f"{URL}#a:17I0kl8EkpE1O9PH5TWrzrLNwnWWcfrU7QZjKR0WSfOpzbfcAg2IaydGElSo10tVr4C7"
CHANNEL = f"{URL}#19:253b1f341670408fb6fe51050b6e5ceb@thread.tacv2"
IVAN = "29:1HPxwcELy1sPV8ddy9sX2jQUpVVeuS1KJFKGyTYWUjbQ"


def read(name: str) -> Incoming:
    return of(payload(name))


def of(told: Any) -> Incoming:
    found = incoming(told, NOW)
    assert found is not None
    return found


def test_a_message_in_a_personal_chat_is_what_its_writer_wrote_in_private() -> None:
    assert read("personal_message") == Incoming(
        id="teams:a:17I0kl8EkpE1O9PH5TWrzrLNwnWWcfrU7QZjKR0WSfOpzbfcAg2IaydGElSo10tVr4C7:1764059400123",
        account=ANNA,
        place=Place("teams", CHAT),
        said=Wrote("status"),
        at=datetime.datetime(2025, 11, 25, 8, 30, 0, 123456, datetime.UTC),
        address=CHAT,
        takes_forms=True,
        locale="ru-RU",
    )


def test_whom_the_directory_does_not_know_has_an_account_of_this_bot() -> None:
    told = payload("personal_message")
    del told["from"]["aadObjectId"]
    assert of(told).account == Account("teams", told["from"]["id"])


def test_markup_becomes_plain_text_in_which_only_real_mentions_are_mentions() -> None:
    said = read("personal_message_with_markup").said
    assert said == Wrote(f"start <@{IVAN}> & Никто 2 < 3 < @U0FORGED>\nhttps://wiki.example.com/a?b=1&c=2")
    found = ref(f"<@{IVAN}>")
    assert found is not None
    assert (found.kind, found.value) == ("mention", IVAN)


def test_a_message_that_only_its_html_shows_is_read_there() -> None:
    assert read("personal_message_as_html").said == Wrote("как подключить VPN?\n 2 < 3\n< @U0FORGED>")


def test_a_mention_in_html_is_a_mention() -> None:
    told = payload("channel_mention")
    del told["text"]
    told["attachments"][0]["content"] = (
        '<p><span itemscope itemtype="http://schema.skype.com/Mention" itemid="0">Butterboard</span>&nbsp;status</p>'
    )
    assert of(told).said == Wrote("status")


def test_a_file_comes_with_its_words() -> None:
    assert read("personal_message_with_file").said == Wrote("мой пропуск")


def test_our_name_need_not_be_called_in_a_personal_chat() -> None:
    assert read("personal_message_with_our_name").said == Wrote("status")


def test_a_mention_is_answered_in_its_thread() -> None:
    found = read("channel_mention")
    assert found.said == Wrote("how do I get a badge?")
    assert found.place == Place("teams", CHANNEL, "1764059400123", private=False)
    assert found.address is None
    assert found.id == "teams:19:253b1f341670408fb6fe51050b6e5ceb@thread.tacv2:1764059400123"


def test_a_post_that_begins_a_thread_is_answered_in_it() -> None:
    assert read("channel_mention_without_thread").place == read("channel_mention").place


def test_a_mention_in_a_thread_is_answered_in_that_thread() -> None:
    found = read("channel_mention_in_thread")
    assert found.said == Wrote("thanks,")
    assert found.place.thread == "1764050000000"


def test_people_who_are_called_as_we_are_stay_themselves() -> None:
    said = read("channel_mention_of_namesakes").said
    assert said == Wrote(f"start <@{IVAN}> <@29:another> friday")


def test_a_group_chat_has_no_threads() -> None:
    found = read("group_chat_mention")
    assert found.said == Wrote("помощь")
    assert found.place == Place("teams", f"{URL}#19:3d2b4f8e@unq.gbl.spaces", private=False)


def test_a_press_is_its_action_and_value_on_the_card_where_it_stands() -> None:
    found = read("pressed")
    assert found.said == Pressed("done", "j1 read-docs")
    assert found.place == Place("teams", CHAT)
    assert found.on == found.pressed == f"{CHAT}#1764059000001"
    assert not found.answers_at_once


def test_a_press_in_a_channel_is_on_a_card_of_its_thread() -> None:
    found = read("pressed_in_channel")
    assert found.said == Pressed("progress", "j1")
    assert found.place == Place("teams", CHANNEL, "1764050000000", private=False)
    assert found.on == f"{CHANNEL};messageid=1764050000000#1764059000001"


def test_a_press_that_comes_as_a_message_cannot_be_answered_with_a_card() -> None:
    found = read("submitted_press")
    assert found.said == Pressed("done", "j1 read-docs")
    assert found.on is None


def test_a_form_comes_with_its_answers_by_field() -> None:
    assert read("submitted_form").said == Submitted(
        "start",
        {
            "person": "ivan@example.com",
            "date": "2026-11-30",
            "scenario": "newcomer",
            "note": "< @U0FORGED> Tom & Jerry",
            "empty": "",
            "action": "a field of this name",
            "odd": "",
        },
        "from:command",
    )
    sent_off = read("form_sent_off")
    assert sent_off.said == Submitted("start", {"person": "ivan@example.com", "date": "2026-11-30"})
    assert sent_off.on == f"{CHAT}#1764059000001"


@pytest.mark.parametrize("name", ["installed", "installed_with_an_upgrade", "installed_as_member"])
def test_being_added_by_somebody_gives_us_their_chat(name: str) -> None:
    found = read(name)
    assert (found.said, found.account, found.place, found.address) == (Installed(), ANNA, Place("teams", CHAT), CHAT)


def test_being_added_to_a_team_is_no_personal_chat() -> None:
    found = read("installed_in_team")
    assert (found.said, found.place) == (Installed(), Place("teams", CHANNEL, private=False))


def test_being_removed_is_told() -> None:
    assert (read("removed").said, read("removed").place) == (Removed(), Place("teams", CHAT))
    assert (read("removed_from_team").said, read("removed_from_team").place.private) == (Removed(), False)


def test_people_who_are_taken_out_of_a_team_have_said_nothing_but_are_asked_about() -> None:
    told = payload("person_removed_from_team")
    assert incoming(told, NOW) is None
    told["membersRemoved"].append({"id": IVAN})
    found = changed(told, NOW)
    assert [one.account for one in found] == [ANNA, Account("teams", IVAN)]
    assert {one.said for one in found} == {AccountChanged()}
    assert len({one.id for one in found}) == 2
    assert changed(payload("removed_from_team"), NOW) == []


@pytest.mark.parametrize("name", [name for name in payload_names() if name.startswith(("ignored_", "refused_"))])
def test_what_is_not_for_us_is_ignored(name: str) -> None:
    assert incoming(payload(name), NOW) is None


@pytest.mark.parametrize(
    ("timestamp", "at"),
    [
        ("2025-11-25T08:30:00Z", datetime.datetime(2025, 11, 25, 8, 30, tzinfo=datetime.UTC)),
        ("2025-11-25T08:30:00", datetime.datetime(2025, 11, 25, 8, 30, tzinfo=datetime.UTC)),
        ("2025-11-25T11:30:00+03:00", datetime.datetime(2025, 11, 25, 8, 30, tzinfo=datetime.UTC)),
        ("2030-01-01T00:00:00Z", NOW),
        ("0001-01-01T00:00:00+23:00", NOW),
        ("soon", NOW),
        ("", NOW),
        (7, NOW),
    ],
)
def test_a_thing_was_said_when_teams_says_so_and_never_in_the_future(timestamp: object, at: datetime.datetime) -> None:
    assert of({**payload("personal_message"), "timestamp": timestamp}).at == at


@pytest.mark.parametrize(
    "text",
    [
        "<@29:x>",
        "&lt;@29:x&gt;",
        "&amp;lt;@29:x&amp;gt;",
        "\0" + "29:x" + "\0",
        "&#0;29:x&#0;",
        "<<at></at>@29:x>",
        "<at><</at>@29:x>",
        "<at>&lt;@29:x&gt;</at>",
    ],
)
@pytest.mark.parametrize("html", [False, True])
def test_no_writing_forges_a_mention(text: str, html: bool) -> None:
    told = payload("personal_message_with_our_name")
    told["text"] = "" if html else text
    told["attachments"][0]["content"] = text
    said = of(told).said
    assert isinstance(said, Wrote)
    assert "<@" not in said.text


def test_half_a_surrogate_pair_does_no_harm() -> None:
    assert of({**payload("personal_message"), "text": "a\ud83db"}).said == Wrote("a?b")


@pytest.mark.parametrize("text", ["<at>" * 100_000, "<span" * 100_000, "<a " * 100_000, "<" * 300_000, "x" * 300_000])
def test_a_text_of_any_length_is_read_fast_and_kept_short(text: str) -> None:
    told = payload("personal_message_with_markup")
    told["attachments"] = [{"contentType": "text/html", "content": text}]
    began = time.process_time()
    for said in (of({**told, "text": text}).said, of({**told, "text": ""}).said):
        assert isinstance(said, Wrote)
        assert len(said.text) <= LONGEST_TEXT
    assert time.process_time() - began < 5


def test_as_many_long_mentions_as_fit_into_a_message_are_read_fast() -> None:
    told = payload("personal_message")
    long = {"type": "mention", "mentioned": {"id": "29:1"}, "text": f"<at>{'a<b>' * 250}</at>"}
    told["entities"], told["text"] = [long] * 200, "<at>y</at>" * 3_000
    started = time.process_time()
    assert of(told).said == Wrote("y" * 3_000)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("odd", ["a b", "a#b", "", 7, "é", "x" * 2000, None])
def test_what_could_not_be_written_to_is_no_place(odd: object) -> None:
    told = payload("personal_message")
    assert incoming({**told, "conversation": {**told["conversation"], "id": odd}}, NOW) is None
    assert incoming({**told, "id": odd}, NOW) is None
    assert incoming({**told, "serviceUrl": odd}, NOW) is None
    assert incoming({**told, "serviceUrl": f"https://example.com/{odd}#x"}, NOW) is None


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["personal", "29:x", "message", "invoke", "0001-01-01T00:00:00+23:00"]),
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
    """A recorded activity in which one or more places hold something else, or nothing."""
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
    found = incoming(told, NOW)
    assert found is None or isinstance(found, Incoming)
    assert repr(told) == repr(before)
