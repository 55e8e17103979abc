"""Addresses of the log of changes and of webhooks out. As `routes.py`: nothing here decides anything."""

from typing import TYPE_CHECKING

from chalice.app import Blueprint, Response

from chalicelib.domain.roles import Deed
from chalicelib.web.routes import door

if TYPE_CHECKING:
    from chalicelib.web.door import Door

log = Blueprint(__name__)


def _door() -> "Door":
    return door(log)


@log.route("/audit")
def audit() -> Response:
    from chalicelib.web.pages import audit

    return _door().closed(audit.show, look=Deed.UPKEEP)
