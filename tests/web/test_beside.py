"""What stands beside the work is read once a minute, and for the day and brand that is asked for."""

from chalicelib.web.beside import FRESH, Reader
from tests.web.test_people import FOLLOW, morning
from tests.web.world import BRAND, World

DAY = "2026-11-23"


def test_it_is_kept_for_a_minute_and_no_longer(world: World) -> None:
    seconds = [0.0]
    reader = Reader(world.sources, world.mornings, lambda: seconds[0])  # type: ignore[arg-type]
    first = reader.of(BRAND.id, DAY)
    assert first.morning is None
    assert len(first.sources) == 5
    world.mornings.add(morning(FOLLOW))
    world.sources.kept.clear()
    seconds[0] = FRESH - 1
    assert reader.of(BRAND.id, DAY) is first
    seconds[0] = FRESH
    fresh = reader.of(BRAND.id, DAY)
    assert fresh.morning == world.mornings.get(BRAND.id, DAY)
    assert fresh.sources == []


def test_another_day_or_brand_is_read_anew(world: World) -> None:
    reader = Reader(world.sources, world.mornings, lambda: 0.0)  # type: ignore[arg-type]
    reader.of(BRAND.id, DAY)
    world.mornings.add(morning(FOLLOW))
    assert reader.of(BRAND.id, "2026-11-22").morning is None
    assert reader.of(BRAND.id, DAY).morning is not None
    assert reader.of("elders", DAY).sources == []
