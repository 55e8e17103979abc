"""One business at Trustpilot, its reviews and what it answers (https://developers.trustpilot.com/)."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.servers.base import Reply, Request, Server

TOKEN = "test-token-not-a-secret"
UNIT = "46d6a890000064000500e0c3"


@dataclass
class Review:
    id: str
    name: str
    stars: int
    title: str
    text: str
    at: datetime
    answer: str = ""
    answered: datetime | None = None


class Trustpilot(Server):
    """`say` lets somebody write a review; `ours` is what stands below them.

    How it misbehaves:
    * `fails_after_publishing`: keeps the answer (or takes it away), then answers 500
    * `lists_late`: this many look-ups do not show answers
    * `expired_token`: nobody's token is good any more
    * `refuses`: answers 400 to every answer and every wish to delete one
    * `just_answered`: a colleague's answer that comes to stand there between our look and our writing
    * `rate_limited`: answers 429 with these headers
    * `answers`: this status and body to everything
    """

    def __init__(self) -> None:
        super().__init__()
        self.reviews: list[Review] = []
        self.fails_after_publishing = self.expired_token = self.refuses = False
        self.just_answered = ""
        self.lists_late = 0
        self.rate_limited: dict[str, str] | None = None
        self.answers: tuple[int, bytes] | None = None
        self._clock = datetime.now(UTC) - timedelta(minutes=4)

    def say(self, text: str, name: str = "Anna", stars: int = 2, title: str = "") -> Review:
        with self.lock:
            review = Review(f"5f0e{len(self.reviews):020}", name, stars, title, text, self._now())
            self.reviews.append(review)
            return review

    def ours(self) -> list[str]:
        return [review.answer for review in self.reviews if review.answer]

    def _now(self) -> datetime:
        self._clock += timedelta(milliseconds=1)
        return self._clock

    def answer(self, request: Request) -> Reply:
        if self.answers:
            return Reply(*self.answers)
        if self.rate_limited is not None:
            return _json({"message": "Too many requests"}, 429, self.rate_limited)
        if self.expired_token or request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _json({"fault": {"faultstring": "Access Token expired"}, "message": "Unauthorized"}, 401)
        if request.path == f"/v1/private/business-units/{UNIT}/reviews":
            return self._list(request)
        found = re.fullmatch(r"/v1/private/reviews/(\w+)(/reply)?", request.path)
        review = next((each for each in self.reviews if found and each.id == found[1]), None)
        if not found or review is None:
            return _json({"message": "Review not found"}, 404)
        if not found[2]:
            return _json(self._shown(review, single=True))
        if self.refuses:
            return _json({"message": "The review can not be answered"}, 400)
        return self._reply(review, request) if request.method == "POST" else self._delete(review)

    def _list(self, request: Request) -> Reply:
        size, page = (
            int(request.query.get(name, [given])[0]) for name, given in (("perPage", "20"), ("page", "1"))
        )
        newest = sorted(self.reviews, key=lambda each: each.at, reverse=True)
        return _json(
            {"links": [], "reviews": [self._shown(each) for each in newest[(page - 1) * size : page * size]]}
        )

    def _reply(self, review: Review, request: Request) -> Reply:
        review.answer = review.answer or self.just_answered
        if review.answer:
            return _json({"message": "The review has a reply"}, 409)
        review.answer, review.answered = json.loads(request.body)["message"], self._now()
        return self._done(Reply(201, b"{}"))

    def _delete(self, review: Review) -> Reply:
        if not review.answer:
            return _json({"message": "Reply not found"}, 404)
        review.answer = ""
        return self._done(Reply(204))

    def _done(self, reply: Reply) -> Reply:
        return Reply(500, b"") if self.fails_after_publishing else reply

    def _shown(self, review: Review, single: bool = False) -> dict[str, Any]:
        late = single and self.lists_late > 0
        self.lists_late -= late
        shown = {
            "id": review.id,
            "consumer": {"id": f"c-{review.name.casefold()}", "displayName": review.name},
            "stars": review.stars,
            "title": review.title,
            "text": review.text,
            "language": "en",
            "createdAt": _time(review.at),
            "companyReply": None,
        }
        if review.answer and not late:
            at = review.answered or review.at
            shown["companyReply"] = {"text": review.answer, "createdAt": _time(at), "updatedAt": None}
        return shown


def _time(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    return Reply(status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})
