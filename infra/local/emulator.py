"""The emulator of AWS on this machine: one ministack process, its data in one folder.

It listens on loopback only, checks every Lambda's rights as IAM would, and keeps its state in the
folder when it is stopped by SIGTERM (after kill -9 it has what it had at the last proper stop).
"""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from infra.clients import REGION

ROOT = Path(__file__).parent.parent.parent
PYTHON = ROOT / ".venv-local" / "bin" / "python"
HOST = "127.0.0.1"
START_SECONDS = 60.0
STOP_SECONDS = 60.0
"""Saving 150,000 items takes nine."""


class EmulatorError(Exception):
    """The message says what happened and what to do."""


class Emulator:
    def __init__(self, data: Path, port: int) -> None:
        self.data = data.resolve()
        self.port = port
        self.endpoint = f"http://localhost:{port}"
        """AWS; the console is on 127.0.0.1, and the emulator tells the two apart by name."""
        self.log = self.data / "emulator.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Raises EmulatorError."""
        temporary = self.data / "tmp"
        shutil.rmtree(temporary, ignore_errors=True)  # what Lambdas unpacked before a kill -9
        temporary.mkdir(parents=True)
        self._move()
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(PYTHON), "-m", "ministack"],
                cwd=self.data,
                env=self._environment(temporary),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in the terminal is ours to pass on, in order
                preexec_fn=end_with_parent(),
            )
        self._wait()

    def stop(self) -> None:
        """End it, let it save, and leave none of its Lambdas behind. May be called twice."""
        if self._process is None:
            return
        end(self._process, STOP_SECONDS)
        self._process = None

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def last_words(self, lines: int = 15) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""

    def _environment(self, temporary: Path) -> dict[str, str]:
        """All of it: the emulator hands its own environment to every Lambda."""
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(temporary),
            "TMPDIR": str(temporary),
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(self.port),
            "AWS_ENDPOINT_URL": self.endpoint,
            "MINISTACK_REGION": REGION,
            "AUTH": "true",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.data / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.data / "s3"),
            "LAMBDA_EXECUTOR": "local",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        }

    def _move(self) -> None:
        """The emulator keeps the address of every queue with the port it had; take them along to this one."""
        kept = self.data / "port"
        if kept.exists() and (old := kept.read_text()) != str(self.port):
            for file in (self.data / "state").glob("*.json"):
                text = file.read_text("utf-8")
                file.write_text(text.replace(f"//localhost:{old}/", f"//localhost:{self.port}/"), "utf-8")
        kept.write_text(str(self.port))

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if not self.is_alive():
                raise EmulatorError(f"The emulator of AWS ended at once. It said:\n{self.last_words()}")
            try:
                with urllib.request.urlopen(f"http://{HOST}:{self.port}/_ministack/health", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        self.stop()
        raise EmulatorError(f"The emulator of AWS did not answer in {START_SECONDS:.0f} s; see {self.log}")


def end(process: subprocess.Popen[bytes], seconds: float) -> None:
    """SIGTERM, wait, SIGKILL; then whatever is left of the group it led."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def end_with_parent() -> Callable[[], None] | None:
    """For a child: get SIGTERM when its parent is gone, also by kill -9. Linux only."""
    if sys.platform != "linux":
        return None
    prctl, set_death_signal = ctypes.CDLL(None).prctl, 1
    return lambda: prctl(set_death_signal, signal.SIGTERM)


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
