"""The connector's REST API (`/v3/conversations/…`), by which a bot opens conversations, writes, and asks who is there.

The same requests are taken below every service URL: `/emea/{tenant}/v3/…` and `/teams/v3/…`, as well as `/v3/…`.
"""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from sandbox.teams.cards import CARD, card_problems
from sandbox.teams.company import MESSAGE_ID, Call, Company, Message
from sandbox.teams.directory import Person, Place, member_object
from sandbox.teams.errors import Json, TeamsError

PREFIXES = ("", "/teams", "/emea/{tenant}")
LARGEST = 100 * 1024  # bytes in UTF-16
MEMBERS_AT_LEAST, MEMBERS_AT_MOST, MEMBERS_USUALLY = 50, 500, 200
TYPES = ("message", "typing", "event", "invoke", "trace", "endOfConversation")
Handler = Callable[[web.Request], Awaitable[web.Response]]


def bad(message: str) -> TeamsError:
    return TeamsError(400, "BadSyntax", message)


def activity_problems(activity: Json) -> list[str]:
    """Why the connector does not take this activity; none: it does."""
    text, attachments = activity.get("text"), activity.get("attachments") or []
    if activity.get("type") not in TYPES:
        return [f"Activity type {activity.get('type')!r} is not supported"]
    if text is not None and not isinstance(text, str):
        return ["Activity text is no string"]
    if not isinstance(attachments, list):
        return ["Activity attachments are no list"]
    if activity["type"] == "message" and not text and not attachments:
        return ["Activity must include text or attachments"]
    return [problem for one in attachments for problem in _attachment_problems(one)]


def _attachment_problems(attachment: Any) -> list[str]:
    if not isinstance(attachment, dict) or not isinstance(attachment.get("contentType"), str):
        return ["Attachment without a contentType"]
    return card_problems(attachment.get("content")) if attachment["contentType"] == CARD else []


class Connector:
    """`current_call` names the call that a request is noted in."""

    def __init__(self, company: Company, current_call: Callable[[], Call]) -> None:
        self._company, self._call = company, current_call

    def routes(self) -> list[web.RouteDef]:
        conversations = "/v3/conversations"
        one = conversations + "/{conversation}"
        table: list[tuple[str, str, Handler]] = [
            ("POST", conversations, self._create),
            ("POST", one + "/activities", self._send),
            ("POST", one + "/activities/{activity}", self._send),
            ("PUT", one + "/activities/{activity}", self._update),
            ("DELETE", one + "/activities/{activity}", self._delete),
            ("GET", one + "/members", self._members),
            ("GET", one + "/members/{member}", self._member),
            ("GET", one + "/pagedmembers", self._paged_members),
        ]
        return [web.route(m, prefix + path, self._answering(h)) for prefix in PREFIXES for m, path, h in table]

    def _answering(self, handler: Handler) -> Handler:
        async def answer(request: web.Request) -> web.Response:
            call = self._call()
            call.applied = True
            try:
                self._check_token(request)
                self._company.limits.request()
                response = await handler(request)
            except TeamsError as error:
                call.code = error.code
                response = error.answer()
            call.status = response.status
            self._company.touch()
            return response

        return answer

    def _check_token(self, request: web.Request) -> None:
        if not self._company.issuer.takes(request.headers.get("Authorization", "")):
            raise TeamsError(401, "Unauthorized", "Authorization has been denied for this request.")

    # Opening

    async def _create(self, request: web.Request) -> web.Response:
        body = await _body(request)
        channel_data: Json = body.get("channelData") or {}
        if body.get("isGroup") or "channel" in channel_data:
            return self._begin_thread(body, channel_data)
        return self._open_personal(body, channel_data)

    def _open_personal(self, body: Json, channel_data: Json) -> web.Response:
        members: Any = body.get("members")
        bot = (body.get("bot") or {}).get("id")
        tenant = body.get("tenantId") or (channel_data.get("tenant") or {}).get("id")
        if not isinstance(members, list) or len(members) != 1 or not (members[0] or {}).get("id"):
            raise bad("Incorrect conversation creation parameters: exactly one member is needed")
        if bot not in (self._company.bot_id, self._company.app_id):
            raise bad("Incorrect conversation creation parameters: bot")
        if not tenant:
            raise bad("Missing required field: tenantId")
        self._company.limits.send(f"create {members[0]['id']}")
        place = self._reachable(members[0]["id"], tenant)
        answer: Json = {"id": place.id}
        if body.get("activity"):
            answer["activityId"] = self._post(place, None, body["activity"])
        return web.json_response(answer, status=201)

    def _reachable(self, member: str, tenant: str) -> Place:
        """The chat with somebody for whom the app is installed."""
        person = None if "@" in member else self._company.find_person(member)
        if person is None or (person.tenant_id or self._company.tenant_id) != tenant:
            raise TeamsError(
                403, "ForbiddenOperationException", "The bot is not installed in the user's personal scope"
            )
        place = self._company.personal(person)
        if not place.installed:
            raise TeamsError(
                403, "ForbiddenOperationException", "The bot is not installed in the user's personal scope"
            )
        return place

    def _begin_thread(self, body: Json, channel_data: Json) -> web.Response:
        """A new post in a channel; Teams opens no group chats for bots."""
        channel = (channel_data.get("channel") or {}).get("id")
        if not channel or not body.get("activity"):
            raise bad("Incorrect conversation creation parameters: channel and activity are needed")
        place, _ = self._company.find_place(channel)
        self._company.limits.send(place.id)
        activity_id = self._post(place, None, body["activity"])
        return web.json_response({"id": f"{place.id}{MESSAGE_ID}{activity_id}", "activityId": activity_id}, status=201)

    # Writing

    async def _send(self, request: web.Request) -> web.Response:
        place, thread = self._found(request)
        activity = await _body(request)
        self._company.limits.send(request.match_info["conversation"])
        answered = self._company.find_message(place, request.match_info.get("activity", ""))
        if thread is None and answered is not None:
            thread = answered.thread
        activity_id = self._post(place, thread, activity)
        return web.json_response({} if activity_id is None else {"id": activity_id}, status=201)

    def _post(self, place: Place, thread: str | None, activity: Json) -> str | None:
        """The id of the message. None: it became two, of which the connector tells nothing."""
        _check_activity(activity)
        _check_writable(place)
        if activity["type"] == "typing":
            self._company.typing.append(place.id)
        if activity["type"] != "message":
            return self._company.new_id()
        parts = _parts(activity)
        written = [self._write(place, thread, part) for part in parts]
        return written[0].id if len(written) == 1 else None

    def _write(self, place: Place, thread: str | None, activity: Json) -> Message:
        message = self._company.write(place, self._company.bot_id, activity, thread)
        self._company.record("post", message, fault=self._call().fault)
        return message

    async def _update(self, request: web.Request) -> web.Response:
        message = self._own(request)
        activity = await _body(request)
        _check_activity(activity)
        message.activity, message.edited, message.views = copy.deepcopy(activity), True, {}
        self._company.record("update", message, fault=self._call().fault)
        return web.json_response({"id": message.id})

    async def _delete(self, request: web.Request) -> web.Response:
        message = self._own(request)
        message.deleted = True
        self._company.record("delete", message, fault=self._call().fault)
        return web.Response()

    def _own(self, request: web.Request) -> Message:
        """The message of the bot that a request changes."""
        place, thread = self._found(request)
        self._company.limits.send(request.match_info["conversation"])
        message = self._company.find_message(place, request.match_info["activity"])
        _check_writable(place)
        if message is None or (thread is not None and message.thread != thread):
            raise TeamsError(404, "ActivityNotFoundInConversation", "The activity is not found in the conversation.")
        if message.by != self._company.bot_id:
            raise TeamsError(403, "NotEnoughPermissions", "The bot is not the author of the message.")
        return message

    def _found(self, request: web.Request) -> tuple[Place, str | None]:
        return self._company.find_place(request.match_info["conversation"])

    # Members

    def _roster(self, request: web.Request) -> list[Person]:
        place, _ = self._found(request)
        self._company.limits.read(request.match_info["conversation"])
        if not place.in_roster:
            raise not_in_roster()
        return place.members

    async def _member(self, request: web.Request) -> web.Response:
        wanted = request.match_info["member"]
        name = wanted if wanted.startswith("29:") else wanted.lower()
        for person in self._roster(request):
            if name in person.names:
                return web.json_response(member_object(person, self._company.tenant_id))
        raise TeamsError(404, "MemberNotFoundInConversation", "Member is not found in the conversation.")

    async def _members(self, request: web.Request) -> web.Response:
        return web.json_response([member_object(p, self._company.tenant_id) for p in self._roster(request)])

    async def _paged_members(self, request: web.Request) -> web.Response:
        try:
            size = int(request.query.get("pageSize", MEMBERS_USUALLY))
            start = int(request.query.get("continuationToken") or 0)
        except ValueError as error:
            raise bad("pageSize or continuationToken is not valid") from error
        size = min(max(size, MEMBERS_AT_LEAST), MEMBERS_AT_MOST)
        people = self._roster(request)
        shown = [member_object(person, self._company.tenant_id) for person in people[start : start + size]]
        more = {"continuationToken": str(start + size)} if start + size < len(people) else {}
        return web.json_response({"members": shown, **more})


def not_in_roster() -> TeamsError:
    return TeamsError(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")


def _check_writable(place: Place) -> None:
    if place.kind != "personal":
        if not place.in_roster:
            raise not_in_roster()
    elif place.blocked or not place.installed:
        words = "The user has blocked or removed the bot"
        raise TeamsError(403, "MessageWritesBlocked", words, subcode="MessageWritesBlocked")


def _check_activity(activity: Any) -> None:
    if not isinstance(activity, dict):
        raise bad("Activity is no object")
    problems = activity_problems(activity)
    if problems:
        raise bad("; ".join(problems))


def _parts(activity: Json) -> list[Json]:
    """Text and attachments in one activity are shown as two messages."""
    if not activity.get("text") or not activity.get("attachments"):
        return [activity]
    without_text = {name: value for name, value in activity.items() if name != "text"}
    return [{**activity, "attachments": []}, without_text]


async def _body(request: web.Request) -> Json:
    raw = await request.read()
    try:
        text = raw.decode()
        body: Json = msgspec.json.decode(text, type=dict[str, Any])
    except (UnicodeDecodeError, msgspec.DecodeError) as error:
        raise bad("The request is not valid JSON") from error
    if len(text.encode("utf-16-le")) > LARGEST:
        raise TeamsError(413, "MessageSizeTooBig", "Message size too large.")
    return body
