"""Who may do what, and where. A role includes the ones before it.

A role comes from two places. The groups of the user pool (`infra/resources.yaml`) hold at every brand. A
grant holds at one brand, perhaps in some of its departments only. The higher of the two counts, whole: its
departments too. Who has neither at a brand has nothing there, and is not told that it exists.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.deed import Deed as Deed

if TYPE_CHECKING:  # every Lambda loads the routes, and these roles with them
    from chalicelib.domain.brand import Brand, Department


class Role(StrEnum):
    """In rising order. Only a group makes an administrator: that is one of the whole installation."""

    READER = "reader"
    AGENT = "agent"
    EDITOR = "editor"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"

    @property
    def rank(self) -> int:
        return list(Role).index(self)

    def includes(self, other: "Role") -> bool:
        return self.rank >= other.rank


GRANTED = tuple(role for role in Role if role is not Role.ADMINISTRATOR)
"""What a grant may hold."""


LOWEST = {
    Deed.READ: Role.READER,
    Deed.ANSWER: Role.AGENT,
    Deed.BRAKE: Role.AGENT,
    Deed.PUBLISH: Role.EDITOR,
    Deed.UPKEEP: Role.MANAGER,
    Deed.TEAM: Role.MANAGER,
    Deed.MANAGE: Role.MANAGER,
    Deed.GOVERN: Role.ADMINISTRATOR,
}
WHOLE = frozenset({Deed.MANAGE, Deed.GOVERN})
"""What is of the whole brand: nobody does it whose role is in some departments only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What one person may at one brand. `role` None: it was taken back; `departments` empty: all of them."""

    brand: str
    user: str
    name: str
    email: str
    role: Role | None
    departments: tuple[str, ...] = ()
    since: datetime
    rev: int = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is at a brand; `departments` empty: unrestricted."""

    role: Role
    departments: tuple[str, ...] = ()

    def may(self, deed: Deed) -> bool:
        return self.role.includes(LOWEST[deed]) and not (deed in WHOLE and self.departments)

    def includes(self, other: "Standing") -> bool:
        """All that the other may, and where."""
        where = not self.departments or (
            bool(other.departments) and set(other.departments) <= set(self.departments)
        )
        return self.role.includes(other.role) and where

    def sees(self, brand: "Brand") -> "tuple[Department, ...]":
        """The departments whose work is theirs to see and do."""
        return tuple(
            each for each in brand.departments if not self.departments or each.id in self.departments
        )


def remaining(departments: Collection[str], brand: "Brand") -> tuple[str, ...] | None:
    """Those of a grant or key that are there; None where all of them are gone, as () stands for all there
    are."""
    there = {each.id for each in brand.departments}
    found = tuple(id for id in departments if id in there)
    return found if found or not departments else None


def at(brand: "Brand", grant: Grant | None) -> Grant | None:
    """What a grant gives there now: nothing for a department that is gone."""
    if grant is None:
        return None
    departments = remaining(grant.departments, brand)
    return None if departments is None else replace(grant, departments=departments)


def of_groups(groups: Collection[str]) -> Role | None:
    """The highest role among a member's groups, others being none of ours."""
    found = [role for role in Role if role.value in groups]
    return found[-1] if found else None


def standing(groups: Collection[str], grant: Grant | None) -> Standing | None:
    """What its groups and grant make of a member at the grant's brand; None: nothing."""
    everywhere = of_groups(groups)
    here = grant.role if grant else None
    if here and grant and (everywhere is None or not everywhere.includes(here)):
        return Standing(here, grant.departments)
    return Standing(everywhere) if everywhere else None


def may_grant(
    giver: Standing,
    role: Role | None,
    departments: Collection[str],
    was: Grant | None,
    everywhere: Role | None = None,
) -> bool:
    """May this be given, or taken back (None), where `was` is what stands? Nobody gives more than they have,
    nor touches what is more than they have: a role in some departments counts instead of one that somebody
    has `everywhere`, so only who may see all departments gives it to them."""
    if everywhere and giver.departments:
        return False
    touched = [(role, tuple(departments))] if role else []
    touched += [(was.role, was.departments)] if was and was.role else []
    return giver.may(Deed.TEAM) and all(_within(giver, each, where) for each, where in touched)


def _within(giver: Standing, role: Role, departments: tuple[str, ...]) -> bool:
    return role in GRANTED and giver.includes(Standing(role, departments))
