"""The file of synonyms, and what a question finds by them."""

from pathlib import Path

import pytest

from bot.answers.analysis import stems
from bot.answers.document import Passage
from bot.answers.lexical import LexicalIndex
from bot.answers.synonyms import NO_SYNONYMS, SynonymsError, load_synonyms, parse_synonyms

SHIPPED = Path(__file__).parent.parent.parent.parent / "scenarios" / "synonyms.yaml"
GROUPS = """
groups:
  - [впн, vpn]
  - [отпуск, vacation, time off]
  - [зп, зарплата, salary]
"""


def problems(text: str) -> list[str]:
    with pytest.raises(SynonymsError) as caught:
        parse_synonyms(text, "synonyms.yaml")
    return [str(problem) for problem in caught.value.problems]


def passages(*texts: str) -> list[Passage]:
    return [Passage(document=str(at), kind="page", title="", text=text) for at, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("question", "found"),
    [("когда придёт зп", 0), ("salary", 0), ("how do I take time off", 1), ("vacation", 1), ("ВПН не работает", 2)],
)
def test_a_synonym_finds_what_is_written_otherwise(question: str, found: int) -> None:
    texts = passages("Зарплата приходит пятого числа.", "Отпуск согласуют заранее.", "VPN ставит поддержка.")
    plain = LexicalIndex.build(texts).search(question)
    told = LexicalIndex.build(texts, parse_synonyms(GROUPS, "synonyms.yaml")).search(question)
    assert plain.exact[found] == 0
    assert told.scores.argmax() == found
    assert told.coverage > plain.coverage


def test_the_word_itself_counts_more_than_its_synonym() -> None:
    texts = passages("Наша salary приходит пятого числа.", "Наша зарплата приходит пятого числа.")
    index = LexicalIndex.build(texts, parse_synonyms(GROUPS, "synonyms.yaml"))
    assert index.search("зарплата").scores.argmax() == 1
    assert index.search("salary").scores.argmax() == 0


def test_only_the_whole_phrase_has_synonyms() -> None:
    synonyms = parse_synonyms(GROUPS, "synonyms.yaml")
    assert list(synonyms.found(stems("time is money"))) == []
    assert (1, 3, ("отпуск",)) in list(synonyms.found(stems("some time off")))


def test_the_file_that_comes_with_the_project_is_right_and_useful() -> None:
    synonyms = load_synonyms(SHIPPED)
    for asked, other in (("зп", "зарплата"), ("впн", "vpn"), ("sick leave", "больничный"), ("удалёнка", "remote work")):
        assert tuple(stems(other)) in [phrase for _, _, phrase in synonyms.found(stems(asked))]


def test_a_file_that_is_not_there_has_no_synonyms(tmp_path: Path) -> None:
    assert load_synonyms(tmp_path / "synonyms.yaml") is NO_SYNONYMS


def test_every_problem_is_named_with_its_line() -> None:
    wrong = "groups:\n  - [one two three four five, x]\n  - [vpn]\n  - [отпуск, '!!']\nmore: 1\n"
    assert problems(wrong) == [
        "synonyms.yaml:2: #1, 0: must be one to 4 words [words]",
        "synonyms.yaml:3: #2: must have at least two members: one word is no synonym of itself [alone]",
        "synonyms.yaml:4: #3, 1: must be one to 4 words [words]",
        "synonyms.yaml:5: more: is not a known key (allowed: groups) [unknown-key]",
    ]


def test_a_word_belongs_to_one_group_in_whatever_form() -> None:
    assert problems("groups:\n  - [впн, vpn]\n  - [зп, оклады]\n  - [оклад, VPN]\n") == [
        "synonyms.yaml:4: #3, 0: оклад stands in the group of line 3 already [repeated]",
        "synonyms.yaml:4: #3, 1: VPN stands in the group of line 2 already [repeated]",
    ]


@pytest.mark.parametrize(
    "text", ["", "groups:\n", "groups: []\n", "groups: vpn\n", "- [a, b]\n", "groups:\n  - &x [a, b]\n"]
)
def test_a_file_of_another_shape_is_refused(text: str) -> None:
    assert problems(text)


def test_a_synonym_weighs_more_than_the_small_words_beside_it() -> None:
    texts = passages("Зарплата приходит пятого числа.", "Когда будет отчёт, скажет руководитель.", "Когда обед: в час.")
    index = LexicalIndex.build(texts, parse_synonyms(GROUPS, "synonyms.yaml"))
    assert index.search("когда зп").scores.argmax() == 0
