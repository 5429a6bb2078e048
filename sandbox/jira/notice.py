"""What Jira tells the addresses that listen: the bodies of its webhooks."""

from sandbox.jira.issue import Change, Event, Happened, Link
from sandbox.jira.site import LinkType, named
from sandbox.jira.state import State
from sandbox.jira.view import View
from sandbox.jira.wire import Json

_TYPES = {
    Event.CREATED: "issue_created",
    Event.DELETED: "issue_deleted",
    Event.COMMENTED: "issue_commented",
    Event.COMMENT_EDITED: "issue_comment_edited",
    Event.COMMENT_DELETED: "issue_comment_deleted",
}
_COMMENTS = frozenset({Event.COMMENTED, Event.COMMENT_EDITED, Event.COMMENT_DELETED})
_LINKS = frozenset({Event.LINKED, Event.UNLINKED})


def notice_of(happened: Happened, state: State, base: str, *, bare_comments: bool = False) -> Json:
    """The body for one event, with the issue as it was just after the write; `base` is where this Jira answers.

    With `bare_comments` a comment comes without its issue, whose id is then only in `comment.self`.
    On Cloud nobody's address is in it.
    """
    view = View(state, base, emails=not state.site.is_cloud)
    head: Json = {"timestamp": int(happened.at.timestamp() * 1000), "webhookEvent": happened.event.value}
    if happened.event in _LINKS and happened.link is not None:
        return {**head, "issueLink": _link(happened.link, state)}
    body = {**head, "issue_event_type_name": _type(happened), "user": view.person(happened.actor)}
    if happened.comment is not None:
        body["comment"] = view.comment(happened.issue, happened.comment)
    if not (bare_comments and happened.event in _COMMENTS):
        body["issue"] = view.issue(happened.issue)
    if happened.change is not None:
        shown = view.change(happened.change)
        body["changelog"] = {"id": shown["id"], "items": shown["items"]}
    return body


def _type(happened: Happened) -> str:
    return _TYPES.get(happened.event) or _type_of_change(happened.change)


def _type_of_change(change: Change | None) -> str:
    """A step of the workflow is "generic", a change of the assignee alone has a name of its own."""
    changed = {item.field for item in change.items} if change else set()
    if "status" in changed:
        return "issue_generic"
    return "issue_assigned" if changed == {"assignee"} else "issue_updated"


def _link(link: Link, state: State) -> Json:
    """A link names its issues by their ids only."""
    kind: LinkType | None = named(state.site.link_types, link.type)
    return {
        "id": int(link.id),
        "sourceIssueId": int(state.issue(link.inward).id),
        "destinationIssueId": int(state.issue(link.outward).id),
        "issueLinkType": _link_type(kind) if kind else None,
        "systemLink": False,
    }


def _link_type(kind: LinkType) -> Json:
    names = {"name": kind.name, "inwardName": kind.inward, "outwardName": kind.outward}
    return {"id": int(kind.id), **names, "isSubTaskLinkType": False, "isSystemLinkType": False}
