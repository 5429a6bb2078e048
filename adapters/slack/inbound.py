"""A payload of Slack as an `Incoming`; pure. Whatever is not for us, or not shaped like Slack, is None."""

import datetime
import re
from collections.abc import Callable

import msgspec

from adapters.slack import classify
from adapters.slack.classify import ID, KEY, TS
from adapters.slack.form_thread import carried
from adapters.slack.mrkdwn import cleaned, heard, unforged, without_address
from bot.incoming import Account, AccountChanged, Commanded, Incoming, Opened, Place, Pressed, Said, Submitted, Wrote
from bot.payload import Json, first, part, shaped, text

CHANNEL = "slack"
OUTSIDE = ("deleted", "is_bot", "is_app_user", "is_restricted", "is_ultra_restricted", "is_stranger")


class Installation(msgspec.Struct, frozen=True):
    """Where and as whom we are installed; what is empty is not known yet, and not compared."""

    team: str = ""
    user: str = ""
    bot: str = ""
    app: str = ""


def incoming(payload: object, installation: Installation, now: datetime.datetime) -> Incoming | None:
    """What a person did, if the payload says that a person of this workspace did something that concerns us.

    `now` stands in where the payload has no time of its own.
    """
    if not isinstance(payload, dict) or not _is_ours(payload, installation):
        return None
    translate = next((translate for is_it, translate in TRANSLATIONS if is_it(payload)), None)
    return None if translate is None else translate(payload, installation, now)


def _is_ours(payload: Json, installation: Installation) -> bool:
    team = text(payload, "team_id") or text(part(payload, "team"), "id")
    app = text(payload, "api_app_id")
    return team in ("", installation.team or team) and app in ("", installation.app or app)


def _event(payload: Json, installation: Installation, now: datetime.datetime) -> Incoming | None:
    event = part(payload, "event")
    if classify.is_user_changed(event):
        return _changed(payload, part(event, "user"), installation, now)
    own = installation.user or _authorized_user(payload)
    user, event_id = shaped(event, "user", ID), shaped(payload, "event_id", KEY)
    if not user or user == own or not event_id:
        return None
    if classify.is_home_opened(event):
        return _act(f"{CHANNEL}:{event_id}", user, _private(user), Opened(), now)
    return _post(event, f"{CHANNEL}:{event_id}", own, now) if classify.is_spoken(event) else None


def _changed(payload: Json, user: Json, installation: Installation, now: datetime.datetime) -> Incoming | None:
    """Somebody has come, or is no longer who they were: the core asks about it where it makes a difference."""
    id_, event_id = shaped(user, "id", ID), shaped(payload, "event_id", KEY)
    if not id_ or not event_id:
        return None
    team = installation.team or text(payload, "team_id")
    email = text(part(user, "profile"), "email") if user.get("is_email_confirmed") is not False else ""
    said = AccountChanged(email or None, outside=is_outside(user, team))
    return _act(f"{CHANNEL}:{event_id}", id_, _private(id_), said, now)


def is_outside(user: Json, team: str) -> bool:
    """Nobody of ours: of another workspace, which may let its people claim any address, a guest, a bot, or deleted."""
    return any(user.get(flag) for flag in OUTSIDE) or text(user, "team_id") != team


def _post(event: Json, event_id: str, own: str, now: datetime.datetime) -> Incoming | None:
    channel, ts = shaped(event, "channel", ID), shaped(event, "ts", TS)
    if not channel or not ts:
        return None
    said = heard(text(event, "text"))
    if classify.is_direct(event):
        place = Place(CHANNEL, channel, shaped(event, "thread_ts", TS) or None)
    elif classify.is_mention(event, own):
        place = Place(CHANNEL, channel, shaped(event, "thread_ts", TS) or ts, private=False)
        said = without_address(said, own)
    else:
        return None
    act = _act(event_id, text(event, "user"), place, Wrote(said), _moment(ts, now))
    return msgspec.structs.replace(act, also=(f"{CHANNEL}:{channel}:{ts}",))


def _command(payload: Json, _: Installation, now: datetime.datetime) -> Incoming | None:
    user, trigger = shaped(payload, "user_id", ID), shaped(payload, "trigger_id", KEY)
    if not user or not trigger:
        return None
    # Where it was typed may be anybody's conversation; the answer is for this person alone.
    said = Commanded(heard(text(payload, "text")).strip())
    return _act(f"{CHANNEL}:cmd:{trigger}", user, _private(user), said, now, at_once=True)


def _press(payload: Json, _: Installation, now: datetime.datetime) -> Incoming | None:
    action = first(payload, "actions")
    user, trigger = shaped(part(payload, "user"), "id", ID), shaped(payload, "trigger_id", KEY)
    name = base_action(shaped(action, "action_id", KEY))
    if not user or not trigger or not name:
        return None
    said = Pressed(name, cleaned(text(action, "value")))
    at = _moment(shaped(action, "action_ts", TS), now)
    act = _act(f"{CHANNEL}:act:{trigger}", user, _place_of_press(payload, user), said, at)
    return msgspec.structs.replace(act, opens_forms=True, pressed=_message_of_press(payload))


def base_action(action_id: str) -> str:
    """The action of a button; `:2` and so on tells buttons of one action apart, since ids in a block must differ."""
    return re.sub(r":[0-9]+\Z", "", action_id)


def _message_of_press(payload: Json) -> str | None:
    """The message, where it is one that we can change; a home tab is none, nor is what only one person can see."""
    container = part(payload, "container")
    channel, ts = shaped(container, "channel_id", ID), shaped(container, "message_ts", TS)
    return f"{channel}:{ts}" if channel and ts and not container.get("is_ephemeral") else None


def _place_of_press(payload: Json, user: str) -> Place:
    """The message's own place; the person's direct message for a home tab and for what only they can see."""
    container, message = part(payload, "container"), part(payload, "message")
    channel = shaped(container, "channel_id", ID)
    if not channel or container.get("is_ephemeral"):
        return _private(user)
    thread = shaped(message, "thread_ts", TS) or shaped(container, "thread_ts", TS)
    if classify.is_direct_id(channel):
        # A message that others have answered in a thread still stands in the conversation itself.
        return Place(CHANNEL, channel, thread if thread != shaped(container, "message_ts", TS) and thread else None)
    return Place(CHANNEL, channel, thread or shaped(container, "message_ts", TS) or None, private=False)


def _submission(payload: Json, _: Installation, now: datetime.datetime) -> Incoming | None:
    view = part(payload, "view")
    user, trigger = shaped(part(payload, "user"), "id", ID), shaped(payload, "trigger_id", KEY)
    form = shaped(view, "callback_id", KEY)
    if not user or not trigger or not form:
        return None
    thread, context = carried(cleaned(text(view, "private_metadata")))
    said = Submitted(form, _values(part(view, "state")), context)
    place = Place(CHANNEL, *thread) if thread else _private(user)
    return _act(f"{CHANNEL}:act:{trigger}", user, place, said, now, at_once=True)


def _values(state: Json) -> dict[str, str]:
    """The answers by field; what was left empty is an empty string."""
    blocks = part(state, "values")
    fields = ((name, part(blocks, name)) for name in blocks if isinstance(name, str))
    return {cleaned(name): _chosen(part(inputs, next(iter(inputs)))) for name, inputs in fields if inputs}


def _chosen(answer: Json) -> str:
    """What stands in one input, by the kinds of input that our forms have; a person is a mention."""
    user = shaped(answer, "selected_user", ID)
    if user:
        return f"<@{user}>"
    option = text(part(answer, "selected_option"), "value")
    return unforged(cleaned(text(answer, "value") or option or text(answer, "selected_date")))


def _act(
    event_id: str, user: str, place: Place, said: Said, at: datetime.datetime, *, at_once: bool = False
) -> Incoming:
    return Incoming(id=event_id, account=Account(CHANNEL, user), place=place, said=said, at=at, answers_at_once=at_once)


def _private(user: str) -> Place:
    """The direct message with a person: Slack takes their id for it."""
    return Place(CHANNEL, user)


def _authorized_user(payload: Json) -> str:
    """Our own user as the event itself names it, before auth.test has answered."""
    authorization = first(payload, "authorizations")
    return shaped(authorization, "user_id", ID) if authorization.get("is_bot") is True else ""


def _moment(ts: str, now: datetime.datetime) -> datetime.datetime:
    """When it was said: an event may come hours late, and "tomorrow" is meant from then; never in the future."""
    return min(datetime.datetime.fromtimestamp(float(ts), datetime.UTC), now) if ts else now


Translate = Callable[[Json, Installation, datetime.datetime], Incoming | None]
TRANSLATIONS: tuple[tuple[Callable[[Json], bool], Translate], ...] = (
    (classify.is_event, _event),
    (classify.is_command, _command),
    (classify.is_press, _press),
    (classify.is_submission, _submission),
)
