"""What a Web API method is given: the workspace, the arguments and the record of this call."""

from dataclasses import dataclass

from sandbox.slack.arguments import Arguments
from sandbox.slack.directory import Channel
from sandbox.slack.errors import Json, SlackError
from sandbox.slack.workspace import Call, Workspace


@dataclass(frozen=True)
class Context:
    workspace: Workspace
    arguments: Arguments
    call: Call
    host: str  # the "address:port" that the caller used

    def need(self, *scopes: str) -> None:
        """Raise missing_scope unless the app has one of these scopes."""
        granted = self.workspace.scopes
        if not any(scope in granted for scope in scopes):
            raise SlackError("missing_scope", needed=scopes[0], provided=",".join(granted))

    def channel(self) -> Channel:
        return self.workspace.channel(self.arguments.required("channel"))


def page(items: list[Json], key: str, limit: int, cursor: str | None) -> tuple[list[Json], Json]:
    """`limit` items from the cursor on, and the `response_metadata` that leads to the next ones.

    A cursor names the first item of its page by `key`, so it stays right when new items come before that.
    """
    start = 0
    if cursor is not None:
        start = next((n for n, item in enumerate(items) if cursor == f"next:{item[key]}"), -1)
        if start < 0:
            raise SlackError("invalid_cursor")
    rest = items[start + limit :]
    return items[start : start + limit], {"next_cursor": f"next:{rest[0][key]}" if rest else ""}
