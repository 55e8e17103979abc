"""WordPress on this machine, two sites of it: one with readable addresses, one with plain ones, whose API is
not at `/wp-json`. Run by PHP on MariaDB, all out of Debian's packages."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

from tests.peers.fetch import (
    HERE,
    LIBRARIES,
    NOBODY,
    WAIT,
    Lacking,
    debian,
    debian_alone,
    listening,
    port,
    running,
)

PROGRAMS = ("php-cli", "php-mysql", "php-xml", "php-mbstring", "php-gd", "mariadb-server-core")
EXTENSIONS = (
    *("mysqlnd", "xml", "dom", "simplexml", "xmlreader", "mysqli", "tokenizer", "ctype", "mbstring", "iconv"),
    *("fileinfo", "exif", "gd", "posix"),
)
"""What depends on another stands behind it."""
SITES = {"WORDPRESS": "/%postname%/", "WORDPRESS_PLAIN": ""}
"""The end of the variable, and how its addresses look."""


@contextmanager
def served() -> Iterator[Mapping[str, str]]:
    """The variables by which the contract finds them."""
    debian(*PROGRAMS)
    root = debian_alone("wordpress", "php-getid3")
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        pages = _pages(root, folder)
        with _mariadb(root, folder) as socket, _sites(_php(root), pages, folder, socket) as told:
            yield told


def _pages(root: Path, folder: Path) -> Path:
    """WordPress as the package has it, with files in place of the links to other packages, and ours."""
    pages = folder / "pages"
    shutil.copytree(root / "usr/share/wordpress", pages, ignore_dangling_symlinks=True)
    for each in (HERE / "site").iterdir():
        shutil.copy(each, pages)
    plugins = pages / "wp-content/mu-plugins"
    plugins.mkdir()
    (pages / "near.php").rename(plugins / "near.php")
    return pages


def _php(root: Path) -> Sequence[str]:
    """The command, with the extensions that WordPress asks for and no settings of this machine."""
    programs = sorted((root / "usr/bin").glob("php[0-9]*.[0-9]"))
    parts = sorted((root / "usr/lib/php").glob("20*"))
    if not programs or not parts:
        raise Lacking("Debian's php-cli")
    loaded = [part for each in EXTENSIONS for part in ("-d", f"extension={each}")]
    return [str(programs[-1]), "-n", "-d", f"extension_dir={parts[-1]}", "-d", "sendmail_path=true", *loaded]


@contextmanager
def _mariadb(root: Path, folder: Path) -> Iterator[Path]:
    """The socket of a database that asks nobody who they are."""
    data, log = folder / "database", folder / "mariadb.log"
    data.mkdir()
    if os.geteuid() == 0:
        os.chown(data, NOBODY, NOBODY)
    socket, usr = data / "socket", root / "usr"
    words = next(each for each in (usr / "share/mysql", usr / "share/mariadb") if each.exists())
    options = {
        "basedir": usr,
        "datadir": data,
        "lc-messages-dir": words,
        "socket": socket,
        "pid-file": data / "pid",
    }
    command = [
        str(usr / "sbin/mariadbd"),
        "--no-defaults",
        *(f"--{name}={at}" for name, at in options.items()),
    ]
    command += ["--skip-grant-tables", "--skip-networking"]
    with running(command, log, {"LD_LIBRARY_PATH": LIBRARIES}, nobody=True) as process:
        end = monotonic() + WAIT
        while not socket.exists():
            if monotonic() > end or process.poll() is not None:
                raise RuntimeError(f"MariaDB does not start: {log.read_text(errors='replace')[-1000:]}")
            sleep(0.2)
        yield socket


@contextmanager
def _sites(php: Sequence[str], pages: Path, folder: Path, socket: Path) -> Iterator[dict[str, str]]:
    told: dict[str, str] = {}
    with ExitStack() as stack:
        for name, addresses in SITES.items():
            number, log = port(), folder / f"{name}.log"
            env = {
                "LD_LIBRARY_PATH": LIBRARIES,
                "SITE_SOCKET": str(socket),
                "SITE_NAME": name.lower(),
                "SITE_URL": f"http://127.0.0.1:{number}",
                "SITE_PERMALINKS": addresses,
            }
            login = _installed([*php, str(pages / "install.php")], env)
            command = [*php, "-S", f"127.0.0.1:{number}", "-t", str(pages), str(pages / "router.php")]
            process = stack.enter_context(running(command, log, env))
            listening(number, process, log)
            told |= {f"WEBSPIN_PEER_{name}": env["SITE_URL"], f"WEBSPIN_PEER_{name}_LOGIN": login}
        yield told


def _installed(command: Sequence[str], env: Mapping[str, str]) -> str:
    """A new site; the name and application password with which we sign in there."""
    done = subprocess.run(command, env={**os.environ, **env}, check=False, capture_output=True, text=True)
    if said := re.search(r"^SITE (.*)$", done.stdout, re.MULTILINE):
        site = json.loads(said[1])
        return f"{site['account']}:{site['password']}"
    raise RuntimeError(f"WordPress is not installed: {(done.stdout + done.stderr)[-1000:]}")
