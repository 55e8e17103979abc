"""Who may only read, and who may do what."""

import pytest

from chalicelib.domain.roles import Deed, may

ALL = set(Deed)


@pytest.mark.parametrize(
    ("groups", "allowed"),
    [
        ((), set()),
        (("reader",), set()),
        (("somebody else's",), set()),
        (("agent",), {Deed.ANSWER, Deed.BRAKE}),
        (("editor",), ALL - {Deed.UPKEEP}),
        (("manager",), ALL),
        (("administrator",), ALL),
        (("reader", "agent"), {Deed.ANSWER, Deed.BRAKE}),
    ],
)
def test_each_role_may_do_this_and_no_more(groups: tuple[str, ...], allowed: set[Deed]) -> None:
    assert {deed for deed in Deed if may(groups, deed)} == allowed
