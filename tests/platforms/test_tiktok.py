"""TikTok: nobody hears or answers there by program, and its own calls are understood all the same."""

import pytest

from chalicelib.errors import BadInput
from chalicelib.http import Http
from chalicelib.platforms import answering, leaves_out, tiktok as module
from tests.platforms.peers import platform


def test_an_answer_is_a_persons_and_it_says_why() -> None:
    how = answering("tiktok")
    assert (how.how, how.why_not) == ("browser", module.WHY_NOT)
    assert leaves_out("tiktok", {}) == ()
    with pytest.raises(BadInput, match="platform: TikTok lets no program"):
        platform("tiktok", {}, {}, Http())


@pytest.mark.parametrize("event", ["video.publish.completed", "authorization.removed", "post.publish.failed"])
def test_its_own_events_tell_nothing_that_anybody_said(event: str) -> None:
    assert module.heard({}, {"event": event, "content": '{"reason": 1}'}) == ()


@pytest.mark.parametrize(
    ("call", "field"),
    [
        ({}, "event"),
        ([], "event"),
        ({"event": "comment.created"}, "event"),
        ({"event": "video.upload.failed", "content": "{"}, "content"),
        ({"event": "video.upload.failed", "content": {"a": 1}}, "content"),
    ],
)
def test_what_is_none_of_them_says_what_was_expected(call: object, field: str) -> None:
    with pytest.raises(BadInput, match=f"{field}: expected"):
        module.heard({}, call)
