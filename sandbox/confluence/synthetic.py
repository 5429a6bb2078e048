"""Thousands of pages that look like a company's, the same for the same seed: for crawls and measurements."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

from sandbox.confluence.people import Readers
from sandbox.confluence.state import State

_KINDS = ("Регламент", "Инструкция", "Памятка", "Протокол", "Описание", "Guide", "Checklist", "Decision")
_THINGS = (
    "закупка оборудования",
    "выпуск версии",
    "приём подрядчика",
    "учёт лицензий",
    "разбор инцидента",
    "перенос данных",
    "проверка договора",
    "настройка стенда",
    "дежурство по выходным",
    "release train",
    "customer visit",
    "data retention",
)
_ACTS = ("согласует", "проверяет", "записывает", "передаёт", "готовит", "закрывает", "публикует", "обновляет")
_WHO = ("руководитель", "дежурный", "аналитик", "инженер поддержки", "бухгалтер", "юрист", "владелец процесса")
_WHAT = ("заявку", "отчёт", "список изменений", "доступ", "резервную копию", "смету", "карточку клиента", "план работ")
_WHEN = ("до полудня", "в тот же день", "за два рабочих дня", "по пятницам", "раз в квартал", "после проверки")
_ENGLISH = (
    "The owner of the process reviews the list every quarter.",
    "Ask in the channel of the team before you change anything.",
    "A copy is kept for ninety days and then removed.",
    "Write down what was decided and who takes it over.",
)
_HEADINGS = ("Когда это нужно", "Порядок действий", "Кто отвечает", "Сроки", "Частые ошибки", "How it works", "Ссылки")


def fill(state: State, count: int, *, seed: int = 7, space: str = "SYN", restricted: float = 0.0) -> list[str]:
    """Makes `count` pages in a space, which is added where it is missing, and gives their ids.

    They were changed over the two years before now, hang below each other up to five deep, and a `restricted` share
    of them may be read by a group alone that nobody of this wiki is in ("closed").
    """
    if space not in state.spaces:
        state.add_space(space, f"Synthetic {space}")
    draw, made = random.Random(seed), list[str]()
    now, step = state.now(), timedelta(days=730) / max(count, 1)
    for number in range(count):
        parent = made[(number - 1) // 8] if number else None
        page = state.create(
            space,
            title(draw, number),
            body(draw),
            parent=parent,
            labels=("synthetic", f"batch-{number % 10}"),
            readers=Readers(groups=("closed",)) if draw.random() < restricted else Readers(),
            created=now - (count - number) * step,
        )
        made.append(page.id)
    return made


def title(draw: random.Random, number: int) -> str:
    return f"{draw.choice(_KINDS)} {number:05d}: {draw.choice(_THINGS)}"


def _sentence(draw: random.Random) -> str:
    if draw.random() < 0.2:
        return draw.choice(_ENGLISH)
    who, act, what, when = (draw.choice(words) for words in (_WHO, _ACTS, _WHAT, _WHEN))
    return f"{who.capitalize()} {act} {what} №&nbsp;{draw.randrange(1000, 9999)} {when}."


def _paragraph(draw: random.Random) -> str:
    return f"<p>{' '.join(_sentence(draw) for _ in range(draw.randint(2, 5)))}</p>"


def _list(draw: random.Random) -> str:
    tag = draw.choice(("ul", "ol"))
    items = "".join(f"<li><p>{_sentence(draw)}</p></li>" for _ in range(draw.randint(2, 5)))
    return f"<{tag}>{items}</{tag}>"


def _table(draw: random.Random) -> str:
    rows = "".join(
        f"<tr><td><p>{draw.choice(_WHO)}</p></td><td><p>{draw.choice(_WHAT)}</p></td></tr>"
        for _ in range(draw.randint(2, 6))
    )
    return f"<table><tbody><tr><th><p>Кто</p></th><th><p>Что</p></th></tr>{rows}</tbody></table>"


def _macro(draw: random.Random) -> str:
    name = draw.choice(("info", "note", "warning", "tip"))
    return (
        f'<ac:structured-macro ac:name="{name}" ac:schema-version="1">'
        f"<ac:rich-text-body>{_paragraph(draw)}</ac:rich-text-body></ac:structured-macro>"
    )


def _code(draw: random.Random) -> str:
    return (
        '<ac:structured-macro ac:name="code" ac:schema-version="1"><ac:parameter ac:name="language">bash</ac:parameter>'
        f'<ac:plain-text-body><![CDATA[make deploy RELEASE={draw.randrange(100)} && echo "<ok>"]]></ac:plain-text-body>'
        "</ac:structured-macro>"
    )


_BLOCKS: tuple[Callable[[random.Random], str], ...] = (_paragraph, _paragraph, _paragraph, _list, _table, _macro, _code)


def body(draw: random.Random) -> str:
    """Storage format with three to five headings."""
    parts = [_paragraph(draw)]
    for heading in draw.sample(_HEADINGS, draw.randint(3, 5)):
        parts.append(f"<h2>{heading}</h2>")
        parts.extend(draw.choice(_BLOCKS)(draw) for _ in range(draw.randint(1, 3)))
    return "".join(parts)
