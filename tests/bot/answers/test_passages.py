"""How pages and entries of the FAQ become passages."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.answers.document import Document, Section
from bot.answers.passages import MOST_SHARED, MOST_WORDS, WORDS, faq_passage, passages_of
from bot.answers.sentences import sentences
from bot.faq_file import FaqEntry
from bot.message import Local

URL = "https://wiki.example/pages/7"


def page(*sections: Section, url: str | None = URL) -> Document:
    return Document(id="7", title="VPN", url=url, version=1, sections=sections)


def prose(words: int, sentence: int = 10, begin: int = 0) -> str:
    """Sentences of as many words each; every word is another one."""
    every = [f"слово{at}" for at in range(begin, begin + words)]
    cut = [every[at : at + sentence] for at in range(0, words, sentence)]
    return " ".join(" ".join(one).capitalize() + "." for one in cut)


def test_a_passage_begins_at_each_heading_and_its_address_leads_there() -> None:
    found = passages_of(
        page(Section("", "", "Что это."), Section("Как подключить", "Как подключить", "Так.\n\nИ так."))
    )
    assert [(one.heading, one.text, one.url) for one in found] == [
        ("", "Что это.", URL),
        (
            "Как подключить",
            "Так.\n\nИ так.",
            f"{URL}#%D0%9A%D0%B0%D0%BA%20%D0%BF%D0%BE%D0%B4%D0%BA%D0%BB%D1%8E%D1%87%D0%B8%D1%82%D1%8C",
        ),
    ]
    assert {(one.document, one.kind, one.title, one.asked) for one in found} == {("7", "page", "VPN", ())}


def test_a_fragment_that_the_address_has_already_is_replaced_and_no_address_stays_none() -> None:
    section = Section("A", "VPN-A", "Text.")
    assert passages_of(page(section, url=f"{URL}?focus=1#old"))[0].url == f"{URL}?focus=1#VPN-A"
    assert passages_of(page(section, url=None))[0].url is None


def test_short_sections_are_not_merged_and_headings_without_text_give_nothing() -> None:
    found = passages_of(page(Section("A", "a", "One."), Section("B", "b", " \n "), Section("C", "c", "Two.")))
    assert [one.heading for one in found] == ["A", "C"]


def test_a_long_section_is_cut_between_paragraphs_into_parts_of_like_length_that_share_a_sentence() -> None:
    paragraphs = [prose(90, begin=100 * at) for at in range(6)]
    found = passages_of(page(Section("A", "a", "\n\n".join(paragraphs))))
    assert [len(one.text.split()) for one in found] == [180, 190, 190]
    for before, after in pairwise(found):
        shared = sentences(before.text)[-1]
        assert after.text.startswith(shared)
    assert found[1].text.endswith(paragraphs[3])


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    found = passages_of(page(Section("A", "a", prose(700))))
    assert len(found) == 3
    assert all(one.text.endswith(".") for one in found)


def test_a_long_sentence_is_not_repeated() -> None:
    long = prose(260, sentence=130)
    found = passages_of(page(Section("A", "a", f"{long}\n\n{prose(130, sentence=130, begin=500)}")))
    assert sum(len(one.text.split()) for one in found) == 390


def test_lines_of_a_list_stay_lines() -> None:
    items = "\n".join(f"- пункт {prose(9, begin=20 * at)}" for at in range(40))
    found = passages_of(page(Section("A", "a", items)))
    assert len(found) == 2
    assert {line for one in found for line in one.text.splitlines()} >= set(items.splitlines()[:-1])


texts = st.lists(st.text(alphabet="абвxyz.!? \n-;=", max_size=80), max_size=60).map("\n".join)


@given(st.lists(st.tuples(st.sampled_from(["", "A"]), texts), max_size=4))
def test_passages_have_every_word_of_the_page_and_are_never_too_long(sections: list[tuple[str, str]]) -> None:
    found = passages_of(page(*(Section(heading, "", text) for heading, text in sections)))
    have = [word for one in found for word in one.text.split()]
    assert set(have) == {word for _, text in sections for word in text.split()}
    assert all(one.text.strip() == one.text for one in found)
    assert all(0 < len(one.text.split()) <= MOST_WORDS + MOST_SHARED for one in found)


@given(st.integers(1, 3000), st.integers(1, 400))
def test_words_come_in_their_order(words: int, sentence: int) -> None:
    found = passages_of(page(Section("", "", prose(words, sentence))))
    seen = list(dict.fromkeys(word.casefold().strip(".") for one in found for word in one.text.split()))
    assert seen == [f"слово{at}" for at in range(words)]
    assert len(found) <= -(-words // WORDS) + words // MOST_WORDS + 1


def test_an_entry_is_one_passage_with_all_ways_to_ask() -> None:
    entry = FaqEntry(
        id="vpn",
        question=Local(ru="Как подключить VPN?", en="How do I connect?"),
        answer=Local(ru="Так.", en="Like this."),
        source_title=Local(ru="Справочник", en="Handbook"),
        source_url=URL,
        also=("VPN?", "How do I connect?"),
        keywords=("впн",),
    )
    found = faq_passage(entry)
    assert (found.document, found.kind, found.text, found.url) == ("vpn", "faq", "Так.\n\nLike this.", URL)
    assert found.asked == ("Как подключить VPN?", "How do I connect?", "VPN?", "впн")
