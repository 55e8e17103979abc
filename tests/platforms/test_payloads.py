"""Recorded payloads become the right mentions; also those of a folder in `WEBSPIN_PAYLOADS`."""

import re
from pathlib import Path

import pytest

from chalicelib.domain.mention import MentionKey
from tests.platforms.payloads import expected, files, plainly, reader

MARKUP = re.compile(
    r"</?(?:p|a|b|i|br|em|div|span|strong|img)\b[^>]*>|&(?:amp|lt|gt|quot|#\d+);", re.IGNORECASE
)


@pytest.mark.parametrize("file", files(), ids=lambda file: file.name)
def test_a_payload_becomes_the_messages_it_holds(file: Path) -> None:
    read = reader(file.name)
    assert read is not None, "nobody reads this"
    found = read(file.read_bytes())
    for each in found:
        MentionKey("brand", each.platform or "webhook", each.id)
        if each.gone:
            assert not each.text
            continue
        assert each.author.id, plainly(each)
        assert each.author.handle, plainly(each)
        assert each.text.strip(), plainly(each)
        assert not MARKUP.search(each.text), plainly(each)
        assert each.posted_at is None or each.posted_at.tzinfo
        assert not each.url or each.url.startswith(("https://", "http://")), plainly(each)
    told = expected(file)
    if told is not None:
        said = [plainly(each) for each in found]
        assert [
            {name: each.get(name) for name in wanted} for each, wanted in zip(said, told, strict=True)
        ] == told
