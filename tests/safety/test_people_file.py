"""What is wrong with a directory is said without saying whose line it is: a bot that will not start is in a log."""

from pathlib import Path

import pytest

from bot.people_file import PeopleError, load_people

PRIVATE = ("anna@example.org", "Anna", "U0ANNA")
TWICE = "  - {email: anna@example.org, name: Anna, accounts: {slack: U0ANNA}}\n" * 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("people.yaml", f"people:\n{TWICE}"),
        ("people.csv", "anna@example.org,Anna,slack:U0ANNA\nb@example.org,B,\n"),
        ("people.csv", "anna@example.org,Anna,Anna\n"),
        ("people.csv", "email,name,accounts\n" + "anna@example.org,Anna,slack:U0ANNA\n" * 2),
        ("people.csv", "email,name\nanna@example.org,Anna,U0ANNA\n"),
        ("people.csv", "email,name,timezone\nanna@example.org,Anna,U0ANNA\n"),
    ],
)
def test_no_problem_quotes_a_person(tmp_path: Path, name: str, content: str) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    with pytest.raises(PeopleError) as caught:
        load_people(file)
    assert not [word for word in PRIVATE if word in str(caught.value)]
