"""An account of ours is known by its name, however that is written."""

import pytest

from chalicelib.domain.brand import Channel


@pytest.mark.parametrize("setting", ["account", "handle"])
@pytest.mark.parametrize("own", ["bakery", "@Bakery", " @bakery ", "BAKERY"])
@pytest.mark.parametrize("handle", ["bakery", "@bakery", "Bakery"])
def test_our_own_name_is_ours_with_and_without_its_sign(setting: str, own: str, handle: str) -> None:
    channel = Channel(id="c", platform="threads", name="C", settings={setting: own})
    assert channel.is_us("threads", handle)
    assert not channel.is_us("instagram", handle)
    assert not channel.is_us("threads", "bakery2")


@pytest.mark.parametrize("own", ["", "@"])
def test_where_no_name_is_given_nobody_is_us(own: str) -> None:
    channel = Channel(id="c", platform="threads", name="C", settings={"account": own})
    assert not channel.is_us("threads", "")
    assert not channel.is_us("threads", "@")
