"""Our own style sheet, script and mark: served for ever under a name that holds their content's hash."""

import re
from dataclasses import dataclass
from functools import cache
from gzip import compress
from hashlib import blake2s
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    packed: bytes
    """The same, gzipped: everything here is public, so its length tells nothing."""
    type: str
    etag: str


@cache
def names() -> dict[str, str]:
    """`webspin.css` -> `webspin-0a1b2c3d4e.css`."""
    return {path.name: _hashed(path) for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES}


@cache
def find(hashed: str) -> Asset | None:
    """The file of that hashed name, and nothing else: no path is ever built from what was asked."""
    name = next((plain for plain, known in names().items() if known == hashed), None)
    if name is None:
        return None
    path = FOLDER / name
    body = path.read_bytes()
    if path.suffix == ".css":
        body = squeezed(body.decode()).encode()
    return Asset(body, compress(body, mtime=0), TYPES[path.suffix], f'"{hashed}"')


def squeezed(sheet: str) -> str:
    """The style sheet without its comments and the spaces that are for its readers."""
    plain = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    plain = re.sub(r" ?([{};,>]) ?", r"\1", re.sub(r"\s+", " ", plain).strip())
    return re.sub(r": (?=[^{}]*[;}])", ":", plain).replace(";}", "}")


def _hashed(path: Path) -> str:
    mark = blake2s(path.read_bytes(), digest_size=5).hexdigest()
    return f"{path.stem}-{mark}{path.suffix}"
