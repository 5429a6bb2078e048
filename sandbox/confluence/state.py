"""The wiki itself: every write goes through here, and the search index may lag behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from sandbox.confluence.page import CURRENT, TRASHED, Page, Space
from sandbox.confluence.people import Deployment, People, Readers, User

Clock = Callable[[], datetime]
_FIRST_ID = 1_310_721


class UnknownContentError(KeyError):
    """There is no such content, or it may not be seen."""


class BadContentError(ValueError):
    """What was asked cannot be; the text is for the message."""


class ConflictError(ValueError):
    """A version that is not the next one."""


class Edit(Struct, kw_only=True):
    """What is not named stays."""

    title: str | UnsetType = UNSET
    body: str | UnsetType = UNSET
    editor: str = "wiki"
    message: str = ""


def _now() -> datetime:
    return datetime.now(UTC)


class State:
    """Pages by id, spaces by key, people. `search_lag`: seconds by which a search sees writes late.

    As in Confluence only an edit makes a new version and another time of change: moving a page, restricting or
    labelling it, and putting it into the trash change neither. `revision` grows with everything that happens.
    """

    def __init__(
        self,
        spaces: Iterable[Space] = (),
        people: People | None = None,
        *,
        deployment: Deployment = Deployment.CLOUD,
        clock: Clock = _now,
        search_lag: float = 0.0,
    ) -> None:
        self.deployment, self.clock, self.search_lag = deployment, clock, search_lag
        self.people = people or People()
        self.spaces = {space.key: space for space in spaces}
        self.pages: dict[str, Page] = {}
        self.revision = 0
        self._titles: dict[tuple[str, str], str] = {}
        self._past: dict[str, list[tuple[datetime, Page | None]]] = {}
        self._children: dict[str, dict[str, None]] = {}
        self._next_id = _FIRST_ID

    @property
    def is_cloud(self) -> bool:
        return self.deployment is Deployment.CLOUD

    def now(self) -> datetime:
        """To the millisecond, as Confluence keeps it."""
        moment = self.clock()
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    # writes

    def add_space(self, key: str, name: str, readers: Readers = Readers()) -> Space:  # noqa: B008 - it is frozen
        self.spaces[key] = space = Space(id=str(98_305 + len(self.spaces)), key=key, name=name, readers=readers)
        return space

    def create(
        self,
        space: str,
        title: str,
        body: str = "",
        *,
        parent: str | None = None,
        labels: Iterable[str] = (),
        readers: Readers = Readers(),  # noqa: B008 - it is frozen
        author: str = "wiki",
        created: datetime | None = None,
    ) -> Page:
        """Raises BadContentError for a title that its space has already, UnknownContentError for a space or parent."""
        if space not in self.spaces:
            raise UnknownContentError(space)
        if parent is not None and self.page(parent).space != space:
            raise BadContentError("Cannot add a page with a parent in a different space")
        self._take_title(space, title)
        moment = created or self.now()
        page = Page(
            id=str(self._next_id),
            space=space,
            title=title,
            body=body,
            parent=parent,
            labels=tuple(labels),
            readers=readers,
            created=moment,
            modified=moment,
            author=author,
            editor=author,
        )
        self._next_id += 1
        return self._keep(page)

    def edit(self, page_id: str, change: Edit, version: int | None = None) -> Page:
        """A new version. Raises ConflictError when `version` is given and is not the next one."""
        page = self.page(page_id)
        if version is not None and version != page.version + 1:
            raise ConflictError(f"Version must be incremented on update. Current version is: {page.version}")
        title = page.title if change.title is UNSET else change.title
        if title != page.title:
            self._take_title(page.space, title, page.id)
        changed = replace(
            page,
            title=title,
            body=page.body if change.body is UNSET else change.body,
            version=page.version + 1,
            modified=self.now(),
            editor=change.editor,
            message=change.message,
        )
        return self._keep(changed, before=page)

    def move(self, page_id: str, parent: str | None) -> Page:
        """Below another page, of another space, too: what lies below the page goes with it."""
        page = self.page(page_id)
        above = self.page(parent) if parent is not None else None
        if above is not None and page_id in (above.id, *(p.id for p in self.ancestors(above))):
            raise BadContentError("Cannot move a page below itself")
        if above is not None and above.space != page.space:
            for moved in (page, *self.below(page_id)):
                self._take_title(above.space, moved.title, moved.id)
                self._keep(replace(moved, space=above.space), before=moved)
        return self._keep(replace(self.page(page_id), parent=parent))

    def restrict(self, page_id: str, readers: Readers) -> Page:
        return self._keep(replace(self.page(page_id), readers=readers))

    def label(self, page_id: str, labels: Iterable[str]) -> Page:
        return self._keep(replace(self.page(page_id), labels=tuple(labels)))

    def trash(self, page_id: str) -> Page:
        """What lay below the page goes up to its parent."""
        page = self.page(page_id)
        for child in self.children(page_id):
            self._keep(replace(child, parent=page.parent))
        self._titles.pop((page.space, page.title.casefold()), None)
        return self._keep(replace(page, status=TRASHED))

    def restore(self, page_id: str) -> Page:
        page = self.any_page(page_id)
        self._take_title(page.space, page.title, page.id)
        above = self.pages.get(page.parent or "")
        parent = page.parent if above is not None and above.status == CURRENT else None
        return self._keep(replace(page, status=CURRENT, parent=parent))

    def purge(self, page_id: str) -> None:
        """Gone for good, from the trash or not."""
        if page_id in self.pages and self.pages[page_id].status == CURRENT:
            self.trash(page_id)
        self.any_page(page_id)
        del self.pages[page_id]
        self._remember(page_id, None)

    def _take_title(self, space: str, title: str, page_id: str = "") -> None:
        taken = self._titles.get((space, title.casefold()))
        if not title.strip() or len(title) > 255:
            raise BadContentError("The title must have between 1 and 255 characters")
        if taken is not None and taken != page_id:
            raise BadContentError("A page with this title already exists: A page already exists with the same TITLE")

    def _keep(self, page: Page, before: Page | None = None) -> Page:
        if before is not None:
            self._titles.pop((before.space, before.title.casefold()), None)
        self._unhang(page.id)
        if page.status == CURRENT:
            self._titles[page.space, page.title.casefold()] = page.id
            self._children.setdefault(page.parent or "", {})[page.id] = None
        self.pages[page.id] = page
        self._remember(page.id, page)
        return page

    def _unhang(self, page_id: str) -> None:
        known = self.pages.get(page_id)
        if known is not None:
            self._children.get(known.parent or "", {}).pop(page_id, None)

    def _remember(self, page_id: str, page: Page | None) -> None:
        self.revision += 1
        self._past.setdefault(page_id, []).append((self.now(), page))

    # reads

    def any_page(self, page_id: str) -> Page:
        """Also from the trash. Raises UnknownContentError."""
        if page_id not in self.pages:
            raise UnknownContentError(page_id)
        return self.pages[page_id]

    def page(self, page_id: str) -> Page:
        page = self.any_page(page_id)
        if page.status != CURRENT:
            raise UnknownContentError(page_id)
        return page

    def titled(self, space: str, title: str) -> Page | None:
        found = self._titles.get((space, title.casefold()))
        return None if found is None else self.pages[found]

    def ancestors(self, page: Page) -> list[Page]:
        """From the top of the space down to the parent."""
        above: list[Page] = []
        while page.parent is not None and page.parent in self.pages:
            page = self.pages[page.parent]
            above.insert(0, page)
        return above

    def children(self, page_id: str) -> list[Page]:
        return [self.pages[child] for child in self._children.get(page_id, {})]

    def below(self, page_id: str) -> Iterator[Page]:
        for child in self.children(page_id):
            yield child
            yield from self.below(child.id)

    def may_read(self, user: User, page: Page) -> bool:
        """The space and every page above admit them, too: restrictions are inherited."""
        space = self.spaces[page.space]
        return space.readers.admit(user) and all(p.readers.admit(user) for p in (page, *self.ancestors(page)))

    def seen(self, user: User, page_id: str) -> Page:
        """Raises UnknownContentError for a page that is not there or may not be seen: nobody can tell which."""
        page = self.page(page_id)
        if not self.may_read(user, page):
            raise UnknownContentError(page_id)
        return page

    def indexed(self) -> Iterable[Page]:
        """The pages as a search knows them."""
        if self.search_lag <= 0:
            return (page for page in self.pages.values() if page.status == CURRENT)
        known = (self._as_of(past) for past in self._past.values())
        return (page for page in known if page is not None and page.status == CURRENT)

    def _as_of(self, past: list[tuple[datetime, Page | None]]) -> Page | None:
        horizon = self.now() - timedelta(seconds=self.search_lag)
        return next((page for moment, page in reversed(past) if moment <= horizon), None)
