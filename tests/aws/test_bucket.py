"""What `ports.Bucket` promises."""

from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError

from chalicelib.aws import backoff
from chalicelib.aws.bucket import Bucket
from chalicelib.errors import WebspinError
from tests.harness.faults import refusing
from tests.harness.hooks import hooked
from tests.harness.meter import Meter
from tests.harness.world import BUCKET_NAME, REGION, World

NAME = "reports/lindebieb/2026-10/report.html"


def test_a_file_is_put_once_and_stays_as_it_was(bucket: Bucket, aws: World) -> None:
    assert bucket.get(NAME) is None
    assert bucket.put_once(NAME, b"<h1>first\xff", "text/html")
    assert not bucket.put_once(NAME, b"second", "text/plain")
    assert bucket.get(NAME) == b"<h1>first\xff"
    assert aws.files() == {NAME: b"<h1>first\xff"}
    held = aws.client("s3").head_object(Bucket=BUCKET_NAME, Key=NAME)
    assert held["ContentType"] == "text/html"


@pytest.mark.parametrize("kept", [True, False])
def test_of_two_at_once_one_is_kept(bucket: Bucket, aws: World, pauses: list[float], kept: bool) -> None:
    """S3 refuses both for a moment: then it is looked whether the other's is there."""
    if kept:
        aws.client("s3").put_object(Bucket=BUCKET_NAME, Key=NAME, Body=b"theirs")
    with refusing("PutObject", "ConditionalRequestConflict", times=2) as seen:
        assert bucket.put_once(NAME, b"ours", "text/plain") is not kept
    assert bucket.get(NAME) == (b"theirs" if kept else b"ours")
    assert seen.times == (1 if kept else 3)


def test_r19_and_not_for_ever(bucket: Bucket, pauses: list[float]) -> None:
    with (
        refusing("PutObject", "ConditionalRequestConflict", times=99) as seen,
        pytest.raises(WebspinError, match="after several tries"),
    ):
        bucket.put_once(NAME, b"ours", "text/plain")
    assert seen.times == backoff.TRIES


def test_another_refusal_is_an_error_and_no_answer(bucket: Bucket) -> None:
    with refusing("PutObject", "AccessDenied", times=9), pytest.raises(ClientError, match="AccessDenied"):
        bucket.put_once(NAME, b"ours", "text/plain")
    with refusing("GetObject", "AccessDenied", times=9), pytest.raises(ClientError, match="AccessDenied"):
        bucket.get(NAME)


def test_names_are_listed_sorted_over_all_pages(bucket: Bucket) -> None:
    given = ["r/a/2.csv", "r/a/10.csv", "r/ab/1.csv", "r/b/1.csv"]
    for name in given:
        bucket.put_once(name, b"", "text/csv")

    def cut(params: dict[str, object], **_: object) -> dict[str, object]:
        return {**params, "MaxKeys": 1}

    with hooked(("provide-client-params.s3.ListObjectsV2", cut)), Meter() as meter:
        assert bucket.names("r/a") == ["r/a/10.csv", "r/a/2.csv", "r/ab/1.csv"]
    assert meter.calls["s3.ListObjectsV2"] == 3
    assert bucket.names("r/a/") == ["r/a/10.csv", "r/a/2.csv"]
    assert bucket.names("none/") == []


def test_a_link_opens_one_file_of_the_region_s_for_a_while(bucket: Bucket) -> None:
    link = urlsplit(bucket.link(NAME, seconds=300))
    asked = parse_qs(link.query)
    assert link.scheme == "https"
    assert link.netloc == f"{BUCKET_NAME}.s3.{REGION}.amazonaws.com"
    assert link.path == f"/{NAME}"
    assert asked["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert asked["X-Amz-Expires"] == ["300"]
    assert "response-content-disposition" not in asked
    saved = parse_qs(urlsplit(bucket.link(NAME, seconds=300, save_as="report-2026-10.html")).query)
    assert saved["response-content-disposition"] == ['attachment; filename="report-2026-10.html"']


@pytest.mark.parametrize(
    "name",
    ["", "/a", "../a", "a/../b", "a//b", "a b", "a\nb", "a%2e", "a?b", 'a"b', "é", ".hidden", "x" * 201],
)
def test_a_name_not_of_our_making_is_refused(bucket: Bucket, aws: World, name: str) -> None:
    with pytest.raises(ValueError, match="letters"):
        bucket.put_once(name, b"", "text/plain")
    with pytest.raises(ValueError, match="letters"):
        bucket.get(name)
    with pytest.raises(ValueError, match="letters"):
        bucket.link(name, seconds=1)
    with pytest.raises(ValueError, match="letters"):
        bucket.names(name)
    if name:
        with pytest.raises(ValueError, match="letters"):
            bucket.link("a", seconds=1, save_as=name)
    assert aws.files() == {}


def test_what_is_put_in_place_of_another_is_there_and_what_is_removed_is_not(bucket: Bucket) -> None:
    bucket.put_once("_images/a/p/1.png", b"first", "image/png")
    bucket.put("_images/a/p/1.png", b"second", "image/png")
    assert bucket.get("_images/a/p/1.png") == b"second"
    bucket.remove(["_images/a/p/1.png", "_images/a/p/never.png"])
    assert bucket.get("_images/a/p/1.png") is None
    assert bucket.names("_images/") == []
