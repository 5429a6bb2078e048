"""What people see of a page, as sections of plain text.

Paragraphs are parted by an empty line; an item of a list, a row of a table and a line of code are lines of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from lxml import etree

from adapters.confluence.anchors import Anchors
from adapters.confluence.effort import Effort
from adapters.confluence.elements import around, attribute, children, name_of, parameter, squeezed, visible
from adapters.confluence.storage_markup import tree
from adapters.confluence.tables import Cell, Row, lines, span
from bot.answers.document import Section

LONGEST_HEADING: Final = 300
LONGEST_TEXT: Final = 1_000_000  # labels of tables are repeated: a body could grow by them
MOST_SECTIONS: Final = 5_000  # headings beyond these are text

Close = Callable[[], None]

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset(
    {
        *("p", "div", "section", "article", "header", "footer", "main", "nav", "aside", "blockquote", "dl", "dt", "dd"),
        *("figure", "figcaption", "fieldset", "form", "address", "details", "summary", "center", "caption", "hr"),
        *("thead", "tbody", "tfoot", "ac:layout", "ac:layout-section", "ac:layout-cell", "ac:rich-text-body"),
        "ac:adf-content",
    }
)
_UNSEEN = frozenset(
    {
        *("script", "style", "head", "title", "noscript", "iframe", "template", "object", "ac:parameter"),
        *("ac:placeholder", "ac:task-id", "ac:task-uuid", "ac:task-status", "ac:adf-attribute", "ac:adf-parameter"),
    }
)
_TITLED = frozenset({"info", "note", "tip", "warning", "panel", "expand", "code", "noformat", "ui-expand"})
# What stands in these is for a machine; the page shows a drawing, a formula, or nothing.
_MACHINE = frozenset(
    {"html", "style", "css", "script", "plantuml", "plantumlrender", "mermaid", "mermaid-macro", "graphviz", "drawio"}
)


def sections(body: str, anchors: Anchors, effort: Effort | None = None) -> tuple[Section, ...]:
    """Text above the first heading has the heading "". Takes any text at all, see `tree`. Raises Unreadable: it would
    take more than the `effort` that there is for a page."""
    effort = effort or Effort()
    root = tree(body, effort)
    page = _Page(anchors, around(root, "adf-content"))
    closing: list[Close] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        effort.spend()
        if event == "end":
            closing.pop()()
            page.say(element.tail)
            continue
        close = page.opened(element)
        closing.append(close or _nothing)
        if close is None:
            walk.skip_subtree()
        else:
            page.say(element.text)
    return page.finished()


def _nothing() -> None:
    return


class _Page:
    """The text as it grows. `run` is what has been said since the last border; `solid` counts the cells and headings
    around us, in which every border is a space; `lists` and `items` count those around us."""

    def __init__(self, anchors: Anchors, with_content: Collection[etree._Element] = ()) -> None:
        self._anchors, self._with_content = anchors, with_content
        self._sections: list[Section] = []
        self._heading = self._anchor = ""
        self._lines: list[str] = []
        self._run: list[str] = []
        self._loose = False
        self._solid = self._lists = self._items = 0
        self._tables: list[list[Row]] = []
        self._told: list[bool] = []  # whether the extensions around us have a content of their own
        self._room = LONGEST_TEXT

    def say(self, text: str | None) -> None:
        if text:
            self._run.append(text)

    def finished(self) -> tuple[Section, ...]:
        self._end_section()
        return tuple(self._sections)

    def opened(self, element: etree._Element) -> Close | None:
        """What to do at the end of an element; None: nothing below it is seen."""
        name = name_of(element)
        if name in _UNSEEN:
            return None
        if name in _BLOCKS:
            return self._block()
        if name in _HEADINGS:
            return self._open_heading()
        special = _SPECIAL.get(name)
        return _nothing if special is None else special(self, element)

    def _block(self) -> Close:
        self._border()
        return self._border

    def _border(self) -> None:
        if self._solid or self._items:
            self._run.append(" ")
        else:
            self._flush()
            self._loose = True

    def _flush(self) -> None:
        self._line(squeezed("".join(self._run)))
        self._run.clear()

    def _line(self, text: str) -> None:
        if text and self._room > 0:
            gap = ("\n\n" if self._loose else "\n") if self._lines else ""
            self._lines.append(gap + text[: self._room])
            self._room -= len(text)
            self._loose = False

    # --- headings ----------------------------------------------------------------------------------------------

    def _open_heading(self) -> Close:
        if self._solid or len(self._sections) >= MOST_SECTIONS:
            return self._block()
        self._flush()
        self._solid += 1
        return self._close_heading

    def _close_heading(self) -> None:
        self._solid -= 1
        text = squeezed("".join(self._run))
        self._run.clear()
        self._loose = True
        if text:
            self._end_section()
            self._heading, self._anchor = text[:LONGEST_HEADING], self._anchors.of(text)
            self._line(text[LONGEST_HEADING:])

    def _end_section(self) -> None:
        self._flush()
        text = "".join(self._lines)
        if text or self._heading:
            self._sections.append(Section(self._heading, self._anchor, text))
        self._lines.clear()

    # --- lists, tables, code -----------------------------------------------------------------------------------

    def open_list(self, _: etree._Element) -> Close:
        if self._solid:
            return self._block()
        self._flush()
        self._loose = self._loose or not self._lists
        self._lists += 1
        return self._close_list

    def _close_list(self) -> None:
        self._flush()
        self._lists -= 1
        self._loose = self._loose or not self._lists

    def open_item(self, _: etree._Element) -> Close:
        if self._solid:
            return self._block()
        self._flush()
        self._items += 1
        return self._close_item

    def _close_item(self) -> None:
        self._items -= 1
        self._flush()

    def open_table(self, _: etree._Element) -> Close:
        if self._solid:
            return self._block()
        self._flush()
        self._loose = True
        self._tables.append([])
        return self._close_table

    def _close_table(self) -> None:
        self._flush()
        for line in lines(self._tables.pop()):
            self._line(line)
        self._loose = True

    def open_row(self, _: etree._Element) -> Close:
        if self._solid or not self._tables:
            return self._block()
        self._flush()
        self._tables[-1].append([])
        return _nothing

    def open_cell(self, element: etree._Element) -> Close:
        if self._solid or not self._tables:
            return self._block()
        self._flush()
        if not self._tables[-1]:
            self._tables[-1].append([])
        self._solid += 1
        rows, header = self._tables[-1], name_of(element) == "th"
        columns, down = span(element.get("colspan")), span(element.get("rowspan"))

        def close() -> None:
            self._solid -= 1
            rows[-1].append(Cell(squeezed("".join(self._run)), header, columns, down))
            self._run.clear()

        return close

    def open_code(self, element: etree._Element) -> None:
        text = "".join(element.itertext())
        if self._solid:
            self._run.append(f" {text} ")
            return
        self._flush()
        self._loose = True
        for line in visible(text).replace("\u00a0", " ").splitlines():
            self._line(line.rstrip())
        self._loose = True

    def open_break(self, _: etree._Element) -> Close:
        if self._solid or self._items:
            self._run.append(" ")
        else:
            self._flush()
        return _nothing

    # --- what only Confluence has ------------------------------------------------------------------------------

    def open_macro(self, element: etree._Element) -> Close | None:
        name = attribute(element, "ac", "name").lower()
        if name in _MACHINE or (name == "excerpt" and parameter(element, "hidden").lower() == "true"):
            return None
        if name == "status":
            self._run.append(f" {parameter(element, 'title')} ")
        elif name == "jira":
            self.say(parameter(element, "key"))
        elif name in _TITLED and (title := parameter(element, "title")):
            self._border()
            self._run.append(title)
            self._border()
        return _nothing

    def open_extension(self, element: etree._Element) -> Close:
        """A thing of Cloud's editor, and beside it the same for those who do not know it."""
        self._told.append(element in self._with_content)
        return self._close_extension

    def _close_extension(self) -> None:
        self._told.pop()

    def open_fallback(self, _: etree._Element) -> Close | None:
        return None if self._told and self._told[-1] else self._block()

    def open_link(self, element: etree._Element) -> Close:
        """A link without words of its own shows the title or the name of what it leads to."""
        if next(children(element, "ac:link-body", "ac:plain-text-link-body"), None) is None:
            target = next(children(element, "ri:page", "ri:blog-post", "ri:attachment"), None)
            if target is not None:
                self.say(attribute(target, "ri", "content-title") or attribute(target, "ri", "filename"))
        return _nothing

    def open_time(self, element: etree._Element) -> Close:
        if not (element.text or len(element)):
            self.say(element.get("datetime"))
        return _nothing


_SPECIAL: Final[dict[str, Callable[[_Page, etree._Element], Close | None]]] = {
    "ul": _Page.open_list,
    "ol": _Page.open_list,
    "ac:task-list": _Page.open_list,
    "li": _Page.open_item,
    "ac:task": _Page.open_item,
    "table": _Page.open_table,
    "tr": _Page.open_row,
    "td": _Page.open_cell,
    "th": _Page.open_cell,
    "pre": _Page.open_code,
    "ac:plain-text-body": _Page.open_code,
    "br": _Page.open_break,
    "ac:structured-macro": _Page.open_macro,
    "ac:macro": _Page.open_macro,
    "ac:adf-extension": _Page.open_extension,
    "ac:adf-fallback": _Page.open_fallback,
    "ac:link": _Page.open_link,
    "time": _Page.open_time,
}
