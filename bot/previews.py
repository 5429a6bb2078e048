"""What is about to be passed on to somebody, until its author sends it: shown to them whole, with who will read it.

Nothing of it is kept: all stands on the buttons below the preview, and `bot.shown` knows which of those are still good.
"""

from __future__ import annotations

import hashlib
from typing import Annotated

import msgspec

from bot.choices import LONGEST as VALUE
from bot.incoming import Place
from bot.message import Button, Message
from bot.shown import note_shown, take_back, was_shown
from bot.work import Work

LONGEST = 1000  # characters of a text that is passed on
SEND = "inquiry-send"
_PRIVATELY = Place("", "")  # wherever a preview is pressed, it is its author's alone

Id = Annotated[str, msgspec.Meta(max_length=80)]


class Preview(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """`text` for the person `to`; `act` is what it was made by, so that no two previews are the same. `private`: it is
    sensitive, whatever its words are. `other`: to whom it is to go instead."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST)]
    to: Id
    act: Id
    private: bool = False
    other: Id = ""

    @property
    def value(self) -> str:
        """Of a button."""
        return msgspec.json.encode(self).decode()

    def instead(self, other: str) -> Preview:
        return msgspec.structs.replace(self, other=other)

    @property
    def shown(self) -> Preview:
        """As it stands on the button that sends it."""
        return msgspec.structs.replace(self, other="")


_decoder = msgspec.json.Decoder(Preview)


def preview_of(text: str, to: str, act: str, *, private: bool) -> Preview:
    """Of a text in one line; what fits on no button is cut, and seen to be."""
    name = hashlib.blake2b(act.encode(errors="replace"), digest_size=6).hexdigest()
    line = " ".join(text.split())
    line = line if len(line) <= LONGEST else f"{line[: LONGEST - 1].strip()}…"
    while len((made := Preview(line, to, name, private)).instead(to).value) > VALUE:  # quotes take two characters
        line = line[: len(line) * 9 // 10]
    return made


def pressed(value: str) -> Preview | None:
    """What a button below a preview has brought back; None: it is none of ours."""
    try:
        return _decoder.decode(value.encode(errors="replace")) if len(value) <= VALUE else None
    except msgspec.DecodeError:
        return None


async def note(work: Work, preview: Preview, author: str) -> None:
    """From now on its buttons do something."""
    button = Button(SEND, preview.value, "")
    await note_shown(work, Message("", buttons=(button,)), author, _PRIVATELY)


async def is_good(work: Work, preview: Preview, author: str) -> bool:
    """Whether it was shown to them, and neither sent nor taken back since."""
    return await was_shown(work, SEND, preview.shown.value, author, _PRIVATELY)


async def end(work: Work, preview: Preview, author: str) -> None:
    """None of its buttons does anything any more."""
    await take_back(work, SEND, preview.shown.value, author, _PRIVATELY)
