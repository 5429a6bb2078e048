"""The fragment that leads to a heading, as Confluence makes it."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import quote

LONGEST = 2000  # characters of a fragment: a link that is longer opens nowhere
_GAP = re.compile(r"\s+")


class Anchors:
    """The fragments of one page, in the order of its headings, each percent-encoded: a browser decodes it before it
    looks for the heading, and no messenger breaks a link off at a bracket.

    Cloud's editor takes the heading with hyphens for spaces, Data Center the title and the heading without spaces;
    a heading that comes again gets .1, .2 and so on. Pages of Cloud that were never converted from the old editor have
    anchors as on Data Center: there the link opens at the top of the page.
    """

    def __init__(self, title: str, *, cloud: bool) -> None:
        self._prefix = "" if cloud else f"{_GAP.sub('', title)}-"
        self._gap = "-" if cloud else ""
        self._seen: Counter[str] = Counter()

    def of(self, heading: str) -> str:
        """The fragment of the next heading, without its "#"; "" where it is so long that nothing would open it."""
        name = f"{self._prefix}{_GAP.sub(self._gap, heading.strip())}"
        before = self._seen[name]
        self._seen[name] += 1
        if len(name) > LONGEST:
            return ""
        fragment = quote(f"{name}.{before}" if before else name, safe="")
        return fragment if len(fragment) <= LONGEST else ""
