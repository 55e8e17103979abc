"""Who may do what: the roles are the user pool's groups (`infra/resources.yaml`). Reading is everybody's."""

from collections.abc import Collection
from enum import StrEnum


class Deed(StrEnum):
    """`ANSWER`: cases, good deeds, the sandbox. `PUBLISH`: posts. `BRAKE`: stop everything. `UPKEEP`: let the
    brake go, dead letters, reports on demand."""

    ANSWER = "answer"
    PUBLISH = "publish"
    BRAKE = "brake"
    UPKEEP = "upkeep"


EDITORS = frozenset({"editor", "manager", "administrator"})
MAY = {
    Deed.ANSWER: EDITORS | {"agent"},
    Deed.PUBLISH: EDITORS,
    Deed.BRAKE: EDITORS | {"agent"},
    Deed.UPKEEP: EDITORS - {"editor"},
}


def may(groups: Collection[str], deed: Deed) -> bool:
    """May who is in these groups do this? A reader may do nothing, nor who is in no group."""
    return not MAY[deed].isdisjoint(groups)
