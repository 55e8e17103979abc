"""A brand is written as a file and read back: the same brand, and no secret on the way."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from chalicelib.brandfile import plain, written
from chalicelib.brandfile.file import BrandFileError, read, read_apart
from chalicelib.brandfile.lines import parse
from chalicelib.brandfile.made import BrandSetup
from chalicelib.brandfile.values import DAYS, KEPT
from chalicelib.domain.knock import SIGNINGS
from infra.local.world import EXAMPLE

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
YES_NO = st.sampled_from(["yes", "no"])
NAMES = TEXTS.filter(lambda text: any(sign.isalnum() and sign.isascii() for sign in text))
TERMS = st.from_regex(r"\w[\w '-]{0,12}\*?", fullmatch=True)
MAILS = st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.example", fullmatch=True)
BLOCKS = st.sampled_from(["09:00-17:00", "07:00-12:30, 13:00-18:00", "22:00-06:00", "18:00-24:00", "closed"])
TIMES = st.lists(st.from_regex(r"([01][0-9]|2[0-3]):[0-5][0-9]", fullmatch=True), min_size=1, unique=True)
HOURS = st.dictionaries(st.sampled_from(DAYS), BLOCKS, min_size=1).filter(
    lambda days: set(days.values()) != {"closed"}
)
SLOTS = st.dictionaries(st.sampled_from(DAYS), TIMES.map(", ".join))
PLAIN = TEXTS.filter(lambda text: text.strip() and not set(text) & set("{}"))
TEMPLATES = st.fixed_dictionaries(
    {
        "when": st.sampled_from(["complaint", "question", "praise", "other"]),
        "language": st.sampled_from(["nl", "en", "fr"]),
        "text": PLAIN,
    }
)
BUDGETS = st.sampled_from(["0", "25", "12.50", "0.005", "1000000"])
GOALS = st.fixed_dictionaries({"name": TEXTS})
WITHIN = st.fixed_dictionaries({"complaint": st.integers(5, 10080), "praise": st.just(480)})
DEPARTMENTS = st.fixed_dictionaries(
    {"name": TEXTS},
    optional={
        "hours": HOURS,
        "answer_within": WITHIN,
        "topics": st.lists(TERMS, max_size=3),
        "budget": BUDGETS,
        "alert": st.fixed_dictionaries(
            {"mail": st.lists(MAILS, max_size=2)}, optional={"webhook": st.just("env:A")}
        ),
    },
)
_NARROWED = {
    "languages": st.lists(st.sampled_from(["nl", "en"]), max_size=2),
    "kind": st.sampled_from(["brand", "topic", "stakeholder", "peer"]),
    "budget": BUDGETS,
}
WATCHES = st.one_of(
    st.fixed_dictionaries(
        {"name": TEXTS, "terms": st.lists(TERMS, min_size=1, max_size=3)},
        optional={"exclude": st.lists(TERMS, max_size=2), **_NARROWED},
    ),
    st.fixed_dictionaries(
        {
            "name": TEXTS,
            "query": st.sampled_from(["deeg", '"a b" NEAR/3 (c OR de*)', "{ING} NOT lang:nl\n#x"]),
        },
        optional=_NARROWED,
    ),
)
MORE = {"interval": st.integers(1, 1440), "watched": YES_NO, "paused": YES_NO}
MASTODON = {"platform": st.just("mastodon"), "instance": st.just("https://social.example")}
SOURCES = st.one_of(
    st.fixed_dictionaries(
        {"name": TEXTS, "platform": st.just("feed"), "url": st.just("https://feeds.example/a?b=c#d")},
        optional={**MORE, "backfill": YES_NO},
    ),
    st.fixed_dictionaries(
        {"name": TEXTS, **MASTODON, "kind": st.just("mentions"), "account": st.just("deeg")}, optional=MORE
    ),
    st.fixed_dictionaries(
        {"name": TEXTS, **MASTODON, "kind": st.just("hashtag"), "tag": st.just("zuurdesem")}, optional=MORE
    ),
    st.fixed_dictionaries(
        {
            "name": TEXTS,
            "platform": st.just("bluesky"),
            "kind": st.just("search"),
            "handle": st.just("deeg.bsky.social"),
            "query": TEXTS,
        },
        optional=MORE,
    ),
    st.fixed_dictionaries(
        {"name": TEXTS, "platform": st.just("webhook")},
        optional={
            "paused": YES_NO,
            "scheme": st.sampled_from([name for name, each in SIGNINGS.items() if not each.topic]),
        },
    ),
    st.fixed_dictionaries(
        {
            "name": TEXTS,
            "platform": st.just("webhook"),
            "scheme": st.just("websub"),
            "topic": st.just("https://blog.example/feed.xml"),
        }
    ),
    st.fixed_dictionaries(
        {"name": TEXTS, "platform": st.just("sandbox"), "channel": st.just("wall")},
        optional={**MORE, "kind": st.just("paid")},
    ),
)
SNIPPETS = st.fixed_dictionaries(
    {"name": TEXTS, "language": st.just("nl"), "text": PLAIN},
    optional={"link": st.just("https://deeg.example/f.pdf"), "department": st.just("n-0")},
)
CHANNELS = st.fixed_dictionaries(
    {"name": TEXTS, **MASTODON, "account": st.just("deeg")}, optional={"slots": SLOTS}
)
WALL = {"id": "wall", "name": "Wall", "platform": "sandbox"}


def numbered(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**entry, "id": f"n-{at}"} for at, entry in enumerate(entries)]


BRANDS = st.fixed_dictionaries(
    {
        "name": NAMES,
        "id": st.just("deeg"),
        "zone": st.sampled_from(["Europe/Amsterdam", "Asia/Kolkata"]),
        "languages": st.lists(st.sampled_from(["nl", "en", "no"]), min_size=1, max_size=3),
        "story": st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
        "tone": st.sampled_from(["", "formal", "informal"]),
        "disclosure": TEXTS,
        "mail_from": MAILS,
        "report_mail": st.lists(MAILS, max_size=2),
        "goals": st.lists(GOALS, max_size=2).map(numbered),
        "departments": st.lists(DEPARTMENTS, min_size=1, max_size=2).map(numbered),
        "watches": st.lists(WATCHES, max_size=2).map(numbered),
        "sources": st.lists(SOURCES, max_size=3).map(numbered),
        "channels": st.lists(CHANNELS, max_size=2).map(lambda found: [WALL, *numbered(found)]),
        "templates": st.lists(TEMPLATES, max_size=4),
        "snippets": st.lists(SNIPPETS, max_size=2).map(numbered),
    },
    optional={"budget": BUDGETS, "warn_at": st.integers(1, 100)},
)


def plainly(value: Any) -> Any:
    """As YAML gives it: texts, lists and groups."""
    if isinstance(value, dict):
        return {name: plainly(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plainly(each) for each in value]
    return str(value)


@given(BRANDS)
@settings(max_examples=25, deadline=None)
def test_what_is_written_is_read_back_to_the_letter(document: dict[str, Any]) -> None:
    assert parse(written.text(document, above="Above\n\nall")).value == plainly(document)


@given(BRANDS)
@settings(max_examples=25, deadline=None)
def test_the_import_of_an_export_is_the_same_brand(document: dict[str, Any]) -> None:
    first = read_apart(written.text(document), now=NOW)
    text = written.text(plain.whole(first.brand, first.sources, first.secrets))

    again = read_apart(text, now=NOW)

    assert again == first


def test_the_example_survives_its_export() -> None:
    setup = read(EXAMPLE, now=NOW)
    text = written.text(plain.whole(setup.brand, setup.sources))
    assert read_apart(text, now=NOW).brand == setup.brand
    assert read_apart(text, now=NOW).sources == setup.sources
    assert "mon-fri: " in text
    assert "complaint: 60" not in text, "what goes without saying is left out"


FILE = """
name: Deeg
zone: Europe/Amsterdam
languages: nl
departments:
  - name: Balie
    alert: {webhook: "env:AWS_SECRET_ACCESS_KEY"}
channels:
  - id: toot
    name: Toot
    platform: mastodon
    instance: social.example
    account: deeg
    %s
"""


@pytest.mark.parametrize("line", ["token: env:AWS_SECRET_ACCESS_KEY", "slots: {mon: '08:30'}"])
def test_a_secret_that_is_kept_apart_is_looked_up_nowhere(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """Else who writes a file could have the machine's own keys sent to a server of theirs. One that its
    network gives to a person need not stand there."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the-lambdas-own")
    setup = read_apart(FILE % line, now=NOW)
    named = {"channel/deeg/toot": {"token": KEPT}} if "token" in line else {}
    assert setup.secrets == {**named, "alert/deeg/balie": {"url": KEPT}}


def test_a_secret_that_stands_in_the_file_is_refused_and_not_repeated() -> None:
    with pytest.raises(BrandFileError) as refused:
        read_apart(FILE % "token: fake-literal", now=NOW)
    (said,) = refused.value.faults
    assert said.startswith("line 14: channels[0].token: a secret does not belong in this file;")
    assert "fake-literal" not in said


def test_an_export_names_secrets_and_holds_none() -> None:
    setup: BrandSetup = read_apart(FILE % "token: env:X", now=NOW)
    text = written.text(
        plain.whole(setup.brand, setup.sources, ("channel/deeg/toot",)),
        comment=lambda path, value: "a secret" if str(value).startswith("env:") else "",
    )
    assert "token: env:CHANNEL_TOOT_TOKEN  # a secret" in text.replace('"', "")
    assert "webhook: env:ALERT_BALIE  # a secret" in text.replace('"', "")


def test_templates_of_our_own_are_not_written_as_the_brands() -> None:
    setup = read(EXAMPLE, now=NOW)
    brand = replace(setup.brand, templates=setup.brand.templates[:9])
    assert len(plain.own_templates(setup.brand)) <= 10
    assert plain.own_templates(brand) == brand.templates, "nine of ten: the tenth would come back"


def test_half_a_sign_cannot_stand_in_a_file() -> None:
    with pytest.raises(BrandFileError) as refused:
        read_apart('name: "a\\ud800b"\nzone: UTC\n', now=NOW)
    assert refused.value.faults == ["line 1: a sign that cannot stand in a text; write it anew"]


def test_budgets_and_who_pays_survive_an_export() -> None:
    text = """
name: Deeg
zone: Europe/Amsterdam
languages: [nl]
budget: 25
warn_at: 70
departments: [{name: Balie, budget: "12,50"}]
watches: [{name: Taart, terms: [taart], budget: 0.005}]
channels: [{name: Muur, platform: sandbox}]
sources: [{name: Zoek, platform: sandbox, kind: paid, channel: muur, watch: taart}]
"""
    setup = read_apart(text, now=NOW)
    brand, (source,) = setup.brand, setup.sources
    assert (brand.budget, brand.warn_at) == (25_000_000, 70)
    assert (brand.departments[0].budget, brand.watches[0].budget) == (12_500_000, 5_000)
    assert (source.settings, source.watch) == ({"account": "deeg.muur", "kind": "paid"}, "taart")
    again = written.text(plain.whole(brand, setup.sources))
    assert read_apart(again, now=NOW) == setup
    for line in ("budget: 25\n", "warn_at: 70\n", "budget: 12.50\n", "budget: 0.005\n", "watch: taart\n"):
        assert line in again
