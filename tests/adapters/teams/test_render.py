"""What we say is within Teams' limits whatever it is made of, says what it should, and shows nothing as markup."""

import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams import card
from adapters.teams.forms import form_card
from adapters.teams.markup import as_html, link, literal, unmarked
from adapters.teams.render import activity_body, card_of
from bot.message import Button, Day, Fact, Field, Form, Item, Link, Local, Message, Option, Phrase, Progress
from bot.texts import speaker
from tests.adapters.teams.cards import (
    ANCHOR,
    actions,
    addresses,
    check_activity,
    check_card,
    inputs,
    links,
    read,
    shown,
    size_in_utf_16,
)
from tests.generated import examples

DONE = Button("done", "j1 badge", Phrase("button-done"), "primary")
PLAN = Message(
    "Your first week",
    facts=(Fact("Manager", "Olga"), Fact("Start", Day(datetime.date(2026, 11, 30)))),
    progress=Progress(2, 4),
    items=(
        Item("a", "Sign the contract", "done"),
        Item("b", "Meet the team", "done", note="checked", links=(Link("ONB-1", "https://jira.example.com/ONB-1"),)),
        Item("c", "Get a badge", "overdue", "due yesterday", "At the reception.\nBring a photo.", button=DONE),
        Item("d", "First project", "waiting"),
    ),
    links=(Link("Wiki", "https://wiki.example.com"),),
    buttons=(Button("help", "", Phrase("button-help")),),
)
say = speaker("en")


def types(body: list[dict[str, Any]]) -> list[str]:
    return [element["type"] for element in body]


def test_what_is_only_text_is_a_text() -> None:
    body = activity_body(Message("Tea & <b>cake</b>\nat four"), say)
    check_activity(body)
    assert body == {
        "type": "message",
        "textFormat": "xml",
        "text": "Tea &amp; &lt;b&gt;cake&lt;/b&gt;<br/>at four",
        "summary": "Tea & <b>cake</b>",
    }


def test_a_plan_is_text_progress_facts_steps_links_and_buttons() -> None:
    body = activity_body(PLAN, say)
    check_activity(body)
    assert body["summary"] == "Your first week"
    assert body["attachments"][0]["content"] == card_of(PLAN, say)
    assert read(body).splitlines() == [
        "Your first week",
        "▰▰▰▰▰▱▱▱▱▱  2 / 4",
        "Manager",
        "Olga",
        "Start",
        "Mon, 30 November",
        "✅  Sign the contract",
        "✅  Meet the team  ·  checked",
        "ONB-1",
        "⏰  Get a badge",
        "due yesterday",
        "At the reception.",
        "Bring a photo.",
        "Done",
        "▫️  First project",
        "Wiki",
        "Help",
    ]


def test_a_card_alone_is_what_an_invoke_answers_also_when_it_is_only_text() -> None:
    shown_alone = card_of(Message("Done, thank you."), say)
    check_card(shown_alone)
    assert shown(shown_alone) == "Done, thank you."


def test_a_button_changes_the_card_and_is_a_message_for_old_clients() -> None:
    badge, help_ = actions(card_of(PLAN, say))
    assert badge["verb"] == "press"
    assert badge["data"] == badge["fallback"]["data"] == {"action": "done", "value": "j1 badge"}
    assert badge["tooltip"] == "Done: Get a badge"
    assert "style" not in badge
    assert help_["title"] == "Help"


def test_the_button_of_a_message_shows_what_it_does() -> None:
    buttons = (Button("a", "", "Yes", "primary"), Button("b", "", "No", "danger"), Button("c", "", "Later"))
    made = actions(card_of(Message("Sure?", buttons=buttons), say))
    assert [one.get("style") for one in made] == ["positive", "destructive", None]


def test_what_the_buttons_are_for_stands_right_above_them() -> None:
    message = Message("Yes.", buttons=(Button("a", "", "Yes"),), prompt="Not *this*?")
    body = card_of(message, say)["body"]
    assert [element["type"] for element in body] == ["RichTextBlock", "RichTextBlock", "ActionSet"]
    assert read(activity_body(message, say)).splitlines()[1] == "Not *this*?"


def test_more_buttons_than_one_row_shows_are_several_rows() -> None:
    buttons = tuple(Button("done", str(n), str(n)) for n in range(14))
    shown_buttons = card_of(Message("Which?", buttons=buttons), say)
    check_card(shown_buttons)
    rows = [element["actions"] for element in shown_buttons["body"] if element["type"] == "ActionSet"]
    assert list(map(len, rows)) == [6, 6, 2]


@pytest.mark.parametrize("button", [Button("", "v", "x"), Button("done", "v" * 5000, "x")])
def test_a_button_that_could_not_come_back_as_what_it_is_is_left_out(button: Button) -> None:
    assert actions(card_of(Message("Sure?", buttons=(button,)), say)) == []


def test_paragraphs_are_blocks_of_their_own_and_lines_stay_lines() -> None:
    body = card_of(Message("One\ntwo\n\nthree", buttons=(DONE,)), say)["body"]
    assert types(body) == ["RichTextBlock", "RichTextBlock", "ActionSet"]
    assert body[0]["inlines"][0]["text"] == "One\ntwo"


def test_a_short_text_above_a_list_is_its_heading_and_a_sentence_is_none() -> None:
    title, sentence = (
        card_of(Message(text, items=PLAN.items), say)["body"][0]["inlines"][0] for text in ("My plan", "Here it is.")
    )
    assert title["weight"] == "bolder"
    assert "weight" not in sentence


def test_short_names_of_facts_stand_beside_their_values_and_long_ones_above() -> None:
    short = card_of(Message("x", facts=(Fact("Name", "value"),)), say)["body"]
    long = card_of(Message("x", facts=(Fact("status @name · status team, and more", "value"),)), say)["body"]
    assert types(short) == ["RichTextBlock", "ColumnSet"]
    assert types(long) == ["RichTextBlock", "Container"]


def test_links_that_are_long_stand_below_what_is_done() -> None:
    item = Item(
        "a", "Contract", "done", links=(Link("How to sign the contract when abroad or on leave", "https://x.example"),)
    )
    assert types(card_of(Message("x", items=(item,)), say)["body"]) == ["RichTextBlock", "Container"]


def test_a_plan_with_too_much_to_read_keeps_its_buttons_and_drops_the_texts() -> None:
    items = tuple(Item(str(n), f"Step {n}", "open", "due Friday", "x" * 2000, button=DONE) for n in range(40))
    body = activity_body(Message("Plan", items=items), say)
    check_activity(body)
    assert len(actions(body["attachments"][0]["content"])) == 40
    assert "xxx" not in read(body)


def test_where_not_every_step_has_room_for_its_button_each_is_still_named() -> None:
    items = tuple(Item(str(n), f"Step {n} " + "x" * 110, "open", button=DONE) for n in range(60))
    body = activity_body(Message("Plan", items=items), say)
    check_activity(body)
    assert 30 < len(actions(body["attachments"][0]["content"])) < 60
    assert all(f"Step {n} " in read(body) for n in range(60))


def test_a_long_plan_keeps_every_button_that_fits_and_counts_what_it_cannot_name() -> None:
    items = tuple(Item(str(n), f"Step {n} " + "x" * 80, "open", button=DONE) for n in range(400))
    body = activity_body(Message("Plan", items=items, buttons=(Button("help", "", "Help"),)), say)
    check_activity(body)
    lines = read(body).splitlines()
    assert lines[-1] == "Help"
    assert lines[-2].startswith("… +")
    assert len(actions(body["attachments"][0]["content"])) > 30
    assert "Step 80 " in read(body)
    named = sum("Step " in line for line in lines)
    assert lines[-2] == f"… +{400 - named}"


def test_a_hundred_done_steps_are_a_line_each() -> None:
    items = tuple(Item(str(n), f"Step {n}", "done") for n in range(100))
    body = activity_body(Message("Plan", items=items), say)
    check_activity(body)
    assert all(f"Step {n}" in read(body) for n in range(100))


def test_a_text_that_is_too_long_is_cut_and_says_so() -> None:
    for text in ("&" * 60_000, "слово " * 20_000, "👩‍🚀" * 30_000, "a\n\n" * 40_000):
        for buttons in ((), (DONE,)):
            body = activity_body(Message(text, buttons=buttons), say)
            check_activity(body)
            assert "…" in read(body)
            assert size_in_utf_16(body) > 40_000
            assert not buttons or read(body).endswith("Done")


def test_a_message_of_nothing_can_still_be_posted() -> None:
    for message in (Message(" "), Message("", buttons=(Button("", "", ""),)), Message("", progress=Progress(0, 0))):
        body = activity_body(message, say)
        check_activity(body)
        assert body["summary"] == "…"


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "RichTextBlock", "inlines": [{"type": "TextRun"}]},
        {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "x", "bold": True}]},
        {"type": "Container", "items": [{"type": "ActionSet", "actions": [{"type": "Action.Press"}]}]},
        {"type": "Input.Text", "label": "x"},
        {"type": "Header", "text": "x"},
        {"type": "TextBlock", "text": "**x**"},
        {"type": "FactSet", "facts": []},
    ],
)
def test_what_is_no_adaptive_card_is_found_out(wrong: dict[str, Any]) -> None:
    with pytest.raises((AssertionError, KeyError)):
        check_card({**card_of(Message("x"), say), "body": [wrong]})


EVIL = "**bold** _it_ `code` [bank](//www.evil.example) <at>Boss</at> <b>x</b> &lt; ~~s~~ \\*"


def test_nothing_that_people_write_is_markup() -> None:
    item = Item("a", EVIL, "open", EVIL, EVIL, button=Button("done", "x", EVIL))
    made = card_of(Message(EVIL, facts=(Fact("a", EVIL), Fact(EVIL, "b")), items=(item,)), say)
    check_card(made)
    assert links(made) == []
    assert shown(made).count(EVIL) == 6  # the button's is longer than a button may be


VPN = "Откройте https://vpn.example.com/a_b?x=1&y=2, затем напишите на it_help@example.com.\nЛогин: ivan_petrov"


def test_addresses_in_the_text_of_a_card_are_links_and_other_lines_stay_as_they_were_written() -> None:
    item = Item("a", "VPN", "open", text=VPN)
    made = card_of(Message(f"Как подключить?\n\n{VPN}", facts=(Fact("Где", VPN),), items=(item,)), say)
    check_card(made)
    assert addresses(made) == ["https://vpn.example.com/a_b?x=1&y=2", "mailto:it_help@example.com"] * 3
    assert shown(made).count("Логин: ivan_petrov") == 3
    assert "Откройте https://vpn.example.com/aˍb?x=1＆y=2, затем напишите на itˍhelp@example.com." in shown(made)


def test_addresses_in_a_plain_answer_are_links() -> None:
    body = activity_body(Message("Вот: https://vpn.example.com/?a=1&b=2 и почта hr@example.com."), say)
    check_activity(body)
    assert ANCHOR.findall(body["text"]) == [
        ("https://vpn.example.com/?a=1&amp;b=2", "https://vpn.example.com/?a=1&amp;b=2"),
        ("mailto:hr@example.com", "hr@example.com"),
    ]
    assert read(body) == "Вот: https://vpn.example.com/?a=1&b=2 и почта hr@example.com."


def test_a_link_that_somebody_writes_as_markdown_leads_where_it_says() -> None:
    made = card_of(Message("[bank](https://evil.example)", buttons=(DONE,)), say)
    check_card(made)
    assert made["body"][0]["text"] == "\u200b(bank)([https://evil.example](https://evil.example))"


@pytest.mark.parametrize("line", ["1. Откройте https://a.example", "- https://a.example", "# https://a.example"])
def test_a_line_with_an_address_opens_no_list_and_no_heading(line: str) -> None:
    first = card_of(Message(line, buttons=(DONE,)), say)["body"][0]
    assert first["type"] == "TextBlock"
    assert first["text"].startswith("\u200b")


def test_half_of_an_address_is_no_link() -> None:
    body = activity_body(Message("https://vpn.example.com/" + "a" * 100_000), say)
    check_activity(body)
    assert "<a " not in body["text"]


def test_a_text_of_nothing_but_addresses_is_shown_whole_without_links_where_there_is_no_room_for_them() -> None:
    text = "\n".join(f"https://example.com/{number:04}" for number in range(900))
    made = card_of(Message(text, buttons=(DONE,)), say)
    check_card(made)
    assert shown(made).count("https://example.com/") == 900


def test_the_label_of_a_link_leads_nowhere_else() -> None:
    assert link("https://x.example", "a](https://evil.example) **b**") == (
        "[a)(https://evil.example) ∗∗b∗∗](https://x.example)"
    )


def test_a_link_cannot_be_broken_out_of() -> None:
    assert link("https://x.example/a)b c[d]<e>\\?f=1&g=2", "A > B") == (
        "[A › B](https://x.example/a%29b%20c%5Bd%5D%3Ce%3E%5C?f=1&g=2)"
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://x.example/" + "a" * 2000])
def test_a_link_that_leads_nowhere_good_is_only_its_name(url: str) -> None:
    assert link(url, "Read me") == "Read me"


def test_a_date_that_cards_would_compute_stays_what_was_written() -> None:
    assert literal("{{DATE(2026-01-01T00:00:00Z)}} {{x}}") == "{\u200b{DATE(2026-01-01T00:00:00Z)}} {{x}}"


def test_characters_that_no_platform_takes_are_left_out() -> None:
    assert as_html("a\x00b\ud800c\x0b") == "abc".replace("c", "\ufffdc")
    assert literal("\ud83d\ude00") == "😀"
    assert unmarked("a\u202eb\nc") == "ab c"


def form(**more: Any) -> Form:
    return Form("start", "Start an onboarding", "Start", (Field("date", "When?", **more),), "c")


def test_a_form_is_inputs_and_one_button_that_sends_them_off() -> None:
    made = form_card(form(kind="date", value="2026-11-30", hint="A working day"), say)
    check_card(made)
    assert inputs(made)["date"] == {
        "type": "Input.Date",
        "value": "2026-11-30",
        "id": "date",
        "label": "When?",
        "isRequired": True,
        "errorMessage": "Please fill this in.",
    }
    (submit,) = actions(made)
    assert (submit["verb"], submit["title"], submit["style"]) == ("submit", "Start", "positive")
    assert submit["data"] == submit["fallback"]["data"] == {"form": "start", "context": "c"}
    assert "associatedInputs" not in submit
    assert shown(made).splitlines() == ["Start an onboarding", "When?", "2026-11-30", "A working day", "Start"]


@pytest.mark.parametrize(
    ("more", "element"),
    [
        ({"kind": "text", "value": "x"}, {"type": "Input.Text", "isMultiline": False, "value": "x"}),
        ({"kind": "long"}, {"type": "Input.Text", "isMultiline": True}),
        ({"kind": "person", "value": "Ann"}, {"type": "Input.Text", "placeholder": "Name or e-mail", "value": "Ann"}),
        ({"kind": "date", "value": "soon"}, {"type": "Input.Date"}),
        ({"kind": "choice"}, {"type": "Input.Text", "isMultiline": False}),
    ],
)
def test_each_kind_of_field_has_its_input(more: dict[str, Any], element: dict[str, Any]) -> None:
    made = form_card(form(required=False, **more), say)
    check_card(made)
    assert inputs(made)["date"] == {**element, "id": "date", "label": "When?"}


def test_a_choice_shows_what_is_chosen_in_the_readers_language() -> None:
    options = (Option("a", Local("Первый", "First")), Option("b", "Second"), Option("", "Nothing"))
    made = form_card(form(kind="choice", value="b", options=options), speaker("ru"))
    check_card(made)
    assert inputs(made)["date"]["choices"] == [{"title": "Первый", "value": "a"}, {"title": "Second", "value": "b"}]
    assert inputs(made)["date"]["value"] == "b"


@pytest.mark.parametrize(("done", "bar"), [(0, "▱" * 10), (1, "▰" + "▱" * 9), (18, "▰" * 9 + "▱"), (19, "▰" * 10)])
def test_the_bar_shows_the_first_step_and_is_full_only_at_the_end(done: int, bar: str) -> None:
    made = card_of(Message("Plan", progress=Progress(done, 19)), say)
    assert bar in shown(made).split()


def test_what_is_wrong_stands_below_its_field() -> None:
    made = form_card(form(error="That day is over.", hint="A working day"), say)
    check_card(made)
    assert shown(made).splitlines() == ["Start an onboarding", "When?", "That day is over.", "A working day", "Start"]


def test_a_message_that_asks_with_a_form_is_a_card_with_its_inputs() -> None:
    body = activity_body(Message("Start an onboarding", form=form()), say)
    check_activity(body)
    assert body["attachments"][0]["content"] == form_card(form(), say)


TEXTS = st.one_of(
    st.text(max_size=40),
    st.builds(
        lambda text, times: text * times,
        st.sampled_from(["&", "<b> ", "слово ", "👩‍🚀", "a\n", "\\", "[", "{{DATE("]),
        st.integers(0, 4000),
    ),
)
SHORT = st.text(max_size=300) | st.just("done")
BUTTONS = st.builds(
    Button, SHORT, st.sampled_from(["", "v" * 4001, "j1 a"]), TEXTS, st.sampled_from(["plain", "primary", "danger"])
)
URLS = ["https://x.example/a b|c>)", "nowhere", "https://x/" + "a" * 1900, "javascript:x"]
LINKS = st.builds(Link, TEXTS, st.sampled_from(URLS))
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
FORMS = st.builds(Form, st.just("start"), TEXTS, TEXTS, st.lists(FIELDS, max_size=12).map(tuple), st.just("c"))
MESSAGES = st.builds(
    Message,
    TEXTS,
    st.lists(st.builds(Fact, TEXTS, TEXTS), max_size=25).map(tuple),
    st.none() | st.builds(Progress, st.integers(-5, 50), st.integers(-5, 50)),
    st.lists(ITEMS, max_size=6).flatmap(lambda few: st.integers(1, 15).map(lambda times: tuple(few * times))),
    st.lists(LINKS, max_size=30).map(tuple),
    st.lists(BUTTONS, max_size=30).map(tuple),
    st.none() | FORMS,
)


@examples(40)
@given(MESSAGES)
def test_any_message_is_within_the_limits(message: Message) -> None:
    check_activity(activity_body(message, say))


@examples(40)
@given(FORMS)
def test_any_form_is_within_the_limits(made: Form) -> None:
    wrong = tuple(msgspec.structs.replace(field, error="wrong") for field in made.fields)
    shown_form = form_card(msgspec.structs.replace(made, fields=wrong), say)
    check_card(shown_form)
    assert size_in_utf_16(shown_form) <= card.ACTIVITY
    assert actions(shown_form)[-1]["verb"] == "submit"
