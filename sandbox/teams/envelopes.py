"""Activities as Teams sends them to a bot."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sandbox.teams.company import MESSAGE_ID, Company
from sandbox.teams.directory import Person, Place
from sandbox.teams.errors import Json

Named = tuple[str, str]  # id and name of whom a text mentions


def event_id() -> str:
    """The id of an activity that is no message."""
    return f"f:{uuid.uuid4()}"


def activity(company: Company, person: Person, place: Place, thread: str | None, activity_id: str) -> Json:
    """What all activities have in common: who, where, when."""
    now = datetime.fromtimestamp(company.now(), UTC)
    local = now.astimezone(ZoneInfo(person.timezone))
    return {
        "timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "localTimestamp": local.isoformat(timespec="milliseconds"),
        "localTimezone": person.timezone,
        "id": activity_id,
        "channelId": "msteams",
        "serviceUrl": company.service_url,
        "from": {"id": person.id, "name": person.name, "aadObjectId": person.aad_object_id},
        "conversation": _conversation(company, person, place, thread),
        "recipient": {"id": company.bot_id, "name": company.bot_name},
        "entities": [_client_info(person)],
        "channelData": _channel_data(company, person, place),
        "locale": person.locale,
    }


def _conversation(company: Company, person: Person, place: Place, thread: str | None) -> Json:
    place_id = place.id if thread is None else f"{place.id}{MESSAGE_ID}{thread}"
    group = {} if place.kind == "personal" else {"isGroup": True}
    tenant = person.tenant_id or company.tenant_id
    return {**group, "conversationType": place.kind, "tenantId": tenant, "id": place_id}


def _channel_data(company: Company, person: Person, place: Place) -> Json:
    tenant = {"tenant": {"id": person.tenant_id or company.tenant_id}}
    if place.team is None:
        return dict(tenant)
    team = {"id": place.team.id, "aadGroupId": place.team.aad_group_id, "name": place.team.name}
    ids = {"teamsChannelId": place.id, "teamsTeamId": place.team.id}
    return {**ids, "channel": {"id": place.id}, "team": team, **tenant}


def _client_info(person: Person) -> Json:
    shown = {"locale": person.locale, "country": person.country, "timezone": person.timezone}
    return {"type": "clientInfo", "platform": "Web", **shown}


def said(text: str, named: Iterable[Named]) -> Json:
    """The fields of a message. In `text` each `@name` of `named`, in their order, is a mention.

    Both copies are escaped, as HTML is. ValueError when a name does not stand in the text.
    """
    plain = rich = html.escape(text, quote=False)
    entities: list[Json] = []
    for number, (member, name) in enumerate(named):
        shown = html.escape(name, quote=False)
        mention = re.compile(re.escape(f"@{shown}"))
        if not mention.search(plain):
            raise ValueError(f"the text does not mention @{name}")
        span = f'<span itemtype="http://schema.skype.com/Mention" itemscope itemid="{number}">{shown}</span>'
        at = f"<at>{shown}</at>"
        plain, rich = _once(mention, at, plain), _once(mention, span, rich)
        entities.append({"type": "mention", "mentioned": {"id": member, "name": name}, "text": at})
    lines = rich.replace("\n", "<br>")
    return {
        "type": "message",
        "textFormat": "plain",
        "text": plain,
        "attachments": [{"contentType": "text/html", "content": f"<p>{lines}</p>"}],
        "mentions": entities,
    }


def _once(mention: re.Pattern[str], with_: str, text: str) -> str:
    return mention.sub(lambda _: with_, text, count=1)


def with_content(common: Json, content: Json) -> Json:
    """The activity of a message: its mentions stand beside the entities that every activity has."""
    fields = {name: value for name, value in content.items() if name != "mentions"}
    return {**common, **fields, "entities": [*common["entities"], *content.get("mentions", [])]}


def execute(element: Json, data: Json) -> Json:
    """What the press of an Action.Execute sends."""
    told: Json = {name: element[name] for name in ("id", "title", "verb") if name in element}
    value = {"action": {"type": "Action.Execute", **told, "data": data}, "trigger": "manual"}
    return {"type": "invoke", "name": "adaptiveCard/action", "value": value}
