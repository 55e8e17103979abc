"""The small world of monday.py with everything in it that a page can show."""

from dataclasses import replace

from chalicelib.domain import audit
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.logged import facts
from chalicelib.domain.month import to_bytes
from chalicelib.ports import Refusal
from tests.web import access, months
from tests.web.addresses import THERE
from tests.web.monday import monday
from tests.web.test_health import QUEUES, broken
from tests.web.test_people import ANSWER, FOLLOW, SHARE, morning
from tests.web.world import World

POSTS = {
    "planned": ("Zaterdag voorlezen", "2026-11-28T10:00", DeliveryState.PLANNED),
    "held": ("Leeszaal langer open", "2026-11-23T09:00", DeliveryState.HELD),
    "failed": ("Boekenmarkt", "2026-11-20T16:30", DeliveryState.FAILED),
    "confirmed": ("Nieuwe e-books", "2026-11-19T08:30", DeliveryState.CONFIRMED),
}
LONG = "Bibliotheekabonnementsopzeggingsformulierinleverpunt"
"""A word that fits on no small screen."""


def furnished(groups: tuple[str, ...] = ("administrator",)) -> World:
    """Sam is in these groups."""
    world = broken(monday())
    access.place(world, "GET", "/")
    world.users.valid["id-sam"] = replace(world.users.valid["id-sam"], groups=groups)
    for name, (title, wall, state) in POSTS.items():
        reason = "mastodon: HTTP 401: invalid_token" if state is DeliveryState.FAILED else ""
        THERE[name] = world.post(title, wall, state, reason=reason).id
    world.mornings.add(morning(FOLLOW, SHARE, ANSWER, withheld=("proefkanaal",)))
    world.sources.put(access.SHOP)
    world.refusals.kept[access.SHOP.brand, access.SHOP.id] = [
        Refusal(at=world.now, status=401, reason="wrong")
    ]
    promised = access.promised()
    for each in (
        promised,
        replace(promised, key=replace(promised.key, i=2), passage=f"{LONG}.", dated=False),
    ):
        world.cases.promises[each.key] = each
    world.pipes.queues = list(QUEUES)
    world.bucket.put_once("veldermeer/2026-10/facts.json", to_bytes(months.full()), "application/json")
    for file in ("report.html", "report.json", "mentions.csv", "mailed"):
        world.bucket.put_once(f"veldermeer/2026-10/{file}", b"{}", "text/plain")
    moved = {"before": facts({"when": "2026-11-28T10:00"}), "after": facts({"when": "2026-11-29T20:00"})}
    for at, (what, more) in enumerate({"post.moved": moved, "brake.pull": {}, "case.drafted": {}}.items()):
        world.audit.note(
            audit.line("veldermeer", world.now, f"{what}-{at}", what, by="Noor", of="p-1", **more)
        )
    return world
