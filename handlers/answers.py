"""What HR and administrators do about the answers: see how they stand, and have the wiki read anew."""

from __future__ import annotations

from collections.abc import Mapping

from bot import asked_runs, shelf, speech
from bot import drafts as kept_drafts
from bot import unanswered as kept_questions
from bot.answers.document import Document
from bot.crawl.runs import ask, last_summary, under_way
from bot.crawl.unread import unread_pages
from bot.errors import Misunderstood
from bot.message import Button, Day, Fact, Item, Link, Message, Phrase, Reply, Text
from bot.router import Handler
from bot.turn import Turn
from bot.votes import all_votes
from handlers import drafts, unanswered
from handlers.faq_form import for_editors

UNREAD_SHOWN = 10
UNREAD_WHY = frozenset({"too-much-markup", "too-slow", "no-text", "broken"})


async def answers(turn: Turn) -> Reply | None:
    """`answers`: how they stand; with a word of SUBCOMMANDS after it, what that does."""
    for_editors(turn)
    if not turn.words:
        return await _state(turn)
    named = turn.words[0].casefold()
    handler = next((one for words, one in SUBCOMMANDS.items() if named in words), None)
    if handler is None:
        raise Misunderstood(Phrase("answers-usage"))
    turn.words, turn.text = turn.words[1:], speech.after(turn.text, 1)
    return await handler(turn)


async def reindex(turn: Turn) -> Reply | None:
    """Every page of the wiki is read anew; the result comes as a message."""
    wiki = turn.company.wiki
    if wiki is None:
        raise Misunderstood(Phrase("answers-no-wiki"))
    known = await ask(turn, wiki, turn.incoming.id, turn.speaker.id)
    if known is not None:
        since = asked_runs.since(known, turn.speaker, turn.now)
        return turn.answer(Message(Phrase("answers-reindexing-already", {"since": since})))
    return turn.answer(Message(Phrase("answers-reindexing")))


SUBCOMMANDS: Mapping[frozenset[str], Handler] = {
    speech.REINDEX: reindex,
    speech.UNANSWERED: unanswered.listed,
    speech.DRAFTS: drafts.listed,
}


async def _state(turn: Turn) -> Reply | None:
    store, wiki = turn.company.store, turn.company.wiki
    votes = await all_votes(turn)
    helpful, unhelpful = sum(one.helpful for one in votes), sum(one.unhelpful for one in votes)
    facts: tuple[Fact, ...] = (
        _fact("crawled", await _crawled(turn)),
        _fact("pages", _count("pages", len(await store.members(shelf.PAGES)))),
        _fact("entries", _count("entries", len(await store.members(shelf.ENTRIES)))),
        _fact("unanswered", _count("questions", len(await kept_questions.waiting(turn)))),
        _fact("drafts", _count("drafts", len(await kept_drafts.waiting(turn)))),
        _fact("votes", Phrase("votes-count", {"helpful": helpful, "unhelpful": unhelpful})),
    )
    offered = ("unanswered", "drafts") if wiki is None else ("unanswered", "drafts", "reindex")
    buttons = tuple(Button("answers", one, Phrase(f"button-{one}")) for one in offered)
    unread = await unread_pages(store)
    if unread:
        facts += (_fact("unread", _count("pages", len(unread))),)
    items = tuple(map(_unread, unread[:UNREAD_SHOWN]))
    return turn.answer_in_private(Message(Phrase("answers-state"), facts=facts, items=items, buttons=buttons))


def _unread(page: Document) -> Item:
    """A page that is answered from by nobody until somebody changes it: which, why, and the id that the log names."""
    links = (Link(Phrase("link-open"), page.url),) if page.url else ()
    why = page.unreadable if page.unreadable in UNREAD_WHY else "broken"
    note = Phrase("unread-note", {"why": Phrase(f"unread-{why}"), "id": page.id})
    return Item(id=page.id, title=page.title or page.id, mark="overdue", note=note, links=links)


def _fact(name: str, value: Text) -> Fact:
    return Fact(Phrase(f"fact-{name}"), value)


def _count(of: str, count: int) -> Phrase:
    return Phrase(f"{of}-count", {"count": count})


async def _crawled(turn: Turn) -> Text:
    """How far the reading of the wiki is, or when it last came to its end."""
    store = turn.company.store
    if turn.company.wiki is None:
        return Phrase("wiki-none")
    page = await under_way(store)
    if page is not None:
        return Phrase("crawl-under-way", {"count": page.read})
    last = await last_summary(store)
    return Phrase("crawled-never") if last is None else Day(last.ended.date())
