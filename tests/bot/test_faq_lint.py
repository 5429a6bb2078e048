"""Warnings about FAQ files that are valid and probably not meant so."""

from pathlib import Path

import pytest

from bot.faq_file import load_faq
from bot.faq_lint import lint_faq
from bot.yaml_file import read_directory

SOURCE = "source: {title: {ru: Портал, en: Portal}}\nentries:\n"


def entry(entry_id: str, ru: str, en: str, also: str = "") -> str:
    return f"""\
  - id: {entry_id}
    question:
      ru: "{ru}"
      en: "{en}"
    answer: {{ru: Так., en: So.}}
    also: {{ru: [{also}]}}
"""


def linted(folder: Path, *files: str) -> list[str]:
    for number, text in enumerate(files, 1):
        (folder / f"{number}.yaml").write_text(SOURCE + text, "utf-8")
    load_faq(folder)  # valid all the same: an upgrade stops no bot
    return [str(problem).replace(f"{folder}/", "") for problem in lint_faq(read_directory(folder, "entries"))]


def test_a_question_in_two_files_is_found_with_both_places(tmp_path: Path) -> None:
    found = linted(tmp_path, entry("vpn", "Как подключить VPN?", "VPN?"), entry("net", "Как подключить VPN?", "Net?"))
    assert found == [
        "2.yaml:5: net, question.ru: is asked in 1.yaml:5, too: of two answers only one is given [same-question]"
    ]


@pytest.mark.parametrize("written", ["КАК ВЗЯТЬ ОТЧЕТ", "как взять отчёт...", "Как  взять «отчёт»?!"])
def test_another_spelling_is_the_same_question(tmp_path: Path, written: str) -> None:
    (found,) = linted(tmp_path, entry("a", "Как взять отчёт?", "A?"), entry("b", "Другое?", "B?", f'"{written}"'))
    assert found.startswith("2.yaml:8: b, also.ru.0: is asked in 1.yaml:5, too")


def test_two_entries_of_one_file_are_found_too(tmp_path: Path) -> None:
    (found,) = linted(tmp_path, entry("a", "Где Wi-Fi?", "A?") + entry("b", "где WiFi", "B?"))
    assert found.startswith("1.yaml:11: b, question.ru: is asked in 1.yaml:5, too")


def test_other_questions_and_other_ways_of_the_same_entry_are_no_warning(tmp_path: Path) -> None:
    assert linted(tmp_path, entry("a", "Wi-Fi?", "Wi-Fi?", '"wifi"'), entry("b", "Wi-Fi дома?", "At home?")) == []
