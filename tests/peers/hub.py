"""A WebSub hub on this machine: `flask-websub`, with the worker and the store of its tasks."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.peers.fetch import HERE, listening, port, python, running
from tests.peers.store import redis


@contextmanager
def served() -> Iterator[Mapping[str, str]]:
    """The variables by which its story finds it."""
    programs = python(HERE / "hub.txt")
    with TemporaryDirectory() as name, redis(Path(name)) as broker:
        folder, number = Path(name), port()
        env = {
            "HUB_BROKER": f"redis://{broker}/0",
            "HUB_STORE": str(folder / "hub.db"),
            "HUB_PORT": str(number),
            "PYTHONPATH": str(HERE),
        }
        worker = [
            str(programs / "celery"),
            "-A",
            "hub_app:worker",
            "worker",
            "-P",
            "solo",
            "--without-mingle",
        ]
        with (
            running([str(programs / "python"), str(HERE / "hub_app.py")], folder / "hub.log", env) as hub,
            running(worker, folder / "worker.log", env),
        ):
            listening(number, hub, folder / "hub.log")
            yield {"WEBSPIN_PEER_HUB": f"http://127.0.0.1:{number}/hub"}
