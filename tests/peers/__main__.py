"""`make peers`: the contract of the platforms, asked of real servers.

Those that are named in variables (`WEBSPIN_PEER_MASTODON` and the like), and those that can be run here; what
cannot is said with what it lacks.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack

from tests.peers import bluesky
from tests.peers.fetch import Lacking

SERVERS: Mapping[str, tuple[str, Callable[[], AbstractContextManager[Mapping[str, str]]]]] = {
    "Bluesky": ("WEBSPIN_PEER_BLUESKY", bluesky.served),
}


def main() -> int:
    with ExitStack() as stack:
        env = dict(os.environ)
        for name, (variable, served) in SERVERS.items():
            if env.get(variable):
                print(f"{name}: at {env[variable]}")
                continue
            try:
                env |= stack.enter_context(served())
                print(f"{name}: runs here")
            except Lacking as lacks:
                print(f"{name}: not asked, as this machine has no {lacks}")
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n",
            "0",
            "-k",
            "real",
            "tests/platforms/test_contract.py",
        ]
        return subprocess.run(command, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
