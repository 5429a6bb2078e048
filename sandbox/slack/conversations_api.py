"""conversations.*"""

from sandbox.slack.context import Context, page
from sandbox.slack.directory import Channel, channel_object
from sandbox.slack.errors import Json, SlackError
from sandbox.slack.messages import micros

LIST_SCOPES = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}


def conversations_open(context: Context) -> Json:
    """Only a direct message with one person: the app never opens a group."""
    channel = _wanted_dm(context)
    full = {"user": channel.dm_with, "is_im": True, "is_open": True}
    return {"channel": {"id": channel.id, **(full if context.arguments.flag("return_im") else {})}}


def _wanted_dm(context: Context) -> Channel:
    workspace, users = context.workspace, context.arguments.get("users")
    if users is None:
        return context.channel()
    if "," in users:
        raise SlackError("method_not_supported_for_channel_type")
    person = workspace.person(users)
    if person.deleted:
        raise SlackError("user_disabled")
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    return workspace.dm(person.id)


def conversations_list(context: Context) -> Json:
    workspace, arguments = context.workspace, context.arguments
    kinds = (arguments.get("types") or "public_channel").split(",")
    for kind in kinds:
        if kind not in LIST_SCOPES:
            raise SlackError("invalid_types")
        context.need(LIST_SCOPES[kind])
    found = [
        channel_object(channel, workspace.bot_user)
        for channel in workspace.channels.values()
        if channel.kind in kinds and _is_listed(context, channel)
    ]
    shown, metadata = page(found, "id", arguments.number("limit", 100, 1000), arguments.get("cursor"))
    return {"channels": shown, "response_metadata": metadata}


def _is_listed(context: Context, channel: Channel) -> bool:
    if channel.is_archived and context.arguments.flag("exclude_archived"):
        return False
    return not channel.is_private or context.workspace.bot_user in channel.members


def _readable(context: Context) -> Channel:
    channel = context.channel()
    context.need(f"{channel.scope_family}:history")
    if context.workspace.bot_user not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _window(context: Context, messages: list[Json]) -> list[Json]:
    """The messages between `oldest` and `latest`; the edges belong to it only when `inclusive` is set."""
    arguments = context.arguments
    edge = 1 if arguments.flag("inclusive") else 0
    low = micros(arguments.get("oldest") or "0", "invalid_ts_oldest") - edge
    latest = arguments.get("latest")
    high = None if latest is None else micros(latest, "invalid_ts_latest") + edge
    stamped = ((micros(message["ts"], "fatal_error"), message) for message in messages)
    return [message for ts, message in stamped if low < ts and (high is None or ts < high)]


def _read(context: Context, messages: list[Json], most: int) -> Json:
    arguments = context.arguments
    limit = arguments.number("limit", default=min(100, most), most=most)
    shown, metadata = page(messages, "ts", limit, arguments.get("cursor"))
    if not arguments.flag("include_all_metadata"):
        shown = [{k: v for k, v in message.items() if k != "metadata"} for message in shown]
    more = bool(metadata["next_cursor"])
    return {"messages": shown, "has_more": more, **({"response_metadata": metadata} if more else {})}


def conversations_history(context: Context) -> Json:
    """Newest first, without the replies of threads."""
    channel = _readable(context)
    messages = _window(context, context.workspace.messages.history(channel.id))
    return {**_read(context, messages, most=999), "pin_count": 0}


def conversations_replies(context: Context) -> Json:
    """The parent, whatever the window says, and then its replies, oldest first."""
    channel = _readable(context)
    parent, *replies = context.workspace.messages.thread(channel.id, context.arguments.required("ts"))
    return _read(context, [parent, *_window(context, replies)], most=1000)
