"""Which rules hold for what has happened."""

from bot.message import Local
from bot.rules import CONDITIONS, PLACEHOLDERS, Condition, Rule, RuleEvent, Rules
from bot.scenario import IssueTemplate

ISSUE = IssueTemplate(summary=Local(ru="Поговорить", en="Talk"))


def rule(event: RuleEvent, rule_id: str = "r", **conditions: object) -> Rule:
    return Rule(id=rule_id, event=event, when=Condition(**conditions), issue=ISSUE)  # type: ignore[arg-type]


def ids(rules: tuple[Rule, ...]) -> list[str]:
    return [one.id for one in rules]


def test_a_rule_without_conditions_holds_for_every_event_of_its_kind_and_no_other() -> None:
    rules = Rules((rule("question-unanswered"), rule("feedback-negative", "n"), rule("integration-failed", "i")))
    assert ids(rules.unanswered("почему?", "")) == ["r"]
    assert ids(rules.negative("плохо", "Sales")) == ["n"]
    assert ids(rules.failed("slack")) == ["i"]
    assert rules.overdue("newcomer", "paperwork", "Sales") == ()


def test_an_overdue_step_needs_every_condition() -> None:
    rules = Rules((rule("step-overdue", days=3, scenarios=("newcomer",), steps=("paperwork",), departments=("ИТ",)),))
    assert ids(rules.overdue("newcomer", "paperwork", "ит ")) == ["r"]
    assert rules.overdue("team-lead", "paperwork", "ИТ") == ()
    assert rules.overdue("newcomer", "goals", "ИТ") == ()
    assert rules.overdue("newcomer", "paperwork", "Продажи") == ()
    assert rules.overdue("newcomer", "paperwork", "") == ()


def test_all_rules_that_hold_come_in_the_order_of_the_file() -> None:
    rules = Rules((rule("step-overdue", "late", days=5), rule("step-overdue", "soon", days=1, steps=("a",))))
    assert [(one.id, one.when.days) for one in rules.overdue("s", "a", "")] == [("late", 5), ("soon", 1)]


def test_an_integration_is_known_by_its_name_in_any_case() -> None:
    rules = Rules((rule("integration-failed", integrations=("Slack", "jira")),))
    assert rules.failed("slack")
    assert not rules.failed("confluence")


def test_one_of_the_words_is_enough_in_any_form() -> None:
    rules = Rules((rule("question-unanswered", words=("отпуск", "sick leave", "зарплата")),))
    assert rules.unanswered("Сколько дней отпуска мне положено?", "ИТ")
    assert rules.unanswered("когда ЗАРПЛАТУ платят", "ИТ")
    assert rules.unanswered("How do I take sick leaves?", "IT")
    assert not rules.unanswered("May I leave early?", "IT")
    assert not rules.unanswered("Где столовая?", "ИТ")


def test_words_of_a_feedback_are_looked_for_too() -> None:
    rules = Rules((rule("feedback-negative", words=("ментор",), departments=("Разработка",)),))
    assert rules.negative("С ментором не повезло", "Разработка")
    assert not rules.negative("С ментором не повезло", "Продажи")
    assert not rules.negative("Скучно", "Разработка")


def test_the_version_changes_with_the_content_alone() -> None:
    one, same, other = (Rules((rule("step-overdue", days=days),)) for days in (1, 1, 2))
    assert one.version == same.version != other.version
    assert len(one.version) == 16
    assert Rules().version != one.version


def test_a_rule_is_found_by_its_id() -> None:
    rules = Rules((rule("integration-failed", "one"),))
    found = rules.rule("one")
    assert found
    assert found.id == "one"
    assert rules.rule("two") is None


def test_every_event_has_conditions_that_exist_and_placeholders() -> None:
    assert {name for names in CONDITIONS.values() for name in names} == set(Condition.__struct_fields__)
    assert set(PLACEHOLDERS) == set(CONDITIONS)
