"""`make run` from the outside: start, post and report, stop, start again; nothing lost, nobody left over."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from urllib.request import urlopen

import pytest

from chalicelib.aws.table.shelf import Shelf
from infra.clients import emulated
from infra.local import adapt
from infra.local.emulator import HOST, ROOT
from infra.local.port import PortTaken, must_be_free
from infra.local.run import STAGE
from infra.local.world.posts import now
from infra.local.world.times import ZONE
from tests.e2e.conftest import until

pytestmark = pytest.mark.e2e
SECONDS = 60.0


class Run:
    """One `make run`, without make."""

    def __init__(self, data: Path, port: int) -> None:
        self._log = data.parent / f"run-{time.monotonic_ns()}.log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "infra.local.run", "--data", str(data), "--port", str(port)],
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def ready(self) -> str:
        """What it has printed once it is on."""
        return self._until("Stop with Ctrl-C")

    def stop(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(SECONDS)

    def _until(self, words: str) -> str:
        def there() -> bool:
            said = self._log.read_text()
            assert self.process.poll() is None, said
            return words in said

        until(there)
        return self._log.read_text()


def two_free_ports() -> int:
    """The first of two beside each other, below those that outgoing connections take at any moment."""
    for number in Random().sample(range(20_000, 30_000, 2), 100):
        with suppress(PortTaken):
            must_be_free(number, HOST)
            must_be_free(number + 1, HOST)
            return number
    raise AssertionError("no free ports on this machine")


def said_now(port: int, table: str) -> bool:
    """Stands the post of this day, which leaves at the start, on the sandbox's page?"""
    shelf = Shelf(partial(emulated(f"http://localhost:{port}"), "dynamodb"), table)
    text = now(datetime.now(UTC)).wish.texts[0][1]
    notes = [document for name, document in shelf.all("wiekeling.wall") if name.startswith("out-")]
    return any(text in json.loads(note)["text"] for note in notes)


def last_months_files(port: int) -> set[str]:
    """The names of what the bucket of reports holds for the example's last month."""
    s3 = emulated(f"http://localhost:{port}")("s3")
    month = datetime.now(ZONE).replace(day=1) - timedelta(days=1)
    folder = f"wiekeling/{month:%Y-%m}/"
    buckets = [each["Name"] for each in s3.list_buckets()["Buckets"] if "report" in each["Name"]]
    found = [s3.list_objects_v2(Bucket=bucket, Prefix=folder).get("Contents", ()) for bucket in buckets]
    return {each["Key"].removeprefix(folder) for objects in found for each in objects}


def running(data: Path) -> list[str]:
    """Processes with this folder among their arguments or in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if str(data).encode() in told and int(process.name) != os.getpid():
            found.append(process.name)
    return found


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "webspin"
    yield folder
    for process in running(folder):
        os.kill(int(process), signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_it_stops_whole_and_starts_again_with_what_it_had(data: Path) -> None:
    port = two_free_ports()
    first = Run(data, port)
    said = first.ready()
    table = emulated(f"http://localhost:{port}")("dynamodb")
    (name,) = table.list_tables()["TableNames"]
    table.put_item(TableName=name, Item={"pk": {"S": "kept"}, "sk": {"S": "kept"}})
    until(lambda: said_now(port, name))
    until(lambda: "report.html" in last_months_files(port))

    assert first.stop(signal.SIGINT) == 0
    assert not running(data)

    port = two_free_ports()  # and queues, whose addresses hold the port, are found at another one
    second = Run(data, port)
    again = second.ready()
    table, logs = (emulated(f"http://localhost:{port}")(name) for name in ("dynamodb", "logs"))
    kept = table.get_item(TableName=name, Key={"pk": {"S": "kept"}, "sk": {"S": "kept"}})
    assert "Item" in kept
    assert _password(again) == _password(said)
    assert _seconds(again) < 15, "a second start takes seconds"
    with urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=30) as answer:
        assert answer.status == 200
    group = f"/aws/lambda/webspin-{STAGE}-poll-sources"
    polls = len(logs.filter_log_events(logGroupName=group)["events"])
    adapt.wake("tick", STAGE, emulated(f"http://localhost:{port}"))
    until(lambda: len(logs.filter_log_events(logGroupName=group)["events"]) > polls)

    assert second.stop(signal.SIGTERM) == 0
    assert not running(data)


@pytest.mark.skipif(sys.platform != "linux", reason="a parent's death is told on Linux only")
def test_a_killed_run_leaves_nobody_behind(data: Path) -> None:
    run = Run(data, two_free_ports())
    run.ready()

    run.stop(signal.SIGKILL)

    until(lambda: not running(data))


def _password(said: str) -> str:
    found = re.search(r"Password\s+(\S+)", said)
    assert found
    return found[1]


def _seconds(said: str) -> float:
    return max(float(found) for found in re.findall(r"(?m)^ *([\d.]+) s  ", said))
