"""What we say is within Slack's limits whatever it is made of, says what it should, and shows nothing as markup."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.forms import answer_to_command, answer_to_submission, modal
from adapters.slack.mrkdwn import bold, clipped, link, literal, pieces
from adapters.slack.render import home_view, message_body
from bot.message import Button, Fact, Field, Form, Home, Item, Link, Message, Option, Progress, Reply
from sandbox.slack.blocks import check_blocks, check_view
from tests.adapters.slack.kit import say
from tests.generated import examples

DONE = Button("done", "j1/badge", "Done")


def shown(value: Any) -> str:
    """Everything that can be read in blocks."""
    if isinstance(value, dict):
        own = value["text"] if isinstance(value.get("text"), str) else ""
        return "\n".join(filter(None, (own, *(shown(part) for name, part in value.items() if name != "value"))))
    return "\n".join(filter(None, map(shown, value))) if isinstance(value, list) else ""


def kinds(body: dict[str, Any]) -> list[str]:
    return [block["type"] for block in body["blocks"]]


def test_a_plan_is_text_progress_facts_steps_links_and_buttons() -> None:
    body = message_body(
        Message(
            "Your first week",
            facts=(Fact("Manager", "Olga"), Fact("Start", "30 November")),
            progress=Progress(2, 4),
            items=(
                Item("a", "Sign the contract", "done"),
                Item("b", "Meet the team", "done", note="Friday"),
                Item("c", "Get a badge", "overdue", "due yesterday", "At the reception", button=DONE),
                Item("d", "First project", "waiting"),
            ),
            links=(Link("Wiki", "https://wiki.example.com"),),
            buttons=(Button("help", "", "Help"),),
        ),
        say,
    )
    check_blocks(body["blocks"])
    assert body["text"] == "Your first week"
    assert kinds(body) == ["section", "context", "section", "section", "section", "section", "section", "actions"]
    text, progress, facts, done, badge, waiting, links, _ = body["blocks"]
    assert text["text"]["text"] == "Your first week"
    assert progress["elements"][0]["text"] == "▰▰▰▰▰▱▱▱▱▱  2 / 4"
    assert facts["fields"][0]["text"] == "*Manager*\nOlga"
    assert done["text"]["text"] == "✅  Sign the contract\n✅  Meet the team  ·  Friday"
    assert badge["text"]["text"] == "⏰  *Get a badge*\ndue yesterday\nAt the reception"
    assert badge["accessory"]["action_id"] == "done"
    assert badge["accessory"]["value"] == "j1/badge"
    assert badge["accessory"]["accessibility_label"] == "Done: Get a badge"
    assert waiting["text"]["text"] == "▫️  First project"
    assert links["text"]["text"] == "<https://wiki.example.com|Wiki>"


def test_a_long_plan_keeps_every_button_that_fits_and_counts_what_it_cannot_name() -> None:
    items = tuple(Item(str(n), f"Step {n} " + "x" * 80, "open", button=DONE) for n in range(400))
    body = message_body(Message("Plan", items=items, buttons=(Button("help", "", "Help"),)), say)
    check_blocks(body["blocks"])
    assert len(body["blocks"]) == 50
    assert kinds(body)[-1] == "actions"
    assert "Step 60 " in shown(body["blocks"])
    assert "… +" in shown(body["blocks"])


def test_a_plan_with_too_much_to_read_keeps_its_buttons_and_drops_the_texts() -> None:
    items = tuple(Item(str(n), f"Step {n}", "open", "due Friday", "x" * 500, button=DONE) for n in range(40))
    body = message_body(Message("Plan", items=items), say)
    check_blocks(body["blocks"])
    assert sum("accessory" in block for block in body["blocks"]) == 40
    assert "xxx" not in shown(body["blocks"])


def test_two_hundred_done_steps_are_lines_of_a_few_blocks() -> None:
    items = tuple(Item(str(n), f"Step {n}", "done") for n in range(200))
    body = message_body(Message("Plan", items=items), say)
    assert len(body["blocks"]) < 4
    assert all(f"Step {n}" in shown(body["blocks"]) for n in range(200))


def test_what_the_buttons_are_for_stands_right_above_them() -> None:
    body = message_body(
        Message("Yes.", links=(Link("Wiki", "https://wiki.example.com"),), buttons=(DONE,), prompt="Not this?"), say
    )
    check_blocks(body["blocks"])
    assert kinds(body) == ["section", "section", "context", "actions"]
    assert "Not this?" in shown(body["blocks"])
    assert kinds(message_body(Message("Yes.", buttons=(DONE,)), say)) == ["section", "actions"]


def test_buttons_of_one_action_are_told_apart() -> None:
    body = message_body(Message("Which?", buttons=tuple(Button("done", str(n), str(n)) for n in range(7))), say)
    check_blocks(body["blocks"])
    first, second = (row["elements"] for row in body["blocks"][1:])
    assert [one["action_id"] for one in first] == ["done", "done:2", "done:3", "done:4", "done:5"]
    assert [one["action_id"] for one in second] == ["done", "done:2"]


def test_nothing_that_people_write_is_markup() -> None:
    evil = "<!channel> <@U1> *bold* _it_ `code`\n> quote & <https://evil.example|bank>"
    text = message_body(Message(evil), say)["blocks"][0]["text"]["text"]
    assert "<" not in text
    assert ">" not in text.replace("&gt;", "")
    assert "&lt;!channel&gt; &lt;@U1&gt;" in text
    assert "*\u200bbold*" in text
    assert "\n\u200b&gt; quote &amp;" in text


def test_addresses_and_names_stay_as_they_are_to_be_copied() -> None:
    assert literal("https://x.example/_next/~ann/a_b?q=* snake_case ann_b@x.example 2*3*4") == (
        "https://x.example/_next/~ann/a_b?q=* snake_case ann_b@x.example 2*3*4"
    )


def test_addresses_in_an_answer_are_left_for_slack_to_make_links_of() -> None:
    text = "Откройте https://vpn.example.com/a_b?x=1&y=2, затем напишите на hr@example.com."
    item = Item("a", "VPN", "open", text=text, button=Button("done", "a", "Done"))
    body = message_body(Message(text, facts=(Fact("Где", text),), items=(item,)), say)
    assert str(body["blocks"]).count("https://vpn.example.com/a_b?x=1&amp;y=2, затем напишите на hr@example.com.") == 3
    assert "verbatim" not in str(body), "with it Slack would make no links"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://x.example/" + "a" * 2000])
def test_a_link_that_leads_nowhere_good_is_only_its_name(url: str) -> None:
    assert link(url, "Read me") == "Read me"


def test_a_link_cannot_be_broken_out_of() -> None:
    assert (
        link("https://x.example/a|b>c d?e=1&f=2", "A > B") == "<https://x.example/a%7Cb%3Ec%20d?e=1&amp;f=2|A &gt; B>"
    )


def test_a_cut_never_goes_through_an_escaped_character() -> None:
    assert clipped("ab&amp;cd", 5) == "ab…"
    assert clipped("ab&amp;cd", 8) == "ab&amp;…"
    assert clipped("ab", 2) == "ab"
    assert bold("a*b\nc", 20) == "*a∗b c*"


def test_a_text_is_split_between_lines_then_between_words() -> None:
    assert pieces("aaa bbb\nccc ddd", 10, 3) == ["aaa bbb", "ccc ddd"]
    assert pieces("aaa bbb ccc", 8, 3) == ["aaa bbb", "ccc"]
    assert pieces("a" * 25, 10, 2) == ["a" * 10, "a" * 9 + "…"]


def test_a_message_of_nothing_can_still_be_posted() -> None:
    body = message_body(Message(" "), say)
    check_blocks(body["blocks"])
    assert body["text"] == "…"


def test_a_home_of_many_plans_shows_each() -> None:
    plan = tuple(Item(str(n), f"Step {n}", "open", button=DONE) for n in range(30))
    view = home_view(Home(tuple(Message(f"Plan {n}", items=plan) for n in range(20))), say)
    check_view(view)
    assert all(f"Plan {n}" in shown(view) for n in range(20))


def test_a_long_section_of_a_home_has_what_short_ones_leave() -> None:
    text = "x" * 600
    todo = tuple(Item(f"step-{n}", f"Step {n}", "open", text=text) for n in range(8))
    short = (Message("Anna: 2 of 18", progress=Progress(2, 18)),) * 25
    view = home_view(Home((Message("Waits for you", items=todo), Message("My team"), *short)), say)
    check_view(view)
    assert (shown(view).count(text), shown(view).count("Anna: 2 of 18")) == (8, 25)


def test_a_home_of_too_many_plans_counts_the_rest() -> None:
    view = home_view(Home(tuple(Message(f"Plan {n}") for n in range(150))), say)
    check_view(view)
    assert "Plan 98" in shown(view)
    assert "… +51" in shown(view)


def form(**more: Any) -> Form:
    return Form("start", "Start an onboarding for somebody", "Start", (Field("date", "When?", **more),), "c")


def test_a_form_is_a_modal_whose_blocks_are_named_after_its_fields() -> None:
    view = modal(form(kind="date", value="2026-11-30", hint="A working day"), say)
    check_view(view)
    block = view["blocks"][0]
    assert (view["callback_id"], view["private_metadata"]) == ("start", "c")
    assert view["title"]["text"] == "Start an onboarding for…"
    assert block["block_id"] == block["element"]["action_id"] == "date"
    assert block["element"]["initial_date"] == "2026-11-30"
    assert block["hint"]["text"] == "A working day"


@pytest.mark.parametrize(
    ("more", "element"),
    [
        ({"kind": "text", "value": "x"}, {"type": "plain_text_input", "multiline": False, "initial_value": "x"}),
        ({"kind": "long"}, {"type": "plain_text_input", "multiline": True}),
        ({"kind": "person", "value": "<@U1>"}, {"type": "users_select", "initial_user": "U1"}),
        ({"kind": "person", "value": "Ann"}, {"type": "users_select"}),
        ({"kind": "date", "value": "soon"}, {"type": "datepicker"}),
        ({"kind": "choice"}, {"type": "plain_text_input", "multiline": False}),
    ],
)
def test_each_kind_of_field_has_its_input(more: dict[str, Any], element: dict[str, Any]) -> None:
    view = modal(form(**more), say)
    check_view(view)
    assert view["blocks"][0]["element"] == {**element, "action_id": "date"}


def test_a_choice_shows_what_is_chosen() -> None:
    options = (Option("a", "First"), Option("b", "Second"), Option("", "Nothing"), Option("x" * 151, "Long"))
    view = modal(form(kind="choice", value="b", options=options), say)
    check_view(view)
    element = view["blocks"][0]["element"]
    assert [option["value"] for option in element["options"]] == ["a", "b"]
    assert element["initial_option"]["text"]["text"] == "Second"


def test_a_command_is_answered_to_its_writer_alone() -> None:
    body = answer_to_command(Reply("en", Message("Started")), say)
    assert body is not None
    assert (body["response_type"], body["text"]) == ("ephemeral", "Started")
    assert answer_to_command(Reply("en"), say) is None


def test_a_form_is_answered_with_errors_or_with_a_message_in_its_place() -> None:
    assert answer_to_submission(Reply("en", errors={"date": "When?"}), "Start", say) == {
        "response_action": "errors",
        "errors": {"date": "When?"},
    }
    told = answer_to_submission(Reply("en", Message("Started")), "Start", say)
    assert told is not None
    check_view(told["view"])
    assert told["response_action"] == "update"
    assert answer_to_submission(Reply("en"), "Start", say) is None


TEXTS = st.one_of(
    st.text(max_size=40),
    st.builds(
        lambda text, times: text * times, st.sampled_from(["&", "<b> ", "слово ", "👩‍🚀", "a\n"]), st.integers(0, 4000)
    ),
)
SHORT = st.text(max_size=300) | st.just("done")
BUTTONS = st.builds(
    Button, SHORT, st.sampled_from(["", "v" * 2001, "j1/a"]), TEXTS, st.sampled_from(["plain", "primary"])
)
LINKS = st.builds(Link, TEXTS, st.sampled_from(["https://x.example/a b|c>", "nowhere", "https://x/" + "a" * 3000]))
ITEMS = st.builds(
    Item,
    SHORT,
    TEXTS,
    st.sampled_from(["waiting", "open", "overdue", "done", "skipped"]),
    st.none() | TEXTS,
    st.none() | TEXTS,
    st.lists(LINKS, max_size=4).map(tuple),
    st.none() | BUTTONS,
)
MESSAGES = st.builds(
    Message,
    TEXTS,
    st.lists(st.builds(Fact, TEXTS, TEXTS), max_size=25).map(tuple),
    st.none() | st.builds(Progress, st.integers(-5, 50), st.integers(-5, 50)),
    st.lists(ITEMS, max_size=8).flatmap(lambda few: st.integers(1, 15).map(lambda times: tuple(few * times))),
    st.lists(LINKS, max_size=30).map(tuple),
    st.lists(BUTTONS, max_size=30).map(tuple),
)
FIELDS = st.builds(
    Field,
    st.uuids().map(str),
    TEXTS,
    st.sampled_from(["text", "long", "person", "date", "choice"]),
    TEXTS,
    st.lists(st.builds(Option, TEXTS, TEXTS), max_size=5).map(tuple),
    st.booleans(),
    st.none() | TEXTS,
)


@examples(60)
@given(MESSAGES)
def test_any_message_is_within_the_limits(message: Message) -> None:
    body = message_body(message, say)
    check_blocks(body["blocks"])
    assert 0 < len(body["text"]) <= 4000


@examples(15)
@given(st.lists(MESSAGES, max_size=4).flatmap(lambda few: st.integers(1, 8).map(lambda times: tuple(few * times))))
def test_any_home_is_within_the_limits(sections: tuple[Message, ...]) -> None:
    check_view(home_view(Home(sections), say))


@examples(60)
@given(
    st.builds(Form, st.just("start"), TEXTS, TEXTS, st.lists(FIELDS, min_size=1, max_size=120).map(tuple), st.just("c"))
)
def test_any_form_is_within_the_limits(made: Form) -> None:
    check_view(modal(made, say))
