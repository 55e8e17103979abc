"""The zip is complete, lean, compiled, and the same each time."""

import hashlib
import py_compile
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra import package as packaging
from infra.package import BUILD, SERVICES, Package, package

IMPORT_ALL = """
import importlib, pkgutil, sys
sys.path.insert(0, sys.argv[1])
import app, chalicelib
for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
    importlib.import_module(module.name)
import cryptography, feedparser, jinja2, jwt, regex, tzdata, urllib3
from botocore.session import get_session
for service in sys.argv[2:]:
    get_session().create_client(service, region_name="eu-west-1")
files = {getattr(module, "__file__", None) or "" for module in sys.modules.values()}
strangers = sorted(file for file in files if "site-packages" in file)
assert not strangers, strangers
print("complete")
"""


@pytest.fixture(scope="module")
def made() -> Package:
    return package("prod")


@pytest.fixture(scope="module")
def unpacked(made: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("task")
    with zipfile.ZipFile(made.zip) as archive:
        archive.extractall(folder)
    return folder


def test_the_zip_holds_all_that_it_imports(unpacked: Path) -> None:
    """Nothing else is on the path: no site-packages, no working folder, no variable."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", IMPORT_ALL, str(unpacked), *SERVICES],
        capture_output=True,
        text=True,
        cwd="/",
        env={"AWS_EC2_METADATA_DISABLED": "true"},
        check=False,
    )

    assert (done.stdout.strip(), done.returncode) == ("complete", 0), done.stderr


def test_every_source_has_its_compiled_form_that_no_date_makes_stale(unpacked: Path) -> None:
    sources = [path for path in unpacked.rglob("*.py") if not path.stem.startswith("bad")]
    assert len(sources) > 300
    for source in sources:
        compiled = source.parent / "__pycache__" / f"{source.stem}.{sys.implementation.cache_tag}.pyc"
        assert compiled.is_file(), source
        assert compiled.read_bytes()[4:8] == bytes([1, 0, 0, 0]), "by hash, unchecked"


def test_the_compiled_form_is_of_these_sources(unpacked: Path, tmp_path: Path) -> None:
    source = unpacked / "chalicelib" / "tasks.py"
    (compiled,) = (unpacked / "chalicelib" / "__pycache__").glob("tasks.*.pyc")
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    again = py_compile.compile(str(source), cfile=str(tmp_path / "again.pyc"), invalidation_mode=mode)

    assert again
    assert Path(again).read_bytes()[8:16] == compiled.read_bytes()[8:16], "the source's hash"


def test_the_same_sources_make_the_same_bytes_anywhere(made: Package, tmp_path: Path) -> None:
    for wheels in BUILD.glob(".wheels-*"):
        (tmp_path / wheels.name).symlink_to(wheels)
    again = package("prod", tmp_path, say=lambda text: None)

    digests = {hashlib.sha256(one.zip.read_bytes()).hexdigest() for one in (made, again)}
    assert len(digests) == 1
    assert again.template.read_bytes() == made.template.read_bytes()


def test_nothing_changed_means_nothing_to_do(made: Package) -> None:
    def never(text: str) -> None:
        raise AssertionError(text)

    assert package("prod", say=never) == made


def test_a_renamed_source_is_another_package() -> None:
    """Chalice's own cache looks at contents only, and would give the package with the old name."""
    before = packaging._hash(*packaging._inputs())
    names = [line for line in packaging._inputs() if line.startswith("chalicelib/")]
    renamed = [f"{line}x" if line == names[0] else line for line in packaging._inputs()]

    assert packaging._hash(*renamed) != before


def test_the_zip_holds_nothing_else(unpacked: Path) -> None:
    top = {path.name for path in unpacked.iterdir()}
    data = {path.name for path in (unpacked / "botocore" / "data").iterdir() if path.is_dir()}

    assert data == set(SERVICES)
    assert not top & {
        "boto3",
        "s3transfer",
        "bin",
        "infra",
        "tests",
        "bench",
        "docs",
        ".chalice",
        "moto",
        "requirements.txt",
    }
    assert not [path for path in unpacked.rglob("*") if path.name == "tests" and path.is_dir()]
    caches = [path for path in unpacked.rglob("*.pyc") if sys.implementation.cache_tag not in path.name]
    assert not caches


def test_licences_travel_along(unpacked: Path) -> None:
    licences = re.compile(r"(?i)licen[cs]e|copying|notice|authors")
    without = [
        info.name
        for info in unpacked.glob("*.dist-info")
        if not any(licences.search(path.name) for path in info.rglob("*"))
        and not re.search(
            r"(?m)^(License|Classifier: License|License-Expression)", (info / "METADATA").read_text()
        )
    ]

    assert not without


def test_s27_no_key_is_in_what_we_wrote(unpacked: Path) -> None:
    keys = re.compile(rb"AKIA[A-Z0-9]{16}|-----BEGIN [A-Z ]*PRIVATE KEY|whsec_[A-Za-z0-9+/]{16}")
    ours = [unpacked / "app.py", *(path for path in (unpacked / "chalicelib").rglob("*") if path.is_file())]

    assert len(ours) > 50
    assert not [path for path in ours if keys.search(path.read_bytes())]


def test_the_zip_fits_what_lambda_takes(made: Package, unpacked: Path) -> None:
    zipped = made.zip.stat().st_size
    whole = sum(path.stat().st_size for path in unpacked.rglob("*") if path.is_file())
    print(f"deployment.zip: {zipped / 1e6:.1f} MB, unpacked {whole / 1e6:.1f} MB")

    assert zipped < 50e6
    assert whole < 250e6


def test_wheels_are_for_lambda_whatever_machine_packs() -> None:
    options = packaging._lambda_platform()

    assert options[-2:] == ["--python-version", f"{sys.version_info.major}.{sys.version_info.minor}"]
    newest = int(options[1].split("_")[2])
    assert newest == (26 if sys.version_info < (3, 12) else 34)
    assert all(option.endswith("x86_64") for option in options[1:-2:2])


def test_a_failing_app_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".chalice").mkdir()
    (tmp_path / ".chalice" / "config.json").write_text('{"version": "2.0", "app_name": "broken"}')
    (tmp_path / "app.py").write_text("import no_such_module")

    with pytest.raises(subprocess.CalledProcessError):
        packaging._chalice_package(tmp_path, "prod")
    assert "no_such_module" in capsys.readouterr().err
