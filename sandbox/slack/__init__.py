"""A local stand-in of Slack that speaks its protocol over HTTP on loopback.

workspace = Workspace(people=[Person(id="U1", name="ann", email="ann@example.com")])
async with serve(workspace) as url:
    client = AsyncWebClient(workspace.token, base_url=f"{url}/api/")
    ann = SlackUser(workspace, "U1", bot_url)
    await ann.say("hello")
"""

from sandbox.slack.app import make_app, serve
from sandbox.slack.delivery import SLACK_DELAYS, Kind, Reply
from sandbox.slack.directory import Channel, Person
from sandbox.slack.errors import SlackError
from sandbox.slack.people import SlackUser
from sandbox.slack.workspace import Call, Post, Workspace

__all__ = [
    "SLACK_DELAYS",
    "Call",
    "Channel",
    "Kind",
    "Person",
    "Post",
    "Reply",
    "SlackError",
    "SlackUser",
    "Workspace",
    "make_app",
    "serve",
]
