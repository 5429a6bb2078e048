"""Every text that the code asks for exists in both languages, and says what it should."""

import ast
import datetime
import re
from pathlib import Path
from typing import get_args

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl

from bot.alerts import KNOWN_CODES
from bot.journey.merge import FIELDS, Rule, Stage
from bot.message import Day, Local, Phrase
from bot.priority import PRIORITIES
from bot.speech_small_talk import KINDS
from bot.texts import LANGUAGES, speaker
from bot.tracker.issues import REFUSALS
from handlers.routes import ROUTES

ROOT = Path(__file__).parents[2]
CODE = [*ROOT.glob("bot/**/*.py"), *ROOT.glob("handlers/**/*.py"), *ROOT.glob("adapters/**/*.py")]


def entries(language: str) -> dict[str, str]:
    found = {}
    for path in sorted((ROOT / "bot/texts").glob("*.ftl")):
        if path.stem.rpartition(".")[2] != language:
            continue
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ftl.Junk), f"{path.name}: {entry.content}"
            if isinstance(entry, ftl.Message):
                assert entry.id.name not in found, f"{entry.id.name} stands twice"
                found[entry.id.name] = path.name
    return found


def keys_in_code() -> set[str]:
    found: set[str] = set()
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Phrase" and node.args:
                key = node.args[0]
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    found.add(key.value)
    return found


def test_both_languages_have_the_same_texts() -> None:
    assert entries("ru").keys() == entries("en").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_of_the_code_has_a_text(language: str) -> None:
    assert keys_in_code() - entries(language).keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verb_and_every_refusal_has_its_words(language: str) -> None:
    built = {f"{kind}-{verb.name}" for verb in ROUTES.verbs if verb.name != "help" for kind in ("usage", "help")}
    built |= {f"refusal-{code}" for code in KNOWN_CODES}
    assert built - entries(language).keys() == set()


TIDINGS = ("tracker-done", "step-approved", "step-reopened", "task-for-you", "task-given", "due-changed")
ABOUT = (
    "issue-refused",
    "overdue",
    "step-done-by",
    "step-for-manager",
    "step-done-issue",
    "step-done-again",
    "step-issue",
    "task-issue",
)
NOTES = ("note-approved", "note-to-approve", "note-manager", "note-colleague", "note-underway")
CHOICES = (
    "reopen-which",
    "reopen-nothing",
    "skip-which",
    "skip-nothing",
    "change-which",
    "button-reopen",
    "button-skip",
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_value_and_refusal_of_an_issue_has_its_words(language: str) -> None:
    built = {*TIDINGS, *ABOUT, *NOTES, *CHOICES}
    built |= {f"field-{name}" for name in (*FIELDS, "issue", "gone")}
    built |= {f"stage-{stage}" for stage in get_args(Stage)}
    built |= {f"priority-{priority}" for priority in PRIORITIES}
    built |= {f"not-taken-{code}" for code in (*REFUSALS, "other")}
    built |= {f"drift-{side}" for side in get_args(Rule)}
    assert built - entries(language).keys() == set()


@pytest.mark.parametrize("invisible", [0, 1, 5])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_result_of_a_comparison_is_one_line_of_whole_sentences(language: str, invisible: int) -> None:
    said = speaker(language)(Phrase("sync-done", {"checked": 3, "repaired": 1, "invisible": invisible}))
    assert said == " ".join(said.split())
    assert said.endswith(".")
    assert ("permissions" in said or "права" in said) == bool(invisible)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_small_talk_has_its_answer(language: str) -> None:
    assert {f"talk-{kind}" for kind in KINDS if kind != "hello"} - entries(language).keys() == set()


def test_both_languages_use_the_same_arguments() -> None:
    def arguments(language: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for path in (ROOT / "bot/texts").glob("*.ftl"):
            if path.stem.rpartition(".")[2] == language:
                for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
                    if isinstance(entry, ftl.Message) and entry.span is not None:
                        source = path.read_text(encoding="utf-8")[entry.span.start : entry.span.end]
                        found[entry.id.name] = set(re.findall(r"\{ *\$(\w+)", source))
        return found

    assert arguments("ru") == arguments("en")


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "1 шаг"), (2, "2 шага"), (5, "5 шагов"), (11, "11 шагов"), (21, "21 шаг"), (104, "104 шага")],
)
def test_russian_plurals_are_right(count: int, said: str) -> None:
    assert speaker("ru")(Phrase("steps-count", {"count": count})) == said


def test_a_text_of_a_scenario_is_said_in_the_readers_language_also_inside_a_phrase() -> None:
    phrase = Phrase("step-done", {"step": Local("Документы", "Documents")})
    assert "«Документы»" in speaker("ru-RU")(phrase)
    assert '"Documents"' in speaker("en_GB")(phrase)


def test_a_day_is_written_out_in_the_readers_language() -> None:
    day = Day(datetime.date(2026, 12, 1))
    assert speaker("ru")(day) == "вт, 1 декабря"
    assert speaker("en")(day) == "Tue, 1 December"


def test_markup_of_fluent_in_a_name_is_only_text() -> None:
    assert "{ $step }" in speaker("ru")(Phrase("step-done-by", {"step": "{ $step }", "name": "x"}))
