"""A brand's pages in S3, and the index over them: there too, and in this sandbox's /tmp.

A file's name holds what it is made of: a page's its digest, an index' the mark of all of them. So a file
never changes, whoever has it need not ask whether it is fresh, and one that is not there is made again by
who finds that: from the pages that an older index here holds as they are, and the others from S3.
"""

import os
import tempfile
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from sqlite3 import DatabaseError

from chalicelib.domain.brand import Known
from chalicelib.domain.knowledge import Hit, Page, Passage, digest, from_file, to_file
from chalicelib.errors import NotFound, WebspinError
from chalicelib.knowledge.index import FORM, Index, build
from chalicelib.ports import Bucket

MARKDOWN, SQLITE = "text/markdown; charset=utf-8", "application/vnd.sqlite3"


class Library:
    """Implements `ports.Library`."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._folder = Path(tempfile.gettempdir())

    def keep(self, brand: str, page: Page) -> str:
        kept = digest(page)
        self._bucket.put_once(_page(brand, page.id, kept), to_file(page), MARKDOWN)
        return kept

    def index(self, brand: str, known: Known) -> None:
        if known.pages:
            self._index(brand, known)

    def pages(self, brand: str, known: Known) -> list[Page]:
        return self._index(brand, known).pages() if known.pages else []

    def page(self, brand: str, known: Known, id: str) -> Page:
        if id not in known.pages:
            raise NotFound(f"page {brand}/{id}")
        return self._read(brand, id, known.pages[id])

    def passage(self, brand: str, known: Known, page: str, n: int) -> Passage:
        found = self._index(brand, known).passage(page, n) if page in known.pages else None
        if found is None:
            raise NotFound(f"passage {brand}/{page}/{n}")
        return found

    def find(
        self, brand: str, known: Known, text: str, languages: Collection[str], departments: Collection[str]
    ) -> list[Hit]:
        return self._index(brand, known).find(text, languages, departments) if known.pages else []

    def _index(self, brand: str, known: Known) -> Index:
        """From here, else from S3, else made and put there."""
        path = self._here(brand, known.mark)
        if not path.exists():
            name = f"_indexes/{brand}/{FORM}-{known.mark}.sqlite"
            found = self._bucket.get(name)
            if found is None:
                found = self._built(brand, known)
                self._bucket.put_once(name, found, SQLITE)
            _put(path, found)
            for older in self._others(brand, path):
                older.unlink(missing_ok=True)
        return Index(path)

    def _built(self, brand: str, known: Known) -> bytes:
        here = self._known_here(brand)
        pages = [
            here.get((id, kept)) or self._read(brand, id, kept) for id, kept in sorted(known.pages.items())
        ]
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            path = Path(folder) / "index.sqlite"
            build(path, pages)
            return path.read_bytes()

    def _known_here(self, brand: str) -> dict[tuple[str, str], Page]:
        """The pages of older indexes, by id and digest."""
        found: dict[tuple[str, str], Page] = {}
        for path in self._others(brand):
            with suppress(DatabaseError):
                found |= {(page.id, digest(page)): page for page in Index(path).pages()}
        return found

    def _read(self, brand: str, id: str, kept: str) -> Page:
        body = self._bucket.get(_page(brand, id, kept))
        if body is None:
            raise WebspinError(f"the page {brand}/{id} is not in the bucket")
        return from_file(id, body)

    def _here(self, brand: str, mark: str) -> Path:
        return self._folder / f"knowledge.{brand}.{FORM}-{mark}.sqlite"

    def _others(self, brand: str, but: Path | None = None) -> Iterator[Path]:
        return (path for path in self._folder.glob(f"knowledge.{brand}.*.sqlite") if path != but)


def _page(brand: str, id: str, kept: str) -> str:
    return f"_knowledge/{brand}/{id}-{kept}.md"


def _put(path: Path, body: bytes) -> None:
    """Whole or not at all: another request of this sandbox may read it."""
    half = path.with_suffix(f".{os.getpid()}")
    half.write_bytes(body)
    half.replace(path)
