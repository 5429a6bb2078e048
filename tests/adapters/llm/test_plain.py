"""What a model says becomes plain text."""

import pytest

from adapters.llm.errors import Unfit
from adapters.llm.plain import LONGEST_SAID, plain


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("  Да [1].  ", "Да [1]."),
        ("## Ответ\n\n\n\n> Да [1].", "Ответ\n\nДа [1]."),
        ("**Да**, *именно* __так__ и ~~не~~ `так` [1].", "Да, именно так и не так [1]."),
        ("* раз [1]\n• два [1]\n  - три [2]", "- раз [1]\n- два [1]\n- три [2]"),
        ("1. раз [1]\n2. два [1]", "1. раз [1]\n2. два [1]"),
        ("```sh\nssh host\n```", "ssh host"),
        ("имя_файла_тут и 2 * 3 * 4 [1]", "имя_файла_тут и 2 * 3 * 4 [1]"),
        ("<p>Да<br/> <script src=x>нет</script> [1].</p>", "Да нет [1]."),
        ("ssh <host> и ssh ‹host› [1]", "ssh <host> и ssh <host> [1]"),
        ("[портал](https://a.example/x) [1]", "портал (https://a.example/x) [1]"),
        ("[https://a.example](https://a.example) [1]", "https://a.example [1]"),
        ("![следит](https://evil.example/p.png) Да [1]", "Да [1]"),
        ("Да [1](https://a.example)", "Да [1] https://a.example"),
        ("<think>Скажу [1]\nили нет</think>\nДа [1].", "Да [1]."),
        ("думаю</think>Да [1].", "Да [1]."),
        ("Да\u200b\u202e\x07 [1].\r\nНет\t[2].", "Да [1].\nНет [2]."),
    ],
)
def test_markup_goes_and_words_stay(said: str, shown: str) -> None:
    assert plain(said) == shown


def test_what_no_answer_can_be_as_long_as_is_not_even_looked_at() -> None:
    assert plain("<think>" + "x" * 50_000 + "</think>да") == "да"
    with pytest.raises(Unfit, match="long"):
        plain("x" * (LONGEST_SAID + 1))
