"""What kind of payload Slack has sent: tiny pure predicates, which take any JSON at all and never raise."""

import re

from bot.payload import Json, first, text

ID = re.compile(r"[A-Z0-9]{1,64}")
TS = re.compile(r"[0-9]{1,10}\.[0-9]{1,9}")
KEY = re.compile(r"[\x21-\x7e]{1,255}")  # ids that we only carry: event ids, trigger ids, action ids

# Other subtypes are edits, deletions, joins, topics and posts of bots; nobody speaks to us in them.
SPOKEN_SUBTYPES = ("file_share", "thread_broadcast", "me_message")


def is_url_verification(payload: object) -> bool:
    return text(payload, "type") == "url_verification"


def is_ssl_check(payload: object) -> bool:
    return text(payload, "ssl_check") == "1"


def is_event(payload: Json) -> bool:
    return text(payload, "type") == "event_callback"


def is_command(payload: Json) -> bool:
    """A form and no JSON: the only payload without a type."""
    return "command" in payload and "type" not in payload


def is_press(payload: Json) -> bool:
    """A button; our messages have no other elements that act by themselves."""
    return text(payload, "type") == "block_actions" and text(first(payload, "actions"), "type") == "button"


def is_submission(payload: Json) -> bool:
    return text(payload, "type") == "view_submission"


def is_home_opened(event: Json) -> bool:
    return text(event, "type") == "app_home_opened" and text(event, "tab") == "home"


def is_user_changed(event: Json) -> bool:
    """A member is new, or something about one has changed: who they are, or only their status."""
    return text(event, "type") in ("user_change", "team_join")


def is_spoken(event: Json) -> bool:
    """A post of a person, as it was first made."""
    by_person = not event.get("bot_id") and not event.get("hidden")
    return by_person and text(event, "type") in ("message", "app_mention") and _subtype_is_spoken(event)


def _subtype_is_spoken(event: Json) -> bool:
    return event.get("subtype") is None or text(event, "subtype") in SPOKEN_SUBTYPES


def is_direct(event: Json) -> bool:
    """In the direct message with us."""
    return text(event, "type") == "message" and text(event, "channel_type") == "im"


def is_mention(event: Json, own_user: str) -> bool:
    """Addressed to us in a channel, in either of the two events that Slack may make of one post."""
    if text(event, "type") == "app_mention":
        return True
    said = text(event, "text")
    return bool(own_user) and (f"<@{own_user}>" in said or f"<@{own_user}|" in said)


def is_direct_id(conversation: str) -> bool:
    return conversation.startswith("D")
