"""What the program reads from its environment."""

import pytest

from chalicelib.config import settings
from chalicelib.tasks import QUEUES
from tests.harness.world import BUCKET_NAME, TABLE_NAME, environment, queue_url


def test_reads_every_setting() -> None:
    found = settings()
    assert (found.stage, found.table_name, found.bucket_name) == ("test", TABLE_NAME, BUCKET_NAME)
    assert found.queue_urls == {name: queue_url(name) for name in QUEUES}
    assert found.dead_urls == {name: queue_url(f"{name}-dead") for name in QUEUES}
    assert found.http_allow == frozenset()


def test_names_all_that_is_missing_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = [name for name in environment() if not name.startswith("AWS_")]
    for name in ours:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BUCKET_NAME", "")
    with pytest.raises(KeyError) as told:
        settings()
    assert all(name in str(told.value) for name in ours)


def test_what_the_guard_lets_through_are_exact_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_ALLOW", "127.0.0.1:4570,localhost:4571")
    assert settings().http_allow == {("127.0.0.1", 4570), ("localhost", 4571)}
