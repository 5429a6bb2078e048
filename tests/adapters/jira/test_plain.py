"""Comments of Jira as people read them elsewhere."""

import pytest

from adapters.jira.plain import plain


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Пароль в *конверте*, комната {{205}}", "Пароль в конверте, комната 205"),
        ("see [the plan|https://x.example/a_b?c=1]", "see the plan (https://x.example/a_b?c=1)"),
        ("[the plan|https://x.example/p|smart-link]\r\nnow", "the plan (https://x.example/p)\nnow"),
        ("[https://x.example/p]", "https://x.example/p"),
        ("[~accountid:712020:53c843a0-7050] and [~pavel], look", "@… and @…, look"),
        ("{code:python}\nx = 2 * y * z\n{code}", "x = 2 * y * z"),
        ("h3. Plan\n# one\n# two", "Plan\n# one\n# two"),
        ("{color:red}late{color}", "late"),
        ("* one\n* two", "* one\n* two"),
        ("2*3*4 and [x] and {y}", "2*3*4 and [x] and {y}"),
        (r"\[the bank\|https://x.example\] \*not\* bold", "[the bank|https://x.example] *not* bold"),
        ("a \\\\[x] and {code}a\\[0\\]{code} C:\\temp", "a \\\\[x] and a\\[0\\] C:\\temp"),
        ("", ""),
    ],
)
def test_signs_of_markup_go_and_words_stay(markup: str, text: str) -> None:
    assert plain(markup) == text
