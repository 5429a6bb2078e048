"""An activity of Teams as an `Incoming`; pure. Whatever is not for us, or not shaped like Teams, is None."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from adapters.teams import classify
from adapters.teams.classify import KEY, URL, USER
from adapters.teams.heard import Mentioned, cleaned, heard, heard_html, unforged
from adapters.teams.reference import Conversation, Sent
from bot.incoming import Account, AccountChanged, Incoming, Installed, Place, Pressed, Removed, Said, Submitted, Wrote
from bot.payload import LOCALE, Json, part, shaped, text

CHANNEL = "teams"
MOST_FIELDS = 50


def incoming(activity: object, now: datetime.datetime) -> Incoming | None:
    """What a person did, if the activity says that a person did something that concerns us.

    `now` stands in where the activity has no time of its own.
    """
    if not isinstance(activity, dict) or not classify.is_by_a_person(activity):
        return None
    said = next((said for is_it, said in TRANSLATIONS if is_it(activity)), None)
    found = None if said is None else said(activity)
    return None if found is None else _act(activity, found, now)


def changed(activity: Json, now: datetime.datetime) -> list[Incoming]:
    """Who was taken out of a conversation has perhaps left the company: the core asks about each."""
    conversation, id_ = _conversation(activity), shaped(activity, "id", KEY)
    if conversation is None or not id_:
        return []
    found = [account for one in classify.members_removed(activity) if (account := _named(one)) is not None]
    return [
        Incoming(
            id=f"{CHANNEL}:{conversation.whole.id}:{id_}:{account.id}",
            account=account,
            place=_place(activity, conversation),
            said=AccountChanged(),
            at=now,
        )
        for account in found
    ]


def _act(activity: Json, said: Said, now: datetime.datetime) -> Incoming | None:
    """What was said, with everything around it that is the same for every kind."""
    account, conversation, id_ = _account(activity), _conversation(activity), shaped(activity, "id", KEY)
    if account is None or conversation is None or not id_:
        return None
    place = _place(activity, conversation)
    return Incoming(
        # Ids of messages are times, told apart only within their conversation.
        id=f"{CHANNEL}:{conversation.whole.id}:{id_}",
        account=account,
        place=place,
        said=said,
        at=_moment(text(activity, "timestamp"), now),
        address=place.conversation if place.private else None,
        on=_pressed_on(activity, conversation),
        pressed=_pressed_on(activity, conversation),
        takes_forms=True,
        locale=shaped(activity, "locale", LOCALE) or None,
    )


def _account(activity: Json) -> Account | None:
    """The object id in the company's directory, where Teams tells it: it is the same for every bot."""
    return _named(part(activity, "from"))


def _named(member: Json) -> Account | None:
    found = shaped(member, "aadObjectId", USER).lower() or shaped(member, "id", USER)
    return Account(CHANNEL, found) if found else None


def _conversation(activity: Json) -> Conversation | None:
    """The conversation, or the thread of it, in which it happened."""
    service_url = shaped(activity, "serviceUrl", URL).rstrip("/")
    found = Conversation(service_url, shaped(part(activity, "conversation"), "id", KEY))
    return found if service_url and found.whole.id and classify.kind(activity) else None


def _place(activity: Json, conversation: Conversation) -> Place:
    """A post in a channel is answered in its thread, also one that begins it; chats have no threads."""
    kind, thread = classify.kind(activity), conversation.thread
    if thread is None and kind == "channel" and classify.is_written(activity):
        thread = shaped(activity, "id", KEY)
    return Place(CHANNEL, conversation.whole.text, thread, private=kind == "personal")


def _pressed_on(activity: Json, conversation: Conversation) -> str | None:
    """The card of the button, where the answer can put another in its place."""
    card = shaped(activity, "replyToId", KEY)
    return Sent(conversation, card).ref if card and classify.is_card_action(activity) else None


def _written(activity: Json) -> Said | None:
    """Everything in a personal chat; elsewhere what mentions us."""
    if classify.kind(activity) != "personal" and not classify.is_mention_of_us(activity):
        return None
    mentioned = list(_mentioned(activity))
    said = heard(text(activity, "text"), mentioned) or heard_html(classify.html(activity), mentioned)
    return Wrote(said)


def _mentioned(activity: Json) -> list[Mentioned]:
    own = classify.own_id(activity)
    found = ((shaped(part(one, "mentioned"), "id", USER), one) for one in classify.mentions(activity))
    return [Mentioned("" if id_ == own else id_, _shown(one)) for id_, one in found if id_]


def _shown(mention: Json) -> str:
    return text(mention, "text") or text(part(mention, "mentioned"), "name")


def _card_action(activity: Json) -> Said | None:
    return _sent_off(part(part(part(activity, "value"), "action"), "data"))


def _submit(activity: Json) -> Said | None:
    return _sent_off(part(activity, "value"))


def _sent_off(data: Json) -> Said | None:
    """What a button of one of our cards brings: a form, with the values of its fields beside its name, or a press."""
    form, action = shaped(data, "form", KEY), shaped(data, "action", KEY)
    if form:
        values = {cleaned(name): _value(data[name]) for name in list(data)[:MOST_FIELDS] if isinstance(name, str)}
        named = {name: value for name, value in values.items() if name not in ("form", "context")}
        return Submitted(form, named, cleaned(text(data, "context")))
    return Pressed(action, cleaned(text(data, "value"))) if action else None


def _value(answer: object) -> str:
    return unforged(cleaned(answer)) if isinstance(answer, str) else ""


def _installed(_: Json) -> Said:
    return Installed()


def _removed(_: Json) -> Said:
    return Removed()


def _moment(timestamp: str, now: datetime.datetime) -> datetime.datetime:
    """When it was said: an activity may come late, and "tomorrow" is meant from then; never in the future."""
    try:
        told = datetime.datetime.fromisoformat(timestamp)
        in_utc = (told if told.tzinfo else told.replace(tzinfo=datetime.UTC)).astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return now
    return min(in_utc, now)


Translate = Callable[[Json], Said | None]
TRANSLATIONS: tuple[tuple[Callable[[Json], bool], Translate], ...] = (
    (classify.is_submit, _submit),
    (classify.is_written, _written),
    (classify.is_card_action, _card_action),
    (classify.is_installed, _installed),
    (classify.is_removed, _removed),
)
