"""The world of one run: an AWS on moto, an internet, the moment it is, and the news of every round."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from unittest import mock

from bench.brand import THE_BRAND, account, feed
from bench.internet import FEED_PAGE, STATUS_PAGE, Internet, News
from chalicelib import wiring
from chalicelib.aws import clients
from chalicelib.domain.mention import native_id
from chalicelib.domain.source import SourceState, seen_mark
from tests.harness.world import TABLE_NAME, World

FEEDS, SERVERS, NEW = 200, 20, 5
FEED_ROUNDS, SERVER_ROUNDS, ROUNDS, MINUTES = 6, 5, 7, 5
"""200 x 5 x 6 + 20 x 40 x 5 = 10,000; the seventh round is empty."""


@dataclass
class Town:
    """`written` are numbered texts without end."""

    world: World
    written: Iterator[News]
    internet: Internet = field(default_factory=Internet)
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(second=0, microsecond=0))

    def connect(self) -> None:
        """All sources, as they are after they were polled before: each knows its last page."""
        began = self.now - timedelta(days=1)
        for number in range(FEEDS):
            page = list(islice(self.written, FEED_PAGE))
            self.internet.publish(number, page)
            marks = (
                seen_mark(native_id(f"https://feeds.example/{number}/?p={id}"), text) for id, text in page
            )
            state = SourceState(rev=1, seen=b"".join(marks), last_success=self.now)
            wiring.sources().put(source := feed(number, began))
            wiring.sources().set_state(source, SourceState(), state)
        for number in range(SERVERS):
            state = SourceState(rev=1, cursor="1", last_success=self.now)
            wiring.sources().put(source := account(number, began))
            wiring.sources().set_state(source, SourceState(), state)

    def publish(self, round_: int) -> None:
        if round_ < FEED_ROUNDS:
            for number in range(FEEDS):
                self.internet.publish(number, list(islice(self.written, NEW)))
        if round_ < SERVER_ROUNDS:
            for number in range(SERVERS):
                self.internet.post(number, list(islice(self.written, STATUS_PAGE)))

    def count(self, pk: str, sk: str) -> int:
        """Items whose keys begin so."""
        scan = self.world.client("dynamodb").get_paginator("scan")
        pages = scan.paginate(TableName=TABLE_NAME, ConsistentRead=True)
        keys = ((item["pk"]["S"], item["sk"]["S"]) for page in pages for item in page["Items"])
        return sum(found.startswith(pk) and sort.startswith(sk) for found, sort in keys)


@contextmanager
def town(written: Iterator[News]) -> Iterator[Town]:
    with ExitStack() as stack:
        clients.reset()
        made = Town(stack.enter_context(World()), written)
        stack.callback(clients.reset)
        made.world.client("sesv2").create_email_identity(EmailIdentity=THE_BRAND.mail_from)
        stack.enter_context(mock.patch.object(wiring, "http", return_value=made.internet))
        stack.enter_context(mock.patch.object(wiring, "now", side_effect=lambda: made.now))
        wiring.brands().put(THE_BRAND)
        wiring.sources().set_last_tick(made.now)
        yield made
