"""Closes an issue as the duplicate of an older one, in steps that are safe to repeat."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Sequence

import msgspec
from jira import JIRA

from adapters.jira.client import JiraClient
from adapters.jira.issues import JiraIssue, Named, read_issue
from adapters.jira.transitions import Move, Transition, find_transitions, take
from bot.errors import Refused
from bot.message import Phrase
from bot.ports import Say
from bot.tracker.labels import DUPLICATE

log = logging.getLogger(__name__)


def closing(steps: Sequence[Transition]) -> Move | None:
    """The best way into a status of the category "done"; one that takes the resolution "duplicate" is better."""
    ends = [Move(step, _duplicate(step)) for step in steps if step.to.is_done]
    return min(ends, key=lambda move: (move.unanswered, move.resolution is None), default=None)


def _duplicate(step: Transition) -> Named | None:
    return next((one for one in step.resolutions if one.means_duplicate), None)


def _link_type(jira: JIRA) -> Named | None:
    types = [msgspec.convert(kind.raw, Named) for kind in jira.issue_link_types()]
    return next((kind for kind in types if kind.means_duplicate), None)


def _link(jira: JIRA, kind: Named, twin: str, original: str) -> None:
    # In Jira's API the "inward" issue is where the sentence starts: twin duplicates original.
    jira.create_issue_link(kind.name, inwardIssue=twin, outwardIssue=original)


def _mark(jira: JIRA, key: str) -> None:
    issue = jira.issue(key, fields="labels")
    issue.update(fields={"labels": [*issue.fields.labels, DUPLICATE]})


def _has_comment(jira: JIRA, key: str, address: str) -> bool:
    return any(address in str(comment.raw.get("body")).split() for comment in jira.comments(key))


class TwinCloser:
    """`say` has the language of comments in Jira.

    Link, comment and mark come first, each only where it is missing, and the move into "done" last: many workflows
    let nobody edit what is closed. A crash anywhere leaves an issue whose next closing does the rest. What Jira
    refuses is logged and left out: the older issue exists, and that is what was asked for.
    """

    def __init__(self, client: JiraClient, base: str, say: Say) -> None:
        self._client, self._base, self._say = client, base, say

    async def close(self, twin: JiraIssue, original: JiraIssue) -> bool:
        """Whether `twin` is closed in the end. Raises DeliveryErrors, but never Refused: call it again then."""
        if not twin.is_duplicate:
            await self._tolerated(twin, "link", self._link(twin, original))
            await self._tolerated(twin, "comment", self._comment(twin, original))
            await self._tolerated(twin, "mark", self._client.write(_mark, twin.key))
        return twin.is_done or await self._tolerated(twin, "move", self._move(twin))

    async def _tolerated(self, twin: JiraIssue, step: str, work: Awaitable[None]) -> bool:
        try:
            await work
        except Refused as refused:
            log.warning("twin not closed", extra={"issue": twin.key, "step": step, "code": refused.code})
            return False
        return True

    async def _link(self, twin: JiraIssue, original: JiraIssue) -> None:
        if twin.is_linked_to(original.key):
            return
        kind = await self._client.read(_link_type)
        if kind is not None:
            await self._client.write(_link, kind, twin.key, original.key)

    async def _comment(self, twin: JiraIssue, original: JiraIssue) -> None:
        """The address of the original stands alone in its line: a comment that has it has been made."""
        address = f"{self._base}/browse/{original.key}"
        if not await self._client.read(_has_comment, twin.key, address):
            text = self._say(Phrase("jira-duplicate", {"key": original.key}))
            await self._client.write(JIRA.add_comment, twin.key, f"{text}\n{address}")

    async def _move(self, twin: JiraIssue) -> None:
        try:
            await self._finish(twin)
        except Refused:
            # Another who looks may have closed it meanwhile: what is done cannot be done again.
            if not (await self._client.read(read_issue, twin.key)).is_done:
                raise

    async def _finish(self, twin: JiraIssue) -> None:
        move = closing(await self._client.read(find_transitions, twin.key))
        if move is None:
            raise Refused("no-transition", "the workflow has no way from here into a status that is done")
        await self._client.write(take, twin.key, move)
