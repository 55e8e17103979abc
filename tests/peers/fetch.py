"""What real servers need, out of Debian's packages and npm's, kept in `.peers/` and installed nowhere."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

HERE = Path(__file__).parent
KEPT = HERE.parents[1] / ".peers"
DEBIAN = KEPT / "debian"
LIBRARIES = DEBIAN / "usr/lib/x86_64-linux-gnu"
NOBODY = 65534
WAIT = 120.0


class Lacking(Exception):
    """What this machine has not, so that a server cannot be run here."""


def node() -> Path:
    """The packages of `package-lock.json`, as they are there."""
    if shutil.which("npm") is None:
        raise Lacking("npm, of Node.js 20 or later")
    modules, lock = KEPT / "node_modules", HERE / "package-lock.json"
    done = KEPT / "installed"
    if not done.exists() or done.read_text() != lock.read_text():
        KEPT.mkdir(exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, KEPT)
        _run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], KEPT)
        done.write_text(lock.read_text())
    return modules


def debian(*packages: str) -> Path:
    """Those packages, laid out below one folder."""
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        raise Lacking(f"Debian's {packages[0]}")
    for package in packages:
        done = DEBIAN / ".done" / package
        if done.exists():
            continue
        fetched = KEPT / "fetched" / package
        fetched.mkdir(parents=True, exist_ok=True)
        try:
            _run(["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", package], fetched)
        except subprocess.CalledProcessError:
            raise Lacking(f"Debian's {package}: `apt-get update` may help") from None
        for file in fetched.glob("*.deb"):
            _run(["dpkg", "-x", str(file), str(DEBIAN)], fetched)
        done.parent.mkdir(parents=True, exist_ok=True)
        done.touch()
    return DEBIAN


def port() -> int:
    """One that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        number: int = found.getsockname()[1]
        return number


@contextmanager
def running(
    command: Sequence[str], log: Path, env: Mapping[str, str] | None = None, nobody: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    """A program, until one is done with it. `nobody`: not as root, which some refuse."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
            user=NOBODY if nobody and os.geteuid() == 0 else None,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def listening(number: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until somebody answers there. Raises RuntimeError with the end of the log."""
    end = monotonic() + WAIT
    while monotonic() < end and process.poll() is None:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", number)) == 0:
                return
        sleep(0.2)
    raise RuntimeError(f"{process.args!r} does not listen: {log.read_text(errors='replace')[-1000:]}")


def _run(command: Sequence[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
