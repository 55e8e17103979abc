"""The package, unpacked once for all Lambdas of this machine.

The emulator unpacks a Lambda's zip for every sandbox it starts, and answers nobody else meanwhile: 1.5 s of a
core and 53 MB each, twenty of them in the first minute. So it is given a zip that holds only the package's
name, and Lambdas find the package itself, file for file what AWS gets, through `PYTHONPATH` (`adapt.py`).
"""

import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

from infra.package import DATE, Package


def unpacked(made: Package, data: Path) -> tuple[Package, Path]:
    """The package with the zip that names it, and the folder in `data` that holds it.

    There it is the only one: what an earlier start left of another is thrown away.
    """
    name = made.zip.parent.name
    home = data.resolve() / "code"
    folder, named = home / name, home / f"{name}.zip"
    if not named.exists():
        shutil.rmtree(home, ignore_errors=True)
        with zipfile.ZipFile(made.zip) as whole:
            whole.extractall(folder)
        with zipfile.ZipFile(home / ".new", "w") as small:
            small.writestr(zipfile.ZipInfo("package.txt", DATE), name)
        (home / ".new").rename(named)  # last: it says that all of it is there
    return replace(made, zip=named), folder
