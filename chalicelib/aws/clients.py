"""Low-level clients of the AWS SDK: one session, each client made once, on first use.

Built on botocore without boto3: the same clients, some 60 modules and 50 ms less a cold start.
`AWS_ENDPOINT_URL` leads them to an emulator; the SDK reads it itself.
"""

import json
import os
from base64 import b64decode
from threading import Lock
from typing import Any

CONNECT_SECONDS = 2
READ_SECONDS = 10
MODEL_SECONDS = 20
ATTEMPTS = 3

_lock = Lock()
_session: Any = None
_clients: dict[str, Any] = {}


def session() -> Any:
    """The one botocore session; the harnesses of the tests hang their hooks on it."""
    global _session
    if _session is None:
        from botocore.session import get_session

        _session = get_session()
    return _session


def client(name: str, *, once: bool = False) -> Any:
    """The client of a service by the SDK's name for it: dynamodb, s3, sqs, ssm, sesv2, cognito-idp.
    `once`: one that does not ask again by itself, for what must not happen twice."""
    place = f"{name} once" if once else name
    found = _clients.get(place)
    if found is None:
        with _lock:  # making a client is not thread-safe; using one is
            found = _clients.get(place) or _make(name, 1 if once else ATTEMPTS)
            _clients[place] = found
    return found


def made() -> list[Any]:
    """The clients made so far."""
    return list(_clients.values())


def reset() -> None:
    """Forget session and clients, as a new process would."""
    global _session
    _session = None
    _clients.clear()


def _make(name: str, attempts: int) -> Any:
    from botocore.config import Config

    bounds = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": attempts},
    )
    if name == "bedrock-runtime":
        bounds = bounds.merge(_slow_and_paid())
    if name == "s3":
        bounds = bounds.merge(_signed_links())
    made = session().create_client(name, config=bounds)
    if name == "dynamodb":
        made.meta.events.register("before-parse.dynamodb", _items_as_they_came)
    return made


def _slow_and_paid() -> Any:
    """A model takes its time, and each try is paid for: so it is asked once."""
    from botocore.config import Config

    return Config(read_timeout=MODEL_SECONDS, retries={"mode": "standard", "total_max_attempts": 1})


def _items_as_they_came(
    response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any
) -> None:
    """Items are typed attributes on the wire and in what the SDK makes of them, but for bytes. The SDK looks
    up each attribute's description, which takes ten times as long as all that a page does with them."""
    if response_dict["status_code"] >= 300:
        return
    reply = json.loads(response_dict["body"])
    found = {name: reply.pop(name) for name in ("Items", "Responses") if name in reply}
    for items in (found.get("Items", ()), *found.get("Responses", {}).values()):
        for item in items:
            for value in item.values():
                if "B" in value:
                    value["B"] = b64decode(value["B"])
    response_dict["body"] = json.dumps(reply).encode()
    customized_response_dict.update(found)


def _signed_links() -> Any:
    """Else the SDK signs links the old way, and for an address that sends browsers on to the region's."""
    from botocore.config import Config

    if os.environ.get("AWS_ENDPOINT_URL"):  # an emulator has no name for each bucket
        return Config(signature_version="s3v4", s3={"addressing_style": "path"})
    return Config(signature_version="s3v4", s3={"addressing_style": "virtual"})
