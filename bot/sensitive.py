"""Sensitive topics: what nobody's manager is to read of, and what is said instead.

How they look in a file, and what is wrong with one, is in `sensitive_file.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from bot.answers.phrase import Phrase
from bot.message import Local

if TYPE_CHECKING:
    from bot.answers.phrases import Phrases


class HelpLine(msgspec.Struct, frozen=True):
    """Whom to call or to write to, word for word; with `countries` (upper case) for people of these alone."""

    title: Local
    contact: str
    countries: tuple[str, ...] = ()

    def serves(self, country: str) -> bool:
        """Where nobody knows a person's country, every line is theirs: one too many costs less than none."""
        return not self.countries or not country.strip() or country.strip().upper() in self.countries


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """`help_first`: answers are only offered beside the help. `care` is said before anything else."""

    id: str
    help_first: bool = False
    care: Local | None = None
    lines: tuple[HelpLine, ...] = ()


# What follows a sensitive message, and says nothing sensitive itself.
FOLLOWING = Topic(id="following")


class Topics:
    """The topics of a file, and the phrases by which they are known, in its order."""

    def __init__(self, topics: Iterable[Topic] = (), phrases: Iterable[Phrase] = ()) -> None:
        self.by_id: Mapping[str, Topic] = {one.id: one for one in topics}
        self._written = tuple(phrases)
        self._asked: str | None = None
        self._found: Topic | None = None

    @cached_property
    def index(self) -> Phrases:
        """Made when it is asked for: commands that only look at the file are spared the libraries."""
        from bot.answers.phrases import Phrases

        return Phrases(self._written)

    def of(self, text: str) -> Topic | None:
        """The first topic that the text is about."""
        if text != self._asked:  # what is routed is asked about more than once in a row
            found = self.index.find(text)
            self._asked, self._found = text, None if found is None else self.by_id[found]
        return self._found


class Sensitive:
    """What counts as sensitive now: the topics are swapped whole when HR has changed the file."""

    def __init__(self, topics: Topics | None = None) -> None:
        self.topics = topics or Topics()

    def topic(self, text: str) -> Topic | None:
        """The topic of what somebody has written; None: it is nothing sensitive. Any text of any length is taken."""
        return self.topics.of(text)

    def named(self, topic_id: str) -> Topic:
        """The topic of that id, as it is now; one that HR has taken out is still no matter for a manager."""
        return self.topics.by_id.get(topic_id, FOLLOWING)
