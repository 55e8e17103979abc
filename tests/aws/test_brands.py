"""What `ports.Brands` and `ports.Shelf` promise."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.aws.table import brands as module, keys
from chalicelib.aws.table.alerts import Alerts
from chalicelib.aws.table.audit import Audit
from chalicelib.aws.table.brands import Brands
from chalicelib.aws.table.keys import brand as brand_key
from chalicelib.aws.table.shelf import Shelf
from chalicelib.aws.table.store import Store
from chalicelib.domain.audit import line
from chalicelib.domain.brand import Brand, Channel, Department, Template, Watch
from chalicelib.domain.case import CaseKey
from chalicelib.errors import Conflict, NotFound
from tests.aws.conftest import dynamodb
from tests.conftest import NOW
from tests.harness.hooks import hooked
from tests.harness.meter import Meter
from tests.harness.world import TABLE_NAME, World

LIBRARY = Brand(
    id="lindebieb",
    name="Lindebieb",
    zone="Europe/Amsterdam",
    languages=("nl", "en"),
    departments=(Department(id="desk", name="Balie", hours={"mon": ("09:00-17:30",)}, topics=("boete*",)),),
    channels=(Channel(id="wall", platform="sandbox", name="Muur", settings={"account": "lindebieb.wall"}),),
    watches=(Watch(id="z", name="Onze naam", terms=("lindebieb",)), Watch(id="a", name="Nieuws")),
    templates=(Template(id="sorry", language="nl", when="complaint", text="Dag {author}"),),
    console_url="http://127.0.0.1:4566",
    mail_from="spider@lindebieb.example",
)


def another_process(brands: Brands) -> Brands:
    return Brands(brands._store._client, brands._store.table)


def test_gives_back_what_it_was_given(brands: Brands) -> None:
    brands.put(LIBRARY)
    assert brands.get("lindebieb") == LIBRARY
    assert another_process(brands).get("lindebieb") == LIBRARY
    with pytest.raises(NotFound, match="elders"):
        brands.get("elders")


def test_putting_it_anew_takes_away_what_is_no_longer_there(
    brands: Brands, alerts: Alerts, aws: World
) -> None:
    brands.put(LIBRARY)
    alerts.add("lindebieb", "desk", [CaseKey("lindebieb", "sandbox", "1")], NOW)
    smaller = replace(LIBRARY, watches=LIBRARY.watches[1:], channels=(), name="Bieb")
    brands.put(smaller)
    assert brands.get("lindebieb") == smaller
    alive = {item["sk"]["S"].rpartition("#")[0] for item in aws.items("B#lindebieb") if "ttl" not in item}
    assert alive == {"", "W#a", "N"}


def test_all_brands(brands: Brands) -> None:
    assert brands.all() == []
    other = replace(LIBRARY, id="elders", watches=())
    for brand in (LIBRARY, other, LIBRARY):
        brands.put(brand)
    assert another_process(brands).all() == [other, LIBRARY]


def test_is_remembered_for_a_minute(brands: Brands, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(module, "monotonic", lambda: clock[0])
    brands.put(LIBRARY)
    assert brands.get("lindebieb") == LIBRARY
    changed = replace(LIBRARY, name="Anders")
    another_process(brands).put(changed)
    clock[0] = 59.0
    assert brands.get("lindebieb") == LIBRARY
    clock[0] = 61.0
    assert brands.get("lindebieb") == changed


def test_which_brands_there_are_is_remembered_for_a_minute_but_not_that_there_are_none(
    brands: Brands, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr(module, "monotonic", lambda: clock[0])
    assert brands.all() == []
    another_process(brands).put(LIBRARY)
    assert brands.all() == [LIBRARY]
    other = replace(LIBRARY, id="elders", watches=())
    another_process(brands).put(other)
    with Meter() as meter:
        assert brands.all() == [LIBRARY]
    assert not meter.calls
    clock[0] = 61.0
    assert brands.all() == [other, LIBRARY]
    brands.put(replace(LIBRARY, id="annex"))
    assert [brand.id for brand in brands.all()] == ["annex", "elders", "lindebieb"]


def test_r19_many_watches_are_all_written(brands: Brands) -> None:
    many = replace(LIBRARY, watches=tuple(Watch(id=f"w{n}", name="w") for n in range(250)))
    brands.put(many)
    assert another_process(brands).get("lindebieb") == many
    fewer = replace(many, watches=many.watches[200:])
    brands.put(fewer)
    assert another_process(brands).get("lindebieb") == fewer


LINE = line("lindebieb", NOW, "r1", "brand.change", of="name", by="Sam", before="Lindebieb", after="Bieb")


def test_of_two_who_change_a_brand_the_second_is_refused_and_leaves_nothing(
    brands: Brands, audit: Audit
) -> None:
    brands.put(LIBRARY)
    found, rev = brands.latest("lindebieb")
    mine = replace(found, watches=(Watch(id="z", name="Mine"),))
    theirs = replace(found, name="Bieb", watches=(Watch(id="z", name="Theirs"),))
    another_process(brands).change(theirs, rev, LINE)
    with pytest.raises(Conflict):
        brands.change(mine, rev, replace(LINE, id="r2"))
    assert brands.latest("lindebieb") == (theirs, rev + 1)
    assert audit.month("lindebieb", "2026-11")[0] == [LINE]
    brands.change(mine, rev + 1)
    assert brands.latest("lindebieb") == (mine, rev + 2)


def test_a_brand_is_added_once(brands: Brands) -> None:
    brands.add(LIBRARY)
    with pytest.raises(Conflict):
        another_process(brands).add(replace(LIBRARY, name="Anders", watches=()))
    assert another_process(brands).all() == [LIBRARY]


@pytest.mark.parametrize("call", range(4))
def test_a_crash_while_a_brand_is_changed_leaves_the_old_or_the_new_one(
    brands: Brands, aws: World, call: int
) -> None:
    """Broken off before each of its writes: new parts, head, what is laid aside."""
    brands.put(LIBRARY)
    changed = replace(LIBRARY, name="Bieb", watches=(Watch(id="z", name="Naam", terms=("bieb",)),))
    was, rev = brands.latest("lindebieb")
    writes = 0

    def broken(**call_of: object) -> None:
        nonlocal writes
        writes += 1
        if writes > call:
            raise KeyboardInterrupt

    with hooked(("before-call.dynamodb.TransactWriteItems", broken)), suppress(KeyboardInterrupt):
        brands.change(changed, rev, LINE)
    stands, now_at = another_process(brands).latest("lindebieb")
    assert (stands, now_at) in ((was, rev), (changed, rev + 1))
    assert (stands == changed) is (call >= 2), "nothing counts before the head, all of it after"
    brands.put(changed)
    assert another_process(brands).get("lindebieb") == changed
    named = [item for item in aws.items("B#lindebieb") if item["sk"]["S"] != "B" and "ttl" not in item]
    assert len(named) == len(changed.watches) + len(changed.channels)


def test_a_brand_of_before_there_was_a_rev_is_read_and_changed(brands: Brands) -> None:
    brands.put(LIBRARY)
    store = brands._store
    head = store.get(brand_key("lindebieb"))
    assert head
    del head["rev"]
    store.put(head)
    other = another_process(brands)
    assert other.latest("lindebieb") == (LIBRARY, 0)
    other.change(replace(LIBRARY, name="Bieb"), 0)
    assert other.latest("lindebieb")[1] == 1
    with pytest.raises(Conflict):
        other.change(LIBRARY, 0)


def test_the_shelf_keeps_the_first_and_lists_by_name(shelf: Shelf) -> None:
    assert shelf.put("lindebieb.wall", "b", "{}")
    assert not shelf.put("lindebieb.wall", "b", "other")
    assert shelf.get("lindebieb.wall", "b") == "{}"
    shelf.replace("lindebieb.wall", "b", "new")
    shelf.replace("lindebieb.wall", "a", "")
    shelf.put("lindebieb.wall2", "c", "{}")
    assert shelf.all("lindebieb.wall") == [("a", ""), ("b", "new")]
    assert shelf.get("lindebieb.wall", "none") is None
    assert shelf.all("none.none") == []


def test_what_lies_on_the_shelf_until_a_moment_is_forgotten_then(shelf: Shelf) -> None:
    at = datetime(2026, 12, 1, tzinfo=UTC)
    assert shelf.put("chat.1", "put", "x", until=at)
    shelf.replace("chat.1", "replaced", "x", until=at)
    shelf.replace("chat.1", "for good", "x")
    items = Store(dynamodb, TABLE_NAME).query("#pk = :pk", {"pk": keys.shelf("chat.1", "")["pk"]})
    assert [(item["sk"], item.get("ttl")) for item in items] == [
        ("for good", None),
        ("put", int(at.timestamp())),
        ("replaced", int(at.timestamp())),
    ]
