"""The console of tests/web, and its visitors."""

from tests.web.conftest import browser, visitor, world

__all__ = ["browser", "visitor", "world"]
