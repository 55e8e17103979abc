"""A town that listens and answers on one network of `tests/servers/`: a source and a channel of one name."""

from typing import Protocol

import pytest

from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case
from chalicelib.stages import answer
from tests.stages.town import BRAND, Town


class Place(Protocol):
    """Where a server is."""

    @property
    def host(self) -> str: ...

    @property
    def port(self) -> int: ...


def connect(
    town: Town,
    brand: Brand,
    name: str,
    server: Place,
    secrets: dict[str, str],
    about: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> Town:
    """`about` is what the source is set to; `brand` has a channel of this `name`."""
    monkeypatch.setenv("HTTP_ALLOW", f"{server.host}:{server.port},{town.feeds.host}:{town.feeds.port}")
    settings.cache_clear()
    wiring.brands().put(brand)
    for kind in ("source", "channel"):
        wiring.secrets().put(f"{kind}/{BRAND}/{name}", secrets)
    channel = brand.channel(name)
    assert channel
    town.source(name, channel.platform, about, interval=1, channel=name)
    return town


def heard(town: Town) -> Case:
    """The one case, once it is there."""
    town.until(lambda: len(town.cases()) == 1, 3)
    return town.case()


def approve(town: Town, brand: Brand, name: str, text: str) -> None:
    case = town.case()
    answer.approve(
        case.key,
        case.rev,
        text,
        "Noor",
        brand=brand,
        cases=wiring.cases(),
        tasks=wiring.tasks(),
        counts=wiring.channel_platform(brand, name),
        now=town.now,
    )
