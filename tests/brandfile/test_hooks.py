"""Sources that call us, in a brand file: who calls, whose secret it is, and what is made for them once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib import wiring
from chalicelib.brandfile.file import BrandFileError, read
from chalicelib.brandfile.load import load
from chalicelib.brandfile.values import GENERATE
from chalicelib.domain.knock import SIGNINGS, fits, slots

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
FILE = """
name: Bakkerij Deeg
id: deeg
zone: Europe/Amsterdam
languages: nl
departments:
  - name: Balie
sources:
  - {name: Beller, platform: webhook, %s}
"""
TOPIC = ', topic: "https://blog.example/feed.xml"'
FIRST, SECOND = slots("deeg", "beller")
OURS = [scheme for scheme, signing in SIGNINGS.items() if signing.ours]
THEIRS = {
    "meta": "0123456789abcdef0123456789abcdef",
    "discord": "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "sns": "arn:aws:sns:eu-west-1:123456789012:mentions",
}


def loaded(folder: Path, line: str) -> None:
    path = folder / "brand.yaml"
    path.write_text(FILE % line, "utf-8")
    load(
        read(path, now=NOW),
        brands=wiring.brands(),
        sources=wiring.sources(),
        secrets=wiring.secrets(),
        tasks=wiring.tasks(),
    )


def kept(slot: str = FIRST) -> dict[str, str]:
    return dict(wiring.secrets().get(slot, fresh=True))


def faults(folder: Path, line: str) -> str:
    path = folder / "brand.yaml"
    path.write_text(FILE % line, "utf-8")
    with pytest.raises(BrandFileError) as refused:
        read(path, now=NOW)
    return " ".join(refused.value.faults)


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("scheme", OURS)
def test_a_secret_of_ours_is_made_once_and_is_good(tmp_path: Path, scheme: str) -> None:
    line = f"scheme: {scheme}, secret: generate{TOPIC if SIGNINGS[scheme].topic else ''}"
    loaded(tmp_path, line)
    made = kept()
    assert fits(scheme, made["secret"])
    assert made["secret"] != GENERATE
    assert bool(made.get("word")) == SIGNINGS[scheme].word
    assert made.get("topic", "") == ("https://blog.example/feed.xml" if SIGNINGS[scheme].topic else "")
    loaded(tmp_path, line)
    assert kept() == made


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("scheme", THEIRS)
def test_a_secret_of_a_network_comes_from_a_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("FAKE_SECRET", THEIRS[scheme])
    loaded(tmp_path, f'scheme: {scheme}, secret: "env:FAKE_SECRET"')
    first = kept()
    assert (first["scheme"], first["secret"]) == (scheme, THEIRS[scheme])
    loaded(tmp_path, f'scheme: {scheme}, secret: "env:FAKE_SECRET"')
    assert kept() == first, "its word too"


@pytest.mark.usefixtures("aws")
def test_what_was_renewed_in_the_console_is_not_made_again(tmp_path: Path) -> None:
    loaded(tmp_path, "secret: generate")
    wiring.secrets().put(SECOND, {"scheme": "standard-webhooks", "secret": "whsec_x"})
    wiring.secrets().remove(FIRST)
    loaded(tmp_path, "secret: generate")
    assert (kept(), kept(SECOND)["secret"]) == ({}, "whsec_x")


@pytest.mark.usefixtures("aws")
def test_who_signs_otherwise_gets_another_secret(tmp_path: Path) -> None:
    loaded(tmp_path, "secret: generate")
    before = kept()["secret"]
    loaded(tmp_path, "scheme: github, secret: generate")
    assert kept()["scheme"] == "github"
    assert kept()["secret"] != before


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("scheme: meta, secret: generate", "its network shows this secret"),
        ("scheme: metta, secret: generate", "expected one of standard-webhooks, github, meta"),
        (
            'scheme: discord, secret: "env:FAKE_SECRET"',
            "does not hold what such a secret looks like",
        ),
        ('secret: "env:FAKE_SECRET"', "whsec_ and 24 to 64 bytes"),
        ("scheme: websub, secret: generate", "needs the address of the feed"),
        (f"scheme: github, secret: generate{TOPIC}", "only a source of the scheme websub"),
        ("scheme: websub, secret: generate, topic: nowhere", "topic"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, said: str) -> None:
    monkeypatch.setenv("FAKE_SECRET", "not one of these")
    assert said in faults(tmp_path, line)
