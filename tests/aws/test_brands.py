"""What `ports.Brands` and `ports.Shelf` promise."""

from dataclasses import replace

import pytest

from chalicelib.aws.table import brands as module
from chalicelib.aws.table.alerts import Alerts
from chalicelib.aws.table.brands import Brands
from chalicelib.aws.table.shelf import Shelf
from chalicelib.domain.brand import Brand, Channel, Department, Template, Watch
from chalicelib.domain.case import CaseKey
from chalicelib.errors import NotFound
from tests.conftest import NOW
from tests.harness.faults import half_done
from tests.harness.meter import Meter
from tests.harness.world import World

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
    assert {item["sk"]["S"] for item in aws.items("B#lindebieb")} == {"B", "W#a", "N#desk"}


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


def test_r19_many_watches_are_all_written(brands: Brands, pauses: list[float]) -> None:
    many = replace(LIBRARY, watches=tuple(Watch(id=f"w{n}", name="w") for n in range(60)))
    with half_done("BatchWriteItem", times=3):
        brands.put(many)
    assert another_process(brands).get("lindebieb") == many
    assert len(pauses) == 3


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
