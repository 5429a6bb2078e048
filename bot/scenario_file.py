"""Scenario files: the YAML that HR edits, validated strictly and turned into what the core knows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from bot.file_shape import (
    ItemId,
    LocalShape,
    LocalText,
    LocalTitle,
    NotEmpty,
    OneLine,
    Shape,
    Unique,
    Url,
    Visible,
    check_shape,
    either_or_both,
    is_email,
    refusal,
)
from bot.locales import Language
from bot.message import Local
from bot.problem import Problem, ScenarioError
from bot.scenario import (
    PLACEHOLDERS,
    Closes,
    Conflict,
    IssueMoment,
    IssueTemplate,
    Late,
    Link,
    ParentTemplate,
    Scenario,
    Step,
    Who,
    make_scenario,
    placeholders,
)
from bot.step_order import order_problems
from bot.yaml_file import YamlFile, parse_yaml, read_directory

MAX_STEPS = 60
# What else stands beside the scenarios.
BESIDE = ("rules", "contacts", "synonyms", "sensitive")
NOT_SCENARIOS = frozenset(f"{name}{suffix}" for name in BESIDE for suffix in (".yaml", ".yml"))


def _template(text: str) -> str:
    allowed = tuple(f"{{{name}}}" for name in PLACEHOLDERS)
    for name in placeholders(text):
        if name not in PLACEHOLDERS:
            raise refusal("placeholder", f"has the unknown placeholder {{{name}}}", allowed)
    return text


def _assignee(value: str) -> str:
    if value not in ("manager", "newcomer") and not is_email(value):
        raise refusal("assignee", f"cannot be {value}", ("manager", "newcomer", "an e-mail address"))
    return value


Template = AfterValidator(_template)
Summary = Annotated[str, StringConstraints(min_length=1, max_length=200), Visible, OneLine, Template]
Description = Annotated[str, StringConstraints(min_length=1, max_length=4000), Visible, Template]
Name = Annotated[str, StringConstraints(min_length=1, max_length=60), Visible, OneLine]
ProjectKey = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{1,19}$")]
Label = Annotated[str, StringConstraints(pattern=r"^\S{1,100}$")]
Assignee = Annotated[str, StringConstraints(max_length=320), AfterValidator(_assignee)]
DaysAhead = Annotated[int, Field(ge=0, le=260)]
DaysAround = Annotated[int, Field(ge=-260, le=260)]


class LocalSummary(LocalShape):
    """The summary of an issue, which may hold placeholders."""

    ru: Summary
    en: Summary


class LocalDescription(LocalShape):
    """The description of an issue, which may hold placeholders."""

    ru: Description
    en: Description


class LinkShape(Shape):
    """A page that belongs to a step."""

    title: LocalTitle
    url: Url


class IssueKeys(Shape):
    """What every issue may say of itself, whatever makes it."""

    project: ProjectKey | None = None
    type: Name = "Task"
    priority: Name | None = None
    due: DaysAhead | None = None
    labels: Annotated[tuple[Label, ...], Field(max_length=20, strict=False), Unique] = ()
    language: Language | None = None


class JiraShape(IssueKeys):
    """An issue that the step creates. Placeholders: see `PLACEHOLDERS`."""

    on: IssueMoment = "done"
    summary: Annotated[LocalSummary, either_or_both(LocalSummary)]
    description: Annotated[LocalDescription, either_or_both(LocalDescription)] | None = None
    assignee: Assignee | None = None
    closes: Closes | None = None
    conflict: Literal["onboarding", "jira"] = "onboarding"

    @field_validator("closes")
    @classmethod
    def _there_to_be_completed(cls, value: Closes | None, info: ValidationInfo) -> Closes | None:
        """An issue that is made when the step is done cannot complete it."""
        if value == "complete" and info.data.get("on") == "done":
            raise refusal("closes", "cannot be complete when the issue is made at done", ("approve",))
        return value


class ParentShape(Shape):
    """One issue for the whole journey, the parent of those of its steps."""

    type: Name
    project: ProjectKey | None = None
    summary: Annotated[LocalSummary, either_or_both(LocalSummary)]
    description: Annotated[LocalDescription, either_or_both(LocalDescription)] | None = None
    labels: Annotated[tuple[Label, ...], Field(max_length=20, strict=False), Unique] = ()
    language: Language | None = None


def _named_type(value: object) -> object:
    """The type alone is enough: `parent: Epic`."""
    if isinstance(value, str):
        return {"type": value, "summary": {"ru": "{scenario}: {name}", "en": "{scenario}: {name}"}}
    return value


class ScenarioJiraShape(Shape):
    """What a scenario wants of the tracker as a whole."""

    parent: Annotated[ParentShape, BeforeValidator(_named_type, json_schema_input_type=ParentShape | Name)]


class StepShape(Shape):
    """One thing to do. All days are working days."""

    id: ItemId
    title: LocalTitle
    text: LocalText | None = None
    links: Annotated[tuple[LinkShape, ...], Field(max_length=10, strict=False)] = ()
    who: Who = "newcomer"
    day: DaysAround | None = None
    after: Annotated[tuple[ItemId, ...], Field(max_length=MAX_STEPS, strict=False), Unique] = ()
    due: DaysAhead | None = None
    remind: Annotated[tuple[DaysAround, ...], Field(max_length=10, strict=False), Unique] = ()
    escalate: DaysAhead | None = None
    late: Late = "digest"
    urgent: bool = False
    jira: JiraShape | None = None

    @field_validator("remind", "escalate")
    @classmethod
    def _counts_from_due(cls, value: tuple[int, ...] | int | None, info: ValidationInfo) -> object:
        # Absent from `info.data` is a due that is itself wrong: that problem is reported already.
        if value not in ((), None) and info.data.get("due", 0) is None:
            raise refusal("needs-due", "counts from the due date: give the step a due")
        return value


class ScenarioShape(Shape):
    """A scenario file."""

    id: ItemId
    title: LocalTitle
    jira: ScenarioJiraShape | None = None
    steps: Annotated[tuple[StepShape, ...], Field(max_length=MAX_STEPS, strict=False), NotEmpty]


def parse_scenario(text: str, file: str) -> Scenario:
    """The scenario in the text. Raises `ScenarioError` with every problem; `file` is how they name it."""
    scenario, problems = _scenario(parse_yaml(text, file, "steps"))
    if scenario is None:
        raise ScenarioError(problems)
    return scenario


def load_scenarios(directory: Path) -> dict[str, Scenario]:
    """Every `*.yaml` and `*.yml` directly in the directory, by id, but for the files that are something else.

    Raises `ScenarioError` with the problems of all files.
    """
    return {one: scenario for one, (scenario, _) in scenarios_with_files(directory).items()}


def scenarios_with_files(directory: Path) -> dict[str, tuple[Scenario, YamlFile]]:
    """As `load_scenarios`, each with the file it was read from, for what is to be said of its lines."""
    scenarios: dict[str, tuple[Scenario, YamlFile]] = {}
    problems: list[Problem] = []
    taken: dict[str, str] = {}
    for read in read_directory(directory, "steps", without=NOT_SCENARIOS):
        scenario, found = _scenario(read)
        problems += [*_taken(read, taken), *found]
        if scenario:
            scenarios.setdefault(scenario.id, (scenario, read))
    if problems:
        raise ScenarioError(problems)
    return scenarios


def _taken(read: YamlFile, places: dict[str, str]) -> Iterator[Problem]:
    """That another file has the id; also while something else in it is wrong."""
    named = read.data.get("id") if isinstance(read.data, dict) else None
    if not isinstance(named, str):
        return
    if named in places:
        yield read.problem(("id",), "duplicate-id", f"is the id in {places[named]}, too")
    else:
        places[named] = read.place(("id",))


def _scenario(read: YamlFile) -> tuple[Scenario | None, list[Problem]]:
    shape, problems = check_shape(ScenarioShape, read, order_problems(read))
    return (None, problems) if shape is None or problems else (_to_core(shape), [])


def _to_core(shape: ScenarioShape) -> Scenario:
    parent = _parent(shape.jira.parent) if shape.jira else None
    return make_scenario(shape.id, shape.title.local(), tuple(map(_step, shape.steps)), parent)


def _parent(shape: ParentShape) -> ParentTemplate:
    return ParentTemplate(
        type=shape.type,
        summary=shape.summary.local(),
        description=shape.description.local() if shape.description else None,
        project=shape.project,
        labels=shape.labels,
        language=shape.language,
    )


def _step(shape: StepShape) -> Step:
    return Step(
        id=shape.id,
        title=shape.title.local(),
        text=shape.text.local() if shape.text else None,
        links=tuple(Link(link.title.local(), link.url) for link in shape.links),
        who=shape.who,
        day=shape.day,
        after=shape.after,
        due=shape.due,
        remind=tuple(sorted(shape.remind)),
        escalate=shape.escalate,
        late=shape.late,
        urgent=shape.urgent,
        jira=_issue(shape.jira) if shape.jira else None,
    )


def _issue(shape: JiraShape) -> IssueTemplate:
    made = issue_template(shape, shape.summary.local(), shape.description, shape.assignee)
    conflict: Conflict = "tracker" if shape.conflict == "jira" else "onboarding"
    return msgspec.structs.replace(made, on=shape.on, closes=shape.closes, conflict=conflict)


def issue_template(
    keys: IssueKeys, summary: Local, description: LocalShape | None, assignee: str | None
) -> IssueTemplate:
    """The issue that a file describes, for the core."""
    return IssueTemplate(
        summary=summary,
        description=description.local() if description else None,
        project=keys.project,
        type=keys.type,
        priority=keys.priority,
        due=keys.due,
        labels=keys.labels,
        assignee=assignee,
        language=keys.language,
    )
