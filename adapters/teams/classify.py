"""What kind of activity Teams has sent: tiny pure predicates, which take any JSON at all and never raise."""

from __future__ import annotations

import re

from bot.payload import Json, part, parts, text

CHANNEL_ID = "msteams"
KEY = re.compile(r"[\x21\x22\x24-\x7e]{1,1000}")  # ids that we only carry: ASCII without spaces and `#`
USER = re.compile(r"[A-Za-z0-9:._@-]{1,250}")
URL = re.compile(r"https?://[\x21\x22\x24-\x7e]{1,1000}")
KINDS = ("personal", "groupChat", "channel")
ADDED = ("add", "add-upgrade")
REMOVED = ("remove", "remove-upgrade")
CARD_ACTION = "adaptiveCard/action"
MOST_PARTS = 200


def tenants(activity: Json) -> frozenset[str]:
    """The tenants that an activity says it comes from; there should be one."""
    told = (text(part(part(activity, "channelData"), "tenant"), "id"), text(part(activity, "conversation"), "tenantId"))
    return frozenset(tenant.lower() for tenant in told if tenant)


def is_activity(activity: Json) -> bool:
    return bool(text(activity, "type"))


def is_invoke(activity: Json) -> bool:
    """What waits for an answer with a body."""
    return text(activity, "type") == "invoke"


def is_card_action(activity: Json) -> bool:
    """A button of a card that is answered with another card."""
    return is_invoke(activity) and text(activity, "name") == CARD_ACTION


def is_submit(activity: Json) -> bool:
    """A button of a card on clients that know no better, as a message."""
    return text(activity, "type") == "message" and isinstance(activity.get("value"), dict)


def is_written(activity: Json) -> bool:
    """A message, as it was first sent: edits, deletions and reactions are types of their own."""
    return text(activity, "type") == "message" and not is_submit(activity)


def is_installed(activity: Json) -> bool:
    """We were added. Teams tells it in two activities, and both are heard: either may be missing."""
    return _installation(activity, ADDED) or _has_us(activity, "membersAdded")


def is_removed(activity: Json) -> bool:
    return _installation(activity, REMOVED) or _has_us(activity, "membersRemoved")


def members_removed(activity: Json) -> list[Json]:
    """Who is no longer in a conversation, without bots."""
    if text(activity, "type") != "conversationUpdate":
        return []
    gone = parts(activity, "membersRemoved", MOST_PARTS)
    return [one for one in gone if text(one, "id") != own_id(activity) and not text(one, "id").startswith("28:")]


def _installation(activity: Json, actions: tuple[str, ...]) -> bool:
    return text(activity, "type") == "installationUpdate" and text(activity, "action") in actions


def _has_us(activity: Json, members: str) -> bool:
    own = own_id(activity)
    told = text(activity, "type") == "conversationUpdate" and own
    return bool(told) and any(text(member, "id") == own for member in parts(activity, members, MOST_PARTS))


def own_id(activity: Json) -> str:
    """The bot's own id: whom the activity was sent to."""
    return text(part(activity, "recipient"), "id")


def is_by_a_person(activity: Json) -> bool:
    """And not by us or by another bot."""
    sender = part(activity, "from")
    found = text(sender, "id")
    by_bot = found == own_id(activity) or found.startswith("28:") or text(sender, "role") in ("bot", "skill")
    return bool(found) and not by_bot


def kind(activity: Json) -> str:
    """personal, groupChat or channel; empty when Teams says nothing that we know."""
    found = text(part(activity, "conversation"), "conversationType")
    return found if found in KINDS else ""


def mentions(activity: Json) -> list[Json]:
    """The mentions of a message, in their order in the text."""
    return [one for one in parts(activity, "entities", MOST_PARTS) if text(one, "type") == "mention"]


def is_mention_of_us(activity: Json) -> bool:
    own = own_id(activity)
    return bool(own) and any(text(part(one, "mentioned"), "id") == own for one in mentions(activity))


def html(activity: Json) -> str:
    """The copy of a message in HTML, which Teams attaches."""
    copies = (one for one in parts(activity, "attachments", MOST_PARTS) if text(one, "contentType") == "text/html")
    return next((text(one, "content") for one in copies), "")
