"""Run the example world until it is told to stop (SIGINT, SIGTERM)."""

import signal
import sys
import threading
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path

from infra.local.world import HOOK, PORT
from infra.local.world.reviewer import Reviewer
from infra.local.world.server import World
from infra.local.world.times import Calendar, reviews


def main() -> int:
    given = _arguments().parse_args()
    calendar = Calendar(given.state, _now())
    try:
        world = World(given.port, calendar, _now)
    except OSError as error:
        print(f"port {given.port}: {error.strerror}; give another with --port", file=sys.stderr)
        return 1
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    reviewer = Reviewer(
        f"{given.function_url.rstrip('/')}/{'/'.join(HOOK)}",
        lambda: str(given.secret_file.read_text("utf-8").strip()),
        reviews(),
        calendar,
        _now,
    )
    threading.Thread(target=world.serve_forever, args=(0.1,), daemon=True).start()
    threading.Thread(target=reviewer.run, args=(stop,), daemon=True).start()
    stop.wait()
    world.shutdown()
    world.server_close()
    return 0


def _arguments() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m infra.local.world", description="The example brand's outside.")
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps its moments")
    parser.add_argument("--function-url", required=True, help="the webhook Lambda's address")
    parser.add_argument("--secret-file", type=Path, required=True, help="holds the webhook's whsec_...")
    return parser


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main())
