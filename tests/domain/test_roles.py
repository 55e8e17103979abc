"""Who may only read, and who may do more."""

import pytest

from chalicelib.domain.roles import may_change


@pytest.mark.parametrize(
    ("groups", "allowed"),
    [
        ((), False),
        (("reader",), False),
        (("somebody else's",), False),
        (("agent",), True),
        (("editor",), True),
        (("manager",), True),
        (("administrator",), True),
        (("reader", "agent"), True),
    ],
)
def test_a_reader_reads_and_the_others_may_change(groups: tuple[str, ...], allowed: bool) -> None:
    assert may_change(groups) is allowed
