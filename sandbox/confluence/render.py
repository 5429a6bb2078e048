"""A page's storage format as HTML for a browser. Only known elements come through; all text is escaped."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlsplit

from lxml import etree, html

from sandbox.confluence.addresses import Anchors
from sandbox.confluence.page import Page
from sandbox.confluence.state import State
from sandbox.confluence.storage import Element, ac, child, name_of, parameter, ri, text_of, tree_of, writable

_KEPT = frozenset(
    {"p", "ul", "ol", "li", "table", "tbody", "thead", "tr", "th", "td", "strong", "em", "b", "i", "u", "s", "del"}
    | {"code", "pre", "br", "hr", "blockquote", "sub", "sup", "span", "div"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BOXES = frozenset({"info", "note", "warning", "tip", "panel"})
_SMILES = {
    "tick": "✅",
    "cross": "❌",
    "warning": "⚠️",
    "information": "ℹ️",
    "smile": "🙂",
    "wink": "😉",
    "light-on": "💡",
}
_DEEPEST = 100


class Rendering:
    """Renders one page; `headings` are then (level, name, text) in their order."""

    def __init__(self, state: State, page: Page, address: Callable[[Page], str]) -> None:
        self._state, self._page, self._address = state, page, address
        self._anchors = Anchors(page.title, cloud=state.is_cloud)
        self.headings: list[tuple[int, str, str]] = []
        self._contents: list[Element] = []

    def html(self) -> str:
        out = etree.Element("article")
        self._fill(tree_of(self._page.body), out, 0)
        for place in self._contents:
            self._list_headings(place)
        return str(html.tostring(out, encoding="unicode"))

    def _fill(self, source: Element, out: Element, depth: int) -> None:
        """Text and elements of `source`, one after another, into `out`."""
        if depth > _DEEPEST:
            return
        _say(out, source.text)
        for inner in source:
            if isinstance(inner.tag, str):
                self._element(inner, out, depth + 1)
            _say(out, inner.tail)

    def _element(self, source: Element, out: Element, depth: int) -> None:
        name = name_of(source)
        if name in _HEADINGS:
            self._heading(source, out, depth)
        elif name in _KEPT:
            self._fill(source, _kept(source, out), depth)
        elif name == "a":
            self._fill(source, _link(out, source.get("href", "")), depth)
        elif name in _SPECIAL:
            _SPECIAL[name](self, source, out, depth)
        else:
            self._fill(source, out, depth)

    def _heading(self, source: Element, out: Element, depth: int) -> None:
        text = " ".join(text_of(source).split())
        name = self._anchors.name(text)
        self.headings.append((int(name_of(source)[1]), name, text))
        self._fill(source, etree.SubElement(out, name_of(source), id=name), depth)

    def _list_headings(self, place: Element) -> None:
        for level, name, text in self.headings:
            item = etree.SubElement(place, "a", {"href": f"#{quote(name)}", "class": f"level{level}"})
            item.text = text

    # macros

    def _macro(self, source: Element, out: Element, depth: int) -> None:
        name = ac(source, "name")
        if name in _BOXES:
            self._box(source, out, name, depth)
        elif name in ("code", "noformat"):
            code = etree.SubElement(etree.SubElement(out, "pre"), "code")
            _say(code, text_of(child(source, "ac:plain-text-body")))
        elif name == "expand":
            self._expand(source, out, depth)
        elif name == "toc":
            self._contents.append(etree.SubElement(out, "nav", {"class": "toc"}))
        elif name == "status":
            colour = parameter(source, "colour").casefold()
            _say(
                etree.SubElement(out, "span", {"class": f"status {colour if colour.isalpha() else 'grey'}"}),
                parameter(source, "title"),
            )
        elif name == "jira":
            _say(
                etree.SubElement(out, "span", {"class": "issue"}),
                parameter(source, "key") or parameter(source, "jqlQuery"),
            )
        elif name in ("include", "excerpt-include"):
            self._include(source, out)
        elif (body := child(source, "ac:rich-text-body")) is not None:
            self._fill(body, etree.SubElement(out, "div"), depth)

    def _box(self, source: Element, out: Element, name: str, depth: int) -> None:
        box = etree.SubElement(out, "div", {"class": f"box {name}"})
        if title := parameter(source, "title"):
            etree.SubElement(box, "strong").text = writable(title)
        if (body := child(source, "ac:rich-text-body")) is not None:
            self._fill(body, box, depth)

    def _expand(self, source: Element, out: Element, depth: int) -> None:
        details = etree.SubElement(out, "details")
        etree.SubElement(details, "summary").text = writable(parameter(source, "title") or "…")
        if (body := child(source, "ac:rich-text-body")) is not None:
            self._fill(body, details, depth)

    def _include(self, source: Element, out: Element) -> None:
        """A link to what is included: enough for a stand-in."""
        for inner in source.iter():
            if name_of(inner) == "ri:page":
                self._page_link(inner, etree.SubElement(out, "p"), "", "")

    # links, images, tasks

    def _resource(self, source: Element, out: Element, _: int) -> None:
        body = child(source, "ac:link-body")
        said = text_of(child(source, "ac:plain-text-link-body")) or text_of(body)
        anchor = ac(source, "anchor")
        target = next((inner for inner in source if name_of(inner).startswith("ri:")), None)
        match name_of(target) if target is not None else "":
            case "ri:page" if target is not None:
                self._page_link(target, out, anchor, said)
            case "ri:user" if target is not None:
                _say(etree.SubElement(out, "span", {"class": "user"}), said or f"@{self._person(target)}")
            case "ri:attachment" if target is not None:
                _say(etree.SubElement(out, "span", {"class": "file"}), said or ri(target, "filename"))
            case _:
                link = etree.SubElement(out, "a", href=f"#{quote(anchor)}")
                _say(link, said or anchor)

    def _page_link(self, target: Element, out: Element, anchor: str, said: str) -> None:
        title = ri(target, "content-title")
        page = self._state.titled(ri(target, "space-key") or self._page.space, title)
        if page is None:
            _say(etree.SubElement(out, "span", {"class": "missing"}), said or title)
            return
        name = Anchors(page.title, cloud=self._state.is_cloud).name(anchor) if anchor else ""
        link = etree.SubElement(out, "a", href=self._address(page) + (f"#{quote(name)}" if name else ""))
        _say(link, said or title)

    def _person(self, target: Element) -> str:
        known = ri(target, "account-id") or ri(target, "userkey") or ri(target, "username")
        user = self._state.people.any_match(known)
        return user.display_name if user else "?"

    def _image(self, source: Element, out: Element, _: int) -> None:
        """Its name: there are no attachments here, and nothing is fetched from elsewhere."""
        for inner in source:
            what = ri(inner, "filename") or ri(inner, "value")
            _say(etree.SubElement(out, "span", {"class": "image"}), ac(source, "alt") or what)

    def _tasks(self, source: Element, out: Element, depth: int) -> None:
        tasks = etree.SubElement(out, "ul", {"class": "tasks"})
        for task in source:
            item = etree.SubElement(tasks, "li")
            _say(item, "☑ " if text_of(child(task, "ac:task-status")) == "complete" else "☐ ")
            if (body := child(task, "ac:task-body")) is not None:
                self._fill(body, item, depth)

    def _emoticon(self, source: Element, out: Element, _: int) -> None:
        _say(out, ac(source, "emoji-fallback") or _SMILES.get(ac(source, "name"), "🙂"))

    def _nothing(self, *_: object) -> None:
        """Parameters, placeholders and scripts are not shown."""


_SPECIAL: dict[str, Callable[[Rendering, Element, Element, int], None]] = {
    "ac:structured-macro": Rendering._macro,
    "ac:macro": Rendering._macro,
    "ac:link": Rendering._resource,
    "ac:image": Rendering._image,
    "ac:task-list": Rendering._tasks,
    "ac:emoticon": Rendering._emoticon,
    **dict.fromkeys(("ac:parameter", "ac:placeholder", "script", "style", "iframe", "object"), Rendering._nothing),
}


def _kept(source: Element, out: Element) -> Element:
    spans = {name: value for name in ("colspan", "rowspan") if (value := source.get(name, "")).isdigit()}
    return etree.SubElement(out, name_of(source), spans)


def _link(out: Element, address: str) -> Element:
    """Only ways that lead to a page or a letter: no scripts."""
    try:
        scheme = urlsplit(address.strip()).scheme.casefold()
    except ValueError:  # half an address
        scheme = "?"
    return etree.SubElement(
        out,
        "a",
        {"href": address.strip(), "rel": "noopener noreferrer"} if scheme in ("http", "https", "mailto", "") else {},
    )


def _say(out: Element, text: str | None) -> None:
    """Text behind what is there already."""
    if not text:
        return
    if len(out):
        out[-1].tail = (out[-1].tail or "") + writable(text)
    else:
        out.text = (out.text or "") + writable(text)
