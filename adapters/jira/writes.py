"""Requests that the library makes only with others around them: it reads an issue again after an edit, and a read that
fails then looks like a write that failed; before a link it asks for what only administrators may see."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from jira import JIRA

APPLICATION = "Butterboard"


def edit(jira: JIRA, key: str, fields: Mapping[str, Any]) -> None:
    _put(jira, key, {"fields": fields})


def add_labels(jira: JIRA, key: str, labels: Sequence[str]) -> None:
    """Those that it has not; whoever adds others at the same time loses nothing."""
    _put(jira, key, {"update": {"labels": [{"add": label} for label in labels]}})


def add_link(jira: JIRA, key: str, name: str, url: str, title: str) -> None:
    """A link to a page elsewhere; one of this issue with the same name is written over."""
    body = {"globalId": name, "application": {"name": APPLICATION}, "object": {"url": url, "title": title}}
    jira._session.post(jira._get_url(f"issue/{key}/remotelink"), data=json.dumps(body))


def has_comment(jira: JIRA, key: str, text: str) -> bool:
    """Jira keeps spaces and line breaks in its own way."""
    return any(str(comment.raw.get("body")).split() == text.split() for comment in jira.comments(key))


def _put(jira: JIRA, key: str, body: Mapping[str, Any]) -> None:
    jira._session.put(jira._get_url(f"issue/{key}"), data=json.dumps(body))
