"""Pages, spaces and people as version 1 of the REST API shows them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from aiohttp import web
from msgspec import Struct

from sandbox.confluence.addresses import cloud_path, server_path
from sandbox.confluence.expand import Tree, expanded
from sandbox.confluence.page import Page, Space
from sandbox.confluence.paging import base_of
from sandbox.confluence.people import Readers, User
from sandbox.confluence.state import State
from sandbox.confluence.wire import ACTOR, STATE, Json, api_of

_OTHER_BODIES = ("view", "export_view", "editor", "editor2", "styled_view", "anonymous_export_view")


class View(Struct, frozen=True):
    """What an answer needs to know: the wiki, who asks, and the address at which they do."""

    state: State
    user: User
    base: str

    @classmethod
    def of(cls, request: web.Request) -> View:
        return cls(request.app[STATE], request[ACTOR], base_of(request))

    @property
    def rest(self) -> str:
        return self.base.removesuffix("/wiki") + api_of(self.state)

    def moment(self, moment: datetime) -> str:
        """UTC on Cloud; Data Center shows the zone of its reader."""
        zone = UTC if self.state.is_cloud else ZoneInfo(self.user.time_zone)
        return moment.astimezone(zone).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def person(self, user: User) -> Json:
        if self.state.is_cloud:
            known = {
                "accountId": user.account,
                "accountType": "atlassian",
                "email": user.email,
                "publicName": user.name,
            }
        else:
            known = {"username": user.name, "userKey": user.key}
        links = {"self": f"{self.rest}/user?key={user.key}"}
        return {"type": "known", **known, "displayName": user.display_name, "_links": links}

    def webui(self, page: Page) -> str:
        return cloud_path(page) if self.state.is_cloud else server_path(page)

    def links(self, page: Page) -> Json:
        return {
            "webui": self.webui(page),
            "tinyui": f"/x/{int(page.id):x}",
            "self": f"{self.rest}/content/{page.id}",
        }

    def page(self, page: Page, wanted: Tree) -> Json:
        """With exactly what is wanted; everything else stands under `_expandable`."""
        plain = {"id": page.id, "type": "page", "status": page.status, "title": page.title}
        shown = expanded(
            {**plain, "extensions": {"position": "none"}, "_links": self.links(page)},
            wanted,
            {
                "body": lambda more: self._body(page, more),
                "version": lambda _: self.version(page),
                "space": lambda more: self.space(self.state.spaces[page.space], more),
                "history": lambda more: self._history(page, more),
                "ancestors": lambda more: [self.page(above, more) for above in self._seen_above(page)],
                "restrictions": lambda more: self.restrictions(page, more),
                "metadata": lambda more: self._metadata(page, more),
                "children": lambda more: self._children(page, more),
            },
            ("container", "operations", "descendants"),
        )
        shown["_expandable"] |= {"space": f"/rest/api/space/{page.space}"} if "space" not in wanted else {}
        return shown

    def _seen_above(self, page: Page) -> list[Page]:
        return [above for above in self.state.ancestors(page) if self.state.may_read(self.user, above)]

    def _body(self, page: Page, wanted: Tree) -> Json:
        storage = {"value": page.body, "representation": "storage", "embeddedContent": [], "_expandable": {}}
        return expanded({}, wanted, {"storage": lambda _: storage}, _OTHER_BODIES)

    def version(self, page: Page) -> Json:
        return {
            "by": self.person(self.state.people.named(page.editor)),
            "when": self.moment(page.modified),
            "friendlyWhen": f"{page.modified:%b %d, %Y}",
            "message": page.message,
            "number": page.version,
            "minorEdit": False,
        }

    def _history(self, page: Page, wanted: Tree) -> Json:
        plain = {
            "latest": True,
            "createdBy": self.person(self.state.people.named(page.author)),
            "createdDate": self.moment(page.created),
        }
        parts = {"lastUpdated": lambda _: self.version(page)}
        return expanded(plain, wanted, parts, ("previousVersion", "contributors", "nextVersion"))

    def restrictions(self, page: Page, wanted: Tree) -> Json:
        parts = {
            "read": lambda more: self.restriction("read", page.readers, more),
            "update": lambda more: self.restriction("update", Readers(), more),
        }
        return expanded({}, wanted, parts)

    def restriction(self, operation: str, readers: Readers, wanted: Tree) -> Json:
        """One operation: `restrictions.user` and `restrictions.group` when they are wanted."""

        def named(more: Tree) -> Json:
            users = [self.person(self.state.people.named(name)) for name in readers.users]
            groups = [{"type": "group", "name": name, "id": f"group-{name}"} for name in readers.groups]
            parts = {"user": lambda _: listed(users, 100), "group": lambda _: listed(groups, 100)}
            return expanded({}, more, parts)

        return expanded({"operation": operation}, wanted, {"restrictions": named}, ("content",))

    def _metadata(self, page: Page, wanted: Tree) -> Json:
        return expanded({}, wanted, {"labels": lambda _: self.labels(page)}, ("properties", "currentuser", "frontend"))

    def labels(self, page: Page) -> Json:
        shown = [
            {"prefix": "global", "name": name, "id": str(i), "label": name} for i, name in enumerate(page.labels, 1)
        ]
        return listed(shown, 200)

    def _children(self, page: Page, wanted: Tree) -> Json:
        def below(more: Tree) -> Json:
            seen = [child for child in self.state.children(page.id) if self.state.may_read(self.user, child)]
            return listed([self.page(child, more) for child in seen], 25)

        return expanded({}, wanted, {"page": below}, ("attachment", "comment"))

    def space(self, space: Space, wanted: Tree | None = None) -> Json:
        plain = {
            "id": int(space.id),
            "key": space.key,
            "name": space.name,
            "type": "global",
            "status": "current",
            "_links": {
                "webui": f"/spaces/{space.key}" if self.state.is_cloud else f"/display/{space.key}",
                "self": f"{self.rest}/space/{space.key}",
            },
        }
        homepage = self.state.pages.get(space.homepage or "")
        parts = {"homepage": lambda more: self.page(homepage, more)} if homepage is not None else {}
        return expanded(
            plain, wanted or {}, parts, ("settings", "metadata", "operations", "lookAndFeel", "identifiers")
        )


def listed(results: list[Json], limit: int) -> Json:
    """A list inside of something else, in one piece."""
    return {"results": results, "start": 0, "limit": limit, "size": len(results), "_links": {}}
