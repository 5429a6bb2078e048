"""The wiki of the small fictional company: pages and spaces from `pages/`, people from `people.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import msgspec
import yaml
from msgspec import Struct
from msgspec.structs import replace

from sandbox.confluence.people import Deployment, People, Readers, User
from sandbox.confluence.state import State

_PAGES = Path(__file__).parent / "pages"
_PEOPLE = Path(__file__).parent.parent / "people.yaml"
_HEAD = re.compile(r"<!--\n(.*?)\n-->\n", re.DOTALL)
_USER = re.compile(r'ri:name="([\w.]+)"')


class _Person(Struct):
    email: str
    name: str
    department: str = ""
    timezone: str = "Europe/Moscow"


class _Head(Struct, forbid_unknown_fields=True):
    """The comment on top of a file. `parent` is another file's name; without one the page hangs below the homepage."""

    title: str
    changed: date
    author: str
    parent: str | None = None
    labels: tuple[str, ...] = ()
    readers: Readers = Readers()


class _SpaceFile(Struct, forbid_unknown_fields=True):
    key: str
    name: str


_GROUPS = {"HR": ("hr",), "ИТ": ("it",)}


def company_people() -> People:
    """Everybody of `people.yaml`, by what stands before the @; the departments HR and ИТ are the groups hr and it."""
    known = msgspec.convert(yaml.safe_load(_PEOPLE.read_text(encoding="utf-8"))["people"], list[_Person])
    return People(
        User(
            name=person.email.partition("@")[0],
            display_name=person.name,
            email=person.email,
            groups=_GROUPS.get(person.department, ()),
            time_zone=person.timezone,
        )
        for person in known
    )


def company(deployment: Deployment = Deployment.CLOUD, *, search_lag: float = 0.0) -> State:
    """A wiki with the company's three spaces. In a space's folder `home.xml` is its homepage."""
    people = company_people()
    state = State(people=people, deployment=deployment, search_lag=search_lag)
    spaces = msgspec.convert(yaml.safe_load((_PAGES / "spaces.yaml").read_text(encoding="utf-8")), list[_SpaceFile])
    for space in spaces:
        state.add_space(space.key, space.name)
        _hang(state, space.key)
    return state


def _hang(state: State, space: str) -> None:
    """Parents first, in whatever order the files come."""
    waiting = dict(_files(_PAGES / space))
    ids: dict[str, str] = {}
    while waiting:
        ready = [name for name, (head, _) in waiting.items() if name == "home" or (head.parent or "home") in ids]
        if not ready:
            raise ValueError(f"pages of {space} have no parent: {', '.join(waiting)}")
        for name in ready:
            head, body = waiting.pop(name)
            ids[name] = _put(state, space, head, body, None if name == "home" else ids[head.parent or "home"])
    state.spaces[space] = replace(state.spaces[space], homepage=ids["home"])


def _put(state: State, space: str, head: _Head, body: str, parent: str | None) -> str:
    morning = datetime.combine(head.changed, time(9, 0), UTC)
    page = state.create(
        space,
        head.title,
        _USER.sub(lambda found: _identifier(state, found[1]), body),
        parent=parent,
        labels=head.labels,
        readers=head.readers,
        author=head.author,
        created=morning,
    )
    return page.id


def _identifier(state: State, name: str) -> str:
    """How a body names a person: by account on Cloud, by key on Data Center."""
    user = state.people.named(name)
    return f'ri:account-id="{user.account}"' if state.is_cloud else f'ri:userkey="{user.key}"'


def _files(folder: Path) -> Iterator[tuple[str, tuple[_Head, str]]]:
    for file in sorted(folder.glob("*.xml")):
        text = file.read_text(encoding="utf-8")
        head = _HEAD.match(text)
        if head is None:
            raise ValueError(f"{file.name} does not begin with its head")
        yield file.stem, (msgspec.convert(yaml.safe_load(head[1]), _Head), text[head.end() :].strip())
