"""The stores in the table, each made once a Lambda sandbox, on first use. `wiring` shows them all."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

from chalicelib.config import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib import ports


def client(name: str) -> Callable[[], Any]:
    """Makes a client of AWS when it is called."""
    from chalicelib.aws import clients

    return partial(clients.client, name)


class Later:
    """A port that is made when something is first asked of it."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    def __getattr__(self, name: str) -> Any:
        return getattr(self._make(), name)


@cache
def brands() -> ports.Brands:
    from chalicelib.aws.table.brands import Brands

    return Brands(client("dynamodb"), settings().table_name)


@cache
def mentions() -> ports.Mentions:
    from chalicelib.aws.table.mentions import Mentions

    return Mentions(client("dynamodb"), settings().table_name)


@cache
def sources() -> ports.Sources:
    from chalicelib.aws.table.sources import Sources

    return Sources(client("dynamodb"), settings().table_name)


@cache
def cases() -> ports.Cases:
    from chalicelib.aws.table.cases import Cases

    return Cases(client("dynamodb"), settings().table_name)


@cache
def corrections() -> ports.Corrections:
    from chalicelib.aws.table.corrections import Corrections

    return Corrections(client("dynamodb"), settings().table_name)


@cache
def deltas() -> ports.Deltas:
    from chalicelib.aws.table.deltas import Deltas

    return Deltas(client("dynamodb"), settings().table_name)


@cache
def deliveries() -> ports.Deliveries:
    from chalicelib.aws.table.deliveries import Deliveries

    return Deliveries(client("dynamodb"), settings().table_name)


@cache
def posts() -> ports.Posts:
    from chalicelib.aws.table.posts import Posts

    return Posts(client("dynamodb"), settings().table_name)


@cache
def promises() -> ports.Promises:
    from chalicelib.aws.table.promises import Promises

    return Promises(client("dynamodb"), settings().table_name)


@cache
def brakes() -> ports.Brakes:
    from chalicelib.aws.table.brakes import Brakes

    return Brakes(client("dynamodb"), settings().table_name)


@cache
def measurements() -> ports.Measurements:
    from chalicelib.aws.table.measurements import Measurements

    return Measurements(client("dynamodb"), settings().table_name)


@cache
def followings() -> ports.Followings:
    from chalicelib.aws.table.followings import Followings

    return Followings(client("dynamodb"), settings().table_name)


@cache
def mornings() -> ports.Mornings:
    from chalicelib.aws.table.mornings import Mornings

    return Mornings(client("dynamodb"), settings().table_name)


@cache
def alerts() -> ports.Alerts:
    from chalicelib.aws.table.alerts import Alerts

    return Alerts(client("dynamodb"), settings().table_name)


@cache
def notices() -> ports.Notices:
    from chalicelib.aws.table.notices import Notices

    return Notices(client("dynamodb"), settings().table_name)


@cache
def rosters() -> ports.Rosters:
    from chalicelib.aws.table.rosters import Rosters

    return Rosters(client("dynamodb"), settings().table_name)


@cache
def shelf() -> ports.Shelf:
    from chalicelib.aws.table.shelf import Shelf

    return Shelf(client("dynamodb"), settings().table_name)


@cache
def audit() -> ports.Audit:
    from chalicelib.aws.table.audit import Audit

    return Audit(client("dynamodb"), settings().table_name)


@cache
def api_keys() -> ports.ApiKeys:
    from chalicelib.aws.table.apikeys import ApiKeys

    return ApiKeys(client("dynamodb"), settings().table_name)


@cache
def hooks() -> ports.Hooks:
    from chalicelib.aws.table.hooks import Hooks

    return Hooks(client("dynamodb"), settings().table_name)


@cache
def known_pages() -> ports.KnownPages:
    from chalicelib.aws.table.known import KnownPages

    return KnownPages(client("dynamodb"), settings().table_name)


@cache
def pulse() -> ports.Pulse:
    from chalicelib.aws.table.pulse import Pulse

    return Pulse(client("dynamodb"), settings().table_name)


@cache
def noise() -> ports.Noise:
    from chalicelib.aws.table.noise import Noise

    return Noise(client("dynamodb"), settings().table_name)


def ledger() -> ports.Ledger:
    from chalicelib.aws.table.ledger import Ledger

    return Ledger(client("dynamodb"), settings().table_name)


def paces() -> ports.Paces:
    from chalicelib.aws.table.paces import Paces

    return Paces(client("dynamodb"), settings().table_name)


@cache
def opinions() -> ports.Opinions:
    from chalicelib.aws.table.opinions import Opinions

    return Opinions(client("dynamodb"), settings().table_name)


@cache
def once() -> ports.Once:
    from chalicelib.aws.table.once import Once

    return Once(client("dynamodb"), settings().table_name)


@cache
def mailings() -> ports.Mailings:
    from chalicelib.aws.table.mailings import Mailings

    return Mailings(client("dynamodb"), settings().table_name)


@cache
def drills() -> ports.Drills:
    from chalicelib.aws.table.drills import Drills

    return Drills(client("dynamodb"), settings().table_name)


@cache
def standing() -> ports.StandingApprovals:
    from chalicelib.aws.table.standing import StandingApprovals

    return StandingApprovals(client("dynamodb"), settings().table_name)


@cache
def team() -> ports.Team:
    from chalicelib.aws.table.team import Team

    return Team(client("dynamodb"), settings().table_name)
