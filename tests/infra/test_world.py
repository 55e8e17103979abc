"""The example world: everything in it is told once, at its time, whatever is restarted, and signed."""

import hmac
import json
import sys
import threading
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from signal import SIGTERM
from socket import socket
from subprocess import PIPE, Popen, run
from time import sleep
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import feedparser
import pytest

from chalicelib.brandfile.file import read
from chalicelib.platforms import connect
from chalicelib.ports import Answer, Hears, Kit
from infra.local.world import EXAMPLE, HOME
from infra.local.world.reviewer import Reviewer, body, post
from infra.local.world.server import World
from infra.local.world.times import ZONE, Calendar, history, last_month, lines, past_days, reviews, square

NOW = datetime(2026, 11, 22, 9, 12, 30, tzinfo=UTC)
SECRET = "whsec_ZmFrZS1mYWtlLWZha2UtZmFrZS1mYWtlLWZha2U="


class Clock:
    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@contextmanager
def running(folder: Path, clock: Clock) -> Iterator[World]:
    world = World(0, Calendar(folder, clock()), clock)
    thread = threading.Thread(target=world.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield world
    finally:
        world.shutdown()
        world.server_close()
        thread.join()


@pytest.fixture
def world(tmp_path: Path, clock: Clock) -> Iterator[World]:
    with running(tmp_path, clock) as world:
        yield world


def got(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urlopen(request, timeout=5) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def month(url: str) -> list[Any]:
    """Every item of the guest book, page by page."""
    found: list[Any] = []
    page = f"{url}/history-1.json"
    while page:
        feed = json.loads(got(page)[2])
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert len(feed["items"]) <= 50
        found += feed["items"]
        page = feed.get("next_url", "")
    return found


# content -----------------------------------------------------------------------------------------


def test_the_content_says_that_it_is_invented() -> None:
    for path in HOME.glob("*.tsv"):
        head = path.read_text("utf-8")[:600]
        assert "invented" in head, path.name
        assert "CC0" in head, path.name


@pytest.mark.parametrize(("name", "least"), [("history.tsv", 300), ("square.tsv", 40), ("reviews.tsv", 25)])
def test_nobody_says_what_was_said_before(name: str, least: int) -> None:
    said = lines(name)
    assert len(said) >= least
    assert len({line.text.casefold() for line in said}) == len(said)
    assert {line.kind for line in said} == {"complaint", "praise", "question", "other"}
    languages = Counter(line.language for line in said)
    assert set(languages) == {"nl", "en"}
    assert min(languages.values()) >= len(said) / 6


def test_no_two_files_share_a_text() -> None:
    texts = [line.text for name in ("history.tsv", "square.tsv", "reviews.tsv") for line in lines(name)]
    assert len(set(texts)) == len(texts)


# the feeds ---------------------------------------------------------------------------------------


def test_the_square_is_a_valid_feed_that_grows(world: World, clock: Clock) -> None:
    clock.passes(seconds=3)
    first = feedparser.parse(got(f"{world.url}/feed.xml")[2])
    clock.passes(minutes=6)
    later = feedparser.parse(got(f"{world.url}/feed.xml")[2])

    assert not first.bozo
    assert len(first.entries) == 3
    assert len(later.entries) == 6
    ids = [entry.id for entry in later.entries]
    assert set(ids) > {entry.id for entry in first.entries}
    assert len(set(ids)) == 6
    assert all(entry.author and entry.published_parsed and entry.summary for entry in later.entries)


def test_an_unchanged_feed_is_not_sent_again(world: World, clock: Clock) -> None:
    clock.passes(seconds=3)
    for path in ("/feed.xml", "/history-1.json"):
        status, headers, _ = got(world.url + path)
        assert status == 200
        assert got(world.url + path, If_None_Match=headers["ETag"])[::2] == (304, b"")
    etag = got(f"{world.url}/feed.xml")[1]["ETag"]
    clock.passes(minutes=3)
    assert got(f"{world.url}/feed.xml", If_None_Match=etag)[0] == 200


def test_only_what_is_there_is_served(world: World) -> None:
    assert got(f"{world.url}/health")[::2] == (200, b"ok\n")
    for path in ("/", "/history-0.json", "/history-99.json", "/../example.yaml", "/history.tsv"):
        assert got(world.url + path)[0] == 404
    assert world.server_address[0] == "127.0.0.1"


def test_the_days_before_have_a_rhythm_and_one_bad_morning(world: World, clock: Clock) -> None:
    items = month(world.url)

    assert len({item["content_text"] for item in items}) == len({item["id"] for item in items}) == len(items)
    moments = [datetime.fromisoformat(item["date_published"]) for item in items]
    assert moments == sorted(moments, reverse=True)
    assert moments[0] < clock() - timedelta(hours=2)
    days = Counter(moment.astimezone(ZONE).date() for moment in moments)
    worst, count = days.most_common(1)[0]
    assert worst == date(2026, 10, 20), "a Tuesday of last month, so that its report tells of it"
    weekends = [n for day, n in days.items() if day.weekday() >= 5]
    weekdays = [n for day, n in days.items() if day.weekday() < 5 and day != worst]
    assert sum(weekends) / len(weekends) > 1.3 * sum(weekdays) / len(weekdays)
    assert count > 2 * sum(weekdays) / len(weekdays)
    assert {moment.astimezone(ZONE).hour for moment in moments} <= set(range(7, 22))


@pytest.mark.parametrize(
    ("start", "first", "number"),
    [
        ("2026-11-22", date(2026, 10, 1), 31 + 21),
        ("2026-12-01", date(2026, 11, 1), 30),
        ("2027-01-31", date(2026, 12, 1), 31 + 30),
        ("2028-03-01", date(2028, 2, 1), 29),
    ],
)
def test_the_guest_book_fills_last_month_and_the_days_since(
    tmp_path: Path, start: str, first: date, number: int
) -> None:
    calendar = Calendar(tmp_path, datetime.fromisoformat(f"{start}T09:12:00+01:00"))
    written = {said.at.astimezone(ZONE).date() for said in history(calendar)}

    assert written == {first + timedelta(days=day) for day in range(number)} == set(past_days(calendar))
    assert {day.strftime("%Y-%m") for day in last_month(calendar)} == {f"{first:%Y-%m}"}


def test_our_own_reader_takes_the_whole_month(world: World) -> None:
    """The platform module backfills page by page, and hears each message once."""

    class Direct:
        def request(self, method: str, url: str, **_: Any) -> Answer:
            status, headers, content = got(url)
            return Answer(status, {name.lower(): value for name, value in headers.items()}, content, url)

    settings = {"url": f"{world.url}/history-1.json", "backfill": "yes"}
    reader = connect("feed", settings, {}, Kit(http=Direct(), shelf=None))  # type: ignore[arg-type]
    cursor, heard, more = "", [], True
    while more:
        page = reader.listen(cursor)
        cursor, more = page.cursor, page.more
        heard += page.found

    written = {line.text: line for line in lines("history.tsv")}
    assert {found.text for found in heard} == set(written)
    assert len({found.id for found in heard}) == len(heard) == len(written)
    assert all(found.author.handle == written[found.text].author for found in heard)


# restarts ----------------------------------------------------------------------------------------


def test_a_restart_tells_nothing_twice(tmp_path: Path, clock: Clock) -> None:
    clock.passes(seconds=20)
    with running(tmp_path, clock) as world:
        clock.passes(minutes=9)
        before = (month(world.url), got(f"{world.url}/feed.xml")[2])
    clock.passes(seconds=30)
    with running(tmp_path, clock) as world:
        assert (month(world.url), got(f"{world.url}/feed.xml")[2]) == before


def test_a_lost_folder_on_the_same_day_keeps_the_ids(tmp_path: Path, clock: Clock) -> None:
    def ids(folder: Path) -> tuple[set[str], list[str]]:
        calendar = Calendar(folder, clock())
        later = clock() + timedelta(hours=8)
        return {s.id for s in history(calendar)}, [s.id for s in reviews().said(calendar, later)]

    first = ids(tmp_path / "a")
    clock.passes(hours=2)
    assert ids(tmp_path / "b") == first


@pytest.mark.parametrize("stream", [square(), reviews()], ids=["square", "reviews"])
def test_each_day_brings_new_lines_with_new_ids(tmp_path: Path, clock: Clock, stream: Any) -> None:
    calendar = Calendar(tmp_path, clock())
    clock.passes(hours=10)
    today = stream.said(calendar, clock())
    clock.passes(hours=10)  # 05:12 in Amsterdam: the world ran on, and its day has not begun
    assert stream.said(calendar, clock()) == today
    clock.passes(hours=4)

    both = stream.said(calendar, clock())

    assert both[: len(today)] == today
    new = both[len(today) :]
    assert new
    assert not {said.id for said in today} & {said.id for said in new}
    assert new[0].line not in [said.line for said in today]
    assert min(said.at for said in new).astimezone(ZONE).hour == 8
    assert [said.at for said in both] == sorted(said.at for said in both)


def test_all_that_is_told_was_posted_after_the_start_and_before_now(tmp_path: Path, clock: Clock) -> None:
    """What is posted before its source was connected would be history, and open no case."""
    start = read(EXAMPLE, now=clock()).sources[0].connected_at
    calendar = Calendar(tmp_path, clock())
    clock.passes(minutes=30)
    said = [*square().said(calendar, clock()), *reviews().said(calendar, clock())]
    assert len(said) > 15
    assert all(start <= one.at <= clock() for one in said)


# the reviewer ------------------------------------------------------------------------------------


class Door(ThreadingHTTPServer):
    """A webhook that keeps its calls; `answers` are the statuses it gives first."""

    daemon_threads = True

    def __init__(self, answers: list[int]) -> None:
        super().__init__(("127.0.0.1", 0), _Taken)
        self.answers = answers
        self.calls: list[tuple[str, dict[str, str], bytes]] = []
        self.url = f"http://fake.lambda-url.eu-west-1.localhost:{self.server_address[1]}/wiekeling/reviews"


class _Taken(BaseHTTPRequestHandler):
    server: Door

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.calls.append((self.path, headers, content))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def door(*answers: int) -> Iterator[Door]:
    with Door(list(answers)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def reviewer(url: str, folder: Path, clock: Clock, secret: str = SECRET) -> Reviewer:
    return Reviewer(url, lambda: secret, reviews(), Calendar(folder, clock()), clock)


def test_three_reviews_come_within_twenty_seconds_and_their_signatures_verify(
    tmp_path: Path, clock: Clock
) -> None:
    with door() as server:
        writer = reviewer(server.url, tmp_path, clock)
        for _ in range(20):
            clock.passes(seconds=1)
            writer.step()

    assert len(server.calls) == 3
    for path, headers, content in server.calls:
        assert path == "/wiekeling/reviews"
        assert headers["host"].startswith("fake.lambda-url.eu-west-1.localhost:")
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + content
        mac = hmac.new(b64decode(SECRET.removeprefix("whsec_")), signed, "sha256").digest()
        assert headers["webhook-signature"] == f"v1,{b64encode(mac).decode()}"
        assert abs(int(headers["webhook-timestamp"]) - clock().timestamp()) < 30
    assert len({headers["webhook-id"] for _, headers, _ in server.calls}) == 3


def test_our_own_reader_understands_every_review(tmp_path: Path, clock: Clock) -> None:
    platform: Hears = connect("webhook", {}, {}, Kit(http=None, shelf=None))  # type: ignore[arg-type]
    calendar = Calendar(tmp_path, clock())
    clock.passes(hours=12)
    said = reviews().said(calendar, clock())

    heard = [found for review in said for found in platform.hear({}, body(review))]

    assert [(f.text, f.posted_at, f.author.handle, f.direct) for f in heard] == [
        (s.line.text, s.at, s.line.author, True) for s in said
    ]


def test_a_review_that_was_not_taken_is_sent_again_as_the_same(tmp_path: Path, clock: Clock) -> None:
    with door(500, 429) as server:
        writer = reviewer(server.url, tmp_path, clock)
        clock.passes(seconds=3)
        for _ in range(3):
            writer.step()
            clock.passes(seconds=1)

        tries = [(headers["webhook-id"], content) for _, headers, content in server.calls]
        assert len(tries) == 3
        assert len(set(tries)) == 1, "same id and body on every try"
        stamps = [headers["webhook-timestamp"] for _, headers, _ in server.calls]
        assert len(set(stamps)) == 3, "each try is signed anew"
        writer.step()
        assert len(server.calls) == 3, "what was taken is not sent again"


def test_a_restart_sends_the_day_again_under_the_same_ids(tmp_path: Path, clock: Clock) -> None:
    with door() as server:
        first = reviewer(server.url, tmp_path, clock)
        clock.passes(seconds=20)
        first.step()
        reviewer(server.url, tmp_path, clock).step()

    sent = [(headers["webhook-id"], content) for _, headers, content in server.calls]
    assert sent[:3] == sent[3:]


def test_an_address_that_does_not_answer_yet_is_waited_for(tmp_path: Path, clock: Clock) -> None:
    with socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        writer = reviewer(f"http://127.0.0.1:{nobody.getsockname()[1]}/x/y", tmp_path, clock)
        clock.passes(seconds=20)
        rests = []
        for _ in range(7):
            writer.step()
            rests.append(writer.rest)

    assert writer.trouble.startswith("ConnectionRefusedError")
    assert rests == [2, 4, 8, 16, 30, 30, 30]


@pytest.mark.parametrize("trouble", [FileNotFoundError("secret"), ValueError("no UTF-8")])
def test_a_secret_that_is_not_there_yet_is_waited_for(
    tmp_path: Path, clock: Clock, trouble: Exception
) -> None:
    answers: list[Exception | str] = [trouble, SECRET]

    def secret() -> str:
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    with door() as server:
        writer = Reviewer(server.url, secret, reviews(), Calendar(tmp_path, clock()), clock)
        clock.passes(seconds=3)
        writer.step()
        assert (writer.trouble[:5], server.calls) == (type(trouble).__name__[:5], [])
        writer.step()
        assert writer.trouble == ""
        assert len(server.calls) == 1


def test_it_runs_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n")
    with door() as server:
        command = [sys.executable, "-m", "infra.local.world", "--port", str(port)]
        command += ["--function-url", server.url.removesuffix("wiekeling/reviews")]
        command += ["--secret-file", str(secret), "--state", str(tmp_path / "state")]
        with Popen(command, cwd=HOME.parents[2], stderr=PIPE) as process:
            try:
                until(lambda: is_up(f"http://127.0.0.1:{port}/health"))
                until(lambda: bool(server.calls))
                second = run(command, cwd=HOME.parents[2], stderr=PIPE, check=False, timeout=20)
            finally:
                process.send_signal(SIGTERM)
            assert process.wait(10) == 0
    assert server.calls[0][0] == "/wiekeling/reviews"
    assert second.returncode == 1
    assert second.stderr.decode() == f"port {port}: Address already in use; give another with --port\n"


def is_up(url: str) -> bool:
    try:
        return got(url)[0] == 200
    except OSError:
        return False


def until(true: Callable[[], bool]) -> None:
    """Wait for what another process does, up to 15 seconds."""
    for _ in range(300):
        if true():
            return
        sleep(0.05)
    raise AssertionError("it did not happen")


def test_names_below_localhost_are_this_machine() -> None:
    with door() as server:
        assert post(server.url, b"{}", {}) == 202
