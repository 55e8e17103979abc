"""`data/SOURCES.md` as rows: which sets there are, what may be done with them, and whether this is them."""

from hashlib import sha256
from typing import NamedTuple

from training.sets import ROOT, folder

PATH = ROOT / "data" / "SOURCES.md"


class Source(NamedTuple):
    file: str
    origin: str
    licence: str
    clean: bool
    """Its licence is beyond doubt."""
    use: str
    """"train" or "eval only"."""
    checksum: str
    """The first sixteen digits of its SHA-256."""

    @property
    def name(self) -> str:
        return self.file.split(".", 1)[0]


class SourceError(Exception):
    """A set that is not the one that SOURCES.md names."""


def sources() -> list[Source]:
    """The rows of the table whose first cell is a file."""
    found = []
    for line in PATH.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 6:
            file, origin, licence, clean, use, checksum = cells
            found.append(Source(file, origin, licence, clean == "yes", use, checksum))
    return found


def lacking() -> list[Source]:
    """Those that teach and are not in the folder. Raises SourceError for one that is another than named."""
    at, missing = folder(), []
    for source in sources():
        if source.use != "train":
            continue
        path = at / source.file if at else None
        if path is None or not path.exists():
            missing.append(source)
        elif (found := sha256(path.read_bytes()).hexdigest()[:16]) != source.checksum:
            raise SourceError(f"{source.file}: expected SHA-256 {source.checksum}, found {found}")
    return missing
