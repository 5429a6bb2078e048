"""The directory as a file: what it may hold, and that every error names file, line and field."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.people import Role, person_id
from bot.people_file import PeopleError, load_people
from tests.bot.kit import day

YAML = """\
people:
  - email: Boris@Example.org
    name: Boris Orlov
    department: Platform
  - email: anna@example.org
    name: Anna Smirnova
    manager: boris@example.org
    start_date: 2026-12-01
    locale: en
    timezone: Europe/Berlin
    country: DE
    roles: [hr]
    accounts: {slack: U123, teams: "29:1abc"}
"""
CSV = """\
email,name,department,manager,start_date,locale,timezone,country,roles,accounts
Boris@Example.org,Boris Orlov,Platform,,,,,,,
anna@example.org,Anna Smirnova,,boris@example.org,2026-12-01,en,Europe/Berlin,DE,hr,slack:U123;teams:29:1abc
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_an_account_that_is_a_uuid_is_the_same_in_either_case(tmp_path: Path) -> None:
    text = YAML.replace("29:1abc", "0A1B2C3D-0000-4000-8000-00000000ABCD")
    (_, anna) = load_people(write(tmp_path, "people.yaml", text))
    assert anna.accounts == {"slack": "U123", "teams": "0a1b2c3d-0000-4000-8000-00000000abcd"}


def problems(path: Path) -> list[tuple[int, str | None, str]]:
    with pytest.raises(PeopleError) as refused:
        load_people(path)
    assert all(problem.file == path.as_posix() for problem in refused.value.problems)
    assert all(str(problem).startswith(path.as_posix()) for problem in refused.value.problems)
    return [(problem.line, problem.field, problem.code) for problem in refused.value.problems]


def load_problems(path: Path) -> list[str]:
    """As an operator reads them, without the folder."""
    with pytest.raises(PeopleError) as refused:
        load_people(path)
    return [str(problem).replace(f"{path.parent}/", "") for problem in refused.value.problems]


@pytest.mark.parametrize(("name", "text"), [("people.yaml", YAML), ("people.csv", CSV), ("PEOPLE.CSV", CSV)])
def test_both_forms_say_the_same(tmp_path: Path, name: str, text: str) -> None:
    boris, anna = load_people(write(tmp_path, name, text))
    assert (boris.id, boris.email) == (person_id("boris@example.org"), "boris@example.org")
    assert boris.roles == {Role.MANAGER}
    assert (boris.locale, boris.timezone, boris.country) == ("ru", "Europe/Moscow", "RU")
    assert (anna.manager, anna.start_date) == (boris.id, day("2026-12-01"))
    assert anna.roles == {Role.HR}
    assert (anna.locale, anna.timezone, anna.country) == ("en", "Europe/Berlin", "DE")
    assert anna.accounts == {"slack": "U123", "teams": "29:1abc"}


def test_a_csv_of_a_spreadsheet_has_a_mark_in_front_and_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(b"\xef\xbb\xbf" + CSV.replace("\n", "\r\n").encode())
    assert len(load_people(path)) == 2


def test_blank_rows_and_empty_cells_are_as_if_not_there(tmp_path: Path) -> None:
    path = write(tmp_path, "people.csv", "email, name ,manager\n\na@example.org,Anna,\n\n")
    assert [one.name for one in load_people(path)] == ["Anna"]


BAD_CELLS = [
    ("email", "anna", "email"),
    ("email", "a@b", "email"),
    ("email", "a b@example.org", "email"),
    ("email", "a@b@example.org", "email"),
    ("email", "<a@example.org>", "email"),
    ("name", "Anna\u202e", "hidden-character"),
    ("name", "A" * 121, "too-long"),
    ("manager", "nobody@example.org", "manager"),
    ("manager", "anna@example.org", "manager"),
    ("start_date", "01.12.26", "date"),
    ("start_date", "12/01/2026", "date"),
    ("start_date", "30.02.2026", "date"),
    ("start_date", "2026-02-30", "date"),
    ("locale", "de", "locale"),
    ("timezone", "Moscow", "timezone"),
    ("timezone", "../../etc/passwd", "timezone"),
    ("country", "Russia", "country"),
    ("roles", "boss", "value"),
    ("roles", "hr hr", "repeated"),
    ("accounts", "slack", "format"),
    ("accounts", "slack:U1 slack:U2", "format"),
    ("accounts", "SLACK:U1", "format"),
]


@pytest.mark.parametrize(("field", "value", "code"), BAD_CELLS)
def test_a_wrong_cell_is_named_by_its_row_and_column(tmp_path: Path, field: str, value: str, code: str) -> None:
    cells = {"email": "anna@example.org", "name": "Anna", field: value}
    text = ",".join(cells) + "\n\n" + ",".join(cells.values()) + "\n"
    ((line, found, problem),) = problems(write(tmp_path, "people.csv", text))
    assert (line, problem) == (3, code)
    assert found is not None
    assert found.split(".")[0] == field


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        ("locale: de", "locale", "locale"),
        ("roles: hr", "roles", "type"),
        ("roles: [boss]", "roles.0", "value"),
        ("accounts: [slack]", "accounts", "dict_type"),
        ("accounts: {slack: 17}", "accounts.slack", "type"),
        ("start_date: 20261201", "start_date", "date_type"),
        ("name: 17", "name", "duplicate-key"),
        ("boss: x@example.org", "boss", "unknown-key"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, field: str, code: str) -> None:
    text = f"people:\n  - email: anna@example.org\n    name: Anna\n    {line}\n"
    found = problems(write(tmp_path, "people.yaml", text))
    assert (4, field, code) in found


def test_what_is_missing_is_asked_for(tmp_path: Path) -> None:
    assert problems(write(tmp_path, "people.yaml", "people:\n  - name: Anna\n")) == [(2, "email", "missing")]
    assert problems(write(tmp_path, "people.csv", "name\nAnna\n")) == [(2, "email", "missing")]


def test_an_address_or_an_account_that_stands_twice_is_named_where_it_comes_again(tmp_path: Path) -> None:
    text = "email,name,accounts\na@example.org,Anna,slack:U1\nA@example.org,Another,slack:U1\n"
    assert problems(write(tmp_path, "people.csv", text)) == [
        (3, "email", "duplicate-email"),
        (3, "accounts", "duplicate-account"),
    ]


@pytest.mark.parametrize(
    ("content", "line", "code"),
    [
        (b"", 0, "empty"),
        (b"\n\n", 0, "empty"),
        (b'email,name\na@b.c,"Anna" B\n', 2, "csv"),
        (b'email,name\na@b.c,"Anna\n', 2, "csv"),
        (b"email,name\n\x98,x\n", 0, "encoding"),
        (b"email,name\na@b.c,\0\n", 0, "encoding"),
        (b"\xff\xfee\0m\0a", 0, "encoding"),
        (b"PK\x03\x04 and so on", 0, "workbook"),
    ],
)
def test_what_is_no_csv_is_refused_as_a_whole(tmp_path: Path, content: bytes, line: int, code: str) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    assert problems(path) == [(line, None, code)]


def test_a_row_over_several_lines_is_read_and_the_next_one_stands_where_it_begins(tmp_path: Path) -> None:
    text = 'email,name\r\na@example.org,"Anna\r\nSmirnova"\r\nb@example.org,Boris\r\n'
    assert [one.name for one in load_people(write(tmp_path, "people.csv", text))] == ["Anna Smirnova", "Boris"]
    found = load_problems(write(tmp_path, "people.csv", text.replace("b@example.org", "boris")))
    assert found == ["people.csv:4: row 3, email: must be an e-mail address [email]"]


def test_more_cells_than_columns_are_noticed(tmp_path: Path) -> None:
    ((line, _, code),) = problems(write(tmp_path, "people.csv", "email,name\na@example.org,Anna,what,is,this\n"))
    assert (line, code) == (2, "unknown-key")


@pytest.mark.parametrize("name", ["none.yaml", "none.csv"])
def test_a_file_that_is_not_there_is_said_to_be_unreadable(tmp_path: Path, name: str) -> None:
    assert problems(tmp_path / name) == [(0, None, "unreadable")]


def test_of_a_column_that_is_wrong_in_every_row_a_hundred_are_shown(tmp_path: Path) -> None:
    rows = "".join(f"p{number}@example.org,P,12/01/2026\n" for number in range(300))
    found = load_problems(write(tmp_path, "people.csv", "email,name,start_date\n" + rows))
    assert len(found) == 101
    assert found[-1] == "people.csv: and 200 more are wrong [more]"


def test_a_directory_of_five_thousand_is_read_from_yaml(tmp_path: Path) -> None:
    people = "".join(
        f"  - email: p{number}@example.org\n    name: P {number}\n    manager: boss@example.org\n"
        for number in range(5000)
    )
    path = write(tmp_path, "people.yaml", f"people:\n{people}  - {{email: boss@example.org, name: Boss}}\n")
    assert path.stat().st_size > 256 * 1024
    *_, boss = load_people(path)
    assert boss.roles == {Role.MANAGER}
    path.write_text(path.read_text("utf-8") + "  - &a {email: x@example.org, name: X}\n", "utf-8")
    assert load_problems(path) == ["people.yaml:15003: anchors (&) and aliases (*) are not accepted [alias]"]


def test_a_character_that_yaml_refuses_is_found_where_it_stands(tmp_path: Path) -> None:
    people = "".join(f"  - {{email: p{number}@example.org, name: Имя}}\n" for number in range(3000))
    path = write(tmp_path, "people.yaml", f"people:\n{people}  - {{email: x@example.org, name: X\x07}}\n")
    assert problems(path) == [(3002, None, "yaml")]


def test_ten_thousand_people_are_read(tmp_path: Path) -> None:
    rows = "".join(f"p{number}@example.org,P {number},boss@example.org\n" for number in range(10_000))
    path = write(tmp_path, "people.csv", "email,name,manager\nboss@example.org,Boss,\n" + rows)
    assert len(load_people(path)) == 10_001


@given(text=st.text(st.sampled_from('email,name\n"; :@.[]{}-#&*!|>x\u00e9'), max_size=80))
@pytest.mark.parametrize("name", ["any.csv", "any.yaml"])
def test_no_text_breaks_the_reading(tmp_path_factory: pytest.TempPathFactory, name: str, text: str) -> None:
    path = write(tmp_path_factory.getbasetemp(), name, text)
    with contextlib.suppress(PeopleError):
        load_people(path)
