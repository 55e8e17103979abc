"""What real servers need, out of Debian's, npm's and PyPI's packages, kept in `.peers/` only."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

HERE = Path(__file__).parent
KEPT = HERE.parents[1] / ".peers"
DEBIAN = KEPT / "debian"
LIBRARIES = os.pathsep.join(str(DEBIAN / each / "x86_64-linux-gnu") for each in ("usr/lib", "lib"))
FAMILIES = ("php", "mariadb", "mysql")
AS_ROOT = ("-o", "APT::Sandbox::User=root")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
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
    """Those packages and all they need that is not here, laid out below one folder, as Debian's signed lists
    have them."""
    return _laid_out(packages[0], lambda: _needed(packages), [])


def debian_alone(*packages: str, backports: bool = False) -> Path:
    """Those packages without what they say they need; from the backports of this Debian where it has none."""
    options: Sequence[str] = []
    if backports and not _has(packages[0]):
        options = _backports()
    return _laid_out(packages[0], lambda: packages, options)


def _laid_out(name: str, wanted: Callable[[], Sequence[str]], options: Sequence[str]) -> Path:
    done, fetched = DEBIAN / ".done" / name, KEPT / "fetched" / name
    if done.exists():
        return DEBIAN
    _has_apt(name)
    fetched.mkdir(parents=True, exist_ok=True)
    try:
        _run(["apt-get", "-qq", *AS_ROOT, *options, "download", *wanted()], fetched)
    except subprocess.CalledProcessError:
        raise Lacking(f"Debian's {name}: `apt-get update` may help") from None
    for file in fetched.glob("*.deb"):
        _run(["dpkg", "-x", str(file), str(DEBIAN)], fetched)
    done.parent.mkdir(parents=True, exist_ok=True)
    done.touch()
    return DEBIAN


def _has_apt(name: str) -> None:
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        raise Lacking(f"Debian's {name}")


def _has(package: str) -> bool:
    _has_apt(package)
    return f"Package: {package}\n" in _said(["apt-cache", "show", package])


def _needed(packages: Sequence[str]) -> list[str]:
    """What they would bring to an empty machine, less what is installed. Parts of one program are taken along
    even so: they must be of one version."""
    KEPT.mkdir(exist_ok=True)
    nothing = KEPT / "nothing"
    nothing.touch()
    plan = ["apt-get", "-s", "-o", f"Dir::State::status={nothing}", "--no-install-recommends", "install"]
    lines = _said([*plan, *packages]).splitlines()
    named = [line.split()[1] for line in lines if line.startswith("Inst ")]
    installed = set(_said(["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n"]).splitlines())
    return [
        each
        for each in named
        if f"installed {each}" not in installed or each in packages or each.startswith(FAMILIES)
    ]


def _backports() -> list[str]:
    """Options with which apt-get looks there, in lists of its own."""
    told = _said(
        ["apt-get", "indextargets", "--format", "$(LABEL) $(CODENAME) $(REPO_URI)", "Created-By: Packages"]
    )
    ours = [line.split() for line in told.splitlines() if line.startswith("Debian ")]
    if not ours or not KEYRING.exists():
        raise Lacking("lists of Debian's packages")
    _, codename, address = min(ours, key=lambda each: len(each[1]))
    folder = KEPT / "backports"
    (folder / "lists/partial").mkdir(parents=True, exist_ok=True)
    sources = folder / "sources.list"
    sources.write_text(f"deb [signed-by={KEYRING}] {address} {codename}-backports main\n")
    places = {"Etc::SourceList": sources, "Etc::SourceParts": "-", "State::Lists": folder / "lists"}
    options = [part for name, at in places.items() for part in ("-o", f"Dir::{name}={at}")]
    options += ["-o", f"Dir::Cache={folder}"]
    try:
        _run(["apt-get", "-qq", *AS_ROOT, *options, "update"], folder)
    except subprocess.CalledProcessError:
        raise Lacking("Debian's backports") from None
    return options


def python(requirements: Path) -> Path:
    """The folder of programs of a virtual environment with those packages, pinned by their hashes."""
    venv = KEPT / requirements.stem
    done = venv / "installed"
    if not done.exists() or done.read_text() != requirements.read_text():
        pip = [str(venv / "bin/pip"), "install", "-qq", "--disable-pip-version-check", "--require-hashes"]
        _run([sys.executable, "-m", "venv", "--clear", str(venv)], HERE)
        builds = requirements.with_name("builds.txt")
        _run([*pip, "-r", str(builds)], HERE)
        _run([*pip, "--no-build-isolation", "-r", str(requirements)], HERE)
        done.write_text(requirements.read_text())
    return venv / "bin"


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


def _said(command: Sequence[str]) -> str:
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout
