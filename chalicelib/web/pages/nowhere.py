"""An address that leads nowhere."""

from chalicelib.errors import NotFound
from chalicelib.web.visit import Page, Visit


def show(visit: Visit, unknown: str) -> Page:
    raise NotFound("no such page")
