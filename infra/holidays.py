"""Public holidays as the package carries them: `chalicelib/domain/holidays/<country>.tsv`.

`python -m infra.holidays` writes them anew from the library `holidays`, which is too heavy for a Lambda
(430 modules for one country). A line is a region ("" for the whole country), the holiday's name, and its
dates; of a region only what the whole country does not have. `places.tsv` says what places are called.
`tests/domain/test_holidays.py` holds the files against the library.
"""

from collections import defaultdict
from datetime import date
from pathlib import Path

import holidays

FOLDER = Path(__file__).parent.parent / "chalicelib" / "domain" / "holidays"
YEARS = range(2025, 2046)
COUNTRIES = {
    "NL": ("Nederland", "nl"),
    "BE": ("België", "nl"),
    "LU": ("Luxembourg", "fr"),
    "DE": ("Deutschland", "de"),
    "AT": ("Österreich", "de"),
    "CH": ("Schweiz", "de"),
    "FR": ("France", "fr"),
    "GB": ("United Kingdom", "en_GB"),
    "IE": ("Ireland", "en_IE"),
    "ES": ("España", "es"),
    "IT": ("Italia", "it_IT"),
    "PT": ("Portugal", "pt_PT"),
    "US": ("United States", "en_US"),
}
"""What each calls itself, and the language its holidays are named in."""
BY_REGION = ("DE", "GB", "CH", "ES")
"""Countries in which many holidays are a region's own."""


def main() -> None:
    for name, text in files().items():
        (FOLDER / name).write_text(text, "utf-8")


def files() -> dict[str, str]:
    """By name, what each file says."""
    made = {f"{country}.tsv": _table(country) for country in COUNTRIES}
    return {**made, "places.tsv": "".join(f"{code}\t{name}\n" for code, name in _places())}


def _places() -> list[tuple[str, str]]:
    found = []
    for country, (name, _language) in COUNTRIES.items():
        found.append((country, name))
        found += [(f"{country}-{code}", f"{name}: {called}") for code, called in _regions(country).items()]
    return found


def _regions(country: str) -> dict[str, str]:
    """Their codes, by the first name of each; towns are left out."""
    if country not in BY_REGION:
        return {}
    named: dict[str, str] = {}
    for name, code in holidays.country_holidays(country).subdivisions_aliases.items():
        if code.isupper():
            named.setdefault(code, name)
    return dict(sorted(named.items(), key=lambda pair: pair[1]))


def _table(country: str) -> str:
    whole = _days(country, None)
    lines = _lines("", whole)
    for region in _regions(country):
        own = {day: name for day, name in _days(country, region).items() if day not in whole}
        lines += _lines(region, own)
    return "".join(lines)


def _days(country: str, region: str | None) -> dict[date, str]:
    language = COUNTRIES[country][1]
    found = holidays.country_holidays(country, subdiv=region, years=YEARS, language=language)
    return {day: name.split("; ")[0] for day, name in found.items() if day.year in YEARS}


def _lines(region: str, days: dict[date, str]) -> list[str]:
    by_name: dict[str, list[str]] = defaultdict(list)
    for day, name in sorted(days.items()):
        by_name[name].append(f"{day:%Y%m%d}")
    return [f"{region}\t{name}\t{' '.join(dates)}\n" for name, dates in by_name.items()]


if __name__ == "__main__":
    main()
