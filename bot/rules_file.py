"""The file of rules: tickets by events, edited by HR, validated as strictly as scenarios are."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, get_args

from pydantic import AfterValidator, Field, StringConstraints

from bot.file_shape import (
    Department,
    ItemId,
    LocalShape,
    OneLine,
    Shape,
    Unique,
    Visible,
    Word,
    check_shape,
    either_or_both,
    is_email,
    refusal,
    repeated_ids,
)
from bot.problem import Problem, ScenarioError
from bot.rules import CONDITIONS, PLACEHOLDERS, Condition, Rule, RuleEvent, Rules
from bot.scenario import placeholders
from bot.scenario_file import IssueKeys, Name, issue_template
from bot.yaml_file import Plain, Route, YamlFile, parse_yaml, read_one

FILES = ("rules.yaml", "rules.yml")
MAX_RULES = 100


def _assignee(value: str) -> str:
    if value != "manager" and not is_email(value):
        raise refusal("assignee", f"cannot be {value}", ("manager", "an e-mail address"))
    return value


Summary = Annotated[str, StringConstraints(min_length=1, max_length=200), Visible, OneLine]
Description = Annotated[str, StringConstraints(min_length=1, max_length=4000), Visible]
Assignee = Annotated[str, StringConstraints(max_length=320), AfterValidator(_assignee)]
DaysLate = Annotated[int, Field(ge=1, le=260)]
Ids = Annotated[tuple[ItemId, ...], Field(max_length=60, strict=False), Unique]


class RuleSummary(LocalShape):
    """The summary of a ticket, which may hold the placeholders of the event."""

    ru: Summary
    en: Summary


class RuleDescription(LocalShape):
    """The description of a ticket, which may hold the placeholders of the event."""

    ru: Description
    en: Description


class IssueShape(IssueKeys):
    """The ticket: the keys of a step's issue that mean something without a step."""

    summary: Annotated[RuleSummary, either_or_both(RuleSummary)]
    description: Annotated[RuleDescription, either_or_both(RuleDescription)] | None = None
    assignee: Assignee | None = None


class WhenShape(Shape):
    """What must hold besides the event. Which of them fit an event: `rules.CONDITIONS`."""

    days: DaysLate | None = None
    scenarios: Ids = ()
    steps: Ids = ()
    departments: Annotated[tuple[Department, ...], Field(max_length=60, strict=False), Unique] = ()
    integrations: Annotated[tuple[Name, ...], Field(max_length=60, strict=False), Unique] = ()
    words: Annotated[tuple[Word, ...], Field(max_length=100, strict=False), Unique] = ()


class RuleShape(Shape):
    """One event and the ticket it makes."""

    id: ItemId
    event: RuleEvent
    urgent: bool = False
    when: WhenShape = WhenShape()
    issue: IssueShape


class RulesShape(Shape):
    """The file of rules. An empty list is a company that wants no tickets."""

    rules: Annotated[tuple[RuleShape, ...], Field(max_length=MAX_RULES, strict=False)]


def parse_rules(text: str, file: str) -> Rules:
    """The rules in the text. Raises `ScenarioError` with every problem; `file` is how they name it."""
    return _rules(parse_yaml(text, file, "rules"))


def load_rules(directory: Path) -> Rules:
    """The rules that stand beside the scenarios; none where there is no such file.

    Raises `ScenarioError` with every problem.
    """
    return rules_with_file(directory)[0]


def rules_with_file(directory: Path) -> tuple[Rules, YamlFile | None]:
    """As `load_rules`, with the file they were read from, for what is to be said of its lines."""
    read = read_one(directory, FILES, "rules")
    return (_rules(read) if read else Rules()), read


def _rules(read: YamlFile) -> Rules:
    shape, problems = check_shape(RulesShape, read, [*repeated_ids(read), *_misfits(read)])
    if shape is None or problems:
        raise ScenarioError(problems)
    return Rules(tuple(map(_rule, shape.rules)))


def _misfits(read: YamlFile) -> Iterator[Problem]:
    """What does not fit the event of its rule. Found in the file as it stands, beside all other problems."""
    for route, member in read.members():
        event = next((one for one in get_args(RuleEvent) if one == member.get("event")), None)
        if event is not None:
            yield from _conditions(read, route, event, member.get("when"))
            yield from _issue_misfits(read, (*route, "issue"), event, member.get("issue"))


def _conditions(read: YamlFile, route: Route, event: RuleEvent, when: Plain) -> Iterator[Problem]:
    given = when if isinstance(when, dict) else {}
    for key in given:
        if key in WhenShape.model_fields and key not in CONDITIONS[event]:
            yield read.problem((*route, "when", key), "condition", f"does not fit {event}", CONDITIONS[event])
    if event == "step-overdue" and given.get("days") is None:
        yield read.problem((*route, "when", "days"), "missing", "is required: how many working days too late")


def _issue_misfits(read: YamlFile, route: Route, event: RuleEvent, issue: Plain) -> Iterator[Problem]:
    if not isinstance(issue, dict):
        return
    for key in ("summary", "description"):
        for place, text in _texts((*route, key), issue.get(key)):
            yield from _unknown_placeholders(read, place, event, text)
    if event == "integration-failed" and issue.get("assignee") == "manager":
        details = f"cannot be manager: {event} concerns no person"
        yield read.problem((*route, "assignee"), "assignee", details, ("an e-mail address",))


def _texts(route: Route, value: Plain) -> Iterator[tuple[Route, str]]:
    """The text at the route, or those in both languages below it."""
    if isinstance(value, str):
        yield route, value
    elif isinstance(value, dict):
        yield from (((*route, key), text) for key, text in value.items() if isinstance(text, str))


def _unknown_placeholders(read: YamlFile, route: Route, event: RuleEvent, text: str) -> Iterator[Problem]:
    known = PLACEHOLDERS[event]
    for name in dict.fromkeys(placeholders(text)):
        if name not in known:
            allowed = tuple(f"{{{one}}}" for one in known)
            yield read.problem(route, "placeholder", f"has the placeholder {{{name}}}, unknown to {event}", allowed)


def _rule(shape: RuleShape) -> Rule:
    wanted = shape.issue
    issue = issue_template(wanted, wanted.summary.local(), wanted.description, wanted.assignee)
    return Rule(id=shape.id, event=shape.event, urgent=shape.urgent, when=_condition(shape.when), issue=issue)


def _condition(shape: WhenShape) -> Condition:
    return Condition(
        days=shape.days,
        scenarios=shape.scenarios,
        steps=shape.steps,
        departments=shape.departments,
        integrations=shape.integrations,
        words=shape.words,
    )
