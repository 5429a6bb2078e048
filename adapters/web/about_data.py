"""What `/privacy` and `/terms` say where the company has written nothing of its own: what the bot keeps, and how long.

Every time stands in the code that keeps to it; here it is only put into words.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import msgspec

from bot import asked, retention, shown, votes
from bot.journey.links import LAST_FOR, PERIOD
from bot.message import Phrase

ONE_DAY = datetime.timedelta(days=1)
ONE_MINUTE = datetime.timedelta(minutes=1)


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What of the bot these pages depend on.

    `contact`: whom to ask, as a text; empty: HR. `replies`: how long the store keeps what was answered. `tracker` and
    `model`: whether names and steps go to Jira, and questions to a language model. `sandboxed`: whether there is a web
    chat, which keeps its conversations.
    """

    contact: str = ""
    replies: datetime.timedelta
    tracker: bool = False
    model: bool = False
    sandboxed: bool = False


class Section(msgspec.Struct, frozen=True):
    """A heading and what stands below it, a paragraph each."""

    heading: Phrase
    paragraphs: tuple[Phrase, ...]


def privacy(about: About) -> tuple[Section, ...]:
    """What is kept and how long, who sees it, whom to ask."""
    return (
        Section(Phrase("web-privacy-kept"), tuple(_kept(about))),
        Section(Phrase("web-privacy-seen"), tuple(_seen(about))),
        Section(Phrase("web-privacy-ask"), (_whom(about),)),
    )


def terms(about: About) -> tuple[Section, ...]:
    """What the bot is for and what it is not."""
    answers = Phrase("web-terms-answers-model" if about.model else "web-terms-answers")
    return (
        Section(Phrase("web-terms-use"), (Phrase("web-terms-who"), answers, Phrase("web-terms-secrets"))),
        Section(Phrase("web-terms-not"), (Phrase("web-terms-urgent"), Phrase("web-terms-licence"))),
        Section(Phrase("web-privacy-ask"), (_whom(about),)),
    )


def _kept(about: About) -> Iterator[Phrase]:
    yield Phrase("web-privacy-person")
    yield Phrase("web-privacy-plan")
    yield Phrase("web-privacy-passed", {"open": _days(retention.OPEN_INQUIRY), "ended": _days(retention.ENDED_INQUIRY)})
    yield Phrase("web-privacy-unanswered", {"days": _days(retention.UNANSWERED)})
    yield Phrase("web-privacy-draft", {"open": _days(retention.OPEN_DRAFT), "ended": _days(retention.SETTLED_DRAFT)})
    yield Phrase("web-privacy-votes", {"votes": _days(votes.KEPT), "shown": _days(shown.KEPT)})
    yield Phrase("web-privacy-asked", {"minutes": asked.RECENT // ONE_MINUTE})
    yield Phrase("web-privacy-replies", {"days": _days(about.replies)})
    yield Phrase("web-privacy-undelivered")
    if about.sandboxed:
        yield Phrase("web-privacy-sandbox")
    yield Phrase("web-privacy-logs")


def _seen(about: About) -> Iterator[Phrase]:
    yield Phrase("web-privacy-readers")
    yield Phrase("web-privacy-colleague")
    yield Phrase("web-privacy-feedback")
    if about.tracker:
        yield Phrase("web-privacy-tracker", {"days": _days(LAST_FOR * PERIOD)})
    if about.model:
        yield Phrase("web-privacy-model")
    yield Phrase("web-privacy-messenger")


def _whom(about: About) -> Phrase:
    return Phrase("web-privacy-contact", {"contact": about.contact}) if about.contact else Phrase("web-privacy-hr")


def _days(span: datetime.timedelta) -> int:
    return -(-span // ONE_DAY)
