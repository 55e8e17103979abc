"""Was a webhook call signed by who we think, just now, and over these very bytes?

One small function a scheme, by the names of `domain/knock.py`; a platform module names its own in `SCHEME`.
What only asks whether we are there is answered by `_handshakes.py`. The Lambda that verifies loads nothing
else of `platforms/`.

A signature is compared as it is written: one in capitals, or written otherwise, is wrong.
"""

import hmac
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import parse_qs

from chalicelib.domain.knock import Knock
from chalicelib.errors import BadWebhook
from chalicelib.platforms._proofs import (
    TOLERANCE,
    Scheme,
    agree,
    based,
    fresh,
    header,
    hexed,
    in_header,
    texts,
)
from chalicelib.platforms._public_keys import (
    Fetch,
    by_certificate,
    ed25519,
    google_claims,
    plain64,
    raw_v1a,
    unsealed,
    whpk,
)
from chalicelib.platforms._signing import whsec

SNS_TRIES = 3600
"""Seconds for which SNS repeats a notification, under the timestamp of the first time."""

# An id holds no full stop, which separates what is signed, and no comma, which betrays joined headers.
_ID = re.compile(r"[!-+\-/-~]{1,256}")
_ENTRY = re.compile(r"[A-Za-z0-9]{1,16},[A-Za-z0-9+/_-]{1,256}={0,2}")
_HUB = re.compile(r"(sha1|sha256|sha384|sha512)=([0-9a-f]{40,128})")
_TIKTOK = re.compile(r"t=([0-9]{1,12}),s=([0-9a-f]{64})")
_SNS_CERTIFICATE = re.compile(
    r"https://sns\.[a-z0-9-]{3,30}\.amazonaws\.com(\.cn)?/SimpleNotificationService-[0-9a-f]{8,64}\.pem"
)


def verify(scheme: str, secrets: Sequence[str], knock: Knock, fetch: Fetch) -> bytes:
    """The call's body, opened where it came sealed.

    `secrets` are all that are valid now (two while one is being replaced). `fetch` is asked by two schemes
    for the public keys of who signs.

    Raises BadWebhook, 401, with the reason `missing`, `malformed`, `stale`, `wrong`, or `secret`
    where ours is missing or unreadable. Raises KeyError for a scheme that is not offered.
    """
    return SCHEMES[scheme](secrets, knock, fetch)


# Standard Webhooks --------------------------------------------------------------------------------------


def _standard_webhooks(secrets: Sequence[str], knock: Knock, fetch: Fetch) -> bytes:
    """Standard Webhooks: v1 (HMAC-SHA256 over `id.timestamp.body`) for a secret `whsec_<base64>`, v1a
    (Ed25519) for a public key `whpk_<base64>`. Other versions in the signature's list are passed over.

    Source: https://github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md
    """
    event, seconds, signatures = header(knock, "webhook-id", "webhook-timestamp", "webhook-signature")
    entries = signatures.split(" ")
    if not (_ID.fullmatch(event) and all(map(_ENTRY.fullmatch, entries))):
        raise BadWebhook(401, "malformed")
    fresh(seconds, knock)
    signed = f"{event}.{seconds}.".encode() + knock.body
    public = [whpk(each) for each in secrets if each.strip().startswith("whpk_")]
    keys = [whsec(each) for each in secrets if not each.strip().startswith("whpk_")]
    if not (public or keys):
        raise BadWebhook(401, "secret")
    if any(ed25519(key, each, signed) for each in raw_v1a(entries) for key in public):
        return knock.body
    agree([based(key, signed) for key in keys], [each[3:] for each in entries if each.startswith("v1,")])
    return knock.body


# the networks -------------------------------------------------------------------------------------------

_in_sha256 = in_header("x-hub-signature-256", "sha256=[0-9a-f]{64}", lambda k, b: f"sha256={hexed(k, b)}")
"""GitHub's, and Meta's: https://developers.facebook.com/docs/graph-api/webhooks/getting-started"""
_discourse = in_header(
    "x-discourse-event-signature", "sha256=[0-9a-f]{64}", lambda key, body: f"sha256={hexed(key, body)}"
)
_x = in_header(
    "x-twitter-webhooks-signature", r"sha256=[A-Za-z0-9+/]{43}=", lambda k, b: f"sha256={based(k, b)}"
)
"""https://docs.x.com/x-api/webhooks/introduction"""
_linkedin = in_header(
    "x-li-signature", "(hmacsha256=)?[0-9a-f]{64}", lambda key, body: hexed(key, b"hmacsha256=" + body)
)


def _meta(secrets: Sequence[str], knock: Knock, fetch: Fetch) -> bytes:
    """Calls as GitHub's; what is asked about a person's data comes as a form with one `signed_request`.
    The older `X-Hub-Signature` counts for nothing."""
    form = knock.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    if not form or "x-hub-signature-256" in knock.headers:
        return _in_sha256(secrets, knock, fetch)
    try:
        fields = parse_qs(knock.body.decode("ascii", "replace"), max_num_fields=20)
    except ValueError:
        raise BadWebhook(401, "malformed") from None
    return signed_request(secrets, fields.get("signed_request", [""])[0])


def signed_request(secrets: Sequence[str], given: str) -> bytes:
    """What Meta's `<signature>.<payload>` says, both in base64url. Raises BadWebhook."""
    if not given:
        raise BadWebhook(401, "missing")
    signature, _, payload = given.partition(".")
    ours = [hmac.digest(key, payload.encode("utf-8", "replace"), "sha256") for key in texts(secrets)]
    agree([urlsafe_b64encode(each).rstrip(b"=") for each in ours], [signature.rstrip("=")])
    try:
        said = plain64(payload, url=True)
        algorithm = json.loads(said).get("algorithm")
    except (ValueError, AttributeError, RecursionError):
        raise BadWebhook(401, "malformed") from None
    if str(algorithm).upper() != "HMAC-SHA256":
        raise BadWebhook(401, "malformed")
    return said


def _hub(secrets: Sequence[str], knock: Knock, fetch: Fetch) -> bytes:
    """By one of four methods, whichever the header names: https://www.w3.org/TR/websub/#signature-validation"""
    (given,) = header(knock, "x-hub-signature")
    if not (found := _HUB.fullmatch(given)):
        raise BadWebhook(401, "malformed")
    agree([hmac.digest(key, knock.body, found[1]).hex() for key in texts(secrets)], [found[2]])
    return knock.body


def _slack(secrets: Sequence[str], knock: Knock, fetch: Fetch) -> bytes:
    """https://docs.slack.dev/authentication/verifying-requests-from-slack"""
    seconds, given = header(knock, "x-slack-request-timestamp", "x-slack-signature")
    if not re.fullmatch("v0=[0-9a-f]{64}", given):
        raise BadWebhook(401, "malformed")
    fresh(seconds, knock)
    signed = f"v0:{seconds}:".encode() + knock.body
    agree([f"v0={hexed(key, signed)}" for key in texts(secrets)], [given])
    return knock.body


def _tiktok(secrets: Sequence[str], knock: Knock, fetch: Fetch) -> bytes:
    """https://developers.tiktok.com/doc/webhooks-verification"""
    (given,) = header(knock, "tiktok-signature")
    if not (found := _TIKTOK.fullmatch(given)):
        raise BadWebhook(401, "malformed")
    fresh(found[1], knock)
    signed = f"{found[1]}.".encode() + knock.body
    agree([hexed(key, signed) for key in texts(secrets)], [found[2]])
    return knock.body


def _teams(secrets: Sequence[str], knock: Knock, fetch: Fetch) -> bytes:
    """An outgoing webhook of Teams: the secret is base64 of the key."""
    (given,) = header(knock, "authorization")
    if not re.fullmatch(r"HMAC [A-Za-z0-9+/]{43}=", given):
        raise BadWebhook(401, "malformed")
    texts(secrets)
    agree([f"HMAC {based(whsec(each), knock.body)}" for each in secrets], [given])
    return knock.body


def _telegram(secrets: Sequence[str], knock: Knock, fetch: Fetch) -> bytes:
    """https://core.telegram.org/bots/api#setwebhook"""
    agree(texts(secrets), header(knock, "x-telegram-bot-api-secret-token"))
    return knock.body


def _unsigned(secrets: Sequence[str], knock: Knock, fetch: Fetch) -> bytes:
    """Of who cannot sign: the secret is part of the address. It proves that they were told it, no more."""
    if not knock.word:
        raise BadWebhook(401, "missing")
    agree(texts(secrets), [knock.word])
    return knock.body


def _discord(secrets: Sequence[str], knock: Knock, fetch: Fetch) -> bytes:
    """Ed25519, by the application's public key: https://docs.discord.com/developers/interactions/overview"""
    seconds, given = header(knock, "x-signature-timestamp", "x-signature-ed25519")
    if not re.fullmatch("[0-9a-f]{128}", given):
        raise BadWebhook(401, "malformed")
    fresh(seconds, knock)
    texts(secrets)
    if not all(re.fullmatch("[0-9a-f]{64}", each) for each in secrets):
        raise BadWebhook(401, "secret")
    signature, signed = bytes.fromhex(given), seconds.encode() + knock.body
    if not any(ed25519(bytes.fromhex(each), signature, signed) for each in secrets):
        raise BadWebhook(401, "wrong")
    return knock.body


def _google_pubsub(secrets: Sequence[str], knock: Knock, fetch: Fetch) -> bytes:
    """A token for this address, of the account that is named as our secret."""
    (given,) = header(knock, "authorization")
    if not given.startswith("Bearer "):
        raise BadWebhook(401, "malformed")
    accounts = texts(secrets)
    claims = google_claims(given.removeprefix("Bearer "), knock.url, knock.now, fetch)
    if claims.get("email_verified") is not True:
        raise BadWebhook(401, "wrong")
    agree(accounts, [str(claims.get("email", ""))])
    return knock.body


def _web_push(secrets: Sequence[str], knock: Knock, fetch: Fetch) -> bytes:
    """Sealed for us by who was given our keys; a secret is `<auth>.<private key>`, both in base64url."""
    if knock.headers.get("content-encoding") != "aes128gcm":
        raise BadWebhook(401, "missing")
    for each in texts(secrets):
        auth, _, private = each.decode().partition(".")
        try:
            keys = plain64(auth, url=True), plain64(private, url=True)
        except ValueError:
            raise BadWebhook(401, "secret") from None
        try:
            return unsealed(knock.body, *keys)
        except ValueError:
            continue
    raise BadWebhook(401, "wrong")


def _sns(secrets: Sequence[str], knock: Knock, fetch: Fetch) -> bytes:
    """By a certificate of Amazon's that the call names, for the topic that is named as our secret:
    https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html"""
    try:
        given = {str(name): str(value) for name, value in json.loads(knock.body).items()}
        signature = plain64(given["Signature"])
        sent = datetime.fromisoformat(given["Timestamp"])
    except (ValueError, KeyError, AttributeError, RecursionError):
        raise BadWebhook(401, "malformed") from None
    agree(texts(secrets), [given.get("TopicArn", "")])
    if sent.tzinfo is None or given.get("SignatureVersion") not in ("1", "2"):
        raise BadWebhook(401, "malformed")
    if not -SNS_TRIES - TOLERANCE <= (sent - knock.now).total_seconds() <= TOLERANCE:
        raise BadWebhook(401, "stale")
    pem = given.get("SigningCertURL", "")
    if not _SNS_CERTIFICATE.fullmatch(pem):
        raise BadWebhook(401, "malformed")
    first = ("Message", "MessageId")
    then = (
        ("Subject", "Timestamp")
        if given.get("Type") == "Notification"
        else ("SubscribeURL", "Timestamp", "Token")
    )
    names = [name for name in (*first, *then, "TopicArn", "Type") if name in given]
    signed = "".join(f"{name}\n{given[name]}\n" for name in names).encode("utf-8", "replace")
    sha256 = given["SignatureVersion"] == "2"
    if not by_certificate(fetch(pem), signature, signed, sha256=sha256, now=knock.now):
        raise BadWebhook(401, "wrong")
    return knock.body


SCHEMES: dict[str, Scheme] = {
    "standard-webhooks": _standard_webhooks,
    "github": _in_sha256,
    "meta": _meta,
    "x": _x,
    "linkedin": _linkedin,
    "slack": _slack,
    "discord": _discord,
    "telegram": _telegram,
    "tiktok": _tiktok,
    "discourse": _discourse,
    "mastodon": _hub,
    "websub": _hub,
    "teams": _teams,
    "google-pubsub": _google_pubsub,
    "sns": _sns,
    "web-push": _web_push,
    "webmention": _unsigned,
    "unsigned": _unsigned,
}
