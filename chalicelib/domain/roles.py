"""Who may do what: the roles are the user pool's groups (`infra/resources.yaml`)."""

from collections.abc import Collection

MAY_CHANGE = frozenset({"agent", "editor", "manager", "administrator"})


def may_change(groups: Collection[str]) -> bool:
    """May who is in these groups do more than read? A reader may not, nor who is in no group."""
    return not MAY_CHANGE.isdisjoint(groups)
