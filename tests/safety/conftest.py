"""The office, for the tests of the core."""

from tests.bot.office import office

__all__ = ["office"]
