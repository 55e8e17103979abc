"""What advisers have in common: the SDK's errors as ours, and weights as probabilities."""

from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.errors import Rejected, Unavailable

_LATER = {
    "ThrottlingException",
    "TooManyRequestsException",
    "ModelNotReadyException",
    "ModelTimeoutException",
}


def asked(name: str, call: Callable[[], Any]) -> Any:
    """What `call` gives. Raises Unavailable, Rejected."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return call()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if code in _LATER or status >= 500:
            raise Unavailable(name, code) from None
        raise Rejected(name, code) from None
    except BotoCoreError as error:
        raise Unavailable(name, type(error).__name__) from None


def spread(weights: Sequence[float]) -> tuple[float, float, float]:
    """Of negative, neutral, positive; in ten-thousandths, and together 1."""
    whole = sum(weights)
    negative, positive = round(weights[0] / whole, 4), round(weights[2] / whole, 4)
    return negative, round(1.0 - negative - positive, 4), positive
