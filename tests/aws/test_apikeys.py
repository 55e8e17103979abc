"""API keys: kept with their line of the log, counted exactly, and asked once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.aws.table.apikeys import ApiKeys
from chalicelib.aws.table.audit import Audit
from chalicelib.domain.apikey import ApiKey, Scope, digest, read, written
from chalicelib.domain.audit import AuditLine, line
from chalicelib.errors import Conflict, NotFound
from tests.aws.conftest import dynamodb
from tests.conftest import NOW
from tests.harness.world import TABLE_NAME, World, stored

SECRET = "s" * 43


@pytest.fixture
def keys(aws: World) -> ApiKeys:
    return ApiKeys(dynamodb, TABLE_NAME)


def key(id: str = "k1", brand: str = "lindebieb") -> ApiKey:
    return ApiKey(
        brand=brand,
        id=id,
        name="Planner",
        scope=Scope.WRITE,
        hash=digest(SECRET),
        by="Sam de Wit",
        by_id="sam",
        made_at=NOW,
        departments=("desk",),
        expires=NOW + timedelta(days=9),
    )


def noted(key: ApiKey, what: str = "key.make") -> AuditLine:
    return line(key.brand, NOW, f"{key.id}.{what}", what, of=key.id)


def test_what_is_put_comes_back_and_a_brand_has_its_own(keys: ApiKeys, audit: Audit) -> None:
    assert keys.add(key(), noted(key()))
    assert not keys.add(replace(key(), name="Other"), noted(key()))
    keys.add(key(brand="veldermeer"), noted(key(brand="veldermeer")))
    assert keys.get("lindebieb", "k1") == key()
    assert keys.of("lindebieb") == [key()]
    with pytest.raises(NotFound):
        keys.get("lindebieb", "k2")
    assert [each.what for each in audit.month("lindebieb", "2026-11")[0]] == ["key.make"]


def test_a_key_and_its_line_are_written_together(keys: ApiKeys, audit: Audit) -> None:
    keys.add(key(), noted(key()))
    after = replace(key(), rev=2, revoked_at=NOW)
    keys.change(after, noted(key(), "key.revoke"))
    assert keys.get("lindebieb", "k1") == after
    with pytest.raises(Conflict):
        keys.change(replace(after, rev=2), noted(key(), "key.again"))
    assert {each.what for each in audit.month("lindebieb", "2026-11")[0]} == {"key.make", "key.revoke"}


def test_the_secret_is_nowhere(keys: ApiKeys) -> None:
    keys.add(key(), noted(key()))
    assert SECRET not in str(stored("Q#lindebieb", "k1"))


def test_the_day_of_use_is_written_once_a_day(keys: ApiKeys) -> None:
    keys.add(key(), noted(key()))
    keys.used(key(), NOW)
    used = keys.get("lindebieb", "k1")
    assert used == replace(key(), used="2026-11-23")
    keys.used(replace(used, id="nowhere"), NOW)  # the same day: nothing is written, so nothing is missed


def test_requests_of_a_minute_are_counted_together(keys: ApiKeys) -> None:
    other = ApiKeys(dynamodb, TABLE_NAME)  # in another Lambda
    assert [each.count(key(), NOW) for each in (keys, other, other, keys)] == [1, 2, 3, 4]
    assert keys.count(key(), NOW + timedelta(minutes=1)) == 1
    assert keys.count(key("k2"), NOW) == 1
    item = stored("Q#lindebieb#k1", "N#2026-11-23T09:12")
    assert item
    assert int(item["ttl"]["N"]) == int((NOW + timedelta(hours=1)).timestamp())


def test_what_is_asked_under_one_token_is_asked_once(keys: ApiKeys) -> None:
    first = keys.ask(key(), "one", "this", NOW)
    again = keys.ask(key(), "one", "that", NOW + timedelta(hours=2))
    assert (first.again, first.at) == (False, NOW)
    assert (again.again, again.at, again.fingerprint) == (True, NOW, "this")
    assert not keys.ask(key("k2"), "one", "that", NOW).again
    assert not keys.ask(key(), "two", "that", NOW).again


def test_what_was_refused_is_asked_anew_unless_another_try_made_it(keys: ApiKeys) -> None:
    keys.ask(key(), "one", "this", NOW)
    keys.refuse(key(), "one")
    assert keys.ask(key(), "one", "that", NOW).fingerprint == "this"
    assert not keys.ask(key(), "one", "this", NOW).again
    keys.tell(key(), "one", "made")
    keys.refuse(key(), "one")
    assert keys.ask(key(), "one", "this", NOW).outcome == "made"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "wsp_",
        "wsp_a.b",
        f"wsp_a.b.{SECRET}.c",
        f"wsp_A.b.{SECRET}",
        f"wsp_a.b.{SECRET}x",
        f"a.b.{SECRET}",
    ],
)
def test_what_is_no_key_is_not_read(text: str) -> None:
    assert read(text) is None
    assert read(written("lindebieb", "k1", SECRET)) == ("lindebieb", "k1", SECRET)


def test_a_scope_covers_those_before_it() -> None:
    covered = {(mine, needed) for mine in Scope for needed in Scope if mine.covers(needed)}
    assert len(covered) == 6
    assert (Scope.WRITE, Scope.ADMIN) not in covered
