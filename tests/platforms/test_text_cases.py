"""How networks count and mark a text, by their own published cases.

Those that lie here are run, and any of the same forms in the file or folder of `WEBSPIN_TEXT_CASES`.
"""

import json
import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain.thread import MOST, bare, split
from chalicelib.errors import BadInput
from chalicelib.http import Http
from chalicelib.platforms import _richtext, _weighted, names
from chalicelib.platforms._atproto import tid
from tests.platforms.peers import platform

HERE = Path(__file__).parent.parent / "data/platforms"
OWN = [HERE / "twitter_text_weighted.json", HERE / "bluesky_text.json"]


def files() -> Iterator[Path]:
    yield from OWN
    if named := os.environ.get("WEBSPIN_TEXT_CASES"):
        there = Path(named)
        yield from sorted(there.glob("*.json")) if there.is_dir() else [there]


EVERY: list[tuple[str, dict[str, Any]]] = [
    (file.name, content)
    for file in files()
    if isinstance(content := json.loads(file.read_text("utf-8")), dict)
]


def cases(*places: str) -> pytest.MarkDecorator:
    """Of all files that have such a list."""
    found = []
    for file, content in EVERY:
        here: Any = content
        for place in places:
            here = here.get(place, {}) if isinstance(here, dict) else {}
        found += [pytest.param(case, id=f"{file} {n}") for n, case in enumerate(here or ())]
    return pytest.mark.parametrize("case", found)


def weighted() -> Iterator[Any]:
    """Those of the rules that hold today: an older set has no word of emoji."""
    for file, content in EVERY:
        rules = content.get("configs", {})
        for suite in content.get("suites", ()):
            now = rules.get(suite.get("config"), {}).get("emojiParsingEnabled", not rules)
            for case in suite["cases"] if now else ():
                yield pytest.param(case, id=f"{file} {case.get('description', case['text'])[:50]}")


@pytest.mark.parametrize("case", list(weighted()))
def test_x_weighs_a_text(case: dict[str, Any]) -> None:
    """The other figures of a case tell an editor which part of a text to colour."""
    length = _weighted.length(case["text"])
    found = {
        "weightedLength": length,
        "valid": _weighted.valid(case["text"]),
        "permillage": length * 1000 // _weighted.LONGEST,
    }
    assert found == {name: case["expected"][name] for name in found}


@pytest.mark.parametrize(
    ("text", "links", "length"),
    [
        ("see example.com.", ["example.com"], 28),
        ("HTTP://A.NL?x=1!", ["HTTP://A.NL?x=1"], 24),
        (
            "(https://en.wikipedia.org/wiki/Primer_(film)).",
            ["https://en.wikipedia.org/wiki/Primer_(film)"],
            26,
        ),
        ("http://soup.nl:80/a?b=(c)&d", ["http://soup.nl:80/a?b=(c)&d"], 23),
        ("日本example.com/x日本", ["example.com/x"], 31),
        ("http://日本.com/x", ["http://日本.com/x"], 23),
        ("a.com日本b.com/y", ["a.com", "b.com/y"], 50),
        ("https://t.co/abc-def", ["https://t.co/abc"], 27),
        (f"https://t.co/{'a' * 41}", [], 54),
        ("https://xn--80akhbyknj4f.xn--p1ai/", ["https://xn--80akhbyknj4f.xn--p1ai/"], 23),
        ("https://пример.рф/а", ["https://пример.рф/а"], 23),
        ("mail a@b.nl, @foo.com #foo.com $foo.com", [], 39),
        ("http://foo.notatld/x foo.notatld -foo.com", [], 41),
        (f"http://{'a.' * 2100}nl", [], 4209),
        ("e.g. ok.Dank 1.2.3", [], 18),
        ("🇳🇱 1️⃣ ❤️ 👍🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿 👩‍❤️‍💋‍👨", [], 17),
        ("© ® ☺︎", [], 8),
    ],
)
def test_further_cases_of_x(text: str, links: list[str], length: int) -> None:
    assert [text[start:end] for start, end in _weighted.links(text)] == links
    assert _weighted.length(text) == length


@pytest.mark.parametrize(
    "text",
    [
        "日本" * 10_000,
        "a.b" * 7_000,
        "http://" * 3_000,
        "x.com/((((" * 2_000,
        "a.com/" + "(" * 20_000,
        "." * 20_000,
        "日.a.com" * 3_000,
        "á.com " * 3_000,
        "e\u0301" * 10_000,
    ],
    ids=lambda text: text[:8],
)
def test_the_longest_text_is_weighed_at_once(text: str) -> None:
    """A rule that took the square of its length would not come to an end here."""
    assert _weighted.length(text * 5) > 0


# threads -----------------------------------------------------------------------------------------------

SETTINGS = {
    "x": {"account": "brand"},
    "bluesky": {"handle": "brand.example"},
    "mastodon": {"instance": "https://social.example", "account": "brand"},
}
THREADS = {
    name: platform(name, settings, {}, Http()) for name, settings in SETTINGS.items() if name in names()
}
WORDS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Z", "C"]), min_size=1, max_size=40),
    st.sampled_from(
        ["https://soup.nl/a?b=(c)&d", "www.soup.nl", "@bram", "#soep", "👩‍👩‍👧‍👦", "🇳🇱", "e\u0301", "日本語"]
    ),
)
TEXTS = st.lists(st.tuples(WORDS, st.sampled_from([" ", "  ", ". ", "\n", "\n\n"])), min_size=1, max_size=250)


@pytest.mark.parametrize("network", THREADS)
@given(said=TEXTS, author=st.sampled_from(["", "anna"]))
def test_a_long_text_in_several_messages_loses_and_breaks_nothing(
    network: str, said: list[tuple[str, str]], author: str
) -> None:
    """Each has room, and together they are the text again, word by word: a link or an emoji stays whole."""
    text = "".join(chain.from_iterable(said)).strip()
    channel = THREADS[network]
    try:
        parts = split(text, channel.room(), lambda part: channel.length(part, author))
    except BadInput:
        longest = max(channel.length(word) for word in text.split())
        assert channel.length(text, author) > (MOST - 1) * channel.room() / 2 or longest > channel.room() / 3
        return
    assert all(channel.length(part, author) <= channel.room() for part in parts)
    plain = [bare(part, n, len(parts)) if len(parts) > 1 else part for n, part in enumerate(parts, 1)]
    assert " ".join(plain).split() == text.split()


# Bluesky -----------------------------------------------------------------------------------------------


def spans(text: str) -> list[tuple[int, int, str, str]]:
    found = []
    for facet in _richtext.facets(text, lambda handle: f"did:fake:{handle}"):
        (feature,) = facet["features"]
        kind = feature.pop("$type").removeprefix("app.bsky.richtext.facet#")
        (value,) = feature.values()
        found.append((facet["index"]["byteStart"], facet["index"]["byteEnd"], kind, value))
    return found


@cases("lengths")
def test_bluesky_counts_graphemes(case: dict[str, Any]) -> None:
    assert _richtext.length(case["text"]) == case["graphemes"]
    assert len(case["text"].encode()) == case["utf8_bytes"]


@cases("facet_detection", "cases")
def test_links_and_names_lie_where_bluesky_finds_them(case: dict[str, Any]) -> None:
    wanted = [
        (facet["byteStart"], facet["byteEnd"], facet["type"], facet.get("uri") or facet["did"])
        for facet in case["facets"]
    ]
    assert [span for span in spans(case["text"]) if span[2] != "tag"] == wanted


@cases("tag_detection", "cases")
def test_tags_lie_where_bluesky_finds_them(case: dict[str, Any]) -> None:
    wanted = [
        (span["byteStart"], span["byteEnd"], "tag", tag)
        for span, tag in zip(case["ranges"], case["tags"], strict=True)
    ]
    assert spans(case["text"]) == wanted


@cases("tid", "derived_examples")
def test_a_key_is_built_as_published(case: dict[str, Any]) -> None:
    assert tid(case["unix_microseconds"], case["clock_id"]) == case["tid"]
