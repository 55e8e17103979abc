"""The style sheet: contrast as promised, no colour outside the tokens, and small."""

import re

import pytest

from chalicelib.web import static
from chalicelib.web.static import FOLDER

SHEET = (FOLDER / "webspin.css").read_text()
BARE = re.sub(r"/\*.*?\*/", "", SHEET, flags=re.S)
ALL = BARE + re.sub(r"/\*.*?\*/", "", (FOLDER / "posts.css").read_text(), flags=re.S)
TEXT, MARK = 4.5, 3.0
CONTRAST = [
    ("ink", "ground", 15.54, 15.85, TEXT),
    ("ink", "surface", 16.72, 14.74, TEXT),
    ("ink", "sunken", 14.54, 13.32, TEXT),
    ("ink-2", "ground", 6.91, 8.79, TEXT),
    ("ink-2", "surface", 7.44, 8.17, TEXT),
    ("ink-2", "sunken", 6.47, 7.39, TEXT),
    ("accent", "ground", 6.82, 9.49, TEXT),
    ("accent", "surface", 7.34, 8.82, TEXT),
    ("accent", "accent-soft", 6.27, 7.04, TEXT),
    ("on-accent", "accent", 7.34, 8.55, TEXT),
    ("positive", "ground", 6.78, 9.16, TEXT),
    ("positive", "surface", 7.30, 8.52, TEXT),
    ("positive", "positive-soft", 6.29, 7.36, TEXT),
    ("negative", "ground", 6.45, 8.99, TEXT),
    ("negative", "surface", 6.94, 8.36, TEXT),
    ("negative", "negative-soft", 6.02, 7.21, TEXT),
    ("danger", "ground", 6.81, 8.50, TEXT),
    ("danger", "surface", 7.33, 7.91, TEXT),
    ("danger", "danger-soft", 6.26, 7.19, TEXT),
    ("on-danger", "danger", 7.33, 8.42, TEXT),
    ("warn", "ground", 7.31, 11.13, TEXT),
    ("warn", "surface", 7.87, 10.34, TEXT),
    ("warn", "warn-soft", 6.93, 8.58, TEXT),
    ("ink", "warn-soft", 14.73, 12.22, TEXT),
    ("ink", "danger-soft", 14.29, 13.39, TEXT),
    ("ink-2", "accent-soft", 6.35, 6.52, TEXT),
    ("ink-2", "warn-soft", 6.56, 6.78, TEXT),
    ("edge", "ground", 3.76, 4.65, MARK),
    ("edge", "surface", 4.04, 4.32, MARK),
    ("edge", "sunken", 3.52, 3.91, MARK),
    ("ink", "accent-soft", 14.27, 11.75, TEXT),
]
"""What is written or drawn, on what: its contrast in light and in dark, and the least that WCAG asks."""
PAIRED = re.findall(r"--([\w-]+):\s*light-dark\((#[0-9A-F]{6}), (#[0-9A-F]{6})\)", BARE)
LIGHT = {name: light for name, light, _ in PAIRED}
DARK = {name: dark for name, _, dark in PAIRED}


@pytest.mark.parametrize(("over", "under", "light", "dark", "least"), CONTRAST)
def test_what_is_written_can_be_read(over: str, under: str, light: float, dark: float, least: float) -> None:
    for theme, promised in ((LIGHT, light), (DARK, dark)):
        ratio = _contrast(theme[over], theme[under])
        assert ratio == pytest.approx(promised, abs=0.01)
        assert ratio >= least


def test_every_token_is_set_in_both_themes_and_known() -> None:
    known = set(re.findall(r"--([\w-]+):", BARE))
    assert known == LIGHT.keys() | {"font", "mono", "hair"}
    assert set(re.findall(r"var\(--([\w-]+)\)", ALL)) <= known


def test_no_colour_but_by_its_token() -> None:
    rules = re.sub(r"--[\w-]+:[^;]+;", "", ALL)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", rules)


def test_text_grows_with_the_readers_own_size() -> None:
    assert not re.findall(r"font(?:-size)?:[^;]*\dpx", ALL)


def test_what_is_served_of_the_sheet_is_small_and_asks_nothing_of_others() -> None:
    served = static.find(static.names()["webspin.css"])
    assert served
    assert len(served.body) <= 24_000
    assert "url(" not in ALL
    assert "@import" not in ALL


def test_squeezing_the_sheet_takes_only_what_no_browser_needs() -> None:
    given = (
        'a :is(b, c) > d { color: red; /* why */\n content: ". "; }\n@media (width > 9px) { p { margin: 0 } }'
    )
    kept = 'a :is(b,c)>d{color:red;content:". "}@media (width>9px){p{margin:0}}'
    assert static.squeezed(given) == kept


def _contrast(one: str, other: str) -> float:
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
