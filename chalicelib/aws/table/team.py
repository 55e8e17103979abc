"""Who may what at each brand, and since when their tokens count.

A grant that is taken back stays, without a role: so nobody needs the right to delete, and `rev` goes on.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from chalicelib.aws.table import audit, brakes, keys
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import ABSENT, Refused, Store
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.roles import Grant
from chalicelib.errors import Conflict
from chalicelib.ports import Welcome


class Team:
    """Implements `ports.Team`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def welcome(self, user: str, brands: Sequence[str], brake: str = "") -> Welcome:
        wanted = [keys.colleague(user), *(keys.grant(each, user) for each in brands)]
        found = {item["pk"]: item for item in self._store.get_all(wanted + [keys.brake(brake)] * bool(brake))}
        own = found.get(keys.colleague(user)["pk"], {})
        grants = [_read(found[pk]) for pk in (keys.brand(each)["pk"] for each in brands) if pk in found]
        return Welcome(
            grants={grant.brand: grant for grant in grants},
            brake=brakes.read(found.get(keys.brake(brake)["pk"])),
            renew=keys.read_moment(own["renew"]) if "renew" in own else None,
        )

    def grant(self, brand: str, user: str) -> Grant | None:
        item = self._store.get(keys.grant(brand, user))
        return _read(item) if item else None

    def grants(self, brand: str) -> list[Grant]:
        where = "#pk = :pk AND begins_with(#sk, :sk)"
        found = [_read(item) for item in self._store.query(where, keys.grant(brand, ""))]
        return sorted((grant for grant in found if grant.role), key=lambda grant: grant.name.casefold())

    def change(self, grant: Grant, line: AuditLine) -> None:
        item = {
            **keys.grant(grant.brand, grant.user),
            "v": keys.VERSION,
            "brand": grant.brand,
            "rev": grant.rev,
            "grant": to_text(grant, "brand", "user", "rev"),
        }
        condition = "#rev = :was" if grant.rev > 1 else ABSENT
        values: Item = {"was": grant.rev - 1} if grant.rev > 1 else {}
        try:
            self._store.put_together((item, condition, values), audit.put_of(line))
        except Refused:
            raise Conflict(f"what {grant.user} may at {grant.brand} was changed by someone else") from None

    def came_in(self, user: str, at: datetime) -> None:
        self._note(user, "came_in", at)

    def renew(self, user: str, at: datetime) -> None:
        self._note(user, "renew", at)

    def last_seen(self, users: Sequence[str]) -> dict[str, datetime]:
        found = self._store.get_all([keys.colleague(user) for user in users])
        return {
            item["pk"].removeprefix("U#"): keys.read_moment(item["came_in"])
            for item in found
            if "came_in" in item
        }

    def _note(self, user: str, name: str, at: datetime) -> None:
        values = {"v": keys.VERSION, name: keys.moment(at)}
        self._store.update(keys.colleague(user), f"SET #v = :v, #{name} = :{name}", values)


def _read(item: Item) -> Grant:
    brand, user = item["pk"].removeprefix("B#"), item["sk"].removeprefix("U#")
    return from_text(Grant, item["grant"], brand=brand, user=user, rev=item["rev"])
