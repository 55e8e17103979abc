"""A brand file becomes a brand, its sources and their secrets; a wrong one gets every fault named."""

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib import platforms
from chalicelib.brandfile.file import ROOM, BrandFileError, read
from chalicelib.brandfile.made import BrandSetup
from chalicelib.brandfile.values import DAYS, GENERATE
from chalicelib.domain.brand import Channel, Department, Goal, Watch
from chalicelib.domain.clock import week
from chalicelib.domain.source import Source
from infra.local.world import EXAMPLE, at_port

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
BRANDS = Path(__file__).parent.parent / "data" / "brands"
WRONG = sorted(BRANDS.glob("*.yaml"))
KEY = "whsec_ZmFrZS1mYWtlLWZha2UtZmFrZS1mYWtlLWZha2U="

SMALL = """
name: Bakkerij Deeg & Zoon
zone: Europe/Amsterdam
languages: nl
departments:
  - name: Balie
sources:
  - name: Blog
    platform: feed
    url: https://blog.example/feed.xml
"""


@pytest.fixture(autouse=True)
def _variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_TOKEN", "fake-token")
    monkeypatch.setenv("FAKE_HOOK", KEY)
    monkeypatch.setenv("FAKE_ALERT", "https://chat.example/hook/fake")
    monkeypatch.delenv("NOT_SET_ANYWHERE", raising=False)


def made(tmp_path: Path, text: str) -> BrandSetup:
    path = tmp_path / "brand.yaml"
    path.write_text(text, "utf-8")
    return read(path, now=NOW)


def faults(tmp_path: Path, raw: bytes) -> list[str]:
    path = tmp_path / "brand.yaml"
    path.write_bytes(raw)
    with pytest.raises(BrandFileError) as refused:
        read(path, now=NOW)
    return refused.value.faults


@pytest.mark.parametrize("path", WRONG, ids=[path.stem for path in WRONG])
def test_every_fault_is_named_with_its_line(path: Path) -> None:
    """What is expected stands at the end of each file, after `#! `."""
    rows = path.read_text("utf-8").splitlines()
    expected = [row.removeprefix("#! ") for row in rows if row.startswith("#! ")]
    every = platforms.names()
    speaking = [name for name in every if hasattr(platforms.module(name), "CHANNEL")]
    heard = [name for name in every if platforms.module(name).SOURCES]
    expected = [row.replace("{platforms}", ", ".join(heard)) for row in expected]
    expected = [row.replace("{channels}", ", ".join(speaking)) for row in expected]

    with pytest.raises(BrandFileError) as refused:
        read(path, now=NOW)

    assert refused.value.faults == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"name: Deeg\nzone: \xff\n", "line 2: not UTF-8; save the file as UTF-8"),
        (b"name: Deeg\nzone: a\x01b\n", "line 2: a sign that cannot stand in a text; write it anew"),
        (b"#" * (ROOM + 1), "line 1: the file is larger than 1 MB"),
        (b"[" * ROOM, "line 1: too many groups within groups"),
    ],
)
def test_what_is_no_text_of_reasonable_size_is_refused(tmp_path: Path, raw: bytes, expected: str) -> None:
    assert faults(tmp_path, raw) == [expected]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrandFileError, match=r"line 1: .*absent\.yaml: No such file"):
        read(tmp_path / "absent.yaml", now=NOW)


def test_a_literal_secret_is_not_repeated_in_the_fault() -> None:
    with pytest.raises(BrandFileError) as refused:
        read(BRANDS / "secrets.yaml", now=NOW)
    said = "\n".join(refused.value.faults)
    assert "fake-literal-token" not in said
    assert "fake-and-literal" not in said
    assert "ZmFrZQ" not in said


def test_a_small_file_is_enough(tmp_path: Path) -> None:
    setup = made(tmp_path, SMALL)

    brand = setup.brand
    assert (brand.id, brand.zone, brand.languages) == ("bakkerij-deeg-zoon", "Europe/Amsterdam", ("nl",))
    office: dict[str, tuple[str, ...]] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-17:00",))
    assert brand.departments == (Department(id="balie", name="Balie", hours=office),)
    assert [(t.language, t.when, t.id) for t in brand.templates] == [
        ("nl", when, f"{when}-nl") for when in ("complaint", "question", "praise", "other", "holding")
    ]
    assert setup.sources == (
        Source(
            brand=brand.id,
            id="blog",
            platform="feed",
            name="Blog",
            settings={"url": "https://blog.example/feed.xml"},
            connected_at=NOW,
        ),
    )
    assert setup.secrets == {}


def test_a_full_file_is_taken_to_the_letter(tmp_path: Path) -> None:
    setup = made(tmp_path, FULL)

    brand = setup.brand
    assert brand.id == "deeg"
    desk = brand.departments[0]
    assert desk.hours == {
        "mon": ("07:00-12:00", "13:00-18:00"),
        "tue": ("09:00-17:00",),
        "wed": ("09:00-17:00",),
        "fri": ("22:00-06:00",),
        "sat": ("10:00-24:00",),
    }
    assert any(week(desk.hours)), "the working-hours clock reads them too"
    assert (desk.complaint_within, desk.other_within, desk.praise_within) == (30, 240, 600)
    assert (desk.alert_mail, desk.alert_webhook) == (("balie@deeg.example",), True)
    assert brand.watches == (
        Watch(
            id="brood",
            name="Brood",
            terms=("deeg", "zuurdesem*"),
            exclude=("deegroller",),
            languages=("no", "nl"),
            department="balie",
        ),
    )
    assert brand.channels == (
        Channel(
            id="toot",
            platform="mastodon",
            name="Toot",
            settings={"instance": "https://social.example", "account": "deeg"},
            slots={
                "mon": ("08:30", "16:30"),
                "tue": ("08:30", "16:30"),
                "thu": ("12:00",),
                "sun": ("10:00",),
            },
        ),
        Channel(id="muur", platform="sandbox", name="Muur", settings={"account": "deeg.muur"}),
    )
    assert brand.goals == (
        Goal(id="jeugd", name="In juni staan er 400 kinderen op het feest"),
        Goal(id="meer-taart", name="Meer taart"),
    )
    assert (brand.mail_from, brand.report_mail) == ("webspin@deeg.example", ("baas@deeg.example",))
    praise = [t.text for t in brand.templates if (t.language, t.when) == ("nl", "praise")]
    assert praise == ["Dank, {author}!", "Wat leuk, {author}."]
    assert len({template.id for template in brand.templates}) == len(brand.templates) == 6


def test_each_platform_gets_its_settings(tmp_path: Path) -> None:
    sources = {source.id: source for source in made(tmp_path, FULL).sources}

    assert {id: source.settings for id, source in sources.items()} == {
        "blog": {"url": "https://blog.example/feed.xml", "backfill": "yes"},
        "ons": {"instance": "https://social.example", "kind": "mentions", "account": "deeg"},
        "tag": {"instance": "https://social.example", "kind": "hashtag", "tag": "zuurdesem"},
        "reviews": {},
        "partner": {},
        "bezoek": {"account": "deeg.muur"},
    }
    assert {id: source.interval for id, source in sources.items()} == {
        "blog": 15,
        "ons": 5,
        "tag": 5,
        "reviews": 0,
        "partner": 0,
        "bezoek": 1,
    }
    assert [id for id, source in sources.items() if not source.watched] == ["blog"]
    assert sources["ons"].channel == "toot"


def test_secrets_come_from_variables_under_the_names_that_readers_use(tmp_path: Path) -> None:
    setup = made(tmp_path, FULL)

    assert setup.secrets == {
        "channel/deeg/toot": {"token": "fake-token"},
        "source/deeg/ons": {"token": "fake-token"},
        "hook/deeg/reviews": {"scheme": "standard-webhooks", "secret": GENERATE},
        "hook/deeg/partner": {"scheme": "standard-webhooks", "secret": KEY, "secret_2": KEY},
        "alert/deeg/balie": {"url": "https://chat.example/hook/fake"},
    }
    assert "fake-token" not in repr(setup)


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ('{when: holding, language: nl, text: "Tot gauw"}', "says with {when}"),
        ('{when: praise, language: nl, text: "Dank, tot {when}"}', "for a holding reply only"),
    ],
)
def test_a_holding_reply_promises_what_the_clock_holds(tmp_path: Path, template: str, fault: str) -> None:
    with pytest.raises(BrandFileError) as refused:
        made(tmp_path, f"{SMALL}\ntemplates:\n  - {template}\n")
    assert fault in str(refused.value)


def test_the_files_a_newcomer_gets_are_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example, and the whole file that the guide shows; neither needs the network."""
    monkeypatch.setattr(socket, "socket", None)
    monkeypatch.setenv("MASTODON_TOKEN", "fake-token")
    monkeypatch.setenv("CHAT_URL", "https://chat.example/hook/fake")
    example = read(EXAMPLE, now=NOW)
    assert {source.platform for source in example.sources} == {"feed", "webhook", "sandbox"}
    assert {(t.language, t.when) for t in example.brand.templates} == {
        (language, when)
        for language in ("nl", "en")
        for when in ("complaint", "question", "praise", "other", "holding")
    }
    (wall,) = example.brand.channels
    assert {bool(wall.slots[day]) for day in DAYS} == {True}, "people have time at the weekend"
    assert wall.slots["sat"] != wall.slots["fri"]
    assert len(example.brand.goals) >= 2
    assert example.brand.report_mail
    moved = at_port(example, 9999)
    assert [s.settings["url"] for s in moved.sources if s.platform == "feed"] == [
        "http://127.0.0.1:9999/feed.xml",
        "http://127.0.0.1:9999/history-1.json",
    ]

    guide = (EXAMPLE.parents[3] / "docs" / "brand-file.md").read_text("utf-8")
    shown = guide.partition("```yaml\n# my-brand.yaml")[2].partition("```")[0]
    assert {s.platform for s in made(tmp_path, shown).sources} == {"feed", "mastodon", "webhook"}


FULL = """
name: Bakkerij Deeg
id: deeg
zone: Europe/Amsterdam
languages: [nl]
mail_from: webspin@deeg.example
report_mail: baas@deeg.example
goals:
  - {id: jeugd, name: In juni staan er 400 kinderen op het feest}
  - {name: Meer taart}
departments:
  - name: Balie
    hours:
      mon: "13:00-18:00, 07:00-12:00"
      tue-wed: "09:00-17:00"
      thu: closed
      fri: ["22:00-06:00"]
      sat: "10:00-24:00"
    answer_within: {complaint: 30, praise: 600}
    topics: [taart]
    alert: {mail: balie@deeg.example, webhook: env:FAKE_ALERT}
watches:
  - name: Brood
    terms: [deeg, zuurdesem*]
    exclude: deegroller
    languages: [no, nl]
    department: balie
sources:
  - {name: Blog, platform: feed, url: "https://blog.example/feed.xml", backfill: yes, interval: 15,
     watched: no}
  - {name: Ons, platform: mastodon, kind: mentions, instance: social.example, account: deeg,
     token: "env:FAKE_TOKEN", channel: toot}
  - {name: Tag, platform: mastodon, kind: hashtag, instance: "https://social.example/", tag: zuurdesem}
  - {name: Reviews, platform: webhook, secret: generate}
  - {name: Partner, platform: webhook, secret: "env:FAKE_HOOK", secret_2: "env:FAKE_HOOK"}
  - {name: Bezoek, platform: sandbox, channel: muur}
channels:
  - {name: Toot, platform: mastodon, instance: social.example, account: deeg, token: "env:FAKE_TOKEN",
     slots: {mon-tue: ["16:30", 08:30], thu: "12:00", fri: [], sun: "10:00"}}
  - {name: Muur, platform: sandbox}
templates:
  - {when: praise, language: nl, text: "Dank, {author}!"}
  - {when: praise, language: nl, text: "Wat leuk, {author}."}
"""
