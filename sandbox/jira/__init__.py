"""A Jira on loopback that speaks the real REST API version 2: for `make run`, and for tests.

    async with serving(make_app(State(), access=Access("bot@example.com", "token"))) as url:
        ...

or `python -m sandbox.jira --user bot@example.com --token token` in a process of its own.
"""

from sandbox.jira.app import FAULTS, make_app
from sandbox.jira.auth import Access
from sandbox.jira.issue import Event, Happened
from sandbox.jira.limits import WRITE_LIMITS, Window, WriteLimits
from sandbox.jira.people import People, User, people_from
from sandbox.jira.serve import serving
from sandbox.jira.site import Deployment, Site, Workflow, default_site
from sandbox.jira.state import State
from sandbox.jira.webhooks import WEBHOOKS, Hook, WebhookFaults, Webhooks
from sandbox.jira.wire import CALLS, STATE
from sandbox.jira.workflows import issuing, signing

__all__ = [
    "make_app",
    "serving",
    "Access",
    "State",
    "Site",
    "default_site",
    "Workflow",
    "issuing",
    "signing",
    "Deployment",
    "People",
    "User",
    "people_from",
    "Event",
    "Happened",
    "Webhooks",
    "WebhookFaults",
    "Hook",
    "WriteLimits",
    "Window",
    "STATE",
    "CALLS",
    "FAULTS",
    "WEBHOOKS",
    "WRITE_LIMITS",
]
