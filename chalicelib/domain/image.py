"""An image of a post: read by its own bytes, and kept without what only its camera should know.

A phone writes into a photo where it was taken. What leaves has the picture alone: its pixels are untouched
(nothing is encoded anew), its colours and which way is up stay; place, time, camera, comments, previews and
whatever hangs behind its end go.
"""

import re
from collections.abc import Callable, Iterator
from hashlib import blake2s

from chalicelib.domain.post import ImageFile
from chalicelib.errors import BadInput

SIZE = 4_000_000
"""Bytes: what a Lambda is handed holds no more."""
PIXELS = 33_177_600


def clean(body: bytes) -> tuple[ImageFile, bytes]:
    """The image as it is kept. Raises BadInput (`image`) for what is none, or too large."""
    if len(body) > SIZE:
        raise BadInput("image", f"at most {SIZE // 1_000_000} MB an image")
    reader = next((read for mark, read in _READERS if re.match(mark, body[:12], re.DOTALL)), None)
    if reader is None:
        raise BadInput("image", "an image is a JPEG, PNG, WebP or GIF")
    try:
        kind, (width, height), kept = reader(body)
    except (ValueError, IndexError):
        raise BadInput("image", "this image is broken off or damaged") from None
    if not (0 < width <= 65_535 and 0 < height <= 65_535):
        raise BadInput("image", "this image is broken off or damaged")
    if width * height > PIXELS:
        raise BadInput("image", f"at most {PIXELS // 1_000_000} million pixels an image")
    digest = blake2s(kept, digest_size=16).hexdigest()
    return ImageFile(f"{digest}-{width}x{height}-{len(kept)}.{kind}"), kept


Read = tuple[str, tuple[int, int], bytes]
"""Kind, (width, height) as it is shown, and the bytes that are kept."""

# JPEG ------------------------------------------------------------------------------------------------

_SCAN_END = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def _jpeg(body: bytes) -> Read:
    """All but JFIF, colours (ICC, Adobe) and what the picture itself is made of goes."""
    parts, size, up = [b"\xff\xd8"], (0, 0), 1
    for marker, segment, scan in _segments(body):
        if marker in _FRAMES:
            size = _big(segment[3:5]), _big(segment[1:3])
        if marker == 0xE1 and segment.startswith(b"Exif\0\0"):
            up = _which_way_is_up(segment[6:]) or up
        if _kept(marker, segment):
            length = (len(segment) + 2).to_bytes(2, "big")
            parts.append(bytes((0xFF, marker)) + length + segment + scan)
    if up != 1:
        parts.insert(2 if len(parts) > 1 and parts[1][1] == 0xE0 else 1, _turned(up))
    width, height = size if up < 5 else size[::-1]
    return "jpg", (width, height), b"".join([*parts, b"\xff\xd9"])


def _segments(body: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Each marker with what it says, and the picture's data behind it; to the end of the first picture."""
    at = 2
    while True:
        if body[at] != 0xFF:
            raise ValueError("no marker")
        while body[at] == 0xFF:
            at += 1
        marker, at = body[at], at + 1
        if marker == 0xD9:
            return
        length = _big(body[at : at + 2])
        if length < 2 or at + length > len(body) or 0xD0 <= marker <= 0xD8:
            raise ValueError("no segment")
        segment, at = body[at + 2 : at + length], at + length
        start = at
        if marker == 0xDA:
            found = _SCAN_END.search(body, at)
            if found is None:
                raise ValueError("broken off")
            at = found.start()
        yield marker, segment, body[start:at]


def _kept(marker: int, segment: bytes) -> bool:
    if marker == 0xE0:
        return segment.startswith(b"JFIF\0") and len(segment) == 14  # without a preview
    if marker == 0xE2:
        return segment.startswith(b"ICC_PROFILE\0")
    if marker == 0xEE:
        return segment.startswith(b"Adobe")
    return not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def _which_way_is_up(tiff: bytes) -> int:
    """The orientation of an Exif block, 1 to 8; 0 where it does not say."""
    order = {b"II*\0": "little", b"MM\0*": "big"}.get(tiff[:4])
    if order is None:
        return 0

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], "big" if order == "big" else "little")

    start = number(4, 4)
    for n in range(min(number(start, 2), 200)):
        entry = start + 2 + 12 * n
        if number(entry, 2) == 0x0112:
            found = number(entry + 8, 2)
            return found if 1 <= found <= 8 else 0
    return 0


def _turned(up: int) -> bytes:
    """An Exif block that says which way is up, and nothing else."""
    entry = b"\x01\x12\x00\x03\x00\x00\x00\x01" + up.to_bytes(2, "big") + b"\0\0"
    block = b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + entry + b"\0\0\0\0"
    return b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block


# PNG, WebP, GIF ----------------------------------------------------------------------------------------

_CHUNKS = frozenset(b"tRNS gAMA cHRM sRGB iCCP cICP sBIT pHYs bKGD acTL fcTL fdAT".split())
_RIFF = frozenset((b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def _png(body: bytes) -> Read:
    """Without texts, times and Exif; to its end."""
    at, parts, size = 8, [body[:8]], (0, 0)
    while True:
        length, kind = _big(body[at : at + 4]), body[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(body) or len(kind) < 4 or (at == 8) != (kind == b"IHDR"):
            raise ValueError("no chunk")
        if kind == b"IHDR":
            size = _big(body[at + 8 : at + 12]), _big(body[at + 12 : at + 16])
        if kind[:1].isupper() or kind in _CHUNKS:
            parts.append(body[at:end])
        if kind == b"IEND":
            return "png", size, b"".join(parts)
        at = end


def _webp(body: bytes) -> Read:
    """Without Exif and XMP; to its end."""
    whole = min(len(body), 8 + _little(body[4:8]))
    at, parts, sizes = 12, list[bytes](), list[tuple[int, int]]()
    while at + 8 <= whole:
        kind, length = body[at : at + 4], _little(body[at + 4 : at + 8])
        end = at + 8 + length
        if end > len(body):
            raise ValueError("no chunk")
        content = body[at + 8 : end]
        if kind in (b"VP8X", b"VP8 ", b"VP8L"):
            sizes.append(_webp_size(kind, content))
        if kind == b"VP8X":
            content = bytes((content[0] & ~0x0C,)) + content[1:]
        if kind in _RIFF:
            parts.append(kind + length.to_bytes(4, "little") + content + b"\0" * (length % 2))
        at = end + length % 2
    inside = b"WEBP" + b"".join(parts)
    return "webp", sizes[0], b"RIFF" + len(inside).to_bytes(4, "little") + inside


def _webp_size(kind: bytes, content: bytes) -> tuple[int, int]:
    if kind == b"VP8X":
        return _little(content[4:7]) + 1, _little(content[7:10]) + 1
    if kind == b"VP8L":
        bits = _little(content[1:5])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return _little(content[6:8]) & 0x3FFF, _little(content[8:10]) & 0x3FFF


def _gif(body: bytes) -> Read:
    """Without comments and what programs noted, but for how often it plays; to its end."""
    size = _little(body[6:8]), _little(body[8:10])
    at = 13 + _colours(body[10])
    parts = [body[:at]]
    while body[at] != 0x3B:
        start = at
        if body[at] == 0x2C:
            at = _blocks(body, at + 11 + _colours(body[at + 9]))
            parts.append(body[start:at])
        elif body[at] == 0x21:
            label, at = body[at + 1], _blocks(body, at + 2)
            if label in (0xF9, 0x01) or (label == 0xFF and body[start + 3 : start + 14] in _LOOPS):
                parts.append(body[start:at])
        else:
            raise ValueError("no block")
    return "gif", size, b"".join([*parts, b"\x3b"])


def _colours(flags: int) -> int:
    """Bytes of a table of colours."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _blocks(body: bytes, at: int) -> int:
    """Behind a row of blocks that begins here."""
    while body[at]:
        at += body[at] + 1
    return at + 1


def _big(given: bytes) -> int:
    return int.from_bytes(given, "big")


def _little(given: bytes) -> int:
    return int.from_bytes(given, "little")


_READERS: tuple[tuple[bytes, Callable[[bytes], Read]], ...] = (
    (rb"\xff\xd8\xff", _jpeg),
    (rb"\x89PNG\r\n\x1a\n", _png),
    (rb"RIFF....WEBP", _webp),
    (rb"GIF8[79]a", _gif),
)
