"""The file of sensitive topics: what is read from it, and what is said about one that cannot be used."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.file_shape import json_schema
from bot.message import Local
from bot.problem import Problem, ScenarioError
from bot.scenario_file import load_scenarios
from bot.sensitive import FOLLOWING, HelpLine, Sensitive, Topic
from bot.sensitive_file import SensitiveShape, has_own, load_sensitive, parse_sensitive

SHIPPED = Path(__file__).parents[2] / "scenarios"
WITHOUT = Path(__file__).parents[2] / "wiring" / "shipped"
FULL = """\
groups:
  boss: [начальник, шеф, manager]
topics:
  - id: crisis
    help_first: true
    care: {ru: Держитесь., en: Hold on.}
    lines:
      - {title: {ru: Помощь, en: Help}, contact: "112"}
      - {title: {ru: Линия, en: Line}, contact: 988, countries: [US, CA]}
    phrases: {ru: [не хочу жить], en: [kill myself]}
  - id: harm
    phrases: {ru: ["{boss} орёт"], en: ["{boss} yells"]}
""".replace("contact: 988", 'contact: "988"')


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as raised:
        parse_sensitive(text, "sensitive.yaml")
    return raised.value.problems


def test_every_key_arrives() -> None:
    topics = parse_sensitive(FULL, "sensitive.yaml")
    assert topics.by_id["crisis"] == Topic(
        id="crisis",
        help_first=True,
        care=Local("Держитесь.", "Hold on."),
        lines=(HelpLine(Local("Помощь", "Help"), "112"), HelpLine(Local("Линия", "Line"), "988", ("US", "CA"))),
    )
    assert topics.of("шеф орёт") == Topic(id="harm")
    assert topics.of("где шеф") is None


def test_a_line_is_for_its_countries_and_for_those_of_whom_nobody_knows_where_they_are() -> None:
    line = HelpLine(Local("x", "x"), "988", ("US", "CA"))
    assert [line.serves(one) for one in ("US", "ca", "", " ", "RU")] == [True, True, True, True, False]
    assert HelpLine(Local("x", "x"), "112").serves("RU")


def test_a_topic_that_hr_has_taken_out_is_still_no_matter_for_a_manager() -> None:
    assert Sensitive().named("crisis") is FOLLOWING
    assert Sensitive(parse_sensitive(FULL, "x")).named("harm").id == "harm"


@pytest.mark.parametrize(
    ("old", "new", "field", "code"),
    [
        ("id: crisis", "id: Crisis now", "id", "format"),
        ("id: harm", "id: crisis", "id", "duplicate-id"),
        ("[не хочу жить]", "[не на]", "phrases.ru.0", "phrase"),
        ("[не хочу жить]", f"[{'жить ' * 9}]", "phrases.ru.0", "phrase"),
        ("[не хочу жить]", "[жить, жить]", "phrases.ru", "repeated"),
        ("[kill myself]", "kill", "phrases.en", "type"),
        ('"{boss} yells"', '"{bos} yells"', "phrases.en.0", "group"),
        ("шеф, manager", "шеф и начальник", "groups.boss.1", "word"),
        ("шеф, manager", "шеф, шеф", "groups.boss", "repeated"),
        ("countries: [US, CA]", "countries: [usa]", "lines.1.countries.0", "format"),
        ("help_first: true", "help_first: maybe", "help_first", "bool_type"),
        ("help_first", "helpfirst", "helpfirst", "unknown-key"),
        ("care: {ru: Держитесь., en: Hold on.}", "care: Hold on.", "care", "type"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(old: str, new: str, field: str, code: str) -> None:
    assert old in FULL
    found = [(one.field, one.code) for one in problems_of(FULL.replace(old, new))]
    assert (field, code) in found


def test_without_a_file_what_comes_with_the_bot_counts(tmp_path: Path) -> None:
    assert not has_own(tmp_path)
    assert load_sensitive(tmp_path, SHIPPED).of("меня домогаются") is not None
    (tmp_path / "sensitive.yaml").write_text("topics: []\n", encoding="utf-8")
    assert has_own(tmp_path)
    assert load_sensitive(tmp_path, SHIPPED).of("меня домогаются") is None
    assert load_sensitive(tmp_path / "gone", tmp_path / "gone").of("меня домогаются") is None


def test_it_stands_beside_scenarios_and_is_none(tmp_path: Path) -> None:
    for name in ("newcomer.yaml", "sensitive.yaml"):
        shutil.copy(SHIPPED / name, tmp_path)
    assert list(load_scenarios(tmp_path)) == ["newcomer"]


def test_the_shipped_list_has_help_for_a_crisis_and_asks_hr_to_check_the_numbers() -> None:
    topics = load_sensitive(SHIPPED, SHIPPED)
    assert list(topics.by_id)[:2] == ["crisis", "harm"]
    crisis = topics.by_id["crisis"]
    assert crisis.help_first
    assert "112" in [one.contact for one in crisis.lines if one.serves("RU")]
    assert "988" not in [one.contact for one in crisis.lines if one.serves("RU")]
    text = (SHIPPED / "sensitive.yaml").read_text("utf-8")
    assert "check the telephone numbers yourself" in text
    assert "телефоны ниже проверьте сами" in text


def test_what_counts_without_a_file_is_what_is_shipped() -> None:
    assert (WITHOUT / "sensitive.yaml").read_bytes() == (SHIPPED / "sensitive.yaml").read_bytes()


def test_editors_are_told_what_may_stand_there() -> None:
    schema: dict[str, Any] = json_schema(SensitiveShape)
    assert set(schema["properties"]) == {"groups", "topics"}
    assert schema["required"] == ["topics"]
