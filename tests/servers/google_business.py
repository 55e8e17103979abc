"""One place on Google Business Profile, its reviews and what it answers
(https://developers.google.com/my-business/reference/rest/v4/accounts.locations.reviews)."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.servers.base import Reply, Request, Server

TOKEN = "test-token-not-a-secret"
PLACE = "accounts/1/locations/2"
NAMES = ("", "ONE", "TWO", "THREE", "FOUR", "FIVE")


@dataclass
class Review:
    id: str
    name: str
    stars: int
    comment: str
    created: datetime
    updated: datetime
    answer: str = ""
    answered: datetime | None = None


class GoogleBusiness(Server):
    """`say` lets somebody write a review; `answers_of_ours` is what stands below them.

    How it misbehaves:
    * `fails_after_publishing`: keeps the answer (or takes it away), then answers 500
    * `lists_late`: this many look-ups do not show answers
    * `expired_token`: nobody's token is good any more
    * `forbids`: 403, as for a place that is not verified
    * `refuses`: answers 400 to every answer and every wish to delete one
    * `rate_limited`: answers 429 with these headers
    * `answers`: this status and body to everything
    """

    def __init__(self) -> None:
        super().__init__()
        self.reviews: list[Review] = []
        self.fails_after_publishing = self.expired_token = self.forbids = self.refuses = False
        self.lists_late = 0
        self.rate_limited: dict[str, str] | None = None
        self.answers: tuple[int, bytes] | None = None
        self._clock = datetime.now(UTC) - timedelta(minutes=4)

    def say(self, comment: str, name: str = "Anna", stars: int = 2, id: str = "") -> Review:
        with self.lock:
            at = self._now()
            review = Review(id or f"AbC-{len(self.reviews)}", name, stars, comment, at, at)
            self.reviews.append(review)
            return review

    def change(self, review: Review, comment: str) -> None:
        with self.lock:
            review.comment, review.updated = comment, self._now()

    def ours(self) -> list[str]:
        return [review.answer for review in self.reviews if review.answer]

    def _now(self) -> datetime:
        self._clock += timedelta(milliseconds=1)
        return self._clock

    def answer(self, request: Request) -> Reply:
        if self.answers:
            return Reply(*self.answers)
        if self.rate_limited is not None:
            return _error(429, "RESOURCE_EXHAUSTED", "Quota exceeded", self.rate_limited)
        if self.expired_token or request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        if self.forbids:
            return _error(403, "PERMISSION_DENIED", "The caller does not have permission")
        place = f"/v4/{PLACE}/reviews"
        if request.path == place and request.method == "GET":
            return self._list(request)
        found = re.fullmatch(rf"{place}/([\w-]+)(/reply)?", request.path)
        review = next((each for each in self.reviews if found and each.id == found[1]), None)
        if not found or review is None:
            return _error(404, "NOT_FOUND", "Requested entity was not found.")
        if not found[2]:
            return _json(self._shown(review, single=True))
        if self.refuses:
            return _error(400, "INVALID_ARGUMENT", "Request contains an invalid argument.")
        return self._put(review, request) if request.method == "PUT" else self._delete(review)

    def _list(self, request: Request) -> Reply:
        size = min(int(request.query.get("pageSize", ["50"])[0]), 50)
        start = int(request.query.get("pageToken", ["0"])[0])
        newest = sorted(self.reviews, key=lambda each: each.updated, reverse=True)
        shown = [self._shown(each) for each in newest[start : start + size]]
        more = {"nextPageToken": str(start + size)} if start + size < len(newest) else {}
        return _json({"reviews": shown, **more} if shown else {})

    def _put(self, review: Review, request: Request) -> Reply:
        comment = json.loads(request.body)["comment"]
        if len(comment.encode()) > 4096:
            return _error(400, "INVALID_ARGUMENT", "comment is too long")
        review.answer, review.answered = comment, self._now()
        return self._done(_json({"comment": comment, "updateTime": _time(review.answered)}))

    def _delete(self, review: Review) -> Reply:
        if not review.answer:
            return _error(404, "NOT_FOUND", "Requested entity was not found.")
        review.answer = ""
        return self._done(_json({}))

    def _done(self, reply: Reply) -> Reply:
        return Reply(500, b"") if self.fails_after_publishing else reply

    def _shown(self, review: Review, single: bool = False) -> dict[str, Any]:
        late = single and self.lists_late > 0
        self.lists_late -= late
        shown: dict[str, Any] = {
            "name": f"{PLACE}/reviews/{review.id}",
            "reviewId": review.id,
            "reviewer": {"displayName": review.name, "isAnonymous": False},
            "starRating": NAMES[review.stars],
            "createTime": _time(review.created),
            "updateTime": _time(review.updated),
        }
        if review.comment:
            shown["comment"] = review.comment
        if review.answer and review.answered and not late:
            shown["reviewReply"] = {"comment": review.answer, "updateTime": _time(review.answered)}
        return shown


def _time(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    return Reply(status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})


def _error(code: int, status: str, message: str, headers: dict[str, str] | None = None) -> Reply:
    return _json({"error": {"code": code, "message": message, "status": status}}, code, headers)
