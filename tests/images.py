"""Small images of each kind, 4 by 3 pixels, as a browser makes them; and what cameras and programs put into
one."""

from base64 import b64decode
from functools import partial
from zlib import crc32

from chalicelib.domain.image import clean
from chalicelib.ports.showing import Image

JPEG = b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19i"
    "Z2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2Nj"
    "Y2NjY2NjY2P/wAARCAADAAQDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAXEAADAQAAAAAAAAAAAAAAAAAAAQIR"
    "/8QAFQEBAQAAAAAAAAAAAAAAAAAABAb/xAAZEQEAAgMAAAAAAAAAAAAAAAABABECITH/2gAMAwEAAhEDEQA/AIKp09b1gAGt7ZRg"
    "YlHJ/9k="
)
WEBP = b64decode(
    "UklGRkYAAABXRUJQVlA4IDoAAADwAQCdASoEAAMAAsBMJbACdLoAfgwETAAA/ujb51JvJdp7aUuH1bg/+XH3S+399z+yH75PfJ3UAAAA"
)
PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAYAAAC09K7GAAAAKUlEQVR4AVzIMQ0AAAgDQVJLFYUm0ISnkg4sfHLLgzWyIWWIF6oz"
    "7P4CAAD///+7yv0AAAAGSURBVAMAwX4My4b/82MAAAAASUVORK5CYII="
)
GIF = (
    b"GIF89a\x04\0\x03\0\x80\0\0\x33\x66\x99\xff\xff\xff"
    b"\x2c\0\0\0\0\x04\0\x03\0\0\x02\x05\x84\x8f\xa9\x0b\x05\0\x3b"
)
SMALL = {"image/jpeg": JPEG, "image/png": PNG, "image/webp": WEBP, "image/gif": GIF}
PLACE = b"52 22 N 4 53 E, by Jip, with a Phone 9"
"""What must never leave, wherever it stands in a file."""


def exif(up: int) -> bytes:
    """An Exif block with a place and which way is up, as a phone writes it."""
    entry = b"\x12\x01\x03\0\x01\0\0\0" + up.to_bytes(2, "little") + b"\0\0"
    place = b"\x25\x88\x02\0" + len(PLACE).to_bytes(4, "little") + (38).to_bytes(4, "little")
    return b"II*\0\x08\0\0\0\x02\0" + entry + place + b"\0\0\0\0" + PLACE


def from_a_phone(up: int = 1) -> bytes:
    """A JPEG with all that a phone and a program put into it, and a film behind its end."""

    def segment(marker: int, said: bytes) -> bytes:
        return bytes((0xFF, marker)) + (len(said) + 2).to_bytes(2, "big") + said

    told = segment(0xE1, b"Exif\0\0" + exif(up)) + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE)
    told += segment(0xE2, b"MPF\0" + PLACE) + segment(0xED, b"Photoshop 3.0\0" + PLACE) + segment(0xFE, PLACE)
    return JPEG[:20] + told + JPEG[20:] + b"film" + PLACE


def told_png() -> bytes:
    def chunk(kind: bytes, said: bytes) -> bytes:
        return len(said).to_bytes(4, "big") + kind + said + crc32(kind + said).to_bytes(4, "big")

    told = chunk(b"tEXt", b"Comment\0" + PLACE) + chunk(b"eXIf", exif(1)) + chunk(b"iTXt", b"XML" + PLACE)
    return PNG[:33] + told + PNG[33:] + PLACE


def told_webp() -> bytes:
    def chunk(kind: bytes, said: bytes) -> bytes:
        return kind + len(said).to_bytes(4, "little") + said + b"\0" * (len(said) % 2)

    size = b"\x0c\0\0\0\x03\0\0\x02\0\0"
    inside = b"WEBP" + chunk(b"VP8X", size) + WEBP[12:] + chunk(b"EXIF", exif(1)) + chunk(b"XMP ", PLACE)
    return b"RIFF" + len(inside).to_bytes(4, "little") + inside + PLACE


def told_gif() -> bytes:
    said = bytes((len(PLACE),)) + PLACE + b"\0"
    told = b"\x21\xfe" + said + b"\x21\xff\x0bXMP DataXMP" + said
    loops = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
    return GIF[:19] + loops + told + GIF[19:] + PLACE


def image(kind: str = "image/jpeg", alt: str = "A loaf of bread, cut open.") -> Image:
    """As delivering gives it to a module."""
    found, kept = clean(SMALL[kind])
    return Image(
        name=found.name,
        type=found.type,
        size=found.size,
        width=found.width,
        height=found.height,
        alt=alt,
        read=partial(bytes, kept),
        address=lambda: f"https://bucket.example/{found.name}",
    )
