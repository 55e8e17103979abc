"""What `ports.Brakes` promises; that nothing passes it is in test_deliveries.py."""

from datetime import timedelta

from chalicelib.aws.table.brakes import Brakes
from chalicelib.ports import Brake
from tests.conftest import NOW

MINUTE = timedelta(minutes=1)


def test_is_off_until_it_is_pulled_and_after_it_was_lifted(brakes: Brakes) -> None:
    assert brakes.get("lindebieb") is None
    brake = brakes.pull("lindebieb", "Fatma", NOW)
    assert brake == brakes.get("lindebieb") == Brake(NOW, "Fatma")
    assert brakes.get("elders") is None
    assert brakes.lift("lindebieb", brake, "Noor", NOW)
    assert brakes.get("lindebieb") is None
    assert not brakes.lift("lindebieb", brake, "Noor", NOW)
    assert brakes.pull("lindebieb", "Noor", NOW + MINUTE) == Brake(NOW + MINUTE, "Noor")


def test_a_second_pull_leaves_the_first(brakes: Brakes) -> None:
    first = brakes.pull("lindebieb", "Fatma", NOW)
    assert brakes.pull("lindebieb", "Noor", NOW + MINUTE) == first
    assert brakes.get("lindebieb") == first


def test_what_was_pulled_anew_is_not_lifted_by_who_saw_the_first(brakes: Brakes) -> None:
    first = brakes.pull("lindebieb", "Fatma", NOW)
    brakes.lift("lindebieb", first, "Noor", NOW)
    second = brakes.pull("lindebieb", "Noor", NOW + MINUTE)
    assert not brakes.lift("lindebieb", first, "Noor", NOW)
    assert brakes.get("lindebieb") == second


def test_the_moment_answered_is_the_moment_kept(brakes: Brakes) -> None:
    """To the millisecond, so that what is released under it goes."""
    brake = brakes.pull("lindebieb", "Fatma", NOW + timedelta(microseconds=123_456))
    assert brake == brakes.get("lindebieb")
    assert brakes.lift("lindebieb", brake, "Noor", NOW)
