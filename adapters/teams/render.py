"""What we say, as Teams shows it: a text, or an Adaptive Card; pure. Everything fits, whatever it is made of.

A card is its text, a bar of progress, facts, the checklist, a form, links, buttons. Steps that can be acted on or have
more to read have their button beside them; what is done or not yet due is a line.
"""

from __future__ import annotations

from collections.abc import Iterator

from adapters.teams import card
from adapters.teams.card import Json, Room
from adapters.teams.forms import form_elements
from adapters.teams.markup import ELLIPSIS, as_html, clipped, link, one_line, unmarked, whole
from bot.message import Button, Fact, Item, Link, Message, Progress, StepMark
from bot.ports import Say

# They differ in shape and not only in colour.
MARKS: dict[StepMark, str] = {"done": "✅", "open": "🔵", "overdue": "⏰", "waiting": "▫️", "skipped": "➖"}
STYLES = {"plain": "default", "primary": "positive", "danger": "destructive"}
BETWEEN = "  ·  "
BAR = 10
SUMMARY = 200
HEADING = 120
NAME = 300
SHORT_NAME = 24
VALUE = 2000
LINE = 300
LINKS = 20
LABEL = 300
SHORT_LINKS = 40  # characters of links that stand beside a title; longer ones stand below it
ITEM_LINKS = 4_000  # bytes
FEW_LINKS = 300


def activity_body(message: Message, say: Say) -> Json:
    """What of an activity is content: a text, or a card, and never both, since Teams makes two messages of that."""
    if _is_text(message):
        return _text_body(say(message.text))
    attachment = {"contentType": card.CONTENT_TYPE, "content": card_of(message, say)}
    return {"type": "message", "summary": _summary(say(message.text)), "attachments": [attachment]}


def card_of(message: Message, say: Say) -> Json:
    """The bare card, as an invoke is answered with one."""
    text = whole(say(message.text)).strip()
    room = card.card_room(text)
    shown = message_body(message, text, say, room)
    return card.card(shown or [card.line(card.run(ELLIPSIS))], text)


def _is_text(message: Message) -> bool:
    more = (message.facts, message.progress, message.items, message.links, message.buttons, message.form)
    return not any(more) and message.prompt is None


def _text_body(text: str) -> Json:
    most = card.ACTIVITY - card.ENVELOPE
    while card.size_of(as_html(text)) > most:  # what is escaped is longer, so that it cannot be cut afterwards
        text = clipped(text, len(text) * most // card.size_of(as_html(text)))
    return {"type": "message", "textFormat": "xml", "text": as_html(text) or ELLIPSIS, "summary": _summary(text)}


def _summary(text: str) -> str:
    """The first line, which notifications show."""
    return clipped(one_line(text.strip().partition("\n")[0]), SUMMARY) or ELLIPSIS


def message_body(message: Message, text: str, say: Say, room: Room) -> list[Json]:
    """The elements of a message, at most what `room` has; the checklist gets what the others leave."""
    shown = room.take(_text(message, text, room.size * 2 // 3))
    buttons = room.take([*_prompt(message, say), *card.rows(_buttons(message.buttons, say))])
    links = room.take(_links(message.links, say, room.size // 2))
    form = [] if message.form is None else form_elements(message.form, say, room)
    head = room.take([*_progress(message.progress), *_facts(message.facts, say)])
    return [*shown, *head, *_checklist(message.items, say, room), *form, *links, *buttons]


def _text(message: Message, text: str, most: int) -> list[Json]:
    """A title above a list is its heading; a sentence is none. Addresses are links where there is room for that."""
    text = card.fitting(text, most)
    heads = message.facts or message.items or message.progress or message.form
    heading = heads and "\n" not in text and len(text) <= HEADING and not text.endswith((".", "!", "?"))
    look: Json = {"weight": "bolder", "size": "medium"} if heading else {}
    linked = card.paragraphs(text, **look)
    return linked if sum(map(card.size_of, linked)) <= most else card.paragraphs(text, linked=False, **look)


def _progress(progress: Progress | None) -> Iterator[Json]:
    if progress is None or progress.total < 1:
        return
    done = min(max(progress.done, 0), progress.total)
    full = max(BAR * done // progress.total, min(done, 1))  # one step of many is seen, too
    bar = card.run("▰" * full + "▱" * (BAR - full), color="accent")
    yield card.line(bar, card.run(f"  {done} / {progress.total}"), spacing="small")


def _facts(facts: tuple[Fact, ...], say: Say) -> Iterator[Json]:
    """In two columns, or where names are long, each value below its name."""
    named = [
        (clipped(one_line(say(fact.name)), NAME), clipped(whole(say(fact.value)).strip(), VALUE)) for fact in facts
    ]
    stacked = any(len(name) > SHORT_NAME for name, _ in named)
    for name, value in named:
        bold, plain = card.run(name or ELLIPSIS, weight="bolder"), value or ELLIPSIS
        if stacked:
            yield card.container([card.line(bold), *card.lines(plain, spacing="none")], spacing="small")
        else:
            yield card.beside([card.line(bold)], card.lines(plain), spacing="small", widths=(1, 2))


def _links(links: tuple[Link, ...], say: Say, most: int) -> list[Json]:
    text = _line_of_links(links, say, most)
    return [card.markdown(text)] if text else []


def _line_of_links(links: tuple[Link, ...], say: Say, most: int) -> str:
    """As many links as fit whole: half of one would be an address that leads elsewhere."""
    line = ""
    for one in links[:LINKS]:
        longer = BETWEEN.join(filter(None, (line, link(one.url, clipped(say(one.label), LABEL)))))
        line = longer if card.size_of(longer) <= most else line
    return line


def _prompt(message: Message, say: Say) -> Iterator[Json]:
    if message.prompt is not None:
        yield _quiet(clipped(one_line(say(message.prompt)), LINE) or ELLIPSIS)


def _buttons(buttons: tuple[Button, ...], say: Say) -> list[Json]:
    made = (card.button(one.action, one.value, say(one.label), STYLES[one.style]) for one in buttons[:24])
    return [one for one in made if one is not None]


# --- the checklist


def _checklist(items: tuple[Item, ...], say: Say, room: Room) -> list[Json]:
    """Steps with all there is to read of them; when that is too much, without their texts and most links, so that more
    can be done; then as lines."""
    whole_room = Room(room.size)
    everything = whole_room.take(_box(item, say) for item in items)
    if len(everything) == len(items):
        room.size = whole_room.size
        return everything
    lines = [_quiet(_line(item, say)) for item in items]
    named = list(map(card.size_of, lines))
    share = room.size // 4  # for the lines of what has no box of its own
    shown: list[Json] = []
    for number, item in enumerate(items, start=1):
        box = _box(item, say, brief=True)
        if not room.fits([box], min(sum(named[number:]), share)):
            break
        shown += room.take([box])
    return [*shown, *_rest(lines[len(shown) :], room)]


def _box(item: Item, say: Say, *, brief: bool = False) -> Json:
    text = "" if item.text is None or brief else say(item.text)
    links = _line_of_links(item.links, say, FEW_LINKS if brief else ITEM_LINKS)
    if item.button is None and not text:
        return _compact(item, links, say)
    below = [card.markdown(links, spacing="small")] if links else []
    left = [_title(item, say), *_note(item, say), *card.paragraphs(text, spacing="small"), *below]
    button = None if item.button is None else _button_beside(item.button, say(item.title), say)
    if button is None:
        return card.container(left, spacing="medium")
    return card.beside(left, card.rows([button]), spacing="medium")


def _title(item: Item, say: Say) -> Json:
    look = {"weight": "bolder"} if item.mark in ("open", "overdue") else {}
    return card.line(card.run(f"{MARKS[item.mark]}  {clipped(one_line(say(item.title)), LINE)}", **look))


def _note(item: Item, say: Say) -> list[Json]:
    text = "" if item.note is None else clipped(one_line(say(item.note)), LINE)
    look = {"color": "attention"} if item.mark == "overdue" else {"isSubtle": True}
    return [card.line(card.run(text, **look), spacing="none")] if text else []


def _button_beside(button: Button, title: str, say: Say) -> Json | None:
    """A quiet button: of a dozen green ones none stands out. Who cannot see beside what it stands hears it named."""
    style = "default" if button.style == "primary" else STYLES[button.style]
    label = say(button.label)
    return card.button(button.action, button.value, label, style, ": ".join(filter(None, (label.strip(), title))))


def _compact(item: Item, links: str, say: Say) -> Json:
    """One line, with its links at the end of it."""
    shown = _quiet(_line(item, say))
    if not links:
        return shown
    if sum(len(unmarked(say(one.label))) for one in item.links) > SHORT_LINKS:
        return card.container([shown, card.markdown(links, spacing="small")], spacing="small")
    return card.beside([shown], [card.markdown(links)], spacing="small")


def _line(item: Item, say: Say) -> str:
    note = "" if item.note is None else one_line(say(item.note))
    said = BETWEEN.join(filter(None, (one_line(say(item.title)), note)))
    return clipped(f"{MARKS[item.mark]}  {said}", LINE)


def _rest(lines: list[Json], room: Room) -> list[Json]:
    """What is left, as lines; those for which there is no room are counted."""
    if room.fits(lines):
        return room.take(lines)
    counted = card.size_of(_counted(len(lines)))
    if counted > room.size:
        return []
    room.size -= counted
    shown = room.take(lines)
    return [*shown, _counted(len(lines) - len(shown))]


def _counted(hidden: int) -> Json:
    return _quiet(f"{ELLIPSIS} +{hidden}")


def _quiet(text: str) -> Json:
    return card.line(card.run(text, isSubtle=True), spacing="small")
