"""Writes the model as Jira's JSON. Cloud shows people by accountId, Data Center by name."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from sandbox.jira.issue import Change, Comment, Issue, Link, RemoteLink
from sandbox.jira.people import User
from sandbox.jira.site import Category, IssueType, LinkType, Named, Project, Status, Transition, named
from sandbox.jira.state import State
from sandbox.jira.wire import ACTOR, STATE, Json


def document(text: str) -> Json:
    """Plain text as an Atlassian document, which version 3 of the API shows instead of text."""
    paragraphs = [
        {"type": "paragraph", "content": [{"type": "text", "text": line}] if line else []} for line in text.split("\n")
    ]
    return {"type": "doc", "version": 1, "content": paragraphs}


def _same(text: str) -> str:
    return text


class View:
    """`base` is the address that callers used, so that the links in an answer lead back here.

    Without `emails` nobody's address is shown: so it is in Cloud's webhooks. Times are shown in the `zone` of
    whoever asks.
    """

    def __init__(self, state: State, base: str, version: str = "2", *, emails: bool = True, zone: tzinfo = UTC) -> None:
        self._state = state
        self._emails = emails
        self._zone = zone
        self._site = state.site
        self.base = base
        self._root = f"{base}/rest/api/{version}"
        self._text: Callable[[str], Json | str] = document if version == "3" else _same
        self._builders = self._fields()

    @classmethod
    def of(cls, request: web.Request) -> "View":
        base = f"{request.scheme}://{request.host}"
        state, actor = request.app[STATE], request.get(ACTOR)
        zone = ZoneInfo(state.people.named(actor).time_zone) if actor else UTC
        return cls(state, base, request.match_info.get("version", "2"), zone=zone)

    def moment(self, at: datetime) -> str:
        """The form of Jira's times: 2026-11-24T04:09:00.000+0000."""
        at = at.astimezone(self._zone)
        return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}{at:%z}"

    # what an administrator set up

    def thing(self, kind: str, thing: Named) -> Json:
        return {"self": f"{self._root}/{kind}/{thing.id}", "id": thing.id, "name": thing.name}

    def project(self, project: Project) -> Json:
        return {
            "self": f"{self._root}/project/{project.id}",
            "id": project.id,
            "key": project.key,
            "name": project.name,
            "projectTypeKey": "business",
        }

    def issue_type(self, kind: IssueType) -> Json:
        shown = {**self.thing("issuetype", kind), "subtask": kind.subtask, "description": ""}
        level = -1 if kind.subtask else int(kind.epic)
        return {**shown, "hierarchyLevel": level} if self._site.is_cloud else shown

    def category(self, category: Category) -> Json:
        return {
            "self": f"{self._root}/statuscategory/{category.id}",
            "id": int(category.id),
            "key": category.key,
            "colorName": category.color,
            "name": category.name,
        }

    def status(self, status: Status) -> Json:
        return {**self.thing("status", status), "statusCategory": self.category(status.category)}

    def transition(self, step: Transition, *, with_fields: bool = False) -> Json:
        """A step; with the fields of its screen when they are asked for."""
        shown = {"id": step.id, "name": step.name, "to": self._status(step.target), "hasScreen": step.has_screen}
        if not with_fields:
            return shown
        return {**shown, "fields": {"resolution": self._resolution_field(step)} if step.has_screen else {}}

    def _resolution_field(self, step: Transition) -> Json:
        return {
            "required": step.needs_resolution,
            "schema": {"type": "resolution", "system": "resolution"},
            "name": "Resolution",
            "key": "resolution",
            "hasDefaultValue": False,
            "operations": ["set"],
            "allowedValues": [self.thing("resolution", one) for one in self._site.resolutions],
        }

    def link_type(self, kind: LinkType) -> Json:
        return {**self.thing("issueLinkType", kind), "inward": kind.inward, "outward": kind.outward}

    # people

    def user(self, user: User) -> Json:
        cloud = self._site.is_cloud
        key, value = ("accountId", user.account) if cloud else ("username", user.name)
        known = {"accountId": user.account, "accountType": "atlassian"}
        return {
            "self": f"{self._root}/user?{key}={value}",
            **(known if cloud else {"name": user.name, "key": f"JIRAUSER-{user.name}"}),
            **({"emailAddress": user.shown_email(self._site.deployment)} if self._emails else {}),
            "displayName": user.display_name,
            "active": user.active,
            "timeZone": user.time_zone,
        }

    def person(self, name: str | None) -> Json | None:
        return self.user(self._state.people.named(name)) if name else None

    # issues

    def issue(self, issue: Issue, fields: Iterable[str] = (), expand: Iterable[str] = ()) -> Json:
        """An issue with the `fields` asked for ("*all" or none asked: every field) and what to `expand`."""
        shown: Json = {
            **self.reference(issue),
            "fields": self._chosen(issue, list(fields)),
        }
        if "changelog" in expand:
            histories = [self.change(change) for change in issue.changelog]
            shown["changelog"] = {"startAt": 0, "total": len(histories), "histories": histories}
        if "transitions" in expand:
            steps = self._state.transitions_of(issue)
            shown["transitions"] = [self.transition(step) for step in steps]
        return shown

    def reference(self, issue: Issue) -> Json:
        return {"id": issue.id, "key": issue.key, "self": f"{self._root}/issue/{issue.id}"}

    def _chosen(self, issue: Issue, wanted: list[str]) -> Json:
        """Jira's choice of fields: names, "*all" and "*navigable", and "-name" for all but that one.

        Only what is chosen is built: a page of a search asks for a few fields of many issues.
        """
        unwanted = {name.removeprefix("-") for name in wanted if name.startswith("-")}
        names = {name for name in wanted if not name.startswith("-")}
        everything = not names or names & {"*all", "*navigable"}
        builders = {**self._builders, **self._place(issue)}
        return {
            name: build(issue)
            for name, build in builders.items()
            if (everything or name in names) and name not in unwanted
        }

    def _fields(self) -> dict[str, Callable[[Issue], Any]]:
        """How each field is shown, in the order in which they come."""
        return {
            "project": self._project,
            "issuetype": lambda issue: self._optional(self.issue_type, self._site.issue_types, issue.issuetype),
            "summary": lambda issue: issue.summary,
            "description": lambda issue: self._text(issue.description) if issue.description is not None else None,
            "priority": self._priority,
            "status": lambda issue: self._status(issue.status),
            "resolution": self._resolution,
            "resolutiondate": lambda issue: self.moment(issue.resolutiondate) if issue.resolutiondate else None,
            "duedate": lambda issue: issue.duedate.isoformat() if issue.duedate else None,
            "labels": lambda issue: list(issue.labels),
            "assignee": lambda issue: self.person(issue.assignee),
            "reporter": lambda issue: self.person(issue.reporter),
            "creator": lambda issue: self.person(issue.creator),
            "created": lambda issue: self.moment(issue.created),
            "updated": lambda issue: self.moment(issue.updated),
            "comment": lambda issue: self.comments(issue, list(issue.comments)),
            "issuelinks": self._links,
        }

    def _project(self, issue: Issue) -> Json:
        project = self._site.project(issue.project)
        return self.project(project) if project else {"key": issue.project}

    def _priority(self, issue: Issue) -> Json | None:
        return self._optional(self._plain("priority"), self._site.priorities, issue.priority)

    def _resolution(self, issue: Issue) -> Json | None:
        return self._optional(self._plain("resolution"), self._site.resolutions, issue.resolution)

    def _links(self, issue: Issue) -> list[Json]:
        return [self.link_seen_from(issue.key, link) for link in self._state.links_of(issue.key)]

    def _place(self, issue: Issue) -> dict[str, Callable[[Issue], Any]]:
        """What an issue is part of: on Data Center an epic is named in a field of its own, by its key."""
        parent = self._state.find(issue.parent) if issue.parent else None
        kind = named(self._site.issue_types, issue.issuetype)
        if self._site.is_cloud or kind is None or kind.subtask:
            return {"parent": lambda _: self._other(parent)} if parent else {}
        return {
            self._site.epic_link: lambda _: parent.key if parent else None,
            self._site.epic_name: lambda issue: issue.epic_name,
        }

    def _other(self, issue: Issue) -> Json:
        """The short form in which one issue shows another."""
        fields = {
            "summary": issue.summary,
            "status": self._status(issue.status),
            "priority": self._priority(issue),
            "issuetype": self._optional(self.issue_type, self._site.issue_types, issue.issuetype),
        }
        return {**self.reference(issue), "fields": fields}

    def _status(self, wanted: str) -> Json | None:
        return self._optional(self.status, self._site.statuses, wanted)

    def _plain(self, kind: str) -> Callable[[Named], Json]:
        return lambda thing: self.thing(kind, thing)

    @staticmethod
    def _optional(show: Callable[[Any], Json], things: tuple[Any, ...], wanted: str | None) -> Json | None:
        found = named(things, wanted) if wanted else None
        return show(found) if found else None

    # what hangs on an issue

    def comment(self, issue: Issue, comment: Comment) -> Json:
        return {
            "self": f"{self._root}/issue/{issue.id}/comment/{comment.id}",
            "id": comment.id,
            "author": self.person(comment.author),
            "updateAuthor": self.person(comment.author),
            "body": self._text(comment.body),
            "created": self.moment(comment.created),
            "updated": self.moment(comment.updated),
        }

    def comments(self, issue: Issue, some: list[Comment], start: int = 0) -> Json:
        return {
            "comments": [self.comment(issue, comment) for comment in some],
            "startAt": start,
            "maxResults": len(some),
            "total": len(issue.comments),
        }

    def change(self, change: Change) -> Json:
        return {
            "id": change.id,
            "author": self.person(change.author),
            "created": self.moment(change.created),
            "items": [
                {
                    "field": item.field,
                    "fieldtype": "jira",
                    "from": item.old_id,
                    "fromString": item.old_text,
                    "to": item.new_id,
                    "toString": item.new_text,
                }
                for item in change.items
            ],
        }

    def link(self, link: Link) -> Json:
        """A link on its own, with both of its issues."""
        return {
            **self._link_head(link),
            "inwardIssue": self._other(self._state.issue(link.inward)),
            "outwardIssue": self._other(self._state.issue(link.outward)),
        }

    def link_seen_from(self, key: str, link: Link) -> Json:
        """A link as one of its issues shows it: with the other one only."""
        side, other = ("outwardIssue", link.outward) if key == link.inward else ("inwardIssue", link.inward)
        return {**self._link_head(link), side: self._other(self._state.issue(other))}

    def _link_head(self, link: Link) -> Json:
        kind = self._optional(self.link_type, self._site.link_types, link.type)
        return {"id": link.id, "self": f"{self._root}/issueLink/{link.id}", "type": kind}

    def remote_link(self, issue: Issue, link: RemoteLink) -> Json:
        optional = {"globalId": link.global_id, "relationship": link.relationship}
        return {
            "id": link.id,
            "self": f"{self._root}/issue/{issue.key}/remotelink/{link.id}",
            **{name: value for name, value in optional.items() if value is not None},
            "application": link.application,
            "object": link.object,
        }
