"""Addresses of the log of changes and of webhooks out. As `routes.py`: nothing here decides anything."""

from typing import TYPE_CHECKING

from chalice.app import Blueprint, Response

from chalicelib.domain.deed import Deed
from chalicelib.web.routes import FORM, door

if TYPE_CHECKING:
    from chalicelib.web.door import Door

log = Blueprint(__name__)


def _door() -> "Door":
    return door(log)


@log.route("/audit")
def audit() -> Response:
    from chalicelib.web.pages import audit

    return _door().closed(audit.show, look=Deed.MANAGE)


@log.route("/brand/webhooks")
def hooks() -> Response:
    from chalicelib.web.pages import hooks

    return _door().closed(hooks.show, look=Deed.MANAGE)


@log.route("/brand/webhooks", methods=["POST"], content_types=FORM)
def add_hook() -> Response:
    from chalicelib.web.pages import hooks

    return _door().closed(hooks.add, deed=Deed.MANAGE)


@log.route("/brand/webhooks/{id}")
def hook(id: str) -> Response:
    from chalicelib.web.pages import hooks

    return _door().closed(hooks.read, id, look=Deed.MANAGE)


@log.route("/brand/webhooks/{id}", methods=["POST"], content_types=FORM)
def act_on_hook(id: str) -> Response:
    from chalicelib.web.pages import hooks

    return _door().closed(hooks.act, id, deed=Deed.MANAGE)
