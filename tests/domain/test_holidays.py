"""Closed days: public holidays as the library has them, what is taken out, and an organisation's own."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.brand import ClosedDays
from chalicelib.domain.holidays import FOLDER, closed, own, places, public_days
from infra import holidays


def test_the_files_are_the_librarys() -> None:
    """After an upgrade of the library: `python -m infra.holidays`."""
    made = holidays.files()
    assert {path.name for path in FOLDER.glob("*.tsv")} == made.keys()
    for name, text in made.items():
        assert (FOLDER / name).read_text("utf-8") == text, name


def test_there_are_years_ahead() -> None:
    last = max(public_days("NL")).year
    assert last - datetime.now(UTC).year >= 5, "write the tables anew with more years (infra/holidays.py)"


@pytest.mark.parametrize(
    ("place", "day", "name"),
    [
        ("NL", date(2026, 4, 27), "Koningsdag"),
        ("NL", date(2025, 4, 26), "Koningsdag"),  # the 27th is a Sunday
        ("NL", date(2026, 12, 26), "Tweede kerstdag"),
        ("BE", date(2026, 7, 21), "Nationale feestdag"),
        ("DE", date(2026, 1, 6), ""),
        ("DE-BY", date(2026, 1, 6), "Heilige Drei Könige"),
        ("DE-BY", date(2026, 10, 3), "Tag der Deutschen Einheit"),
        ("GB-SCT", date(2026, 11, 30), "Saint Andrew's Day"),
        ("GB-ENG", date(2026, 11, 30), ""),
        ("", date(2026, 12, 25), ""),
        ("XX", date(2026, 12, 25), ""),
    ],
)
def test_public_holidays_are_those_of_the_place(place: str, day: date, name: str) -> None:
    assert public_days(place).get(day, "") == name


def test_every_place_has_its_days_in_every_year() -> None:
    for place in places():
        years = {day.year for day in public_days(place)}
        assert years == set(range(2025, 2046)), place


def test_what_is_closed() -> None:
    found = closed(
        ClosedDays(
            holidays="NL",
            open_on=("Goede vrijdag",),
            days=("2026-12-24 Kerstavond", "2026-12-29/2027-01-02 Kerstvakantie", "2026-11-11"),
        )
    )
    assert date(2026, 4, 3) not in found
    assert found[date(2026, 4, 6)] == "Tweede paasdag"
    assert found[date(2026, 12, 24)] == "Kerstavond"
    assert [found.get(date(2027, 1, day), "-") for day in (1, 2, 3)] == [
        "Kerstvakantie",
        "Kerstvakantie",
        "-",
    ]
    assert found[date(2026, 11, 11)] == ""


@pytest.mark.parametrize(
    "line",
    [
        "24 december",
        "2026-13-01 x",
        "2026-12-24/2026-12-23 terug",
        "2026-12-24/2028-01-01 lang",
        "2026-12-24,x",
        "",
        "２０２６-12-24 x",
    ],
)
def test_what_is_no_day_is_refused_with_what_was_expected(line: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        own(line)
