"""The style sheet: contrast as promised, no colour outside the tokens, and small."""

import re

import pytest

from chalicelib.web import static
from chalicelib.web.static import FOLDER

SHEET = (FOLDER / "webspin.css").read_text()
BARE = re.sub(r"/\*.*?\*/", "", SHEET, flags=re.S)
ALL = BARE + re.sub(r"/\*.*?\*/", "", (FOLDER / "posts.css").read_text(), flags=re.S)
TEXT, MARK = 4.5, 3.0
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "ink-2") for ground in ("ground", "surface", "sunken")),
    *(
        (ink, ground, TEXT)
        for ink in ("accent", "positive", "negative", "danger", "warn")
        for ground in ("ground", "surface")
    ),
    *((ink, f"{ink}-soft", TEXT) for ink in ("accent", "positive", "negative", "danger", "warn")),
    ("on-accent", "accent", TEXT),
    ("on-danger", "danger", TEXT),
    ("ink", "warn-soft", TEXT),
    ("ink", "danger-soft", TEXT),
    ("ink", "accent-soft", TEXT),
    ("ink-2", "accent-soft", TEXT),
    ("ink-2", "warn-soft", TEXT),
    *(("edge", ground, MARK) for ground in ("ground", "surface", "sunken")),
]


PAIRED = re.findall(r"--([\w-]+):\s*light-dark\((#[0-9A-F]{6}), (#[0-9A-F]{6})\)", BARE)
LIGHT = {name: light for name, light, _ in PAIRED}
DARK = {name: dark for name, _, dark in PAIRED}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("over", "under", "least"), PAIRS)
def test_what_is_written_can_be_read(theme: dict[str, str], over: str, under: str, least: float) -> None:
    assert _contrast(theme[over], theme[under]) >= least


@pytest.mark.parametrize(
    ("theme", "over", "under", "ratio"),
    [(LIGHT, "ink", "ground", 15.54), (DARK, "accent", "surface", 8.82), (LIGHT, "edge", "sunken", 3.52)],
)
def test_contrast_is_reckoned_as_wcag_does(
    theme: dict[str, str], over: str, under: str, ratio: float
) -> None:
    assert _contrast(theme[over], theme[under]) == pytest.approx(ratio, abs=0.01)


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
