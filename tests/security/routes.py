"""Every route, ready to be attacked: the console's in a world made for it, the API's as it stands."""

import re

from tests.web import access
from tests.web.access import KEY, OPEN, ROUTES, Place
from tests.web.world import World

API = sorted(row for row, who in ROUTES.items() if who.startswith(KEY))
CONSOLE = sorted(row for row, who in ROUTES.items() if not who.startswith(KEY))
CLOSED = [row for row in CONSOLE if ROUTES[row] != OPEN]
DEEDS = [route for method, route in CLOSED if method == "POST"]


def place(world: World, method: str, route: str) -> Place:
    if (method, route) in API:
        return Place(method, route, re.sub(r"{\w+}", "x", route))
    return access.place(world, method, route)
