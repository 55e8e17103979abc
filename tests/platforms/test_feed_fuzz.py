"""A feed's document, whatever it is, is heard as promised or refused with a reason."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.platforms.feed_promises import held
from tests.platforms.feed_shapes import DOCUMENTS, Document


@pytest.mark.fuzz
@given(DOCUMENTS)
@settings(
    max_examples=1_500,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_whatever_a_feed_answers_is_heard_soundly_or_refused(document: Document) -> None:
    held(*document)
