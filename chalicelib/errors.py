"""Every error this system raises on purpose. A branch says what the caller should do.

* WebspinError
  + NotFound         - asked for an item the table does not hold
  + Conflict         - someone was there first; read again and show what they did
    - Braked         - the brand's brake is on: nothing leaves until a person lets it
    - Revoked        - what was sent by standing approval has none any more: it stays unsent
    - NotOurs        - the message at the network is another delivery's: look on, or send
  + BudgetUsed       - what may be spent this month is; a person may raise it, or let it go on
  + Forbidden        - a person's role does not allow it; nothing was done
  + BadInput         - a person or file gave something we cannot use; say which field
    - TooLarge       - a form or file of more bytes than we take
  + BadWebhook       - a caller sent something we cannot trust or read; carries an HTTP status
  + BadTask          - a queue message no worker of ours can do; to the dead-letter queue at once
  + Incomplete       - a part of the work failed after all of it was tried; the log and the console say what
  + HttpError        - `http.py` brought no whole answer
    - Blocked        - an address inside the network, or a URL we will not open; never try again
    - Unreachable    - no connection was made, so nothing was sent
    - Lost           - the request may have arrived; its answer did not, or not in time
    - TooBig         - the answer passed the size limit and was dropped
  + PlatformError    - a network did not do what we asked
    - Rejected       - it refused; asking again cannot help
      . Unauthorized - it refused our key; a person must renew it
      . Undelivered  - it took a message, and did not bring it
    - Unavailable    - it may work later; nothing has happened there
      . RateLimited  - it told us when to come back
        , Waits      - we keep off until then ourselves, and asked nothing
    - Unknown        - we sent, and do not know whether it arrived; look before sending again
"""


class WebspinError(Exception):
    """Base of every error listed above."""


class NotFound(WebspinError):
    """The table holds no such item."""


class Conflict(WebspinError):
    """A conditional write lost: someone else changed the item first."""


class Left(Conflict):
    """What was to be changed has left; its words say so to a person."""


class Braked(Conflict):
    """The write that would have sent something was refused, as the brake is on."""


class Revoked(Conflict):
    """The write that would have sent something was refused, as its standing approval was revoked."""


class NotOurs(Conflict):
    """The message that was found or named by the network is another delivery's of its channel."""


class BudgetUsed(WebspinError):
    """The budget `scope` (`budget.py`) has not enough left for what was asked."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"the budget of {scope} is used")
        self.scope = scope


class Forbidden(WebspinError):
    """The person's role at this brand does not allow it."""


class BadInput(WebspinError):
    """`field` names what is wrong, the message says what was expected."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field
        self.message = message


class TooLarge(BadInput):
    """More bytes than we take."""


class BadWebhook(WebspinError):
    """`status` is the HTTP answer; `reason` is one word for the counter, never the body."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status} {reason}")
        self.status = status
        self.reason = reason


class BadTask(WebspinError):
    """The message is not in our form, of an unknown version, or of another brand."""


class Incomplete(WebspinError):
    """So many parts of the work failed; the others are done."""


class HttpError(WebspinError):
    """No whole answer; the message says why in words fit for a source's page."""


class Blocked(HttpError):
    """The guard of `http.py` refused the address, scheme, port or form of a URL."""


class Unreachable(HttpError):
    """Name look-up, connection or TLS failed: nothing was sent."""


class Lost(HttpError):
    """Sent, at least in part; then time ran out or the connection broke."""


class TooBig(HttpError):
    """The body, unpacked, is longer than the caller allowed."""


class PlatformError(WebspinError):
    """A platform call failed. `platform` is the name of its file in `platforms/`."""

    def __init__(self, platform: str, message: str) -> None:
        super().__init__(f"{platform}: {message}")
        self.platform = platform
        self.reason = message


class Rejected(PlatformError):
    """The platform refused the request; the same request will be refused again."""


class Unauthorized(Rejected):
    """The platform refused our key (401, 403)."""


class Ended(Rejected):
    """There is no such thing any more, nor will there be: nobody asks again before a person wants it."""


class Undelivered(Rejected):
    """The platform took a message of ours and says that it did not arrive."""


class Unavailable(PlatformError):
    """The platform could not answer now, and did not do what we asked."""


class RateLimited(Unavailable):
    """The platform asked us to wait `retry_after` seconds."""

    def __init__(self, platform: str, retry_after: float) -> None:
        super().__init__(platform, f"rate limited for {retry_after:.0f} s")
        self.retry_after = retry_after


class Waits(RateLimited):
    """Nothing was asked: `reason` says why an account is left alone now (`domain/pace.py`)."""

    def __init__(self, platform: str, retry_after: float, why: str) -> None:
        super().__init__(platform, retry_after)
        self.reason = why


class Unknown(PlatformError):
    """We sent, and got no answer or a 5xx: it may have been published."""
