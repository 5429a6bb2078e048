"""chat.*"""

from typing import Any

from sandbox.slack.arguments import Arguments
from sandbox.slack.blocks import MARKDOWN_LENGTH, TEXT_LENGTH, check_blocks, check_metadata
from sandbox.slack.context import Context
from sandbox.slack.directory import Channel
from sandbox.slack.errors import Json, SlackError
from sandbox.slack.workspace import Post


def _text(arguments: Arguments) -> str | None:
    text, markdown = arguments.get("text"), arguments.get("markdown_text")
    if markdown is not None and (text is not None or arguments.get("blocks") is not None):
        raise SlackError("markdown_text_conflict")
    if len(text or "") > TEXT_LENGTH or len(markdown or "") > MARKDOWN_LENGTH:
        raise SlackError("msg_too_long")
    return markdown if text is None else text


def _blocks(arguments: Arguments) -> Any:
    blocks = arguments.structure("blocks", "invalid_blocks_format")
    if blocks is not None:
        check_blocks(blocks)
    return blocks


def _metadata(arguments: Arguments) -> Any:
    metadata = arguments.structure("metadata", "invalid_metadata_format")
    if metadata is not None:
        check_metadata(metadata)
    return metadata


def content_of(arguments: Arguments) -> Json:
    """The checked text, blocks, attachments and metadata of a message, those that were given."""
    given = {
        "text": _text(arguments),
        "blocks": _blocks(arguments),
        "attachments": arguments.structure("attachments", "invalid_attachments"),
        "metadata": _metadata(arguments),
    }
    content = {name: value for name, value in given.items() if value is not None}
    if not any(content.get(name) for name in ("text", "blocks", "attachments")):
        raise SlackError("no_text")
    return content


def _target(context: Context) -> Channel:
    """Where to post; the id of a person stands for the direct message with them, which is opened if need be.

    A deactivated person's direct message takes posts like any other, as in Slack. Only posts take such an id: what is
    changed, deleted or read is named by the conversation that the answer to the post has told.
    """
    workspace = context.workspace
    wanted = context.arguments.required("channel")
    if wanted in workspace.people and workspace.people[wanted].is_bot:
        raise SlackError("cannot_dm_bot")
    channel = workspace.dm(wanted) if wanted in workspace.people else workspace.channel(wanted)
    if channel.is_archived:
        raise SlackError("is_archived")
    if workspace.bot_user not in channel.members and "chat:write.public" not in workspace.scopes:
        raise SlackError("not_in_channel")
    return channel


def _thread(context: Context, channel: Channel) -> Json:
    thread_ts = context.arguments.get("thread_ts")
    if thread_ts is None:
        return {}
    parent = context.workspace.messages.find(channel.id, thread_ts)
    if parent is None:
        raise SlackError("thread_not_found")
    broadcast = {"reply_broadcast": True} if context.arguments.flag("reply_broadcast") else {}
    root = parent.get("thread_ts", thread_ts)  # a reply's ts leads to its parent, as in Slack
    return {"thread_ts": root, "parent_user_id": parent.get("user"), **broadcast}


def _record(context: Context, channel: Channel, message: Json) -> None:
    call = context.call
    context.workspace.record(Post(method=call.method, channel=channel.id, message=message, fault=call.fault))


def chat_post_message(context: Context) -> Json:
    channel = _target(context)
    content = {**content_of(context.arguments), **_thread(context, channel)}
    message = context.workspace.messages.add(channel.id, context.workspace.bot_message(content))
    _record(context, channel, message)
    return {"channel": channel.id, "ts": message["ts"], "message": message}


def _own_message(context: Context, refused: str) -> tuple[Channel, Json]:
    channel = context.channel()
    message = context.workspace.messages.find(channel.id, context.arguments.required("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if message.get("bot_id") != context.workspace.bot_id:
        raise SlackError(refused)
    return channel, message


def chat_update(context: Context) -> Json:
    """A new text without blocks takes the old blocks away; metadata stay unless they are given."""
    channel, message = _own_message(context, "cant_update_message")
    content = content_of(context.arguments)
    content.setdefault("blocks", None)
    if content.get("metadata") == {}:
        content["metadata"] = None
    context.workspace.edit(message, content)
    _record(context, channel, message)
    return {"channel": channel.id, "ts": message["ts"], "text": message.get("text", ""), "message": message}


def chat_delete(context: Context) -> Json:
    channel, message = _own_message(context, "cant_delete_message")
    context.workspace.messages.remove(channel.id, message["ts"])
    _record(context, channel, message)
    return {"channel": channel.id, "ts": message["ts"]}


def chat_post_ephemeral(context: Context) -> Json:
    workspace, channel = context.workspace, _target(context)
    user = context.arguments.required("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    content = {**content_of(context.arguments), **_thread(context, channel)}
    call = context.call
    message = workspace.show_ephemeral(call.method, channel.id, user, content, call.fault)
    return {"message_ts": message["ts"]}
