"""Addresses of the API. As `routes.py`: nothing here decides anything; `operations.py` is the table.

Every type of body is let in here, so that it is the API that refuses one, in its own words.
"""

from chalice.app import Blueprint, Response

from chalicelib.domain.deed import Deed
from chalicelib.web.operations import BASE, OPERATIONS
from chalicelib.web.routes import FORM, door

api = Blueprint(__name__)


def operate(**path: str) -> Response:
    """Any operation: the gate finds which."""
    from chalicelib.web.api.gate import Gate
    from chalicelib.wiring import desk

    return Gate(api.current_request, desk).answer()


for _each in OPERATIONS:
    api.route(BASE + _each.path, methods=[_each.method], content_types=["*/*"])(operate)


@api.route(f"{BASE}/openapi.json", content_types=["*/*"])
def openapi() -> Response:
    from chalicelib.web.api.gate import Gate
    from chalicelib.wiring import desk

    return Gate(api.current_request, desk).tell()


@api.route(f"{BASE}/docs")
def docs() -> Response:
    from chalicelib.web.pages import api_docs

    return door(api).open(api_docs.show)


@api.route("/team/keys")
def keys() -> Response:
    from chalicelib.web.pages import keys

    return door(api).closed(keys.show, look=Deed.MANAGE)


@api.route("/team/keys", methods=["POST"], content_types=FORM)
def make_key() -> Response:
    from chalicelib.web.pages import keys

    return door(api).closed(keys.make, deed=Deed.MANAGE)


@api.route("/team/keys/{id}/revoke", methods=["POST"], content_types=FORM)
def revoke_key(id: str) -> Response:
    from chalicelib.web.pages import keys

    return door(api).closed(keys.revoke, id, deed=Deed.MANAGE)
