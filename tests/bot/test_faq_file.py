"""FAQ files are validated as scenarios are."""

from pathlib import Path

import pytest

from bot.faq_file import FaqShape, load_faq, parse_faq
from bot.file_shape import json_schema
from bot.problem import FaqError

FAQ = """\
source: {title: {ru: "Справочник", en: "Handbook"}, url: "https://docs.example.com"}
entries:
  - id: vpn
    question: {ru: "Как подключить VPN?", en: "How do I connect to the VPN?"}
    also: {ru: ["Как настроить ВПН?"], en: ["VPN set-up"]}
    keywords: [vpn]
    confidential: true
    answer: {ru: "Вот так.", en: "Like this."}
  - id: wifi
    question: {ru: "Какой пароль от Wi-Fi?", en: "What is the Wi-Fi password?"}
    answer: {ru: "На стойке.", en: "At the desk."}
    source: {title: {ru: "Плакат", en: "Poster"}}
"""


def problems_of(text: str) -> list[tuple[str | None, str | None, str]]:
    with pytest.raises(FaqError) as raised:
        parse_faq(text, "faq.yaml")
    return [(problem.step, problem.field, problem.code) for problem in raised.value.problems]


def test_entries_arrive_with_their_source() -> None:
    vpn, wifi = parse_faq(FAQ, "faq.yaml")
    assert vpn.also == ("Как настроить ВПН?", "VPN set-up")
    assert vpn.keywords == ("vpn",)
    assert (vpn.confidential, wifi.confidential) == (True, False)
    assert (vpn.source_title.en, vpn.source_url) == ("Handbook", "https://docs.example.com")
    assert (wifi.source_title.ru, wifi.source_url) == ("Плакат", None)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("keywords:", "keyword:", ("vpn", "keyword", "unknown-key")),
        (', en: "Like this."', "", ("vpn", "answer.en", "missing")),
        ("id: wifi", "id: vpn", ("vpn", "id", "duplicate-id")),
        ("id: wifi", "id: [a]", ("#2", "id", "type")),
        ("https://docs", "ftp://docs", (None, "source.url", "url")),
        ("Вот так.", "x" * 3001, ("vpn", "answer.ru", "too-long")),
    ],
)
def test_a_wrong_field_is_named(old: str, new: str, problem: tuple[str | None, str | None, str]) -> None:
    assert problems_of(FAQ.replace(old, new)) == [problem]


def test_a_file_that_is_not_yaml_is_a_problem() -> None:
    assert problems_of("entries: [") == [(None, None, "yaml")]


def test_ids_are_unique_across_files(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FAQ, "utf-8")
    (tmp_path / "b.yaml").write_text(FAQ.replace("id: wifi", "id: [a]").replace("id: vpn", "id: wifi"), "utf-8")
    with pytest.raises(FaqError) as raised:
        load_faq(tmp_path)
    assert {problem.code for problem in raised.value.problems} == {"type", "duplicate-id"}
    (twice,) = (str(problem) for problem in raised.value.problems if problem.code == "duplicate-id")
    assert f"{tmp_path}/a.yaml:" in twice
    assert twice.startswith(f"{tmp_path}/b.yaml:")


def test_the_schema_for_editors_knows_the_keys() -> None:
    assert json_schema(FaqShape)["required"] == ["source", "entries"]
