"""The secret of a second factor as an app takes it: a picture to point a camera at, and letters to type."""

import re
from urllib.parse import quote

from markupsafe import Markup

from chalicelib.errors import BadInput

_SECRET = re.compile(r"[A-Z2-7]{16,128}=*")


def checked(secret: str) -> str:
    """A secret that came back with a form. Raises BadInput."""
    if not _SECRET.fullmatch(secret):
        raise BadInput("secret", "a form of ours")
    return secret


def spaced(secret: str) -> str:
    """In groups of four, to read it aloud."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def picture(email: str, secret: str) -> Markup:
    """An SVG without a style in it; black on white in the dark too, as cameras want it."""
    import segno

    label = quote(f"Webspin:{email}", safe="@:")
    made = segno.make(f"otpauth://totp/{label}?secret={secret.rstrip('=')}&issuer=Webspin", micro=False)
    svg = made.svg_inline(scale=4, light="#fff", svgclass="qr", lineclass=None)
    return Markup(svg.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S704 - ours; named around it
