"""The office, for the tests of the handlers."""

from tests.bot.office import office

__all__ = ["office"]
