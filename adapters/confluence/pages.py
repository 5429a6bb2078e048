"""A page's JSON in the shapes of the core: pure, and it takes any JSON at all."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterator
from urllib.parse import urlsplit

from adapters.confluence.anchors import Anchors
from adapters.confluence.effort import Effort, Unreadable
from adapters.confluence.moments import moment
from adapters.confluence.storage_text import sections
from bot import payload
from bot.answers.document import Document, Section
from bot.payload import Json
from bot.wiki import Listed, WikiPage

WHAT_LISTED = (
    "version",
    "space",
    "ancestors",
    "history",
    "restrictions.read.restrictions.user",
    "restrictions.read.restrictions.group",
)
"""What a search gives of a page, without its text."""

WHAT_READ = ("body.storage", *WHAT_LISTED, "history.lastUpdated")
log = logging.getLogger(__name__)
MOST_ABOVE = 100
LONGEST_URL = 2000
LONGEST_TITLE = 500
# Before there were wikis.
_UNKNOWN = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def number_of(page: Json) -> str:
    """Confluence's own id, in digits; "" where there is none."""
    found = page.get("id")
    text = str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""
    return text if text.isascii() and text.isdigit() and len(text) < 20 else ""


def ours(number: str) -> str:
    return f"confluence:{number}"


def theirs(page_id: str) -> str:
    """The number of an id of ours; "" of any other."""
    number = page_id.removeprefix("confluence:")
    return number if number != page_id and number.isascii() and number.isdigit() and len(number) < 20 else ""


def modified(page: Json) -> datetime.datetime | None:
    updated = payload.part(payload.part(page, "history"), "lastUpdated")
    return moment(payload.text(updated, "when")) or moment(payload.text(payload.part(page, "version"), "when"))


def created(page: Json) -> datetime.datetime | None:
    return moment(payload.text(payload.part(page, "history"), "createdDate"))


def space_of(page: Json) -> str:
    return payload.text(payload.part(page, "space"), "key")


def version_of(page: Json) -> int:
    found = payload.part(page, "version").get("number")
    return found if isinstance(found, int) and 0 <= found < 2**31 else 0


def above(page: Json) -> Iterator[Json]:
    """What it hangs below, the furthest first; there may be folders among it."""
    return payload.parts(page, "ancestors", MOST_ABOVE)


def is_whole(page: Json, *, text: bool) -> bool:
    """Whether all of it came that a search may leave out, but for its restrictions. `text`: with its text."""
    known = isinstance(page.get("ancestors"), list) and version_of(page) > 0
    return known and not (text and _storage(page).get("value") is None)


def readers(restrictions: Json) -> bool | None:
    """Whether only some may read it, by its read restrictions; None where that cannot be told."""
    named = payload.part(restrictions, "restrictions")
    known = [_count(named, kind) for kind in ("user", "group")]
    if any(known):
        return True
    return None if None in known else False


def _count(named: Json, kind: str) -> int | None:
    found = named.get(kind)
    if not isinstance(found, dict) or not isinstance(found.get("results"), list):
        return None
    size = found.get("size", 0)
    return max(len(found["results"]), size if isinstance(size, int) else 1)


def listed(page: Json, *, restricted: bool) -> Listed:
    return Listed(ours(number_of(page)), version_of(page), restricted, _ancestors(page))


def wiki_page(
    page: Json, base: str, named: str, *, cloud: bool, restricted: bool, effort: Effort | None = None
) -> WikiPage:
    """`base`: the address that is configured; `named`: the one that the wiki calls its own. `effort`: what may be done
    for its text."""
    title = payload.text(page, "title")[:LONGEST_TITLE]
    text, unreadable = ((), "") if restricted else _text(page, Anchors(title, cloud=cloud), effort or Effort())
    document = Document(
        id=ours(number_of(page)),
        title="" if restricted else title,
        url=None if restricted else address(page, base, named),
        version=version_of(page),
        sections=text,
        restricted=restricted,
        ancestors=_ancestors(page),
        space=space_of(page),
        unreadable=unreadable,
    )
    return WikiPage(document, modified(page) or _UNKNOWN)


def is_page(one: Json) -> bool:
    """Whether something that stands above a page is a page itself, and no folder."""
    return payload.text(one, "type") in ("page", "")


def _ancestors(page: Json) -> tuple[str, ...]:
    return tuple(ours(number) for one in above(page) if is_page(one) and (number := number_of(one)))


def _text(page: Json, anchors: Anchors, effort: Effort) -> tuple[tuple[Section, ...], str]:
    """Its text, or why there is none: no page keeps its neighbours from being read."""
    body = _storage(page).get("value")
    if not isinstance(body, str):
        return (), "no-text"
    try:
        return sections(body, anchors, effort), ""
    except Unreadable as error:
        return (), error.code
    except Exception as error:  # whatever a page may do to us or to the parser
        log.error("page broken", extra={"page": ours(number_of(page)), "error": type(error).__name__})
        return (), "broken"


def _storage(page: Json) -> Json:
    return payload.part(payload.part(page, "body"), "storage")


def address(page: Json, base: str, named: str) -> str | None:
    """Where people read it: on the host that is configured, whatever the answer says."""
    path = payload.text(payload.part(page, "_links"), "webui")
    if not path.startswith("/") or path.startswith("//") or not path.isprintable() or " " in path or "\\" in path:
        return None
    root = named.rstrip("/") if _is_same_site(named, base) else base
    found = f"{root}{path}"
    return found if len(found) <= LONGEST_URL else None


def _is_same_site(named: str, base: str) -> bool:
    try:
        theirs, configured = urlsplit(named), urlsplit(base)
        same = (theirs.hostname, theirs.port) == (configured.hostname, configured.port)
    except ValueError:
        return False
    clean = named.isprintable() and " " not in named and not theirs.query and not theirs.fragment
    return same and clean and theirs.scheme in ("http", "https") and theirs.username is None
