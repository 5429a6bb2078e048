"""Scenarios as the core sees them."""

import msgspec
import pytest

from bot.message import Local
from bot.scenario import (
    IssueTemplate,
    Scenario,
    Step,
    fill,
    make_scenario,
    placeholders,
    scenario_from_json,
    scenario_to_json,
)

TITLE = Local(ru="Первые дни", en="First days")
READ = Step(
    id="read-docs",
    title=Local(ru="Документация", en="Documentation"),
    due=2,
    remind=(-1, 0),
    jira=IssueTemplate(summary=Local(ru="Готово: {name}", en="Done: {name}"), labels=("onboarding",)),
)
MEET = Step(id="meet", title=Local(ru="Встреча", en="Meeting"), after=("read-docs",))


def scenario(*steps: Step) -> Scenario:
    return make_scenario("newcomer", TITLE, steps)


def test_a_step_is_found_by_its_id() -> None:
    assert scenario(READ, MEET).step("meet") == MEET
    assert scenario(READ, MEET).step("gone") is None


def test_a_scenario_comes_back_from_the_store_as_it_was() -> None:
    stored = scenario(READ, MEET)
    assert scenario_from_json(scenario_to_json(stored)) == stored


def test_what_is_not_a_scenario_is_refused_when_it_is_read_from_the_store() -> None:
    with pytest.raises(msgspec.ValidationError):
        scenario_from_json(b'{"id": "newcomer"}')


def test_the_version_is_sixteen_hexadecimal_digits_and_the_same_every_time() -> None:
    version = scenario(READ, MEET).version
    assert len(version) == 16
    assert int(version, 16) >= 0
    assert version == scenario(READ, MEET).version


def test_the_version_changes_with_the_content() -> None:
    version = scenario(READ, MEET).version
    later = msgspec.structs.replace(READ, due=3)
    assert scenario(later, MEET).version != version
    assert scenario(MEET, READ).version != version
    assert make_scenario("other", TITLE, (READ, MEET)).version != version


def test_a_default_that_is_written_out_does_not_change_the_version() -> None:
    spelled_out = msgspec.structs.replace(MEET, who="newcomer", late="digest")
    assert scenario(READ, spelled_out).version == scenario(READ, MEET).version


def test_placeholders_are_filled() -> None:
    assert fill("{name}: {step}", {"name": "Анна", "step": "VPN"}) == "Анна: VPN"


def test_braces_in_a_value_are_not_placeholders() -> None:
    assert fill("{name}, {step}", {"name": "{step}", "step": "{name}"}) == "{step}, {name}"


def test_an_unknown_placeholder_stays() -> None:
    assert fill("{code} {name}", {"name": "Анна"}) == "{code} Анна"


def test_placeholders_are_listed_in_order() -> None:
    assert placeholders("{b} and {a} { } {{c}}") == ("b", "a", " ", "c")
