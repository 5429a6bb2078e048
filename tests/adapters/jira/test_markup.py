"""Words of people inside Jira's markup."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.jira.markup import SIGNS, escaped
from adapters.jira.plain import plain

BARE = re.compile(r"(?<!\\)[{}\[\]|!]")


@pytest.mark.parametrize(
    ("typed", "markup"),
    [
        ("!https://evil.example/x.png!", r"\!https://evil.example/x.png\!"),
        ("!file.png|width=900!", r"\!file.png\|width=900\!"),
        ("[~admin] [~accountid:712020:5b]", r"\[\~admin\] \[\~accountid:712020:5b\]"),
        ("[банк|https://evil.example]", r"\[банк\|https://evil.example\]"),
        ("{html}<b>{html} {{mono}}", r"\{html\}<b>\{html\} \{\{mono\}\}"),
        ("||a||\n|b|", "\\|\\|a\\|\\|\n\\|b\\|"),
        ("h1. Big\rbq. q", "\u2060h1. Big\n\u2060bq. q"),
        ("* a\n# b\n- c\n----", "\\* a\n\\# b\n\\- c\n\\-\\-\\-\\-"),
        ("*b* _i_ -d- +i+ ??c?? ^s^ ~u~", r"\*b\* \_i\_ \-d\- \+i\+ \?\?c\?\? \^s\^ \~u\~"),
        ("(!) (x) (/)", r"(\!) \(x) \(/)"),
        ("*https://x.example* _[a]_", r"\*https://x.example\* \_\[a\]\_"),
        ("Сколько их? Два - три, № 5 #6 (да)", "Сколько их? Два - три, № 5 #6 (да)"),
        ("\\[~admin]", "\\\u2060\\[\\~admin\\]"),
        ("2026-12-01, Анна-Мария, a_b@c.example, 2*3", "2026-12-01, Анна-Мария, a_b@c.example, 2*3"),
        ("https://wiki.example/a_b-c?d=*e~f#g", "https://wiki.example/a_b-c?d=\\*e~f#g"),
        ("", ""),
    ],
)
def test_no_sign_is_markup_and_what_is_none_stays_as_it_was_typed(typed: str, markup: str) -> None:
    assert escaped(typed) == markup


WORDS = st.text(st.sampled_from([*SIGNS, *"\\ h1.bqаx:/\n@<&"]), max_size=30)


@given(st.lists(WORDS | st.sampled_from(["https://x.example/a", "{code}", "[a|https://b]", "~~"]), max_size=4))
def test_what_people_typed_comes_back_as_they_typed_it(parts: list[str]) -> None:
    typed = "".join(parts)
    markup = escaped(typed)
    assert not BARE.search(markup)
    assert plain(markup) == typed.strip()
