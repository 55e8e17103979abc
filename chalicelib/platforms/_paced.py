"""The door out for one account of ours: all workers that ask there keep its pace (`domain/pace.py`).

The order of effects: ask whether we may, and note the token that is taken; ask the network; note what its
answer says of rest, of what is left, and that it did not answer. A crash in between costs a token, never one
too many; what was not noted the network says again.

What may not be asked now is `Waits`, and so is what the network did not answer as the circuit opened, where
that means that nothing happened there: a read, or no connection. Of anything else its caller must look.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import blake2s
from threading import Lock

from chalicelib.domain import pace
from chalicelib.domain.pace import ALL, DELETING, Answered, Limit, Pace, Wait
from chalicelib.errors import Blocked, HttpError, TooBig, Unreachable, Waits
from chalicelib.platforms._http_json import LONGEST_REST, asks_for_rest, quota, rest
from chalicelib.ports import Answer, Http, Paces

CLASHES = 20
"""Times that others may write first."""


class Paced:
    """Implements `ports.Http` for one account. `haste`: its requests are for a person's answer, and go first.
    Raises Waits besides."""

    def __init__(
        self,
        http: Http,
        account: str,
        limit: Limit | None,
        *,
        paces: Paces,
        now: Callable[[], datetime],
        haste: bool,
    ) -> None:
        self._http = http
        self._account = account
        self._platform = account.partition("#")[0]
        self._limit = limit
        self._paces = paces
        self._now = now
        self._haste = haste
        self._lock = Lock()
        self._hand_until: datetime | None = None
        self._hand_full: datetime | None = None

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        seconds: float = 10,
        max_bytes: int = 2_000_000,
        redirects: int = 3,
    ) -> Answer:
        mark = DELETING if method == DELETING else _mark(url)
        seen = self._pass(mark)
        safe = method in ("GET", "HEAD")
        try:
            answer = self._http.request(
                method,
                url,
                headers=headers,
                body=body,
                seconds=seconds,
                max_bytes=max_bytes,
                redirects=redirects,
            )
        except (Blocked, TooBig):
            raise
        except HttpError as error:
            self._struck(seen, safe or isinstance(error, Unreachable))
            raise
        if asks_for_rest(answer):
            asked = Answered(rest=rest(answer.headers, self._now()))
            self._note(seen, asked, DELETING if mark == DELETING else ALL)
        elif answer.status == 408 or answer.status >= 500:
            self._struck(seen, safe)
        else:
            self._note(seen, self._said(answer) if safe else Answered(), ALL)
        return answer

    def leave(self, url: str, seconds: float) -> None:
        """What this address brought asks to be left alone for so long, whoever asks next."""
        mark, seconds = _mark(url), min(seconds, LONGEST_REST)
        was = self._paces.get(self._account)
        self._change(was, lambda was, now: pace.rested(was, now, mark=mark, seconds=seconds))

    # before ----------------------------------------------------------------------------------------

    def _pass(self, mark: str) -> Pace:
        """Let one request through. Raises Waits."""
        with self._lock:
            now = self._now()
            was = self._paces.get(self._account)
            for _ in range(CLASHES):
                if not self._haste and self._by_hand(was, now, mark):
                    return was
                after = pace.taken(was, self._limit, now, mark=mark, haste=self._haste)
                if isinstance(after, Wait):
                    raise self._waits(after, now)
                other = None if after is was else self._paces.change(self._account, was, after)
                if other is None:
                    return after
                was = other
        raise Waits(self._platform, 1, pace.BUSY)

    def _by_hand(self, was: Pace, now: datetime, mark: str) -> bool:
        """Take a token of the hand that this process has, or is given now."""
        size = self._limit.hand if self._limit else None
        if self._limit is None or size is None or was.broken or was.short(now):
            return False
        if mark in was.rests or pace.held(was, now, mark=mark, haste=False):
            return False  # where it asked for rest, one alone finds out
        if self._hand_until is None or self._hand_until <= now:
            given = pace.handed(was, self._limit, now)
            if given is None or self._paces.change(self._account, was, given[0]) is not None:
                return False
            self._hand_until = given[1]
        if size.ready(self._hand_full, now) > now:
            return False
        self._hand_full = size.taken(self._hand_full, now)
        return True

    # after -----------------------------------------------------------------------------------------

    def _said(self, answer: Answer) -> Answered:
        """What the network lets us ask still, where it says so and until when."""
        found = quota(answer.headers, self._now())
        if found is None and any(name.endswith("-usage") for name in answer.headers):
            from chalicelib.platforms._usage import usage

            found = usage(answer.headers, self._now())
        if found is None or found.until is None:
            return Answered()
        longest = self._now() + timedelta(seconds=LONGEST_REST)
        return Answered(left=found.left, of=found.of or 0, until=min(found.until, longest))

    def _struck(self, seen: Pace, safe: bool) -> None:
        """It did not answer. Raises Waits where nothing happened there, and the circuit is open."""
        after, now = self._note(seen, Answered(failed=True), ALL), self._now()
        if safe and after.broken and after.open_until and after.open_until > now:
            raise self._waits(Wait(after.open_until, pace.DOWN), now)

    def _note(self, seen: Pace, found: Answered, mark: str) -> Pace:
        """What the network says is remembered; `seen` as the request was let through."""
        probe = seen.broken
        return self._change(seen, lambda was, now: pace.heard(was, found, now, mark=mark, probe=probe))

    def _change(self, was: Pace, change: Callable[[Pace, datetime], Pace]) -> Pace:
        """The pace afterwards. Where others always write first it stays as they have it: what the network
        says once it says again."""
        for _ in range(CLASHES):
            after = change(was, self._now())
            other = None if after is was else self._paces.change(self._account, was, after)
            if other is None:
                return after
            was = other
        return was

    def _waits(self, wait: Wait, now: datetime) -> Waits:
        return Waits(self._platform, (wait.until - now).total_seconds(), wait.why)


def _mark(url: str) -> str:
    return blake2s(url.encode(), digest_size=6).hexdigest()
