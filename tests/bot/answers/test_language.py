"""In which language somebody is answered."""

import pytest

from bot.answers.language import language_of


@pytest.mark.parametrize(
    ("question", "locale", "language"),
    [
        ("Как подключить VPN?", "en", "ru"),
        ("how do I connect to the VPN", "ru", "en"),
        ("VPN не works", "en", "ru"),
        ("VPN", "ru", "ru"),
        ("Jira?!", "ru-RU", "ru"),
        ("VPN", "en-GB", "en"),
        ("vpn access", "ru", "en"),
        ("12:30?", "ru", "ru"),
        ("", "en", "en"),
        ("日本語", "de", "ru"),
    ],
)
def test_the_language_is_that_of_the_question_and_where_it_tells_none_that_of_the_person(
    question: str, locale: str, language: str
) -> None:
    assert language_of(question, locale) == language
