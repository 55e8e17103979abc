"""What `ports.Opinions` promises."""

from datetime import timedelta
from threading import Lock, Thread
from typing import Any

import pytest

from chalicelib.aws.table.opinions import Opinions
from chalicelib.domain.advice import Opinion
from chalicelib.domain.verdict import Sentiment
from tests.conftest import NOW

SAID = Opinion(Sentiment.MIXED, (0.45, 0.1, 0.45), "bedrock-1")


def test_an_answer_is_kept_a_brand_and_question(opinions: Opinions) -> None:
    assert opinions.kept("lindebieb", ["a", "b"]) == {}
    opinions.keep("lindebieb", {"a": SAID}, NOW)
    assert opinions.kept("lindebieb", ["a", "b"]) == {"a": SAID}
    assert opinions.kept("elders", ["a"]) == {}


def test_a_day_has_a_budget_and_the_next_day_another(opinions: Opinions) -> None:
    assert opinions.spend("lindebieb", NOW, 3, 5) == 3
    assert opinions.spend("lindebieb", NOW, 3, 5) == 2
    assert opinions.spend("lindebieb", NOW, 1, 5) == 0
    assert opinions.spend("elders", NOW, 9, 5) == 5
    assert opinions.spend("lindebieb", NOW + timedelta(days=1), 1, 5) == 1
    assert opinions.spend("lindebieb", NOW, 0, 5) == 0
    assert opinions.spend("lindebieb", NOW, 1, 5, of="drafts") == 1, "a count of their own"


def test_a_budget_that_was_lowered_is_spent_already(opinions: Opinions) -> None:
    opinions.spend("lindebieb", NOW, 5, 5)
    assert opinions.spend("lindebieb", NOW, 2, 3) == 0


def test_workers_side_by_side_keep_to_one_budget(opinions: Opinions, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table takes one write of an item after the other, as DynamoDB does and its emulator does not."""
    granted: list[int] = []
    one_at_a_time, update = Lock(), opinions._store.update

    def queued(*given: Any, **more: Any) -> Any:
        with one_at_a_time:
            return update(*given, **more)

    monkeypatch.setattr(opinions._store, "update", queued)
    workers = [
        Thread(target=lambda: granted.append(opinions.spend("lindebieb", NOW, 4, 10))) for _ in range(6)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(granted) == 10
