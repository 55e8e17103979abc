"""Make what AWS gets: one zip for all Lambdas, and the CloudFormation template that uses it.

Chalice makes both from app.py. This module gives it a clean tree, so that no left-over ends up in
the zip, and then adds what Chalice cannot: the pinned wheels by their hashes, without what nobody
uses, and compiled beside their sources (a Lambda's disk is read-only, so it would otherwise compile
at every cold start: +270 ms). Dates and order are fixed: the same sources give the same bytes.

    python -m infra.package            # into build/
"""

import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build"

SERVICES = ("cognito-idp", "dynamodb", "lambda", "logs", "s3", "sesv2", "sqs", "ssm")
"""What chalicelib calls; botocore describes 400 others in 25 MB."""
UNUSED = ("boto3", "s3transfer", "bin")
"""Wheels that others ask for and nothing of ours imports: chalicelib uses botocore itself."""
LICENCES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS", "METADATA")
"""How the files start that are kept of a wheel's *.dist-info."""
GLIBC = 26 if sys.version_info < (3, 12) else 34
"""Lambda's: Amazon Linux 2 up to Python 3.11, Amazon Linux 2023 from 3.12."""
DATE = (1980, 1, 1, 0, 0, 0)

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Package:
    """`template` is JSON, SAM; its functions' CodeUri is `./deployment.zip`, which is `zip`."""

    template: Path
    zip: Path


def package(stage: str, out: Path = BUILD, *, for_host: bool = False, say: Say = print) -> Package:
    """Both files in `out`, from there if nothing changed since.

    `for_host` takes the wheels of this machine where it is not a Linux as Lambda's is. Raises
    subprocess.CalledProcessError when pip or Chalice fails; both have then said why.
    """
    for_host = for_host and not _is_as_lambda()
    key = _hash(stage, str(for_host), *_inputs())[:16]
    made = Package(out / f"{stage}-{key}" / "sam.json", out / f"{stage}-{key}" / "deployment.zip")
    out.mkdir(parents=True, exist_ok=True)
    with _alone(out):
        if not made.template.exists():
            _make(made.template.parent, stage, _wheels(out, for_host, say), say)
    return made


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Two at a time would take each other's folders away."""
    with (out / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(folder: Path, stage: str, wheels: Path, say: Say) -> None:
    say("packaging with Chalice")
    out = folder.parent
    with tempfile.TemporaryDirectory(dir=out, prefix=".work-") as name:
        work = Path(name)
        tree, staging, done = work / "tree", work / "staging", work / "done"
        done.mkdir()
        _copy_sources(tree)
        _chalice_package(tree, stage)
        with zipfile.ZipFile(tree / "out" / "deployment.zip") as bare:
            bare.extractall(staging)
        _compile(staging)
        _write_zip(done / "deployment.zip", staging, wheels)
        shutil.copy(tree / "out" / "sam.json", done)
        for old in out.glob(f"{stage}-*"):
            shutil.rmtree(old)
        done.rename(folder)
    say(f"deployment.zip is {(folder / 'deployment.zip').stat().st_size / 1e6:.1f} MB")


# the sources -------------------------------------------------------------------------------------


def _sources() -> Iterator[Path]:
    yield ROOT / "app.py"
    yield from _files(ROOT / "chalicelib")
    yield ROOT / ".chalice" / "config.json"
    yield from _files(ROOT / ".chalice" / "policies")


def _inputs() -> Iterator[str]:
    yield sys.version
    for path in [*_sources(), ROOT / "requirements.txt", ROOT / "infra/resources.yaml", Path(__file__)]:
        yield str(path.relative_to(ROOT))
        yield hashlib.sha256(path.read_bytes()).hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    """In a fixed order, without what Python, an editor or a system leaves behind."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if path.is_file() and not any(part == "__pycache__" or part.startswith(".") for part in inside):
            yield path


def _copy_sources(tree: Path) -> None:
    for path in _sources():
        target = tree / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    (tree / "requirements.txt").write_text("")  # the wheels are ours to add, with their hashes checked


def _chalice_package(tree: Path, stage: str) -> None:
    """Write out/sam.json and out/deployment.zip in `tree`."""
    from chalice.package import YAMLTemplateSerializer

    # As YAML, Chalice's own output would be YAML with anchors, which CloudFormation does not take.
    ours = YAMLTemplateSerializer().load_template((ROOT / "infra" / "resources.yaml").read_text())
    (tree / "resources.json").write_text(json.dumps(ours))
    chalice = [sys.executable, "-c", "import sys; from chalice.cli import main; sys.exit(main())"]
    options = ["package", "--stage", stage, "--merge-template", "resources.json", "out"]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "AWS_DEFAULT_REGION": "eu-west-1",  # it wants one; the template does not depend on it
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    # It says "Creating deployment package." on its standard error, also when all is well.
    done = subprocess.run(
        chalice + options,
        cwd=tree,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        done.check_returncode()


# the wheels --------------------------------------------------------------------------------------


def _wheels(out: Path, for_host: bool, say: Say) -> Path:
    """The folder with requirements.txt installed, thinned and compiled; kept until that file changes."""
    requirements = ROOT / "requirements.txt"
    key = _hash(requirements.read_text(), sys.version, str(for_host), Path(__file__).read_text())[:16]
    folder = out / f".wheels-{key}"
    if folder.exists():
        return folder
    say("fetching what the Lambdas carry (first time, or requirements.txt changed)")
    with tempfile.TemporaryDirectory(dir=out, prefix=".work-") as name:
        target = Path(name) / "wheels"
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check"),
                *("--require-hashes", "--only-binary", ":all:", "--no-deps", "--no-compile"),
                *([] if for_host else _lambda_platform()),
                *("--target", str(target), "--requirement", str(requirements)),
            ],
            check=True,
        )
        _thin(target)
        _compile(target)
        for old in out.glob(".wheels-*"):
            shutil.rmtree(old)
        target.rename(folder)
    return folder


def _lambda_platform() -> list[str]:
    names = [f"manylinux_2_{minor}_x86_64" for minor in range(GLIBC, 4, -1)]
    names += ["manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"]
    options = [option for name in names for option in ("--platform", name)]
    return [*options, "--python-version", f"{sys.version_info.major}.{sys.version_info.minor}"]


def _is_as_lambda() -> bool:
    return (platform.system(), platform.machine()) == ("Linux", "x86_64") and platform.libc_ver()[
        0
    ] == "glibc"


def _thin(wheels: Path) -> None:
    """Take out what nobody uses, and what differs between two installations of the same wheels."""
    for name in UNUSED:
        shutil.rmtree(wheels / name, ignore_errors=True)
    for service in (path for path in (wheels / "botocore" / "data").iterdir() if path.is_dir()):
        if service.name not in SERVICES:
            shutil.rmtree(service)
    for info in wheels.glob("*.dist-info"):
        for path in (path for path in info.rglob("*") if path.is_file()):
            if not path.name.upper().startswith(LICENCES):
                path.unlink()
    for folder in list(wheels.rglob("tests")):
        shutil.rmtree(folder)


# the zip -----------------------------------------------------------------------------------------


def _compile(folder: Path) -> None:
    """Put .pyc files beside the sources that are taken without a look at any date.

    In a process of its own with a fixed hash seed: the order of a set's constants depends on it.
    """
    code = (
        "import compileall, py_compile, sys; "
        "sys.exit(not compileall.compile_dir(sys.argv[1], maxlevels=30, quiet=1, stripdir=sys.argv[1], "
        "prependdir='/var/task', invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH))"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(folder)], check=True, env={**os.environ, "PYTHONHASHSEED": "0"}
    )


def _write_zip(target: Path, *folders: Path) -> None:
    entries = {str(path.relative_to(folder)): path for folder in folders for path in _all_files(folder)}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(entries):
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, entries[name].read_bytes())


def _all_files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _hash(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def main() -> None:
    """Print the template's path alone on standard output, for a program to read."""
    made = package("prod", say=lambda text: print(text, file=sys.stderr))
    print(made.template.relative_to(ROOT))


if __name__ == "__main__":
    main()
