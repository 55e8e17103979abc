"""Those who call us, each as its network documents it: independent of the code that verifies them."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from tests.stages.town import BRAND, DOOR, signed

ACCOUNT = "push@project.iam.gserviceaccount.com"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:mentions"
CERTIFICATE = (
    "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem"
)
WORD = "a-word-of-ours-that-nobody-guesses"
FEED = "https://blog.example/feed.xml"
DISCORD = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUSH = ec.derive_private_key(7_654_321, ec.SECP256R1())
AUTH = bytes(range(16))

Call = tuple[dict[str, str], bytes]


def url64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def raw(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


SECRETS: Mapping[str, str] = {
    "standard-webhooks": "whsec_" + base64.b64encode(b"not a secret, only a test of one").decode(),
    "discord": DISCORD.public_key().public_bytes_raw().hex(),
    "teams": base64.b64encode(b"a key of thirty-two bytes or so.").decode(),
    "google-pubsub": ACCOUNT,
    "sns": TOPIC,
    "web-push": f"{url64(AUTH)}.{url64((7_654_321).to_bytes(32, 'big'))}",
    "webmention": WORD,
    "unsigned": WORD,
}


def secret(scheme: str) -> str:
    return SECRETS.get(scheme, "plainly-not-a-secret-of-anybody")


def kept(scheme: str, **more: str) -> dict[str, str]:
    """As it lies in the store."""
    return {"scheme": scheme, "secret": secret(scheme), "word": WORD, "topic": FEED, **more}


def path(scheme: str, source: str = "caller") -> str:
    return f"/{BRAND}/{source}{f'/{WORD}' if scheme in ('websub', 'webmention', 'unsigned') else ''}"


def call(scheme: str, body: bytes, now: datetime) -> Call:
    """Headers and body of a good call."""
    return CALLS[scheme](body, now)


def _mac(key: str, signed: bytes, method: str = "sha256") -> bytes:
    return hmac.new(key.encode(), signed, getattr(hashlib, method)).digest()


def _hex(scheme: str, header: str, prefix: str = "sha256=", before: bytes = b"") -> Callable[..., Call]:
    def made(body: bytes, now: datetime) -> Call:
        return {header: prefix + _mac(secret(scheme), before + body).hex()}, body

    return made


def _slack(body: bytes, now: datetime) -> Call:
    stamp = str(int(now.timestamp()))
    mac = _mac(secret("slack"), f"v0:{stamp}:".encode() + body).hex()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac}"}, body


def _tiktok(body: bytes, now: datetime) -> Call:
    stamp = str(int(now.timestamp()))
    mac = _mac(secret("tiktok"), f"{stamp}.".encode() + body).hex()
    return {"TikTok-Signature": f"t={stamp},s={mac}"}, body


def _x(body: bytes, now: datetime) -> Call:
    mac = base64.b64encode(_mac(secret("x"), body)).decode()
    return {"x-twitter-webhooks-signature": f"sha256={mac}"}, body


def _teams(body: bytes, now: datetime) -> Call:
    key = base64.b64decode(secret("teams"))
    return {"Authorization": "HMAC " + base64.b64encode(hmac.digest(key, body, "sha256")).decode()}, body


def _discord(body: bytes, now: datetime) -> Call:
    stamp = str(int(now.timestamp()))
    signature = DISCORD.sign(stamp.encode() + body).hex()
    return {"X-Signature-Timestamp": stamp, "X-Signature-Ed25519": signature}, body


@cache
def _rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def _google(body: bytes, now: datetime, **claims: Any) -> Call:
    said = {
        "iss": "https://accounts.google.com",
        "aud": f"https://{DOOR}/{BRAND}/caller",
        "email": ACCOUNT,
        "email_verified": True,
        "iat": int(now.timestamp()) - 60,
        "exp": int(now.timestamp()) + 3000,
        **claims,
    }
    token = jwt.encode(said, _rsa(), algorithm="RS256", headers={"kid": "k-1"})
    push = {"message": {"data": base64.b64encode(body).decode(), "messageId": "1"}, "subscription": "s"}
    return {"Authorization": f"Bearer {token}"}, json.dumps(push).encode()


def google_keys() -> bytes:
    numbers = _rsa().public_key().public_numbers()
    of = {"n": url64(numbers.n.to_bytes(256, "big")), "e": url64(numbers.e.to_bytes(3, "big"))}
    return json.dumps({"keys": [{"kty": "RSA", "kid": "k-1", "alg": "RS256", **of}]}).encode()


def sns(now: datetime, kind: str, version: str = "2", **more: str) -> Call:
    said = {
        "Type": kind,
        "MessageId": "m-1",
        "TopicArn": TOPIC,
        "Timestamp": now.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "SignatureVersion": version,
        "SigningCertURL": CERTIFICATE,
        **more,
    }
    names = sorted(set(said) - {"SignatureVersion", "SigningCertURL", "UnsubscribeURL"})
    text = "".join(f"{name}\n{said[name]}\n" for name in names)
    hashed = hashes.SHA256() if version == "2" else hashes.SHA1()
    signature = _rsa().sign(text.encode(), padding.PKCS1v15(), hashed)
    said["Signature"] = base64.b64encode(signature).decode()
    return {"Content-Type": "text/plain; charset=UTF-8"}, json.dumps(said).encode()


def _sns(body: bytes, now: datetime) -> Call:
    return sns(now, "Notification", Message=body.decode("utf-8", "replace"), Subject="A mention")


@cache
def certificate(of: datetime) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=_rsa().public_key(),
        serial_number=1,
        not_valid_before=(of - timedelta(days=1)).astimezone(UTC),
        not_valid_after=(of + timedelta(days=1)).astimezone(UTC),
    )
    return made.sign(_rsa(), hashes.SHA256()).public_bytes(Encoding.PEM)


def _web_push(body: bytes, now: datetime) -> Call:
    """RFC 8291, section 3.4, as a sender does it."""
    own, salt = ec.derive_private_key(42_424_242, ec.SECP256R1()), bytes(reversed(range(16)))

    def derive(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
        return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)

    shared = own.exchange(ec.ECDH(), PUSH.public_key())
    ikm = derive(AUTH, shared, b"WebPush: info\x00" + raw(PUSH) + raw(own), 32)
    key = derive(salt, ikm, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = derive(salt, ikm, b"Content-Encoding: nonce\x00", 12)
    sealed = AESGCM(key).encrypt(nonce, body + b"\x02", None)
    head = salt + (4096).to_bytes(4, "big") + bytes([65]) + raw(own)
    return {"Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream"}, head + sealed


CALLS: Mapping[str, Callable[[bytes, datetime], Call]] = {
    "standard-webhooks": lambda body, now: (signed(body, now), body),
    "github": _hex("github", "X-Hub-Signature-256"),
    "meta": _hex("meta", "X-Hub-Signature-256"),
    "x": _x,
    "linkedin": _hex("linkedin", "X-LI-Signature", "", b"hmacsha256="),
    "slack": _slack,
    "discord": _discord,
    "telegram": lambda body, now: ({"X-Telegram-Bot-Api-Secret-Token": secret("telegram")}, body),
    "tiktok": _tiktok,
    "discourse": _hex("discourse", "X-Discourse-Event-Signature"),
    "mastodon": _hex("mastodon", "X-Hub-Signature"),
    "websub": _hex("websub", "X-Hub-Signature"),
    "teams": _teams,
    "google-pubsub": _google,
    "sns": _sns,
    "web-push": _web_push,
    "webmention": lambda body, now: ({}, body),
    "unsigned": lambda body, now: ({}, body),
}
google = _google
