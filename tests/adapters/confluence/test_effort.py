"""No page keeps a thread busy, and what a page may cost is the same on every machine."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.confluence.anchors import Anchors
from adapters.confluence.effort import LONGEST, MOST_STEPS, Effort, Unreadable
from adapters.confluence.pages import wiki_page
from adapters.confluence.storage_text import sections
from bot.answers.document import Document, Section

FEW, MANY = 40_000, 160_000  # characters
PIECES = {
    "comments without an end": "<!-- >",
    "comments that are cut": "<!--",
    "comments with tags in them": "<!-- <b> >",
    "sections without an end": "<![CDATA[",
    "tags without an end": "<a ",
    "names without an end": "<" + "a" * 5000,
    "attributes without a value": "<p " + "b " * 1500 + ">",
    "values without an end": "<p " + 'b="' * 999 + ">",
    "tags that are not closed": "<p>x",
    "tags that were not opened": "</p>",
    "scripts without an end": "<script></script",
    "ampersands": "&",
    "entities that nobody knows": "&nothing;",
    "cells in all directions": '<td rowspan="99" colspan="99">a',
    "headings": "<h1>a</h1>",
    "tables in each other": "<table><tr><td>",
    "extensions in each other": "<ac:adf-extension><b/>",
    "macros in each other": '<ac:structured-macro ac:name="info"><ac:parameter ac:name="title">t</ac:parameter>',
    "marks upon a letter": "\u0316\u0301",
    "one word": "word",
    "spaces": " ",
}


def read(body: str, effort: Effort | None = None) -> tuple[Section, ...]:
    return sections(body, Anchors("Title", cloud=True), effort)


def cost(work: Callable[[], object]) -> float:
    """Seconds of this process alone, however busy the machine is; the least of several times."""

    def once() -> float:
        began = time.process_time()
        work()
        return time.process_time() - began

    return min(once() for _ in range(3))


def document(body: object, effort: Effort | None = None) -> Document:
    page = {"id": "7", "title": "Poison", "body": {"storage": {"value": body}}, "_links": {"webui": "/pages/7"}}
    return wiki_page(page, "https://w.example", "", cloud=True, restricted=False, effort=effort).document


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_four_times_as_much_takes_about_four_times_as_long(piece: str) -> None:
    few, many = (piece * (size // len(piece)) for size in (FEW, MANY))
    assert cost(lambda: read(many)) < 10 * max(cost(lambda: read(few)), 0.005)


def test_a_comment_with_tags_in_it_is_not_shown_where_markup_is_broken() -> None:
    (found,) = read("<p>seen</p><!-- <b>not this > nor</b> that --><p>and this<p>")
    assert found.text == "seen\n\nand this"


def test_what_follows_a_comment_without_an_end_is_read() -> None:
    (found,) = read("<p>one</p><!-- > two <p>three")
    assert found.text.split() == ["one", "two", "three"]


@pytest.mark.parametrize("clock", [lambda: 0.0, time.thread_time])
def test_a_page_with_too_much_markup_is_unreadable_after_so_many_steps(clock: Callable[[], float]) -> None:
    enough = "<b/>" * (MOST_STEPS // 3 - 1)
    read(enough, Effort(clock=clock))
    with pytest.raises(Unreadable, match="too-much-markup"):
        read(enough + "<b/>" * 2, Effort(clock=clock))


def test_a_page_that_takes_too_long_ends_with_the_next_step() -> None:
    looked: list[float] = []

    def clock() -> float:
        looked.append(LONGEST / 5)
        return sum(looked)

    with pytest.raises(Unreadable, match="too-slow"):
        read("<p>word</p>" * 40_000, Effort(clock=clock))
    assert len(looked) == 7


def test_an_unreadable_page_keeps_its_name_and_its_place() -> None:
    found = document("<b/>" * MOST_STEPS)
    assert (found.title, found.url, found.sections) == ("Poison", "https://w.example/pages/7", ())
    assert found.unreadable == "too-much-markup"


def test_a_page_whose_text_does_not_come_says_so() -> None:
    assert document(None).unreadable == "no-text"
    assert document("").unreadable == ""


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from([*PIECES.values(), "<!--", "-->", "]]>", ">", "</td>", "x"]) | st.text(max_size=5), max_size=12
    )
)
def test_no_page_makes_the_crawl_raise(pieces: list[str]) -> None:
    found = document("".join(pieces))
    assert found.unreadable in ("", "too-much-markup")
