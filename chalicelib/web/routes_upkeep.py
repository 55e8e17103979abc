"""Addresses of people, reports and health. As `routes.py`: nothing here decides anything.

Health is at /status: the emulator of the local run keeps /health for itself.
"""

from typing import TYPE_CHECKING

from chalice.app import Blueprint, Response

from chalicelib.domain.deed import Deed
from chalicelib.web.routes import FORM, door

if TYPE_CHECKING:
    from chalicelib.web.door import Door

upkeep = Blueprint(__name__)


def _door() -> "Door":
    return door(upkeep)


@upkeep.route("/people")
def people() -> Response:
    from chalicelib.web.pages import people

    return _door().closed(people.show)


@upkeep.route("/people/{id}", methods=["POST"], content_types=FORM)
def do_good(id: str) -> Response:
    from chalicelib.web.pages import people

    return _door().closed(people.act, id)


@upkeep.route("/reports")
def reports() -> Response:
    from chalicelib.web.pages import reports

    return _door().closed(reports.show)


@upkeep.route("/reports/{month}")
def report(month: str) -> Response:
    from chalicelib.web.pages import reports

    return _door().closed(reports.read, month)


@upkeep.route("/reports/{month}", methods=["POST"], content_types=FORM)
def ask_report(month: str) -> Response:
    from chalicelib.web.pages import reports

    return _door().closed(reports.ask, month, deed=Deed.MANAGE)


@upkeep.route("/reports/{month}/{file}")
def report_file(month: str, file: str) -> Response:
    from chalicelib.web.pages import reports

    return _door().closed(reports.fetch, month, file)


@upkeep.route("/alerts")
def alerts() -> Response:
    from chalicelib.web.pages import alerts

    return _door().closed(alerts.show)


@upkeep.route("/alerts/{brand}/{id}")
def alert(brand: str, id: str) -> Response:
    from chalicelib.web.pages import alerts

    return _door().closed(alerts.open_, brand, id)


@upkeep.route("/me/alerts")
def ways() -> Response:
    from chalicelib.web.pages import ways

    return _door().closed(ways.show)


@upkeep.route("/me/alerts", methods=["POST"], content_types=FORM)
def keep_ways() -> Response:
    from chalicelib.web.pages import ways

    return _door().closed(ways.keep, deed=Deed.READ)


@upkeep.route("/roster")
def roster() -> Response:
    from chalicelib.web.pages import roster

    return _door().closed(roster.show)


@upkeep.route("/roster", methods=["POST"], content_types=FORM)
def change_roster() -> Response:
    from chalicelib.web.pages import roster

    return _door().closed(roster.act, deed=Deed.TEAM)


@upkeep.route("/status")
def state_of_health() -> Response:
    from chalicelib.web.pages import health

    return _door().closed(health.show)


@upkeep.route("/status/{queue}", methods=["POST"], content_types=FORM)
def redrive(queue: str) -> Response:
    from chalicelib.web.pages import health

    return _door().closed(health.redrive, queue, deed=Deed.MANAGE)


@upkeep.route("/drills")
def drills() -> Response:
    from chalicelib.web.pages import drills

    return _door().closed(drills.show)


@upkeep.route("/drills", methods=["POST"], content_types=FORM)
def start_drill() -> Response:
    from chalicelib.web.pages import drills

    return _door().closed(drills.start, deed=Deed.MANAGE)


@upkeep.route("/drills/{id}")
def drill(id: str) -> Response:
    from chalicelib.web.pages import drills

    return _door().closed(drills.one, id)


@upkeep.route("/drills/{id}/end", methods=["POST"], content_types=FORM)
def end_drill(id: str) -> Response:
    from chalicelib.web.pages import drills

    return _door().closed(drills.end, id, deed=Deed.MANAGE)


@upkeep.route("/standing")
def standing() -> Response:
    from chalicelib.web.pages import standing

    return _door().closed(standing.show)


@upkeep.route("/standing", methods=["POST"], content_types=FORM)
def sign_standing() -> Response:
    from chalicelib.web.pages import standing

    return _door().closed(standing.sign, deed=Deed.MANAGE)


@upkeep.route("/standing/{id}")
def standing_one(id: str) -> Response:
    from chalicelib.web.pages import standing

    return _door().closed(standing.one, id)


@upkeep.route("/standing/{id}/second", methods=["POST"], content_types=FORM)
def sign_second(id: str) -> Response:
    from chalicelib.web.pages import standing

    return _door().closed(standing.second, id, deed=Deed.MANAGE)


@upkeep.route("/standing/{id}/revoke", methods=["POST"], content_types=FORM)
def revoke_standing(id: str) -> Response:
    from chalicelib.web.pages import standing

    return _door().closed(standing.revoke, id, deed=Deed.BRAKE)
