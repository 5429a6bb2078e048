"""Builds HTML so that text cannot become markup: every plain text is escaped, only `Html` is taken as it is."""

from html import escape

from msgspec import Struct


class Html(Struct, frozen=True):
    """A finished piece of markup; made by `element` and `join` only."""

    markup: str


def _markup(piece: Html | str) -> str:
    return piece.markup if isinstance(piece, Html) else escape(piece)


def join(*pieces: Html | str) -> Html:
    return Html("".join(_markup(piece) for piece in pieces))


def element(tag: str, *content: Html | str, **attributes: str) -> Html:
    """`element("a", "text", href="/")`; a trailing underscore and inner ones as in `class_`, `data_label`."""
    given = "".join(f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"' for name, value in attributes.items())
    return Html(f"<{tag}{given}>{join(*content).markup}</{tag}>")


def void(tag: str, **attributes: str) -> Html:
    """An element without content, like `meta`."""
    return Html(element(tag, **attributes).markup.removesuffix(f"</{tag}>"))
