"""Queries and texts that have something to do with each other."""

from hypothesis import strategies as st

WORDS = (
    "bieb",
    "boete",
    "de",
    "café",
    "open",
    "dag",
    "ING",
    "ing",
    "brood",
    "zuurdesembrood",
    "Én",
    "ij_s",
    "7",
)
TAGGED = (
    "#bieb",
    "@bieb",
    "#OpenDag",
    "#open_dag",
    "📚",
    "n.v.t.",
    "R&D",
    "C++",
    "'s",
    "foto’s",
    "foto's",
    "e-m",
    "e‑m",
    "❤️",
    "bi\u00adeb",
    "Cafe\u0301",
)
STARS = ("bie*", "*brood*", "*ood", "zu*br*d", "#bi*", "op*", "de*", "*oet*")
GAPS = (
    " ",
    "  ",
    ", ",
    ". ",
    "! ",
    "-",
    " (",
    ") ",
    "\n",
    "",
    "’s ",
    "... ",
    " 📚 ",
    "#",
    "_",
    "?",
    " \u200b",
)

SAID = ("https://www.nos.nl/1", "nos.nl", "_bieb_")
"""In texts, and no part of a query."""

word = st.sampled_from(WORDS + TAGGED + SAID)
cased = st.builds(lambda said, change: change(said), word, st.sampled_from((str, str.upper, str.title)))
texts = st.lists(st.tuples(cased, st.sampled_from(GAPS)), max_size=9).map(
    lambda parts: "".join(said + gap for said, gap in parts)
)

_phrase = st.lists(st.sampled_from(WORDS + TAGGED + STARS), min_size=1, max_size=3)
term = st.one_of(
    st.sampled_from(WORDS + TAGGED + STARS),
    _phrase.map(lambda said: f'"{" ".join(said)}"'),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(lambda said: f"{{{' '.join(said)}}}"),
)
field = st.sampled_from(
    (
        "author:jan",
        "author:j*an",
        "author:*aan",
        "author:jan",
        "link:nos.nl",
        "link:nos.nl/1",
        "site:nl",
        "author:piet OR link:*",
        "lang:nl",
        "platform:feed",
        "kind:reply",
        "min_followers:10",
        "link:*",
        "site:nos.nl",
    )
)
_place = st.one_of(term, st.lists(term, min_size=2, max_size=3).map(lambda said: f"({' OR '.join(said)})"))
_mark = st.builds(lambda o, n: f"{o}NEAR/{n}", st.sampled_from(("", "O")), st.integers(0, 4))
near = st.builds(
    lambda first, more: " ".join([first, *(f"{mark} {place}" for mark, place in more)]),
    _place,
    st.lists(st.tuples(_mark, _place), min_size=1, max_size=2),
)


def _beside(by: str, each: str) -> str:
    """NOT binds more than NEAR, and has no place in it."""
    return f"({each})" if by.endswith("NOT") and "NEAR/" in each else each


def _either(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Without brackets of its own: what binds more has to show."""
    joined = st.builds(
        lambda first, more: first + "".join(f" {by} {_beside(by, each)}" for by, each in more),
        inner,
        st.lists(
            st.tuples(st.sampled_from(("AND", "OR", "AND NOT", "NOT", "")), inner), min_size=1, max_size=3
        ),
    )
    return st.one_of(joined, joined.map(lambda said: f"({said})"), inner.map(lambda said: f"NOT ({said})"))


queries = st.recursive(st.one_of(term, term, near, field), _either, max_leaves=8)
