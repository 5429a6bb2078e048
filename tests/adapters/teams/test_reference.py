"""What names a conversation or a message can be written down and read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.reference import Conversation, Sent

SERVICE = "https://smba.trafficmanager.net/emea/7e7e7e7e-1111-4222-8333-444455556666"
CHANNEL = Conversation(SERVICE, "19:general@thread.tacv2")
ids = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="#;"), min_size=1)


@given(ids, ids, st.none() | ids)
def test_what_was_written_down_is_read_again(conversation: str, activity: str, thread: str | None) -> None:
    where = Conversation(SERVICE, conversation).in_thread(thread)
    assert Conversation.of(where.text) == where
    assert Sent.of(Sent(where, activity).ref) == Sent(where, activity)
    assert where.thread == thread
    assert where.whole == Conversation(SERVICE, conversation)


def test_a_message_in_a_thread_is_named_with_it() -> None:
    sent = Sent(CHANNEL.in_thread("1764057660000"), "1764057670000")
    assert sent.ref == f"{SERVICE}#19:general@thread.tacv2;messageid=1764057660000#1764057670000"


def test_a_thread_of_a_thread_is_a_thread_of_the_conversation() -> None:
    assert CHANNEL.in_thread("1").in_thread("2") == CHANNEL.in_thread("2")
    assert CHANNEL.in_thread("1").in_thread(None) == CHANNEL


@pytest.mark.parametrize("text", ["", "#", "D0ANNA", "https://a#", "#19:a", "https://a#19:a#1"])
def test_what_names_no_conversation_is_not_read_as_one(text: str) -> None:
    with pytest.raises(ValueError, match="conversation"):
        Conversation.of(text)


@pytest.mark.parametrize("ref", ["", "D0ANNA:1", "https://a#19:a", "https://a#19:a#", "a#b#c#d"])
def test_what_names_no_message_is_not_read_as_one(ref: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        Sent.of(ref)
