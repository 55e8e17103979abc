"""Signatures that anybody may check and one alone can make: Ed25519, RSA; and what was sealed for our eyes.

`cryptography` and PyJWT are loaded where they are first used: the Lambda that verifies needs them for few of
its callers.
"""

import json
import re
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.errors import BadWebhook, HttpError
from chalicelib.ports import Http

Fetch = Callable[[str], bytes]
"""What stands at an address of the signer's network. Raises BadWebhook, 503."""

SKEW = 30
"""Seconds that a token's own times may be off."""
RECORD = (4096).to_bytes(4, "big")
"""The record size that those who push give; it is not sealed, so that another would go unnoticed."""
ASK_AGAIN = timedelta(minutes=5)
MOST = 50

_TOKEN = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")


class Fetched:
    """Plays `Fetch`: each address is asked at most every five minutes."""

    def __init__(self, http: Http, now: Callable[[], datetime]) -> None:
        self._http = http
        self._now = now
        self._known: dict[str, tuple[datetime, bytes]] = {}

    def __call__(self, url: str) -> bytes:
        at, known = self._known.get(url, (None, b""))
        if at is None or self._now() - at >= ASK_AGAIN:
            known = self._ask(url)
            if len(self._known) >= MOST:
                self._known.pop(next(iter(self._known)))
            self._known[url] = (self._now(), known)
        return known

    def _ask(self, url: str) -> bytes:
        try:
            answer = self._http.request("GET", url, seconds=4, max_bytes=100_000, redirects=0)
        except HttpError:
            raise BadWebhook(503, "unreachable") from None
        if answer.status != 200:
            raise BadWebhook(503, "unreachable")
        return answer.body


def plain64(text: str, *, url: bool = False) -> bytes:
    """What a base64 text says. There is one text for it: another with the same meaning is none. Raises
    ValueError."""
    padded = text + "=" * (-len(text) % 4)
    found = urlsafe_b64decode(padded) if url else b64decode(padded, validate=True)
    written = (urlsafe_b64encode(found) if url else b64encode(found)).decode()
    if text.rstrip("=") != written.rstrip("="):
        raise ValueError("not the usual base64 of what it says")
    return found


def ed25519(public_key: bytes, signature: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def whpk(secret: str) -> bytes:
    """The public key behind `whpk_<base64>`. Raises BadWebhook."""
    try:
        key = plain64(secret.strip().removeprefix("whpk_"))
    except ValueError:
        raise BadWebhook(401, "secret") from None
    if len(key) != 32:
        raise BadWebhook(401, "secret")
    return key


def raw_v1a(entries: Iterable[str]) -> list[bytes]:
    """Of Standard Webhooks, the signatures of version v1a, each written as base64 is."""
    found = []
    for entry in entries:
        if entry.startswith("v1a,"):
            try:
                raw = plain64(entry[4:])
            except ValueError:
                continue
            if entry[4:] == b64encode(raw).decode():
                found.append(raw)
    return found


def google_claims(token: str, audience: str, now: datetime, fetch: Fetch) -> Mapping[str, Any]:
    """What a token of Google's says, found right: RS256, its issuer, this audience, and not out of date.

    https://docs.cloud.google.com/pubsub/docs/authenticate-push-subscriptions
    Raises BadWebhook.
    """
    import jwt

    parts = _TOKEN.fullmatch(token)
    if not parts or len(token) > 8000:
        raise BadWebhook(401, "malformed")
    try:
        for part in parts.groups():
            plain64(part, url=True)
        kid = jwt.get_unverified_header(token).get("kid")
        listed = json.loads(fetch("https://www.googleapis.com/oauth2/v3/certs"))["keys"]
        (found,) = [key for key in listed if key.get("kid") == kid and key.get("kty") == "RSA"]
        claims: dict[str, Any] = jwt.decode(
            token,
            jwt.PyJWK.from_dict(found, algorithm="RS256").key,
            algorithms=["RS256"],
            audience=audience,
            issuer=["https://accounts.google.com", "accounts.google.com"],
            options={
                "require": ["exp", "iat", "iss", "aud"],
                "verify_exp": False,  # below, on the clock we were given
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise BadWebhook(401, "wrong") from None
    issued, expires = claims["iat"], claims["exp"]
    if type(issued) not in (int, float) or type(expires) not in (int, float):
        raise BadWebhook(401, "malformed")
    if not issued - SKEW <= now.timestamp() <= expires + SKEW:
        raise BadWebhook(401, "stale")
    return claims


def by_certificate(pem: bytes, signature: bytes, signed: bytes, *, sha256: bool, now: datetime) -> bool:
    """Was it signed (RSA, PKCS #1 v1.5) by who this certificate, valid now, is of?"""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.x509 import load_pem_x509_certificate

    try:
        of = load_pem_x509_certificate(pem)
        key = of.public_key()
        valid = of.not_valid_before_utc <= now.astimezone(UTC) <= of.not_valid_after_utc
        if not valid or not isinstance(key, rsa.RSAPublicKey):
            return False
        # SNS's first version signs with SHA-1; which of the two it is, the topic's owner chooses
        algorithm = hashes.SHA256() if sha256 else hashes.SHA1()  # noqa: S303
        key.verify(signature, signed, padding.PKCS1v15(), algorithm)
    except (InvalidSignature, ValueError):
        return False
    return True


def unsealed(body: bytes, auth: bytes, private: bytes) -> bytes:
    """What a Web Push message says (RFC 8291, aes128gcm, one record). Raises ValueError where it was not
    sealed for us."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    def derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
        return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)

    salt, record, size, theirs, sealed = body[:16], body[16:20], body[20:21], body[21:86], body[86:]
    if record != RECORD or size != b"\x41" or len(sealed) < 17:
        raise ValueError("not one record of a push message")
    own = ec.derive_private_key(int.from_bytes(private, "big"), ec.SECP256R1())
    ours = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
    shared = own.exchange(ec.ECDH(), sender)
    key = derived(auth, shared, b"WebPush: info\x00" + ours + theirs, 32)
    try:
        opened = AESGCM(derived(salt, key, b"Content-Encoding: aes128gcm\x00", 16)).decrypt(
            derived(salt, key, b"Content-Encoding: nonce\x00", 12), sealed, None
        )
    except InvalidTag:
        raise ValueError("not sealed for us") from None
    text = opened.rstrip(b"\x00")
    if not text.endswith(b"\x02"):
        raise ValueError("no end of the record")
    return text[:-1]


def push_keys(secret: str) -> tuple[str, str]:
    """(p256dh, auth) as who subscribes us gives them on; `secret` is `<auth>.<private key>`."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    auth, _, private = secret.partition(".")
    own = ec.derive_private_key(int.from_bytes(plain64(private, url=True), "big"), ec.SECP256R1())
    public = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return urlsafe_b64encode(public).decode().rstrip("="), auth
