"""The signing of what we send."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from chalicelib.errors import BadWebhook


def sign(secrets: Sequence[str], id: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of a call of ours by Standard Webhooks, with a signature by each secret: while one is being
    replaced the receiver may know either. Raises BadWebhook for a secret that is no `whsec_<base64>`."""
    seconds = str(int(now.timestamp()))
    signed = f"{id}.{seconds}.".encode() + body
    entries = [f"v1,{b64encode(hmac.digest(whsec(each), signed, 'sha256')).decode()}" for each in secrets]
    return {"webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": " ".join(entries)}


def appsecret_proof(secret: str, token: str) -> str:
    """What Meta wants beside a token. https://developers.facebook.com/docs/graph-api/guides/secure-requests"""
    return hmac.digest(secret.encode(), token.encode(), "sha256").hex()


def oauth1(method: str, url: str, params: dict[str, str], secret: str, token_secret: str) -> str:
    """A request of ours to X by OAuth 1.0a (HMAC-SHA1): `params` are those of the query, of a form's body,
    and `oauth_...`. https://docs.x.com/resources/fundamentals/authentication/oauth-1-0a/creating-a-signature"""
    pairs = sorted((quote(name, safe="-._~"), quote(value, safe="-._~")) for name, value in params.items())
    listed = "&".join(f"{name}={value}" for name, value in pairs)
    signed = "&".join(quote(part, safe="-._~") for part in (method.upper(), url, listed))
    key = f"{quote(secret, safe='-._~')}&{quote(token_secret, safe='-._~')}"
    return b64encode(hmac.digest(key.encode(), signed.encode(), "sha1")).decode()


def whsec(secret: str) -> bytes:
    """The key behind `whsec_<base64>`; the prefix and the padding may be left out.

    One that is empty or unreadable refuses every call: left out in silence it would be found on the day the
    other one is withdrawn.
    """
    plain = secret.strip().removeprefix("whsec_").rstrip("=")
    try:
        key = b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except ValueError:
        raise BadWebhook(401, "secret") from None
    if not key:
        raise BadWebhook(401, "secret")
    return key
