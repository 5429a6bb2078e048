"""Where a page is in a browser, and the names of its headings in such an address."""

from __future__ import annotations

import re
from urllib.parse import quote, quote_plus

from sandbox.confluence.page import Page

_PLAIN_TITLE = re.compile(r"[A-Za-z0-9 ._-]+")


def cloud_path(page: Page) -> str:
    """Below the base address of the site, which ends with /wiki."""
    return f"/spaces/{quote(page.space)}/pages/{page.id}/{quote_plus(page.title)}"


def server_path(page: Page) -> str:
    """By title where it is plain, else by id, as Data Center does."""
    if _PLAIN_TITLE.fullmatch(page.title):
        return f"/display/{quote(page.space)}/{quote_plus(page.title)}"
    return f"/pages/viewpage.action?pageId={page.id}"


class Anchors:
    """The names of one page's headings, in the order in which they come.

    Cloud puts dashes for spaces; Data Center leaves spaces out and sets the page's title before. A name that has
    been given already gets .1, .2 and so on.
    """

    def __init__(self, title: str, *, cloud: bool) -> None:
        self._title, self._cloud = title, cloud
        self._given: dict[str, int] = {}

    def name(self, heading: str) -> str:
        text = " ".join(heading.split())
        name = text.replace(" ", "-") if self._cloud else f"{self._title}-{text}".replace(" ", "")
        count = self._given.get(name, 0)
        self._given[name] = count + 1
        return f"{name}.{count}" if count else name
