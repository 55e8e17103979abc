"""Grants, and since when tokens count, in a table."""

from dataclasses import replace

import pytest

from chalicelib.aws.table.audit import Audit
from chalicelib.aws.table.brakes import Brakes
from chalicelib.aws.table.team import Team
from chalicelib.domain import audit as lines
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.roles import Grant, Role
from chalicelib.errors import Conflict
from chalicelib.ports import Welcome
from tests.aws.conftest import dynamodb
from tests.conftest import NOW
from tests.harness.meter import Meter
from tests.harness.world import TABLE_NAME, World

SAM = Grant(
    brand="lindebieb",
    user="1",
    name="Sam",
    email="sam@lindebieb.example",
    role=Role.AGENT,
    departments=("desk", "youth"),
    since=NOW,
)


@pytest.fixture
def team(aws: World) -> Team:
    return Team(dynamodb, TABLE_NAME)


def line(grant: Grant, id: str = "r1") -> AuditLine:
    return lines.line(grant.brand, NOW, id, "team.grant", of=grant.email, after=str(grant.role))


def test_a_welcome_is_one_request_whatever_there_is(team: Team, brakes: Brakes) -> None:
    assert team.welcome("1", ["lindebieb"], "lindebieb") == Welcome()
    elsewhere = replace(SAM, brand="other", role=Role.READER, departments=())
    for grant in (SAM, elsewhere, replace(SAM, user="2")):
        team.change(grant, line(grant))
    brake = brakes.pull("lindebieb", "Noor", NOW)
    team.came_in("1", NOW)
    team.renew("1", NOW)
    with Meter() as meter:
        found = team.welcome("1", ["lindebieb", "other", "third"], "lindebieb")
    assert meter.calls == {"dynamodb.BatchGetItem": 1}
    assert found == Welcome(grants={"lindebieb": SAM, "other": elsewhere}, brake=brake, renew=NOW)
    assert brakes.lift("lindebieb", brake, "Noor", NOW)
    assert team.welcome("1", ["third"], "lindebieb") == Welcome(renew=NOW)


def test_of_two_who_change_a_grant_one_is_told(team: Team, audit: Audit) -> None:
    team.change(SAM, line(SAM))
    with pytest.raises(Conflict):
        team.change(SAM, line(SAM, "r2"))
    up = replace(SAM, role=Role.EDITOR, rev=2)
    team.change(up, line(up, "r3"))
    with pytest.raises(Conflict):
        team.change(up, line(up, "r4"))
    assert team.grant("lindebieb", "1") == up
    assert [kept.id for kept in audit.month("lindebieb", "2026-11")[0]] == ["r3", "r1"], (
        "no line without its deed"
    )


def test_a_grant_that_was_taken_back_is_kept_and_lists_nobody(team: Team) -> None:
    team.change(SAM, line(SAM))
    ada = replace(SAM, user="3", name="ada")
    team.change(ada, line(ada))
    assert team.grants("lindebieb") == [ada, SAM]
    gone = replace(SAM, role=None, departments=(), rev=2)
    team.change(gone, line(gone, "r2"))
    assert team.grants("lindebieb") == [ada]
    assert team.grant("lindebieb", "1") == gone
    assert team.grant("lindebieb", "9") is None


def test_when_somebody_came_in_is_known_of_who_did(team: Team) -> None:
    team.came_in("1", NOW)
    team.renew("2", NOW)
    assert team.last_seen(["1", "2", "3"]) == {"1": NOW}
    assert team.last_seen([]) == {}
