"""What people see of a page, whatever its markup is."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.confluence.anchors import Anchors
from adapters.confluence.effort import Unreadable
from adapters.confluence.storage_markup import LONGEST_BODY
from adapters.confluence.storage_text import LONGEST_TEXT, MOST_SECTIONS, sections
from bot.answers.document import Section
from tests.generated import examples


def read(body: str) -> tuple[Section, ...]:
    return sections(body, Anchors("My Page", cloud=True))


def text(body: str) -> str:
    return "\n\n".join(part for section in read(body) for part in (section.heading, section.text) if part)


def macro(name: str, inside: str = "", **parameters: str) -> str:
    named = "".join(f'<ac:parameter ac:name="{key}">{value}</ac:parameter>' for key, value in parameters.items())
    return f'<ac:structured-macro ac:name="{name}" ac:schema-version="1">{named}{inside}</ac:structured-macro>'


def rich(inside: str) -> str:
    return f"<ac:rich-text-body>{inside}</ac:rich-text-body>"


def code(inside: str) -> str:
    return f"<ac:plain-text-body><![CDATA[{inside}]]></ac:plain-text-body>"


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ("", ""),
        ("just text", "just text"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<p>one <strong>bold</strong>\n  two</p>", "one bold two"),
        ("<p>one<br/>two</p>", "one\ntwo"),
        ("<p>R&D &amp; me &lt;b&gt; &nbsp;&mdash;&ouml; &#1078;&#x416; &unknown;</p>", "R&D & me <b> —ö жЖ &unknown;"),
        ("<p>ze\u200bro wid\u00adth\ufeff and&nbsp;hard\u00a0space</p>", "zero width and hard space"),
        ("<p>before</p><ul><li>a</li><li><p>b</p></li></ul><p>after</p>", "before\n\na\nb\n\nafter"),
        ("<ol><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li>d</li></ol>", "a\nb\nc\nd"),
        ("<ul><li><p>one</p><p>two</p></li></ul>", "one two"),
        (
            "<table><tbody><tr><th>City</th><th>Room</th></tr><tr><td>Moscow</td><td><p>1</p><p>2</p></td></tr>"
            "<tr><td>Perm</td><td/></tr></tbody></table>",
            "City: Moscow; Room: 1 2\nCity: Perm",
        ),
        ("<table><tr><th>Wi-Fi</th><td>guest</td><td>secret</td></tr></table>", "Wi-Fi: guest; secret"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a; b"),
        ("<table><tr><th>alone</th><th>here</th></tr></table>", "alone; here"),
        (
            '<table><tr><th>City</th><th>Room</th></tr><tr><td rowspan="2">Perm</td><td>1</td></tr>'
            "<tr><td>2</td></tr></table>",
            "City: Perm; Room: 1\nCity: Perm; Room: 2",
        ),
        (
            '<table><tr><th colspan="2">Who</th><th>Desk</th></tr>'
            "<tr><td>Anna</td><td>Ivanova</td><td>7</td></tr></table>",
            "Who: Anna; Ivanova; Desk: 7",
        ),
        ("<table><tr><td>a<table><tr><td>b</td></tr></table></td><td><ul><li>c</li></ul></td></tr></table>", "a b; c"),
        (
            macro("code", code("if a < b:\n    go(&nbsp;)\n"), language="py", title="Run"),
            "Run\n\nif a < b:\n    go(&nbsp;)",
        ),
        ("<pre>one\n  two</pre>", "one\n  two"),
        (macro("expand", rich("<p>inside</p>"), title="More"), "More\n\ninside"),
        (
            macro("info", rich("<p>inside</p>")) + macro("panel", rich("other"), title="T", bgColor="#fff"),
            "inside\n\nT\n\nother",
        ),
        (macro("toc", maxLevel="2") + macro("children") + macro("include", "", page="x") + "end", "end"),
        (f"<p>It is {macro('status', colour='Green', title='DONE')}now</p>", "It is DONE now"),
        (f"<p>Like {macro('jira', server='Jira', key='ONB-1')}.</p>", "Like ONB-1."),
        (macro("excerpt", rich("<p>shown</p>")) + macro("excerpt", rich("<p>not</p>"), hidden="true"), "shown"),
        (macro("html", code("<b>markup</b>")) + macro("plantuml", code("A -> B")) + "end", "end"),
        (
            "<ac:layout><ac:layout-section><ac:layout-cell><p>left</p></ac:layout-cell><ac:layout-cell><p>right</p>"
            "</ac:layout-cell></ac:layout-section></ac:layout>",
            "left\n\nright",
        ),
        (
            "<ac:task-list><ac:task><ac:task-id>7</ac:task-id><ac:task-status>incomplete</ac:task-status>"
            "<ac:task-body><span>Call</span></ac:task-body></ac:task><ac:task><ac:task-body>Write</ac:task-body>"
            "</ac:task></ac:task-list>",
            "Call\nWrite",
        ),
        (
            '<p>See <ac:link><ri:page ri:content-title="VPN"/></ac:link>, <ac:link><ri:page ri:content-title="x"/>'
            "<ac:plain-text-link-body><![CDATA[the R&D]]></ac:plain-text-link-body></ac:link> and "
            '<a href="https://example.com">this</a></p>',
            "See VPN, the R&D and this",
        ),
        (
            '<p>Hi <ac:link><ri:user ri:account-id="7"/></ac:link><ac:emoticon ac:name="smile"/>!'
            '<ac:image ac:alt="a cat"><ri:attachment ri:filename="cat.png"/></ac:image></p>',
            "Hi !",
        ),
        ('<p>Until <time datetime="2026-11-24"/></p><ac:placeholder>Type here</ac:placeholder>', "Until 2026-11-24"),
        (
            '<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">note</ac:adf-attribute>'
            "<ac:adf-content><p>once</p></ac:adf-content></ac:adf-node><ac:adf-fallback><p>once</p></ac:adf-fallback>"
            "</ac:adf-extension>",
            "once",
        ),
        ("<script>alert('x')</script><style>p {}</style><p>seen</p><!-- not -->", "seen"),
        ("<p>one<p>two<br>three<div>four</p></div></body>five", "one\n\ntwo\nthree\n\nfour\n\nfive"),
        ("<ul><li>a<li>b</ul>c &copy; <img src=x alt='no'> <b>d", "a\nb\n\nc © d"),
        ("1 < 2 and <3 <p class=a>x</p>", "1 < 2 and <3\n\nx"),
        ('<p><SCRIPT>no</p></SCRIPT>yes <foo:bar x="1">k</foo:bar></P>', "yes k"),
        ("</root><p>after</root></p>", "after"),
    ],
)
def test_the_words_that_people_see_are_read(body: str, seen: str) -> None:
    assert text(body) == seen


def test_headings_begin_sections() -> None:
    body = (
        "<p>intro</p><h1>One <em>two</em></h1><p>a</p><h2> </h2><h3>Пароль &amp; почта (new)</h3>"
        "<h1>One two</h1><p>b</p>"
    )
    assert read(body) == (
        Section("", "", "intro"),
        Section("One two", "One-two", "a"),
        Section(
            "Пароль & почта (new)",
            "%D0%9F%D0%B0%D1%80%D0%BE%D0%BB%D1%8C-%26-%D0%BF%D0%BE%D1%87%D1%82%D0%B0-%28new%29",
            "",
        ),
        Section("One two", "One-two.1", "b"),
    )


def test_data_center_sets_the_title_before_the_heading_and_leaves_spaces_out() -> None:
    anchors = Anchors("My  Page", cloud=False)
    assert [anchors.of(heading) for heading in ("One two", "One  two", "Other")] == [
        "MyPage-Onetwo",
        "MyPage-Onetwo.1",
        "MyPage-Other",
    ]


TAGS = st.sampled_from(
    [
        *("p", "div", "span", "b", "h1", "h3", "ul", "ol", "li", "table", "tbody", "tr", "td", "th", "pre", "section"),
        *("ac:layout", "ac:layout-cell", "ac:task-list", "ac:task", "ac:task-body", "ac:rich-text-body", "ac:link"),
        *("ac:structured-macro", "ac:link-body", "ac:adf-extension", "ac:adf-content", "foo:x"),
    ]
)
WORDS = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=8)


@st.composite
def markup(draw: st.DrawFn) -> tuple[list[str], str]:
    """Words, and a body with all of them in any nesting of tags."""
    words: list[str] = []

    def piece(depth: int) -> str:
        if depth == 0 or draw(st.booleans()):
            words.append(f"w{len(words)}{draw(WORDS)}")
            return f" {words[-1]} "
        tag = draw(TAGS)
        inside = "".join(piece(depth - 1) for _ in range(draw(st.integers(0, 3))))
        return f"<{tag}>{inside}</{tag}>"

    return words, "".join(piece(6) for _ in range(draw(st.integers(1, 4))))


@given(markup())
@examples(300)
def test_no_nesting_of_tags_loses_a_word(made: tuple[list[str], str]) -> None:
    words, body = made
    seen = text(body).split()
    for word in words:
        assert any(word in one for one in seen), word


SHARDS = [
    *("<", ">", "</", "/>", "&", ";", '"', "<!--", "-->", "<![CDATA[", "]]>", "<?", "<p>", "</p>", "<td>", "&amp"),
    *("<ac:structured-macro ac:name='code'>", "<!DOCTYPE a [", "&#0;", "&#xD800;", "</root>", "<script>", "<table"),
    *("<tr>", "<td rowspan='9' colspan='9'>", "<h1>", "xmlns:ac='x'", "<a ri:b=1 ri:b=2>"),
]


@given(st.lists(st.one_of(st.text(max_size=20), st.sampled_from(SHARDS)), max_size=30))
@examples(500)
def test_no_text_at_all_raises(pieces: list[str]) -> None:
    for section in read("".join(pieces)):
        (section.heading + section.anchor + section.text).encode()


def test_words_stay_however_deep_they_are() -> None:
    body = "<div>" * 5000 + "deep" + "</div>" * 5000 + "<p>after</p>"
    assert text(body).split() == ["deep", "after"]


BOMB = (
    '<!DOCTYPE b [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    "<p>&b; &f; seen</p>"
)


@pytest.mark.parametrize("body", [BOMB, f'<?xml version="1.0"?>{BOMB}', f"<p>x</p>{BOMB}"])
def test_nothing_that_a_body_defines_is_taken(body: str) -> None:
    seen = text(body)
    assert "seen" in seen
    assert "root:" not in seen
    assert seen.count("haha") <= 1


@pytest.mark.parametrize(
    "piece",
    [
        "<p>some words &amp; more</p>",
        "<a ",
        "<![CDATA[",
        "<!--",
        "&a;",
        "<p>",
        "<script>",
        '<p a="x>',
        "<li>",
        "<h1>a</h1>",
        "<table><tr><td>a</td></tr></table>",
        '<td rowspan="99" colspan="99">a',
        '<ac:link><ri:page ri:content-title="a"/>',
        "<ac:adf-extension><ac:adf-fallback/>",
        '<ac:structured-macro ac:name="info"><ac:parameter ac:name="q"/>',
        "</p>",
        '<table><tr><td rowspan="99" colspan="99">a</td></tr>',
        '<ac:link><ri:page ri:content-title="a"/></ac:link>',
    ],
)
def test_of_ten_megabytes_as_much_is_read_as_may_be(piece: str) -> None:
    found: tuple[Section, ...] = ()
    with contextlib.suppress(Unreadable):
        found = read(piece * (10_000_000 // len(piece)))
    assert sum(len(section.text) for section in found) <= LONGEST_TEXT * 1.5


def test_cells_that_reach_far_in_both_directions_do_not_make_a_table_endless() -> None:
    row = '<tr><td rowspan="99" colspan="99">a</td></tr>'
    began = time.process_time()
    assert text(f"<table>{row * 20_000}</table>").endswith("\na")
    assert time.process_time() - began < 20


def test_headings_without_end_are_text_in_the_end() -> None:
    found = sections("<h1>a</h1>b" * 50_000, Anchors("Ж" * 250, cloud=False))
    assert len(found) == MOST_SECTIONS + 1
    assert found[-1].text.endswith("a\n\nb")
    assert all(len(section.anchor) <= 2000 for section in found)


@pytest.mark.parametrize("heading", ["Ж" * 400, "a" * 1_000_000])
def test_a_fragment_that_nothing_would_open_is_none(heading: str) -> None:
    (found,) = read(f"<h1>{heading}</h1>")
    assert found.anchor == ""
    assert found.heading


def test_of_a_long_body_the_beginning_is_read() -> None:
    seen = text("<p>first</p>" + "<p>more words</p>" * (2 * LONGEST_BODY // 17))
    assert seen.startswith("first\n\nmore words\n\n")
    assert seen.endswith("more words")


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("<th>alone</th><tr></tr>", "alone"),
        ("<tr><th>a</th><th>b</th></tr><tr><td>x</td></tr>", "b\na: x"),
        ("<tr></tr><tr><th>a</th></tr><tr><td>x</td></tr>", "a: x"),
    ],
)
def test_a_header_with_nothing_below_it_is_a_line(table: str, expected: str) -> None:
    assert text(f"<table>{table}</table>") == expected


def test_labels_of_a_table_do_not_make_a_page_endless() -> None:
    row = "<tr><td>a</td></tr>"
    body = f"<table><tr><th>{'x' * 99}</th></tr>{row * 40_000}</table>"
    assert len(text(body)) <= LONGEST_TEXT * 1.2


def test_a_page_of_ordinary_size_takes_little() -> None:
    body = "<h2>Heading</h2><p>Some <strong>words</strong> here.</p><ul><li>one</li><li>two</li></ul>" * 50
    began = time.process_time()
    read(body)
    assert time.process_time() - began < 2
