"""`make peers`: the contract of the platforms and whole stories, asked of real servers (docs/peers.md).

Those that are named in variables (`WEBSPIN_PEER_MASTODON` and the like), and those that can be run here; what
cannot is said with what it lacks.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from signal import SIGTERM, signal

from tests.peers import bluesky, hub, snac, wordpress
from tests.peers.fetch import Lacking

Served = Callable[[], AbstractContextManager[Mapping[str, str]]]
SERVERS: Mapping[str, tuple[str, Served]] = {
    "Bluesky": ("WEBSPIN_PEER_BLUESKY", bluesky.served),
    "snac, a server that speaks Mastodon's API": ("WEBSPIN_PEER_SNAC", snac.served),
    "WordPress": ("WEBSPIN_PEER_WORDPRESS", wordpress.served),
    "a WebSub hub": ("WEBSPIN_PEER_HUB", hub.served),
}
STORIES = ("tests/peers/whole.py", "tests/peers/pushed.py")
"""Named here, as no other run collects them."""


def main() -> int:
    signal(SIGTERM, lambda *_: sys.exit(128 + SIGTERM))  # nothing is left running
    with ExitStack() as stack:
        env, failed = dict(os.environ), False
        for name, (variable, served) in SERVERS.items():
            if env.get(variable):
                print(f"{name}: at {env[variable]}", flush=True)
                continue
            try:
                env |= stack.enter_context(served())
                print(f"{name}: runs here", flush=True)
            except Lacking as lacks:
                print(f"{name}: not asked, as this machine has no {lacks}", flush=True)
            except (subprocess.CalledProcessError, RuntimeError) as error:
                print(f"{name}: not asked, as it could not be run: {error}", flush=True)
                failed = True
        command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "tests.peers.told"]
        command += ["-k", "real or whole.py or pushed.py", "tests/platforms/test_contract.py", *STORIES]
        return subprocess.run(command, env=env, check=False).returncode or int(failed)


if __name__ == "__main__":
    sys.exit(main())
