"""What we say, as Slack shows it: messages, the home tab; pure. Everything fits, whatever it is made of.

A message is its text, a bar of progress, facts in two columns, the checklist, links, buttons. Steps that can be acted
on or have more to read are blocks of their own, with their button beside them; what is done or not yet due is a
line, and lines share blocks.
"""

from collections.abc import Iterator

from adapters.slack import blocks
from adapters.slack.blocks import Json, Room
from adapters.slack.mrkdwn import ELLIPSIS, bold, cleaned, clipped, escaped, link, literal, one_line, pieces, unheard
from bot.message import Button, Fact, Home, Item, Link, Message, Progress, StepMark
from bot.ports import Say

# They differ in shape and not only in colour.
MARKS: dict[StepMark, str] = {"done": "✅", "open": "🔵", "overdue": "⏰", "waiting": "▫️", "skipped": "➖"}
BETWEEN = "  ·  "
BAR = 10
FALLBACK_TEXT = 4000  # what Slack advises for the text beside the blocks
TEXT_SECTIONS = 3
LINE = 300
NOTE = 300
LINKS = 20
REST = 1500  # characters kept for the lines of what has no block of its own


def message_body(message: Message, say: Say) -> Json:
    """The `text` and `blocks` of a message; the text is for notifications, and for clients without blocks."""
    shown = message_blocks(message, say, blocks.message_room())
    fallback = clipped(unheard(escaped(say(message.text).strip())), FALLBACK_TEXT) or ELLIPSIS
    return {"text": fallback, "blocks": shown or [blocks.section(fallback)]}


def home_view(home: Home, say: Say) -> Json:
    """The view of the home tab: the sections one under the other, as many as it holds, with lines between them."""
    room = blocks.view_room()
    sections = home.sections[: room.blocks - 1]
    spaced = len(sections) * 3 <= room.blocks
    hidden = len(home.sections) - len(sections)
    fair = Room(max(1, room.blocks // max(len(home.sections), 1) - spaced), room.chars // max(len(home.sections), 1))
    needs = [_need(message_blocks(message, say, blocks.view_room()), fair, spaced) for message in sections]
    shown: list[Json] = []
    for number, message in enumerate(sections):
        part = message_blocks(message, say, _share(room, fair, needs[number + 1 :], spaced + (hidden > 0)))
        shown += room.take([*([blocks.divider()] if spaced and shown and part else []), *part])
    more = room.take([blocks.section(f"{ELLIPSIS} +{hidden}")]) if hidden else []
    return {"type": "home", "blocks": [*shown, *more]}


def _need(whole: list[Json], fair: Room, spaced: bool) -> Room:
    """What is kept for a section until its turn comes: all that it takes, at most its fair part."""
    line = blocks.weight_of(blocks.divider()) if spaced else 0
    chars = sum(map(blocks.weight_of, whole)) + line
    return Room(min(len(whole) + spaced, fair.blocks + spaced), min(chars, fair.chars))


def _share(room: Room, fair: Room, later: list[Room], spare: int) -> Room:
    """Each section has its part for certain, so that a long plan does not push the others out; and what those below do
    not need, so that a short plan leaves its part to a long one."""
    kept = Room(sum(one.blocks for one in later) + spare, sum(one.chars for one in later))
    return Room(max(fair.blocks, room.blocks - kept.blocks), max(fair.chars, room.chars - kept.chars))


def message_blocks(message: Message, say: Say, room: Room) -> list[Json]:
    """The blocks of a message, at most what `room` has; text, buttons and links are given their room first."""
    text = room.take(_text(say(message.text), room.chars * 2 // 3))
    buttons = room.take([*_prompt(message, say), *blocks.rows(_buttons(message.buttons, say))])
    links = room.take(_links(message.links, say))
    head = room.take([*_progress(message.progress), *blocks.fields([_fact(fact, say) for fact in message.facts])])
    return [*text, *head, *_checklist(message.items, say, room), *links, *buttons]


def _text(text: str, most: int) -> list[Json]:
    return blocks.sections(clipped(literal(text), max(most, 1)), TEXT_SECTIONS)


def _progress(progress: Progress | None) -> Iterator[Json]:
    if progress is None or progress.total < 1:
        return
    done = min(max(progress.done, 0), progress.total)
    full = BAR * done // progress.total
    yield blocks.context(f"{'▰' * full}{'▱' * (BAR - full)}  {done} / {progress.total}")


def _fact(fact: Fact, say: Say) -> str:
    return f"{bold(say(fact.name), LINE)}\n{literal(say(fact.value))}".strip() or ELLIPSIS


def _links(links: tuple[Link, ...], say: Say) -> list[Json]:
    text = _line_of_links(links, say)
    return [blocks.section(text)] if text else []


def _line_of_links(links: tuple[Link, ...], say: Say, most: int = blocks.SECTION_TEXT) -> str:
    """As many links as fit whole: half of one would be an address that leads elsewhere."""
    line = ""
    for one in links[:LINKS]:
        longer = BETWEEN.join(filter(None, (line, link(one.url, clipped(say(one.label), LINE)))))
        line = longer if len(longer) <= most else line
    return line


def _prompt(message: Message, say: Say) -> Iterator[Json]:
    if message.prompt is not None:
        yield blocks.context(clipped(literal(say(message.prompt)), LINE) or ELLIPSIS)


def _buttons(buttons: tuple[Button, ...], say: Say) -> list[Json]:
    return [shown for button in buttons[:25] if (shown := _button(button, say)) is not None]


def _button(button: Button, say: Say) -> Json | None:
    return blocks.button(button.action, say(button.label), button.value, button.style)


def _checklist(items: tuple[Item, ...], say: Say, room: Room) -> list[Json]:
    """Steps with all there is to read of them; when that is too much, without their texts, so that more can be done."""
    trial = Room(room.blocks, room.chars)
    shown, left = _laid_out(items, say, trial, brief=False)
    if left:
        shown, left = _laid_out(items, say, room, brief=True)
        trial = room
    return [*shown, *_rest([_line(item, say) for item in left], trial)]


def _laid_out(items: tuple[Item, ...], say: Say, room: Room, *, brief: bool) -> tuple[list[Json], tuple[Item, ...]]:
    """The blocks of the steps, and the steps that have no room while some is kept for a last block of lines."""
    shown: list[Json] = []
    lines: list[str] = []
    begun = 0  # the first step that is not shown yet
    for number, item in enumerate(items, start=1):
        alone = _stands_alone(item)
        if not alone:
            lines.append(_line(item, say))
        if not alone and number < len(items):
            continue
        wanted = [*_shared(lines), *([_own_block(item, say, brief=brief)] if alone else [])]
        spare = (0, 0) if number == len(items) else (1, REST)
        if not room.fits(wanted, *spare):
            return shown, items[begun:]
        shown += room.take(wanted)
        lines, begun = [], number
    return shown, ()


def _stands_alone(item: Item) -> bool:
    return item.button is not None or item.text is not None or bool(item.links)


def _own_block(item: Item, say: Say, *, brief: bool) -> Json:
    note = "" if item.note is None else clipped(literal(say(item.note)), NOTE)
    more = "" if item.text is None or brief else literal(say(item.text))
    links = _line_of_links(item.links, say, most=blocks.SECTION_TEXT // 2)
    title = f"{MARKS[item.mark]}  {bold(say(item.title), LINE)}"
    head = "\n".join(filter(None, (title, note)))
    room = blocks.SECTION_TEXT - len(head) - len(links) - 2
    text = "\n".join(filter(None, (head, clipped(more, room), links)))
    return blocks.section(text, None if item.button is None else _button_beside(item.button, say(item.title), say))


def _button_beside(button: Button, title: str, say: Say) -> Json | None:
    """A quiet button: of a dozen green ones none stands out. Who cannot see beside what it stands hears it named."""
    style = "plain" if button.style == "primary" else button.style
    label = say(button.label)
    shown = blocks.button(button.action, label, button.value, style)
    spoken = clipped(cleaned(": ".join(filter(None, (label.strip(), title.strip())))), blocks.BUTTON_TEXT)
    return {**shown, "accessibility_label": spoken} if shown and spoken else shown


def _line(item: Item, say: Say) -> str:
    note = "" if item.note is None else one_line(say(item.note))
    said = BETWEEN.join(filter(None, (one_line(say(item.title)), note)))
    return clipped(f"{MARKS[item.mark]}  {said}", LINE)


def _shared(lines: list[str]) -> list[Json]:
    """Lines in as few sections as possible."""
    if not lines:
        return []
    count = _length(lines) // (blocks.SECTION_TEXT - LINE) + 1
    return [blocks.section(piece) for piece in pieces("\n".join(lines), blocks.SECTION_TEXT, count)]


def _length(lines: list[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _rest(lines: list[str], room: Room) -> list[Json]:
    """What is left as lines; those for which there is no room are counted."""
    kept = lines[: room.chars]
    while kept:
        hidden = len(lines) - len(kept)
        wanted = _shared([*kept, f"{ELLIPSIS} +{hidden}"] if hidden else kept)
        if room.fits(wanted):
            return room.take(wanted)
        kept = kept[: min(len(kept) - 1, room.chars * len(kept) // _length(kept))]
    return []
