"""The whole system on the local emulator, and the console in a real browser."""

import pytest

pytest.register_assert_rewrite(*(f"{__name__}.{each}" for each in ("morning", "visitor", "walk", "week")))
