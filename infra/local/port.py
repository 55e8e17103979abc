"""Is a port free, and if not: who has it?"""

import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

LISTENING = "0A"


class PortTaken(Exception):
    """The message names the program and the way out."""


def must_be_free(number: int, host: str) -> None:
    """Raises PortTaken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
        except PermissionError:
            raise PortTaken(f"Port {number} is for the system's own. Try: make run PORT=8700") from None
        except OSError:
            raise PortTaken(
                f"Port {number} is taken by {holder(number)}. End that program, or take another port "
                f"(and the one after it): make run PORT={number + 60}"
            ) from None


def answers(number: int, host: str) -> bool:
    """Does something listen there?"""
    with socket.socket() as probe:
        return probe.connect_ex((host, number)) == 0


def holder(number: int) -> str:
    """The program that listens on a port, as well as this user may know."""
    found = _from_proc(number) if sys.platform == "linux" else _from_lsof(number)
    return found or "another program"


def _from_proc(number: int) -> str:
    sockets = {f"socket:[{inode}]" for inode in _inodes(number)}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # another user's, or gone
            if any(_target(handle) in sockets for handle in (process / "fd").iterdir()):
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                return f"process {process.name} ({command.strip()[:60]})"
    return ""


def _target(handle: Path) -> str:
    try:
        return os.readlink(handle)
    except OSError:  # closed meanwhile
        return ""


def _inodes(number: int) -> set[str]:
    rows = [
        line.split()
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        if os.path.exists(table)
        for line in Path(table).read_text().splitlines()[1:]
    ]
    return {row[9] for row in rows if row[3] == LISTENING and int(row[1].rpartition(":")[2], 16) == number}


def _from_lsof(number: int) -> str:
    try:
        asked = ["lsof", "-nP", f"-iTCP:{number}", "-sTCP:LISTEN", "-Fpc"]
        lines = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split()
    except OSError:
        return ""
    known = {line[0]: line[1:] for line in lines}
    return f"process {known['p']} ({known.get('c', '?')})" if "p" in known else ""
