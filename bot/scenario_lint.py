"""What is allowed in a scenario and probably not meant."""

from collections import Counter
from collections.abc import Callable, Iterator

from bot.problem import Problem
from bot.scenario import Scenario, Step
from bot.yaml_file import YamlFile

MOST_URGENT = 3  # at most every third step

# (step, field, code, details)
Finding = tuple[Step | None, str | None, str, str]


def lint(scenario: Scenario, read: YamlFile) -> list[Problem]:
    """Warnings about a valid scenario, in the order of its steps, with the lines of the file that it was read from."""
    found = [finding for check in _CHECKS for finding in check(scenario)]
    order = {step.id: index for index, step in enumerate(scenario.steps)}
    found.sort(key=lambda finding: order[finding[0].id] if finding[0] else -1)
    return [read.finding(step.id if step else None, field, code, details) for step, field, code, details in found]


def _never_in_time(scenario: Scenario) -> Iterator[Finding]:
    """A step that waits for another which opens only later can never open on its own day."""
    for step in scenario.steps:
        for name in step.after:
            earlier = scenario.step(name)
            if earlier and step.day is not None and (earlier.day or 0) > step.day:
                details = f"can never open on day {step.day}: waits for {name}, which opens on day {earlier.day}"
                yield step, "day", "never-on-its-day", details


def _nothing_to_begin_with(scenario: Scenario) -> Iterator[Finding]:
    if not any((step.day or 0) <= 0 and not step.after for step in scenario.steps):
        yield None, "steps", "empty-start", "no step is open on the start date"


def _silent_deadline(scenario: Scenario) -> Iterator[Finding]:
    for step in scenario.steps:
        if step.due is not None and not step.remind:
            yield step, "due", "no-reminder", "is due, and nobody is reminded"


def _early_reminder(scenario: Scenario) -> Iterator[Finding]:
    """A reminder before the step is open is never sent; one on the day of opening repeats the opening."""
    for step in scenario.steps:
        early = [days for days in step.remind if step.due is not None and step.due + days < 1]
        if early:
            shown = ", ".join(map(str, early))
            yield step, "remind", "early-reminder", f"reminds at {shown}, not later than the step opens"


def _early_escalation(scenario: Scenario) -> Iterator[Finding]:
    for step in scenario.steps:
        if step.escalate is not None and step.remind and step.escalate < max(step.remind):
            details = f"tells the manager on day {step.escalate}, before the reminder on day {max(step.remind)}"
            yield step, "escalate", "early-escalation", details


def _escalation_to_oneself(scenario: Scenario) -> Iterator[Finding]:
    for step in scenario.steps:
        if step.escalate is not None and step.who == "manager":
            yield step, "escalate", "own-escalation", "tells the manager that the manager is late"


def _late_without_reminder(scenario: Scenario) -> Iterator[Finding]:
    for step in scenario.steps:
        if step.late != "digest" and not step.remind and step.escalate is None:
            yield step, "late", "no-effect", "has no effect: nothing is sent that could be late"


def _same_title(scenario: Scenario) -> Iterator[Finding]:
    titles = Counter(step.title for step in scenario.steps)
    for step in scenario.steps:
        if titles[step.title] > 1:
            yield step, "title", "same-title", "has the title of another step: in a checklist they look alike"


def _needless_after(scenario: Scenario) -> Iterator[Finding]:
    """Waiting for A is said twice when B is waited for and B waits for A."""
    for step in scenario.steps:
        for name in step.after:
            if any(name in _waits_for(scenario, other) for other in step.after if other != name):
                yield step, "after", "needless-after", f"waits for {name} through another step already"


def _waits_for(scenario: Scenario, name: str) -> set[str]:
    """All that has to be done before the step, near and far."""
    found: set[str] = set()
    ahead = [name]
    while ahead:
        step = scenario.step(ahead.pop())
        fresh = set(step.after) - found if step else set()
        found |= fresh
        ahead += fresh
    return found


def _jira_before_start(scenario: Scenario) -> Iterator[Finding]:
    for step in scenario.steps:
        if step.jira and step.jira.on == "open" and (step.day or 0) < 0 and step.jira.assignee == "newcomer":
            yield (
                step,
                "jira.assignee",
                "not-here-yet",
                "assigns an issue to somebody who has not started yet",
            )


def _much_urgent(scenario: Scenario) -> Iterator[Finding]:
    """Whoever is woken for everything soon looks at nothing."""
    urgent, steps = sum(step.urgent for step in scenario.steps), len(scenario.steps)
    if urgent > 1 and urgent * MOST_URGENT > steps:
        yield None, "steps", "much-urgent", f"calls {urgent} of {steps} steps urgent: people hear of them at night"


_CHECKS: tuple[Callable[[Scenario], Iterator[Finding]], ...] = (
    _never_in_time,
    _nothing_to_begin_with,
    _silent_deadline,
    _early_reminder,
    _early_escalation,
    _escalation_to_oneself,
    _late_without_reminder,
    _same_title,
    _needless_after,
    _jira_before_start,
    _much_urgent,
)
