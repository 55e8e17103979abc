"""Roles: what each includes, which of two counts, and what one may give."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.brand import Brand, Department
from chalicelib.domain.roles import Deed, Grant, Role, Standing, at, may_grant, remaining, standing

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
AGENT = {Deed.READ, Deed.ANSWER, Deed.BRAKE}
EDITOR = AGENT | {Deed.PUBLISH}
MANAGER = EDITOR | {Deed.UPKEEP, Deed.TEAM, Deed.MANAGE}
BRAND = Brand(
    id="b",
    name="B",
    zone="UTC",
    languages=("nl",),
    departments=(Department(id="desk", name="Desk"), Department(id="youth", name="Youth")),
)


def grant(role: Role | None, *departments: str) -> Grant:
    return Grant(brand="b", user="1", name="Sam", email="s@x", role=role, departments=departments, since=NOW)


@pytest.mark.parametrize(
    ("role", "deeds"),
    [
        (Role.READER, {Deed.READ}),
        (Role.AGENT, AGENT),
        (Role.EDITOR, EDITOR),
        (Role.MANAGER, MANAGER),
        (Role.ADMINISTRATOR, set(Deed)),
    ],
)
def test_each_role_may_do_this_and_no_more(role: Role, deeds: set[Deed]) -> None:
    assert {deed for deed in Deed if Standing(role).may(deed)} == deeds


def test_who_is_restricted_changes_nothing_of_the_whole_brand() -> None:
    manager = Standing(Role.MANAGER, ("desk",))
    assert {deed for deed in Deed if manager.may(deed)} == MANAGER - {Deed.MANAGE}


@pytest.mark.parametrize(
    ("groups", "given", "found"),
    [
        ((), None, None),
        (("somebody else's",), None, None),
        ((), grant(None), None),
        (("reader",), grant(None), Standing(Role.READER)),
        (("reader", "agent"), None, Standing(Role.AGENT)),
        ((), grant(Role.AGENT, "desk"), Standing(Role.AGENT, ("desk",))),
        (("reader",), grant(Role.AGENT, "desk"), Standing(Role.AGENT, ("desk",))),
        (("agent",), grant(Role.AGENT, "desk"), Standing(Role.AGENT)),
        (("editor",), grant(Role.AGENT, "desk"), Standing(Role.EDITOR)),
        (("administrator",), grant(Role.MANAGER), Standing(Role.ADMINISTRATOR)),
    ],
)
def test_the_higher_of_group_and_grant_counts_whole(
    groups: tuple[str, ...], given: Grant | None, found: Standing | None
) -> None:
    assert standing(groups, given) == found


def test_who_is_restricted_sees_some_departments() -> None:
    assert [each.id for each in Standing(Role.AGENT).sees(BRAND)] == ["desk", "youth"]
    assert [each.id for each in Standing(Role.AGENT, ("youth", "gone")).sees(BRAND)] == ["youth"]


DESK = Standing(Role.MANAGER, ("desk",))


@pytest.mark.parametrize(
    ("giver", "role", "departments", "was", "may"),
    [
        (Standing(Role.EDITOR), Role.READER, (), None, False),
        (Standing(Role.MANAGER), Role.MANAGER, (), None, True),
        (Standing(Role.MANAGER), None, (), grant(Role.MANAGER), True),
        (Standing(Role.ADMINISTRATOR), Role.MANAGER, (), None, True),
        (Standing(Role.ADMINISTRATOR), Role.ADMINISTRATOR, (), None, False),
        (DESK, Role.AGENT, ("desk",), None, True),
        (DESK, Role.AGENT, (), None, False),
        (DESK, Role.AGENT, ("desk", "youth"), None, False),
        (DESK, Role.AGENT, ("desk",), grant(Role.AGENT), False),
        (DESK, None, (), grant(Role.AGENT, "desk"), True),
        (DESK, None, (), grant(Role.AGENT, "youth"), False),
    ],
)
def test_nobody_gives_more_than_they_have(
    giver: Standing, role: Role | None, departments: tuple[str, ...], was: Grant | None, may: bool
) -> None:
    assert may_grant(giver, role, departments, was) is may


@pytest.mark.parametrize(
    ("departments", "left"),
    [((), ()), (("desk",), ("desk",)), (("gone", "youth"), ("youth",)), (("gone",), None)],
)
def test_of_departments_that_are_gone_nothing_is_left(
    departments: tuple[str, ...], left: tuple[str, ...] | None
) -> None:
    assert remaining(departments, BRAND) == left
    given = at(BRAND, grant(Role.AGENT, *departments))
    assert (given.departments if given else None) == left
    assert at(BRAND, None) is None
