"""What a Jira administrator sets up: projects, issue types, statuses, the workflow, priorities.

Names differ from company to company and from language to language; ids and status categories are what
a program may rely on. `default_site` builds one small site with English or Russian names.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace


class Deployment(StrEnum):
    """Which Jira this is; the text is what `serverInfo.deploymentType` says."""

    CLOUD = "Cloud"
    SERVER = "Server"


class Named(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


class Project(Struct, frozen=True):
    id: str
    key: str
    name: str


class IssueType(Struct, frozen=True):
    id: str
    name: str
    subtask: bool = False
    epic: bool = False

    @property
    def is_standard(self) -> bool:
        """Whether it stands between epics and sub-tasks."""
        return not self.subtask and not self.epic


class Category(Struct, frozen=True):
    """The part of a status that no administrator can rename."""

    id: str
    key: str
    name: str
    color: str


class Status(Struct, frozen=True):
    id: str
    name: str
    category: Category


class Resolution(Struct, frozen=True):
    id: str
    name: str


class Priority(Struct, frozen=True):
    id: str
    name: str


class Transition(Struct, frozen=True):
    """A step of the workflow; `resolution` is the one it sets, None clears it.

    A step that `takes_resolution` has a screen on which another may be given; one that `needs_resolution`
    cannot be taken without.
    """

    id: str
    name: str
    sources: frozenset[str]
    target: str
    resolution: str | None = None
    takes_resolution: bool = False
    needs_resolution: bool = False

    @property
    def has_screen(self) -> bool:
        return self.takes_resolution or self.needs_resolution


class Workflow(Struct, frozen=True):
    """The ways of an issue between some statuses; it begins in the first of them."""

    statuses: tuple[Status, ...]
    transitions: tuple[Transition, ...]

    def transitions_from(self, status: str) -> tuple[Transition, ...]:
        return tuple(step for step in self.transitions if status in step.sources)


class LinkType(Struct, frozen=True):
    id: str
    name: str
    inward: str
    outward: str


TO_DO = Category("2", "new", "To Do", "blue-gray")
IN_PROGRESS = Category("4", "indeterminate", "In Progress", "yellow")
DONE = Category("3", "done", "Done", "green")
CATEGORIES = (TO_DO, IN_PROGRESS, DONE)

LINK_TYPES = (
    LinkType("10000", "Blocks", "is blocked by", "blocks"),
    LinkType("10001", "Relates", "relates to", "relates to"),
)
DUPLICATE = LinkType("10002", "Duplicate", "is duplicated by", "duplicates")
ANY_TYPE = ""

T = TypeVar("T", bound=Named)


def named(things: tuple[T, ...], wanted: str) -> T | None:
    """The thing with this id, or with this name in any case; None when there is none."""
    for thing in things:
        if thing.id == wanted or thing.name.casefold() == wanted.casefold():
            return thing
    return None


class Site(Struct, frozen=True, kw_only=True):
    """A whole set-up. `transitions` are the workflow of all projects that have none of their own.

    `workflows`: (project key, id of an issue type or ANY_TYPE) -> its own; `statuses` are those of all workflows,
    first the one in which an issue of the common workflow starts. `not_on_screens`: project key -> fields that its
    screens do not take. The two fields of epics are Data Center's: Cloud has `parent`.
    """

    deployment: Deployment
    projects: tuple[Project, ...]
    issue_types: tuple[IssueType, ...]
    statuses: tuple[Status, ...]
    transitions: tuple[Transition, ...]
    priorities: tuple[Priority, ...]
    default_priority: str
    resolutions: tuple[Resolution, ...]
    link_types: tuple[LinkType, ...] = LINK_TYPES
    workflows: Mapping[tuple[str, str], Workflow] = {}
    not_on_screens: Mapping[str, frozenset[str]] = {}
    epic_link: str = "customfield_10101"
    epic_name: str = "customfield_10103"

    @property
    def is_cloud(self) -> bool:
        return self.deployment is Deployment.CLOUD

    def project(self, wanted: str) -> Project | None:
        """The project with this key or id."""
        return next((p for p in self.projects if wanted in (p.key, p.id)), None)

    def workflow(self, project: str, issue_type: str) -> Workflow:
        """The workflow of issues of this project key and type id."""
        own = self.workflows.get((project, issue_type)) or self.workflows.get((project, ANY_TYPE))
        return own or self._common_workflow

    @property
    def _common_workflow(self) -> Workflow:
        ends = {status for step in self.transitions for status in (*step.sources, step.target)}
        touched = (status for status in self.statuses[1:] if status.id in ends)
        return Workflow((self.statuses[0], *touched), self.transitions)

    def with_workflow(self, project: str, workflow: Workflow, issue_type: str = ANY_TYPE) -> "Site":
        """The same site where issues of this project (and type id) go by this workflow."""
        known = {status.id for status in self.statuses}
        more = tuple(status for status in workflow.statuses if status.id not in known)
        own = {**self.workflows, (project, issue_type): workflow}
        return replace(self, statuses=(*self.statuses, *more), workflows=own)

    def without_fields(self, project: str, *fields: str) -> "Site":
        """The same site where the screens of this project do not take these fields."""
        return replace(self, not_on_screens={**self.not_on_screens, project: frozenset(fields)})


class _Words(Struct, frozen=True, kw_only=True):
    types: tuple[str, str, str]
    statuses: tuple[str, str, str, str]
    steps: tuple[str, str, str, str]
    priorities: tuple[str, str, str, str, str]
    resolutions: tuple[str, str]


_WORDS = {
    "en": _Words(
        types=("Task", "Epic", "Sub-task"),
        statuses=("To Do", "In Progress", "Done", "Declined"),
        steps=("Start", "Finish", "Decline", "Reopen"),
        priorities=("Highest", "High", "Medium", "Low", "Lowest"),
        resolutions=("Done", "Won't Do"),
    ),
    "ru": _Words(
        types=("Задача", "Эпик", "Подзадача"),
        statuses=("К выполнению", "В работе", "Готово", "Отклонено"),
        steps=("Взять в работу", "Завершить", "Отклонить", "Вернуть"),
        priorities=("Самый высокий", "Высокий", "Средний", "Низкий", "Самый низкий"),
        resolutions=("Готово", "Не будет сделано"),
    ),
}
LANGUAGES = tuple(_WORDS)


def _statuses(names: tuple[str, str, str, str]) -> tuple[Status, ...]:
    categories = (TO_DO, IN_PROGRESS, DONE, DONE)
    ids = ("10000", "3", "10001", "10002")
    return tuple(Status(*row) for row in zip(ids, names, categories, strict=True))


def _workflow(names: tuple[str, str, str, str]) -> tuple[Transition, ...]:
    start, finish, decline, reopen = names
    to_do, doing, done, declined = "10000", "3", "10001", "10002"
    return (
        Transition("11", start, frozenset({to_do}), doing),
        Transition("21", finish, frozenset({to_do, doing}), done, "10000"),
        Transition("31", decline, frozenset({to_do, doing}), declined, "10001"),
        Transition("41", reopen, frozenset({doing, done, declined}), to_do),
    )


def default_site(
    projects: tuple[str, ...] = ("ONB",),
    *,
    deployment: Deployment = Deployment.CLOUD,
    language: str = "en",
) -> Site:
    """A site with these project keys; `language` ("en", "ru") names statuses, types and priorities."""
    words = _WORDS[language]
    task, epic, subtask = words.types
    return Site(
        deployment=deployment,
        projects=tuple(Project(str(10000 + n), key, key) for n, key in enumerate(projects)),
        issue_types=(
            IssueType("10001", task),
            IssueType("10002", epic, epic=True),
            IssueType("10003", subtask, subtask=True),
        ),
        statuses=_statuses(words.statuses),
        transitions=_workflow(words.steps),
        priorities=tuple(Priority(str(n), name) for n, name in enumerate(words.priorities, 1)),
        default_priority="3",
        resolutions=tuple(Resolution(str(10000 + n), name) for n, name in enumerate(words.resolutions)),
        link_types=(*LINK_TYPES, DUPLICATE),
    )
