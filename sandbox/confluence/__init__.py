"""A Confluence on loopback that speaks the real REST API, as Cloud or Data Center: for `make run`, and for tests.

    async with serving(make_app(company(), access=Access("bot@example.com", "token"))) as url:
        ...

or `python -m sandbox.confluence --user bot@example.com --token token` in a process of its own.
"""

from sandbox.confluence.app import FAULTS, make_app
from sandbox.confluence.auth import Access
from sandbox.confluence.company import company, company_people
from sandbox.confluence.page import Page, Space
from sandbox.confluence.paging import CURSORS, LIMITS, Limits
from sandbox.confluence.people import Deployment, People, Readers, User
from sandbox.confluence.state import Edit, State
from sandbox.confluence.synthetic import fill
from sandbox.confluence.wire import CALLS, STATE
from sandbox.loopback import serving

__all__ = [
    "make_app",
    "serving",
    "Access",
    "State",
    "Edit",
    "Page",
    "Space",
    "company",
    "company_people",
    "fill",
    "Deployment",
    "People",
    "Readers",
    "User",
    "Limits",
    "STATE",
    "CALLS",
    "FAULTS",
    "LIMITS",
    "CURSORS",
]
