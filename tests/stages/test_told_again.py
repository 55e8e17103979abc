"""What a source tells twice, out of turn, or takes back: what was told of the latest moment stands."""

import json
from datetime import timedelta
from typing import Any

from tests.stages.test_follow import MILDER, complained, kept
from tests.stages.town import COMPLAINT, Town, signed

WORSE = f"{COMPLAINT} Nu al vier dagen, en niemand neemt op."


def call(town: Town, kind: str, text: str, ago: float = 0) -> tuple[bytes, dict[str, str]]:
    """A signed call that tells of a moment so many seconds back."""
    data: dict[str, Any] = {"id": "r-1"}
    if kind != "mention.deleted":
        data |= {"text": text, "author": {"handle": "kees"}}
    at = town.now - timedelta(seconds=ago)
    body = json.dumps({"type": kind, "timestamp": at.isoformat(), "data": data}).encode()
    return body, signed(body, town.now, f"msg_{kind}_{ago}")


def tell(town: Town, told: tuple[bytes, dict[str, str]]) -> None:
    assert town.call(told[0], headers=told[1])["statusCode"] == 202
    town.drain(duplicate=True)


def test_s3_an_older_edit_told_again_changes_nothing(town: Town) -> None:
    complained(town)
    town.wait(minutes=1)
    first = call(town, "mention.updated", WORSE)
    tell(town, first)
    town.wait(seconds=30)
    tell(town, call(town, "mention.updated", MILDER))
    tell(town, first)
    assert kept()[0].text == town.case().said == MILDER


def test_s3_nor_where_both_tell_of_one_moment(town: Town) -> None:
    complained(town)
    first, second = call(town, "mention.updated", WORSE), call(town, "mention.updated", MILDER)
    tell(town, first)
    tell(town, second)
    tell(town, first)
    assert kept()[0].text == MILDER


def test_what_comes_out_of_turn_is_passed_over(town: Town) -> None:
    town.wait(minutes=5)
    tell(town, call(town, "mention.updated", MILDER))  # who tells of an edit first tells of the message
    tell(town, call(town, "mention.updated", WORSE, ago=120))
    assert kept()[0].text == MILDER
    tell(town, call(town, "mention.deleted", "", ago=60))
    assert kept()[0].text == MILDER
    tell(town, call(town, "mention.deleted", ""))
    assert kept()[0].gone


def test_its_author_may_go_back_to_what_stood_there(town: Town) -> None:
    complained(town)
    for text in (WORSE, MILDER, WORSE):
        town.wait(seconds=1)
        tell(town, call(town, "mention.updated", text))
    assert kept()[0].text == WORSE
