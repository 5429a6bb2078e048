"""A directory as spreadsheets save it, in Russian too: encodings, delimiters, names of columns, dates."""

from pathlib import Path

import pytest

from bot.people import Person, Role, person_id
from bot.people_file import PeopleError, load_people
from tests.bot.kit import day

HEAD = "Почта;ФИО;Руководитель;Отдел;Дата выхода;Язык;Часовой пояс;Страна;Роль;Учётные записи"
# As Excel saves it: columns and rows that were once touched are there, empty.
EXCEL = f"""\
{HEAD};;
boris@example.org;Орлов Борис Ильич;;Отдел кадров;;;;;кадры, администратор;slack:U1;;
anna@example.org;"Новикова; Анна";Boris@example.org;«Платформа»;01.12.2026;английский;Europe/Berlin;DE;;;;
;;;;;;;;;;;
""".replace("\n", "\r\n")


def saved(folder: Path, text: str, encoding: str = "utf-8", name: str = "people.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(PeopleError) as refused:
        load_people(path)
    return [str(problem).replace(f"{path.parent}/", "") for problem in refused.value.problems]


def expect_both(people: tuple[Person, ...]) -> None:
    boris, anna = people
    assert (boris.name, boris.department, boris.accounts) == ("Орлов Борис Ильич", "Отдел кадров", {"slack": "U1"})
    assert boris.roles == {Role.HR, Role.ADMIN, Role.MANAGER}
    assert (anna.name, anna.department, anna.manager) == (
        "Новикова; Анна",
        "«Платформа»",
        person_id("boris@example.org"),
    )
    assert (anna.start_date, anna.locale, anna.timezone, anna.country) == (
        day("2026-12-01"),
        "en",
        "Europe/Berlin",
        "DE",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_what_excel_saves_is_read_in_every_encoding_it_has(tmp_path: Path, encoding: str) -> None:
    expect_both(load_people(saved(tmp_path, EXCEL, encoding)))


@pytest.mark.parametrize(("delimiter", "name"), [("\t", "people.txt"), ("\t", "people.tsv"), (",", "people.csv")])
def test_tabs_and_commas_separate_as_well(tmp_path: Path, delimiter: str, name: str) -> None:
    text = EXCEL.replace("кадры, администратор", "кадры администратор").replace("Новикова; Анна", "Новикова| Анна")
    boris, anna = load_people(saved(tmp_path, text.replace(";", delimiter), "utf-16", name))
    assert (boris.name, anna.name) == ("Орлов Борис Ильич", "Новикова| Анна")


def test_a_line_that_only_names_the_delimiter_is_no_row(tmp_path: Path) -> None:
    expect_both(load_people(saved(tmp_path, "sep=;\r\n" + EXCEL)))


@pytest.mark.parametrize(
    "head",
    [
        "ПОЧТА;ф.и.о.;Почта руководителя;Подразделение;Дата  приёма;язык;Часовой пояс;страна;РОЛИ;аккаунты",
        "E-mail;Full name;Manager;Department;Start date;Language;Time zone;Country;Roles;Accounts",
        "эл. почта;Имя;Руководитель;Департамент;Первый день;Язык;Часовой пояс;Страна;Роль;Учетные записи",
    ],
)
def test_columns_have_the_names_that_people_give_them(tmp_path: Path, head: str) -> None:
    expect_both(load_people(saved(tmp_path, EXCEL.replace(HEAD, head))))


@pytest.mark.parametrize("encoding", ["cp866", "koi8-r", "mac-cyrillic", "iso8859-5", "utf-16-le"])
def test_a_file_in_another_encoding_is_one_error_and_no_name_is_garbled(tmp_path: Path, encoding: str) -> None:
    (found,) = problems(saved(tmp_path, EXCEL.replace("«", "").replace("»", ""), encoding))
    assert found == "people.csv: is neither UTF-8 nor Windows-1251 text: save it as “CSV UTF-8” [encoding]"


def test_western_letters_are_not_taken_for_russian_ones(tmp_path: Path) -> None:
    assert "[encoding]" in problems(saved(tmp_path, "email,name\njose@example.org,José Núñez\n", "cp1252"))[0]


def test_a_wrong_cell_is_named_by_file_row_and_column_as_they_are_called(tmp_path: Path) -> None:
    text = EXCEL.replace("01.12.2026", "31.11.2026").replace("Europe/Berlin", "Берлин")
    assert problems(saved(tmp_path, text, "cp1251")) == [
        "people.csv:3: row 3, Дата выхода: must be a date such as 2026-12-01 or 01.12.2026 [date]",
        "people.csv:3: row 3, Часовой пояс: must be a time zone such as Europe/Moscow [timezone]",
    ]


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("Рукаводитель", "did you mean руководитель?"),
        ("Менеджер", "take it out, or call it as what stands in it"),
        ("Фамилия", "write the whole name in one, name or ФИО"),
    ],
)
def test_an_unknown_column_is_one_error_with_a_suggestion(tmp_path: Path, column: str, said: str) -> None:
    (found,) = problems(saved(tmp_path, EXCEL.replace("Руководитель", column)))
    assert found.startswith(f"people.csv:1: {column}: is not a known column")
    assert said in found
    assert "start_date" in found


def test_two_columns_of_the_same_meaning_are_an_error(tmp_path: Path) -> None:
    (found,) = problems(saved(tmp_path, EXCEL.replace("Отдел;", "E-mail;")))
    assert found == "people.csv:1: E-mail: Почта stands there, too [duplicate-key]"
    (found,) = problems(saved(tmp_path, "email,email\n"))
    assert found == "people.csv:1: email: is written twice in the first row [duplicate-key]"


def test_a_cell_without_a_column_is_an_error(tmp_path: Path) -> None:
    assert "[unknown-key]" in problems(saved(tmp_path, "email;;name\na@example.org;x;Anna\n"))[0]


@pytest.mark.parametrize(
    ("written", "date"),
    [("1.2.2026", "2026-02-01"), ("01.12.2026 0:00:00", "2026-12-01"), ("2026-12-01", "2026-12-01")],
)
def test_dates_are_read_as_they_are_written_in_russian(tmp_path: Path, written: str, date: str) -> None:
    (anna,) = load_people(saved(tmp_path, f"email;name;start_date\na@example.org;Anna;{written}\n"))
    assert anna.start_date == day(date)
