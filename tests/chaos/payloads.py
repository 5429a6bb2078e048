"""Everything that may come in over a well-signed request: what people write and press, and what nobody ever would."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

from hypothesis import strategies as st

from sandbox.slack.arguments import FORM
from sandbox.slack.delivery import Kind, encode
from tests.chaos.inside import CHANNEL, STAFF, STRANGER

Json = dict[str, Any]
JSON = "application/json"
WORDS = (
    *("start", "старт", "done", "готово", "status", "статус", "stop", "ask", "вопрос", "help", "помощь"),
    *("/onboarding", "team", "команда", "chaos", "read", "meet", "desk", "1", "4", "99999999999999999999", "-1"),
    *("<@U0NEW001>", "<@U0NEW002|new>", "<@U0NOBODY>", "<@>", "@new003", "@", "new004@company.example", "@N new005"),
    *("31.02.2026", "2026-12-01", "9999-12-31", "0001-01-01", "завтра", "friday", "+999d", "+3д", "١٢٣", "²"),
    *(
        '"',
        "«",
        "»",
        "'",
        "```",
        "<!channel>",
        "<https://x|y>",
        "&lt;",
        "*_~",
        "\x00",
        "\ud83d",
        "‮",
        "👩‍👩‍👧‍👧",
        "{name}",
        "%s",
    ),
)
BUTTONS = ("done", "done:2", "progress", "status", "ask-person", "nothing", "")
FIELDS = ("person", "scenario", "date")

everybody = st.sampled_from([STRANGER, *(one.slack for one in STAFF.everybody)])
plain = st.text(max_size=60)
spoken = st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=8).map(" ".join)
endless = st.builds(lambda text, times: text * times, st.text(min_size=1, max_size=6), st.sampled_from([500, 3000]))
texts = st.one_of(spoken, spoken, plain, endless)
values = st.one_of(
    st.sampled_from(["", "x read", "a b c", "U0NEW001", "1"]), st.text(max_size=20), st.text(max_size=20).map(str.upper)
)
scraps = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


Make = Callable[[int], "Request"]
"""A request with this number in its ids, so that no two are the same act."""


class Request(NamedTuple):
    """A body and what it is said to be. Of acts that ask for a message: `who` did it, and the id that it has."""

    shape: str
    body: bytes
    content_type: str
    who: str = ""
    id: str = ""


def _request(shape: str, kind: Kind, payload: Json, who: str = "", act: str = "") -> Request:
    if kind is Kind.COMMAND:  # half a surrogate cannot be written in UTF-8, and is sent all the same
        return Request(shape, urlencode(payload, errors="surrogatepass").encode(), FORM, who, act)
    return Request(shape, *encode(kind, payload), who, act)


def said(who: str, text: str, number: int) -> Request:
    ts = f"1760000000.{number:06}"
    event = {"type": "message", "channel_type": "im", "channel": f"D{who[1:]}", "user": who, "text": text, "ts": ts}
    payload = {"type": "event_callback", "event_id": f"EvS{number}E", "event": event}
    return _request("said", Kind.EVENT, payload, who, f":EvS{number}E")


def mentioned(who: str, text: str, number: int) -> Request:
    ts = f"1761000000.{number:06}"
    event = {"type": "app_mention", "channel": CHANNEL, "user": who, "text": f"<@U0BUTTERBOT> {text}", "ts": ts}
    payload = {"type": "event_callback", "event_id": f"EvM{number}E", "event": event}
    return _request("mentioned", Kind.EVENT, payload, who, f":EvM{number}E")


def commanded(who: str, text: str, number: int) -> Request:
    payload = {"command": "/onboarding", "text": text, "user_id": who, "trigger_id": f"{number}.COMMANDED"}
    return _request("commanded", Kind.COMMAND, payload, who)


def pressed(who: str, action: str, value: str, number: int) -> Request:
    button = {"type": "button", "action_id": action, "value": value}
    payload = {
        "type": "block_actions",
        "user": {"id": who},
        "trigger_id": f"{number}.PRESSED",
        "container": {"type": "message", "channel_id": f"D{who[1:]}", "message_ts": "1760000000.000100"},
        "actions": [button],
    }
    return _request("pressed", Kind.INTERACTION, payload, who, f":{number}.PRESSED" if action else "")


def submitted(who: str, form: str, fields: dict[str, Json], number: int) -> Request:
    view = {"callback_id": form, "private_metadata": "", "state": {"values": fields}}
    payload = {"type": "view_submission", "user": {"id": who}, "trigger_id": f"{number}.SUBMITTED", "view": view}
    return _request("submitted", Kind.INTERACTION, payload, who)


def _field(value: str) -> Json:
    kinds: tuple[Json, ...] = (
        {"type": "plain_text_input", "value": value},
        {"type": "users_select", "selected_user": value},
        {"type": "static_select", "selected_option": {"value": value}},
        {"type": "datepicker", "selected_date": value},
    )
    return {"x": kinds[len(value) % len(kinds)]}


def _broken(request: Request, path: int, scrap: Any) -> Request:
    """One value of a right payload replaced by anything at all."""
    payload = json.loads(request.body)
    spot, key = _spots(payload)[path % len(_spots(payload))]
    spot[key] = scrap
    return Request("broken", json.dumps(payload).encode(), JSON)


def _spots(payload: Any) -> list[tuple[Any, Any]]:
    keys = list(payload) if isinstance(payload, dict) else range(len(payload))
    found = [(payload, key) for key in keys]
    for key in keys:
        if isinstance(payload[key], dict | list) and payload[key]:
            found += _spots(payload[key])
    return found


def _as_form(payload: Any) -> Request:
    return Request("broken", urlencode({"payload": json.dumps(payload)}).encode(), FORM)


def _act(build: Callable[..., Request], *parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Make]:
    return st.builds(partial, st.just(build), everybody, *parts)


def _whatever(request: Request) -> Make:
    return lambda _: request


fields = st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=4), (texts | values).map(_field), max_size=4)
events = _act(said, texts) | _act(mentioned, texts)
acts = st.one_of(
    events,
    _act(commanded, texts),
    _act(pressed, st.sampled_from(BUTTONS), values | texts),
    _act(submitted, st.sampled_from(["start", "start", "unknown"]), fields),
)
raw = st.one_of(
    st.builds(Request, st.just("raw"), st.binary(max_size=60), st.sampled_from([JSON, FORM, "text/plain", ""])),
    scraps.map(lambda scrap: Request("raw", json.dumps(scrap).encode(), JSON)),
    scraps.map(_as_form),
).map(_whatever)
broken = st.builds(
    lambda make, path, scrap: lambda number: _broken(make(number), path, scrap), events, st.integers(0, 50), scraps
)
requests = st.one_of(acts, acts, acts, raw, broken)
