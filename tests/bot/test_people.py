"""What is known of a person."""

import pytest

from tests.bot.kit import person


@pytest.mark.parametrize(
    ("name", "hello"),
    [
        ("Анна Новикова", "Анна"),
        ("Новикова Анна Сергеевна", "Анна"),
        ("Анна Сергеевна Новикова", "Анна"),
        ("Абрамович Роман Аркадьевич", "Роман"),
        ("Роман Абрамович", "Роман"),
        ("Кузьмин Лев Ильич", "Лев"),
        ("Пётр", "Пётр"),
        ("Anna Smirnova", "Anna"),
    ],
)
def test_people_are_greeted_by_their_given_name_also_where_papers_put_it_second(name: str, hello: str) -> None:
    assert person("x", name).first_name == hello
