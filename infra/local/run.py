"""`make run`: the whole system on this machine, until Ctrl-C.

    python -m infra.local.run [--brand my-brand.yaml] [--port 8640]

`--brand none` starts empty: the guide in the console then asks for everything.

It packages what AWS would get, starts the emulator, deploys, loads a brand, and says where the
console is. Everything it keeps is in .webspin/ (or --data); a second start finds it there and takes seconds.
"""

import argparse
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from chalicelib.brandfile.file import BrandFileError, read
from chalicelib.brandfile.made import BrandSetup
from infra.clients import emulated, emulated_variables
from infra.deploy import bring_out, load_brand
from infra.local import adapt, port
from infra.local.emulator import HOST, ROOT, Emulator, EmulatorError, end, end_with_parent
from infra.local.unpacked import unpacked
from infra.local.world import EXAMPLE, HOOK, at_port
from infra.package import Package, package
from infra.stack import DeployError

STAGE = "local"
DATA = ROOT / ".webspin"
PORT = 8640
NONE = Path("none")
"""Instead of a brand's file: begin with nothing."""


class Clock:
    """Says what is happening and how long the start has taken."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def say(self, text: str) -> None:
        print(f"{time.monotonic() - self._begun:6.1f} s  {text}", flush=True)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the running system is."""

    console: str
    webhooks: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Started:
    """A process beside the emulator. Where it `ends`, it does so by itself when all is well."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    ends: bool = False

    @property
    def is_lost(self) -> bool:
        left = self.process.poll()
        return left is not None and not (self.ends and left == 0)


def run(brand: Path | None, number: int, data: Path) -> None:
    """Start everything, watch over it until Ctrl-C, stop everything.

    Raises KeyboardInterrupt, EmulatorError, DeployError, BrandFileError, PortTaken.
    """
    clock = Clock()
    setup = None if brand == NONE else read(brand or EXAMPLE, now=datetime.now(UTC))
    if brand is None and setup:
        setup = at_port(setup, number + 1)
    for wanted in (number,) if brand else (number, number + 1):
        port.must_be_free(wanted, HOST)
    with _alone(data):
        made = package(STAGE, for_host=True, say=clock.say)
        emulator = Emulator(data, number)
        started: list[Started] = []
        try:
            clock.say("starting the emulator of AWS")
            emulator.start()
            place = deploy(emulator, made, clock, allow=[] if brand else [f"{HOST}:{number + 1}"])
            if brand is None:
                clock.say("starting the example world")
                started.append(start_world(emulator, place))
            if setup:
                load(emulator, setup, place, clock)
            if brand is None:
                tell_secret(emulator)
                started.append(start_past(emulator))
            adapt.wake("tick", STAGE, emulated(emulator.endpoint))
            print(_welcome(place, setup, data, example=brand is None), flush=True)
            _watch(emulator, started)
        finally:
            _let_nobody_disturb()
            print("\nStopping; everything is kept for the next time.", flush=True)
            for each in started:
                end(each.process, 10)
            emulator.stop()


def deploy(emulator: Emulator, made: Package, clock: Clock, *, allow: list[str]) -> Place:
    """The deploy program itself, then what only a machine of one's own needs."""
    client = emulated(emulator.endpoint)
    clock.say("deploying")
    made, code = unpacked(made, emulator.data)
    outputs = bring_out(
        STAGE,
        made,
        client,
        parameters={},
        ask=lambda changes: True,
        say=lambda line: None,
        adapt=partial(adapt.adapted, endpoint=emulator.endpoint, code=code, allow=allow),
        poll_seconds=0.1,
    )
    adapt.set_expiry(outputs["TableName"], client)
    adapt.serve_console(outputs["RestAPIId"], HOST, client)
    console = f"http://{HOST}:{emulator.port}"
    os.environ.update(emulated_variables(emulator.endpoint))
    email, password = adapt.sign_in(outputs["UserPoolId"], emulator.data / "sign-in.json", client)
    return Place(console, adapt.webhook_url(outputs, emulator.port), email, password)


def load(emulator: Emulator, setup: BrandSetup, place: Place, clock: Clock) -> None:
    """The brand. Its sources are asked at once, so what they ask runs by now."""
    clock.say(f"loading the brand {setup.brand.name}")
    client = emulated(emulator.endpoint)
    load_brand(setup, STAGE, client, place.console)
    if setup.brand.mail_from:
        adapt.verify_sender(setup.brand.mail_from, client)


def start_world(emulator: Emulator, place: Place) -> Started:
    """Feeds, people who post, and webhooks that call us, once they were told the secret."""
    options = ["--port", str(emulator.port + 1), "--function-url", place.webhooks]
    options += ["--secret-file", str(_secret(emulator)), "--state", str(emulator.data / "world")]
    world = _started("The example world", "infra.local.world", options, emulator.data / "world.log")
    for _ in range(100):
        if world.is_lost or port.answers(emulator.port + 1, HOST):
            break
        time.sleep(0.05)
    return world


def tell_secret(emulator: Emulator) -> None:
    """What the world signs its calls with is made when the brand is loaded."""
    adapt.write_private(_secret(emulator), adapt.hook_secret(*HOOK, STAGE, emulated(emulator.endpoint)))


def _secret(emulator: Emulator) -> Path:
    return emulator.data / "world-secret"


def start_past(emulator: Emulator) -> Started:
    """What the example brand did last month and plans now. It ends when that is told."""
    options = ["--endpoint", emulator.endpoint, "--stage", STAGE, "--state", str(emulator.data / "world")]
    log = emulator.data / "past.log"
    return _started("The example's past", "infra.local.world.past", options, log, ends=True)


def _started(name: str, module: str, options: list[str], log: Path, *, ends: bool = False) -> Started:
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *options],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent(),
        )
    return Started(name, process, log, ends)


def _watch(emulator: Emulator, started: list[Started]) -> None:
    told: set[str] = set()
    while emulator.is_alive():
        for each in started:
            if each.is_lost and each.name not in told:
                print(f"{each.name} has ended; see {each.log}. The rest goes on.", flush=True)
                told.add(each.name)
        time.sleep(0.5)
    raise EmulatorError(f"The emulator of AWS has ended. It said:\n{emulator.last_words()}")


def _welcome(place: Place, setup: BrandSetup | None, data: Path, *, example: bool) -> str:
    name, id = (setup.brand.name, setup.brand.id) if setup else ("Webspin", "<brand>")
    look = (
        "In seconds: mentions with verdicts, cases with a draft to approve, a post on the sandbox's page.\n"
        "  Within a minute: last month's report. While that month is filled in its cases show as late.\n"
        "  Nothing leaves without a person's yes: these posts are planned in the names of Sanne, Bram and\n"
        "  Jolien, who are invented like the rest of it."
        if example
        else "It listens from now on; what was posted before opens no cases."
        if setup
        else "Sign in: four short steps lead to the first mention."
    )
    mails = f"{place.console.replace(HOST, 'localhost')}/_ministack/ses/messages (invitations, codes, alerts)"
    reset = "`make reset` throws it away." if data == DATA else "Throw that folder away to begin anew."
    return f"""
  {name} is on.

  Console    {place.console}/
  E-mail     {place.email}
  Password   {place.password}
  Webhooks   {place.webhooks}{id}/<source>
  Mail       {mails}

  {look}
  Stop with Ctrl-C: everything is kept in {data}/. {reset}
"""


# starting and stopping ---------------------------------------------------------------------------


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Two emulators on one folder would each save over the other."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise EmulatorError(
                f"Webspin runs already on the data in {data} (process {lock.read().strip() or 'unknown'})."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _stop_in_order() -> None:
    """A closed terminal and SIGTERM end this program as Ctrl-C does.

    So does SIGINT where a shell had it ignored, as it does for what a script starts with `&`.
    """

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def _let_nobody_disturb() -> None:
    """A second Ctrl-C must not cut the saving short."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def machine_note(system: str) -> str:
    """What somebody should know who is not on Linux; `system` as `sys.platform` names it."""
    if system == "linux":
        return ""
    name = {"darwin": "macOS"}.get(system, system)
    return (
        f"This is {name}. Webspin was tried on Linux only. Installing, the console, listening, judging and\n"
        "answering use nothing of Linux's own and should work. Not tried: packaging the Lambdas for this\n"
        "machine, and stopping the emulator when this program is killed (Ctrl-C ends it in order).\n"
        "`make deploy` packages for AWS wherever it runs; that is tried from Linux only."
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make run", description="Run Webspin on this machine.")
    parser.add_argument(
        "--brand", type=Path, help="your brand's file; without it, the example; none: begin with nothing"
    )
    parser.add_argument("--port", type=int, default=PORT, help="of the console; the next one is the world's")
    parser.add_argument("--data", type=Path, default=DATA, help="where everything is kept")
    options = parser.parse_args(arguments)
    if note := machine_note(sys.platform):
        print(note)
    _stop_in_order()
    try:
        run(options.brand, options.port, options.data)
    except KeyboardInterrupt:
        return 0
    except BrandFileError as error:
        print(f"{options.brand}:\n" + "\n".join(error.faults), file=sys.stderr)
        return 2
    except (EmulatorError, DeployError, port.PortTaken) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
