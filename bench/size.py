"""How large the package is that AWS gets."""

from collections.abc import Iterator
from zipfile import ZipFile

from bench import Figure, Line, Note
from infra.package import package


def figures() -> Iterator[Line]:
    made = package("prod", say=lambda text: None)
    yield Note("the package of infra/package.py, with .pyc files, and without what no Lambda imports")
    yield Figure("zip_size", round(made.zip.stat().st_size / 1e6, 2), "MB")
    with ZipFile(made.zip) as archive:
        yield Figure(
            "zip_unpacked", round(sum(entry.file_size for entry in archive.infolist()) / 1e6, 2), "MB"
        )
        yield Figure("zip_files", len(archive.infolist()), "files")
