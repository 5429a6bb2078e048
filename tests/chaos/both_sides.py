"""People who steer the same journeys from two sides at once: in the chat, and on the page of Jira."""

from __future__ import annotations

import asyncio
import datetime
import itertools
import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import aiohttp

from bot.tracker.labels import DUPLICATE
from sandbox.slack.delivery import HttpTransport, Kind
from tests.chaos.company import Company, Member
from tests.chaos.waiting import GLANCE, until

Json = dict[str, Any]

SCENARIO = """\
id: chaos
title: {ru: Обе стороны, en: Both sides}
steps:
  - id: desk
    title: {ru: Рабочее место, en: The workplace}
    who: manager
    due: 3
    jira: {on: open, summary: "Рабочее место: {name}", assignee: manager, priority: High}
  - id: badge
    title: {ru: Пропуск, en: The badge}
    due: 2
    jira: {on: open, summary: "Пропуск: {name}", conflict: jira}
  - id: read
    title: {ru: Чтение, en: Reading}
    jira: {on: done, summary: "Прочитано: {name}", assignee: manager, due: 2}
  - id: meet
    title: {ru: Знакомство, en: Meeting the team}
"""
WITH_ISSUES = {"desk": "open", "badge": "open", "read": "done"}
NEWCOMERS_OWN = ("badge", "read")
SECRET = "sandbox-signing-secret"
PATIENCE = 600.0
THOUGHT = 0.25
ANSWER_SECONDS = 10.0
ON_A_PAGE = 10  # issues that somebody looks at before the next page
MOST_TASKS = 3
FARTHEST = 25
OURS = ("highest", "high", "medium", "low", "lowest")
THEIRS = ("1", "2", "3", "4", "5")


class Book:
    """What people have done. `said` counts every time that a command was sent, taken or not, by its verb; `done` what
    was carried out in Jira, by what it was. `deleted`: id of an issue -> its labels.
    """

    def __init__(self) -> None:
        self.said: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.deleted: dict[str, list[str]] = {}


class Chat:
    """Managers and newcomers at their Slack, each with `acts` for every journey of a team."""

    def __init__(self, company: Company, address: str, session: aiohttp.ClientSession, seed: int, acts: int) -> None:
        self.book = Book()
        self._company, self._acts = company, acts
        self._draw = random.Random(seed)
        self._numbers = itertools.count()
        self._transport = HttpTransport(address, SECRET, time.time, session, timeout=ANSWER_SECONDS)
        self._given: Counter[str] = Counter()

    @property
    def share(self) -> float:
        """How much of all is done, from 0 to 1."""
        wanted = len(self._company.newcomers) * (1 + self._acts)
        return sum(self.book.taken.values()) / wanted

    async def live(self) -> None:
        async with asyncio.TaskGroup() as group:
            for manager in self._company.managers:
                group.create_task(self._lead(manager))

    async def _lead(self, manager: Member) -> None:
        team = self._company.team(manager)
        for newcomer in team:
            await self._insist(manager, f"start {newcomer.email} chaos")
        for newcomer in self._draw.sample(team * self._acts, len(team) * self._acts):
            await asyncio.sleep(THOUGHT * self._draw.random())  # people think
            await self._act(manager, newcomer)

    async def _act(self, manager: Member, newcomer: Member) -> None:
        if self._draw.random() < 0.25:
            await self._insist(newcomer, f"done {self._draw.choice(NEWCOMERS_OWN)}")
            return
        step = self._draw.choice(list(WITH_ISSUES))
        whose = newcomer.email
        acts: tuple[Callable[[], str], ...] = (
            lambda: f"done {whose} {step}",
            lambda: f"reopen {whose} {step}",
            lambda: f"skip {whose} {step}",
            lambda: f"change {whose} {step} due {self._day()}",
            lambda: f"change {whose} {step} priority {self._draw.choice(OURS)}",
            lambda: f"change {whose} {step} for {self._draw.choice(self._company.managers).email}",
            lambda: f"change {whose} {step} due {self._day()} priority {self._draw.choice(OURS)} for {manager.email}",
            lambda: self._task(manager, newcomer),
        )
        await self._insist(manager, self._draw.choice(acts)())

    def _day(self) -> datetime.date:
        return datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=self._draw.randint(2, FARTHEST))

    def _task(self, manager: Member, newcomer: Member) -> str:
        self._given[newcomer.handle] += 1
        if self._given[newcomer.handle] > MOST_TASKS:
            return f"reopen {newcomer.email} badge"
        executor = self._draw.choice((manager, newcomer))
        title = f"Подготовить {next(self._numbers)}"
        return (
            f'task {newcomer.email} "{title}" priority {self._draw.choice(OURS)} due {self._day()} for {executor.email}'
        )

    async def _insist(self, who: Member, text: str) -> None:
        """Say it again, as a new act, until the bot has taken it."""
        verb = text.partition(" ")[0]

        async def say() -> bool:
            self.book.said[verb] += 1
            trigger = f"{next(self._numbers)}.SIDES"
            payload = {"command": "/onboarding", "text": text, "user_id": who.slack, "trigger_id": trigger}
            answer = await self._transport.attempt(Kind.COMMAND, payload, None)
            return 200 <= answer.status < 300

        await until(say, PATIENCE, GLANCE)
        self.book.taken[verb] += 1


class JiraPage:
    """Somebody who works in Jira: looks at a few issues, does something to each, and goes on until it is `enough`."""

    def __init__(
        self, company: Company, url: str, session: aiohttp.ClientSession, seed: int, book: Book, acts: int
    ) -> None:
        self._url, self._session, self._book = url, session, book
        self._draw = random.Random(seed)
        self._left = acts
        self._people = ["", *(one.handle for one in company.everybody)]
        self._comments = itertools.count()
        self._seed = seed

    async def live(self) -> None:
        while self._left > 0:
            for issue in await until(self._page, PATIENCE):
                if self._left > 0 and DUPLICATE not in issue["fields"]["labels"]:
                    self._left -= 1
                    await asyncio.sleep(THOUGHT * self._draw.random())  # people think
                    await self._act(issue)

    async def _page(self) -> list[Json]:
        """Some issues that stand beside each other, with the steps that their workflow offers."""
        total = (await self._issues(startAt=0, maxResults=1))["total"]
        start = self._draw.randrange(max(total - ON_A_PAGE, 1))
        page: list[Json] = (await self._issues(startAt=start, maxResults=ON_A_PAGE))["issues"]
        return self._draw.sample(page, len(page))

    async def _issues(self, **cut: int) -> Any:
        query: dict[str, int | str] = {**cut, "fields": "status,labels", "expand": "transitions"}
        async with self._session.get(f"{self._url}/_sandbox/issues", params=query) as answer:
            return await answer.json()

    async def _act(self, issue: Json) -> None:
        draw = self._draw.random()
        if draw < 0.4:
            step = self._draw.choice(issue["transitions"])
            await self._submit(issue, "move", transition=step["id"])
        elif draw < 0.55:
            await self._submit(issue, "edit", priority=self._draw.choice(THEIRS))
        elif draw < 0.7:
            await self._submit(issue, "edit", assignee=self._draw.choice(self._people))
        elif draw < 0.85:
            days = datetime.timedelta(days=self._draw.randint(2, FARTHEST))
            day = (datetime.datetime.now(datetime.UTC).date() + days).isoformat()
            await self._submit(issue, "edit", duedate=self._draw.choice((day, day, day, "")))
        elif draw < 0.98:
            await self._submit(issue, "comment", body=f"comment {self._seed}-{next(self._comments)}")
        elif await self._submit(issue, "delete"):
            self._book.deleted[issue["id"]] = issue["fields"]["labels"]

    async def _submit(self, issue: Json, what: str, **form: str) -> bool:
        """Whether it was done: another may have moved or deleted the issue meanwhile."""
        address = f"{self._url}/browse/{issue['key']}/{what}"
        async with self._session.post(address, data=form, allow_redirects=False) as answer:
            leads_to = answer.headers.get("Location", "")
            if answer.status != 303 or "stale" in leads_to:
                return False
        self._book.done[what] += 1
        return True
