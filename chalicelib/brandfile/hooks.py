"""The secrets of sources that call us: made where we make them, and laid down as the door reads them."""

import secrets as chance
from base64 import b64encode, urlsafe_b64encode
from datetime import datetime

from chalicelib.domain.knock import SIGNINGS, USUAL

Values = dict[str, str]


def fresh(settings: Values, secret: str, now: datetime) -> Values:
    """As the door reads it (`domain/knock.py`). `settings` are the source's; `secret` is what its network
    shows, or "" where we make one. Gives {} where only the network can."""
    scheme = settings.get("scheme", USUAL)
    signing = SIGNINGS[scheme]
    if not secret and not signing.ours:
        return {}
    values = {"scheme": scheme, "secret": secret or new_secret(scheme), "since": now.isoformat()}
    if signing.word:
        values["word"] = chance.token_urlsafe(24)
    if signing.topic:
        values["topic"] = settings.get("topic", "")
    return values


def completed(values: Values, kept: Values) -> Values:
    """What a brand file says of one, with what it leaves to us: as it was made before, or new."""
    scheme = values["scheme"]
    same = kept if kept.get("scheme") == scheme else {}
    word = {"word": same.get("word") or chance.token_urlsafe(24)} if SIGNINGS[scheme].word else {}
    return {**values, **word}


def new_secret(scheme: str) -> str:
    if scheme == USUAL:
        return f"whsec_{b64encode(chance.token_bytes(32)).decode()}"
    if scheme == "web-push":  # its private key lies below the order of the curve
        private = bytes([chance.randbelow(255)]) + chance.token_bytes(31)
        return ".".join(
            urlsafe_b64encode(each).decode().rstrip("=") for each in (chance.token_bytes(16), private)
        )
    return chance.token_urlsafe(32)
