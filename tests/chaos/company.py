"""The company that is put to the test: a directory, a scenario with three issues a journey, and a small FAQ."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import available_timezones

import holidays
import msgspec

from bot.calendar import calendar_of
from bot.people import person_id

SCENARIO = """\
id: chaos
title: {ru: Испытание, en: Trial}
steps:
  - id: desk
    title: {ru: Рабочее место, en: The workplace}
    who: manager
    jira: {on: open, summary: "Рабочее место: {name}", due: 2}
  - id: read
    title: {ru: Чтение, en: Reading}
    due: 0
    remind: [0]
    jira: {on: done, summary: "Прочитано: {name}", assignee: manager, labels: [onboarding]}
  - id: meet
    title: {ru: Знакомство, en: Meeting the team}
    after: [read]
  - id: access
    title: {ru: Доступы, en: Accounts}
    after: [meet]
    jira: {on: done, summary: "Доступы есть: {name}"}
"""
COMPANY = "company.example"
STEPS_WITH_ISSUES = ("desk", "read", "access")
STEPS = ("desk", "read", "meet", "access")

FAQ = """\
source: {title: {ru: Справка, en: Help}, url: "https://help.company.example"}
entries:
  - id: vpn
    question: {ru: "Как подключить VPN?", en: "How do I connect to the VPN?"}
    answer: {ru: Откройте портал и скачайте профиль., en: Open the portal and take the profile.}
  - id: badge
    question: {ru: "Где получить пропуск?", en: "Where do I get my pass?"}
    answer: {ru: На стойке охраны., en: At the security desk.}
"""
QUESTION = {"ru": "Как подключить VPN?", "en": "How do I connect to the VPN?"}
NOON = datetime.time(11), datetime.time(14)


class Member(msgspec.Struct, frozen=True):
    """Somebody of the company; `manager` is the handle of their manager, None for a manager."""

    handle: str
    slack: str
    locale: str
    manager: str | None

    @property
    def email(self) -> str:
        return f"{self.handle}@{COMPANY}"

    @property
    def id(self) -> str:
        return person_id(self.email)

    @property
    def conversation(self) -> str:
        return f"D{self.slack[1:]}"


class Company(msgspec.Struct, frozen=True):
    managers: tuple[Member, ...]
    newcomers: tuple[Member, ...]

    @property
    def everybody(self) -> tuple[Member, ...]:
        return (*self.managers, *self.newcomers)

    def team(self, manager: Member) -> list[Member]:
        return [one for one in self.newcomers if one.manager == manager.handle]


def company(newcomers: int, team: int = 10) -> Company:
    """So many newcomers, in teams of `team`, half of them speaking Russian, half English."""

    def member(kind: str, number: int, manager: str | None) -> Member:
        handle = f"{kind}{number:03}"
        return Member(handle, f"U0{handle.upper()}", ("ru", "en")[number % 2], manager)

    managers = tuple(member("boss", number, None) for number in range(-(-newcomers // team)))
    return Company(managers, tuple(member("new", n, managers[n // team].handle) for n in range(newcomers)))


def at_work(now: datetime.datetime) -> tuple[str, str]:
    """A time zone and a country where it is about noon of a working day: reminders keep working hours."""
    for zone in sorted(available_timezones()):
        if zone.startswith("Etc/") and NOON[0] <= now.astimezone(calendar_of(zone, "RU").zone).time() < NOON[1]:
            for country in _countries():
                if calendar_of(zone, country).is_working(calendar_of(zone, country).today(now)):
                    return zone, country
    raise LookupError("nobody on earth works now")


def _countries() -> Iterator[str]:
    yield "RU"
    yield from sorted(holidays.list_supported_countries(include_aliases=False))


def write_company(of: Company, folder: Path, now: datetime.datetime, scenario: str = SCENARIO) -> None:
    """`people.yaml` for the bot, `slack.json` and `jira.json` for the stand-ins, and `scenarios/`."""
    zone, country = at_work(now)
    lines = [_line(one, zone, country) for one in of.everybody]
    (folder / "people.yaml").write_text("\n".join(["people:", *lines]), encoding="utf-8")
    (folder / "scenarios" / "faq").mkdir(parents=True)
    (folder / "scenarios" / "chaos.yaml").write_text(scenario, encoding="utf-8")
    (folder / "scenarios" / "faq" / "help.yaml").write_text(FAQ, encoding="utf-8")
    slack = [{"id": one.slack, "name": one.handle, "email": one.email} for one in of.everybody]
    (folder / "slack.json").write_text(json.dumps(slack), encoding="utf-8")
    jira = [{"name": one.handle, "displayName": one.handle, "emailAddress": one.email} for one in of.everybody]
    (folder / "jira.json").write_text(json.dumps(jira), encoding="utf-8")


def _line(one: Member, zone: str, country: str) -> str:
    known: dict[str, object] = {
        "email": one.email,
        "name": f"N {one.handle}",
        "locale": one.locale,
        "timezone": zone,
        "country": country,
    }
    known |= {"manager": f"{one.manager}@company.example"} if one.manager else {"roles": ["manager"]}
    return f"  - {json.dumps(known)}"
