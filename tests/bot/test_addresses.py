"""Which words of a text are addresses, and that the text stays whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.addresses import stretches
from tests.generated import examples


def addresses(text: str) -> list[str]:
    return [part.url for part in stretches(text) if part.url is not None]


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("Откройте https://vpn.example.com.", ["https://vpn.example.com"]),
        ("(см. https://wiki.example.com/a_(b))", ["https://wiki.example.com/a_(b)"]),
        ("«https://a.example» и <https://b.example>, a!", ["https://a.example", "https://b.example"]),
        ("HTTPS://A.EXAMPLE/x?y=1&z=%20#top", ["HTTPS://A.EXAMPLE/x?y=1&z=%20#top"]),
        ("Пишите на hr@example.com, it+help@a.example", ["mailto:hr@example.com", "mailto:it+help@a.example"]),
        ("javascript:alert(1) ftp://a.example www.example.com @anna anna@", []),
        ("https://vpn.example.com/cut…", []),
        ("https://a.example… и дальше", ["https://a.example"]),
        ("https://", []),
    ],
)  # fmt: skip
def test_addresses_are_found_without_the_punctuation_around_them(text: str, urls: list[str]) -> None:
    assert addresses(text) == urls


@examples(100)
@given(st.text(st.sampled_from("ab@.:/ ()…,\n-"), max_size=60) | st.text(max_size=40))
def test_the_parts_are_the_text(text: str) -> None:
    assert "".join(part.text for part in stretches(text)) == text
    assert "".join(part.text for part in stretches(f"https://a.example/{text}")) == f"https://a.example/{text}"


@pytest.mark.parametrize(
    "text",
    ["a" * 40_000, "a." * 20_000, "a@" * 20_000, "a@b" + ".c" * 20_000, "http://" * 6_000, "https://a" + ")" * 40_000],
)
def test_a_long_text_without_an_end_to_it_is_read_once(text: str) -> None:
    assert sum(len(part.text) for part in stretches(text)) == len(text)
