"""Whatever is wrong with a source, a program and a person read it of the alert."""

from typing import get_args

from chalicelib.domain import hush
from chalicelib.stages.alert_words import WORDS
from chalicelib.web.api.alerts import Unheard

KINDS = {hush.FAILS, hush.FEW, hush.UNREAD, hush.UNASKED, hush.WAITS, hush.SILENT, hush.NOTHING, hush.OVER}
KEYS = {hush.REFUSED, *hush.ENDS.values()}
"""Of a key, which has words of its own."""


def test_every_kind_has_its_word_everywhere() -> None:
    assert set(get_args(Unheard.model_fields["state"].annotation)) == KINDS | KEYS
    for words in WORDS.values():
        assert all(kind in words and f"{kind}_since" in words for kind in KINDS)
