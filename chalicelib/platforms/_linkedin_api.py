"""LinkedIn's API: its headers, ids that come in one, changes, images, figures, lists of what happened."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.measuring import Numbers
from chalicelib.errors import HttpError, Rejected, Unavailable, Unknown
from chalicelib.platforms._http_json import WRITE_SECONDS, JsonApi, count, moment, words
from chalicelib.platforms._latest import Mark
from chalicelib.platforms._linkedin_views import at, in_path
from chalicelib.ports import Answer, Http
from chalicelib.ports.showing import Image

VERSION = "202607"
"""The latest read of on 2026-11-21; LinkedIn refuses one that ended, by 426."""
DAYS = timedelta(days=60)
"""So long LinkedIn keeps what it tells."""
COUNT, PAGES = 100, 5
"""Notifications or comments of one request, and requests of one look."""
LATE = timedelta(minutes=2)
"""So much later than others a notification may come."""
ACTIONS = "List(COMMENT,COMMENT_EDIT,COMMENT_DELETE,SHARE,SHARE_MENTION)"


class Api(JsonApi):
    def __init__(self, http: Http, platform: str, base: str, token: str) -> None:
        headers = {
            "Authorization": f"Bearer {token}",
            "LinkedIn-Version": VERSION,
            "X-Restli-Protocol-Version": "2.0.0",
        }
        super().__init__(http, platform, base, headers)

    def _value(self, answer: Answer, unclear: Any) -> Any:
        """A refusal by LinkedIn's own words, which name the first of two that say the same."""
        if 400 <= answer.status < 500 and answer.status not in (401, 403, 408, 429):
            try:
                said = json.loads(answer.body)
            except (ValueError, RecursionError):
                said = None
            message = words(said.get("message"), 300) if isinstance(said, dict) else ""
            raise Rejected(self._platform, f"HTTP {answer.status}: {' '.join(message.split())}".rstrip(": "))
        return super()._value(answer, unclear)

    def create(self, path: str, value: Any) -> str:
        """The id of what was made. Raises as `post`."""
        sent = {**self._headers, "Content-Type": "application/json"}
        answer = self._written("POST", self._base + path, sent, json.dumps(value).encode())
        if not 200 <= answer.status < 300:
            self._value(answer, Unknown)
        if not (id := words(answer.headers.get("x-restli-id"), 200)):
            raise Unknown(self._platform, "the answer is not a message")
        return id

    def change(self, path: str, patch: Mapping[str, Any]) -> None:
        """A part of what is there becomes another. Raises as `post`."""
        sent = {**self._headers, "Content-Type": "application/json", "X-RestLi-Method": "PARTIAL_UPDATE"}
        answer = self._written("POST", self._base + path, sent, json.dumps({"patch": patch}).encode())
        if not 200 <= answer.status < 300:
            self._value(answer, Unknown)

    def upload(self, image: Image, owner: str) -> str:
        """The URN under which a post shows it. Nothing is to be seen before: what fails did not happen."""
        try:
            asked = {"initializeUploadRequest": {"owner": owner}}
            answer = self.post("/rest/images?action=initializeUpload", asked, {})
            given = answer.get("value") if isinstance(answer, dict) else None
            place, urn = (given.get("uploadUrl"), given.get("image")) if isinstance(given, dict) else ("", "")
            if not words(place, 4000) or not words(urn, 200):
                raise Unavailable(self._platform, "the answer is not an image")
            bearer = {"Authorization": self._headers["Authorization"], "Content-Type": image.type}
            put = self._written("PUT", str(place), bearer, image.read())
        except Unknown as error:
            raise Unavailable(self._platform, error.reason) from error
        if not 200 <= put.status < 300:
            raise Unavailable(self._platform, f"HTTP {put.status}: the image was not taken")
        return str(urn)

    def _written(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        try:
            return self._http.request(method, url, headers=headers, body=body, seconds=WRITE_SECONDS)
        except HttpError as error:
            raise self._failed(error, Unknown) from error

    def elements(self, path: str) -> list[dict[str, Any]]:
        return self._rows(self.get(path))

    def elements_if_there(self, path: str) -> list[dict[str, Any]]:
        """None where that of which they are is not there."""
        value = self.get_if_there(path)
        return [] if value is None else self._rows(value)

    def _rows(self, value: Any) -> list[dict[str, Any]]:
        rows = value.get("elements") if isinstance(value, dict) else None
        if not isinstance(rows, list):
            raise Unavailable(self._platform, "the answer is not a list")
        return [row for row in rows if isinstance(row, dict)]


def shared(row: Mapping[str, Any]) -> Numbers:
    """Of the statistics of a post."""
    given = row.get("totalShareStatistics")
    figures = given if isinstance(given, dict) else {}
    return Numbers(
        reach=count(figures.get("uniqueImpressionsCount")),
        reactions=count(figures.get("likeCount")),
        replies=count(figures.get("commentCount")),
        shares=count(figures.get("shareCount")),
    )


def said_of(value: Any) -> Numbers:
    """Of the metadata of a comment: it names the reactions that there are, of each kind how many."""
    given = value if isinstance(value, dict) else {}
    kinds, below = given.get("reactionSummaries"), given.get("commentSummary")
    reactions = (
        [each.get("count") for each in kinds.values() if isinstance(each, dict)]
        if isinstance(kinds, dict)
        else None
    )
    return Numbers(
        reactions=sum(count(each) or 0 for each in reactions) if reactions is not None else None,
        replies=count(below.get("count")) if isinstance(below, dict) else None,
    )


@dataclass(frozen=True, slots=True)
class Turn:
    """What was heard before (`end`); while a long list is gone through, what was heard of it (`top`), up to
    when it goes, and from which row on."""

    end: Mark
    top: Mark
    until: datetime | None
    row: int

    @classmethod
    def of(cls, cursor: str) -> "Turn":
        end, top, until, row = (cursor.split("|") + [""] * 4)[:4]
        return cls(Mark.of(end), Mark.of(top), moment(until), int(row) if row.isdecimal() else 0)

    def __str__(self) -> str:
        if self.until is None:
            return str(self.end)
        return f"{self.end}|{self.top}|{self.until.isoformat()}|{self.row}"

    def through(self, api: Api, organisation: str) -> tuple[Sequence[dict[str, Any]], "Turn"]:
        """What is new, oldest first, and the turn to go on with. LinkedIn does not say in which order it
        tells."""
        now = datetime.now(UTC)
        until, row, top = self.until or now, self.row, self.top if self.row else self.end
        fresh: list[tuple[datetime, str, dict[str, Any]]] = []
        for _ in range(PAGES):
            rows = api.elements(_path(organisation, self.end.at or now - DAYS, until, row))
            told = [
                (at(each.get("lastModifiedAt")) or until, str(each.get("notificationId")), each)
                for each in rows
            ]
            new = [each for each in told if not self.end.knows(*each[:2])]
            fresh, top, row = fresh + new, top.after(new, LATE), row + len(rows)
            if len(rows) < COUNT:
                row = 0
                break
        fresh.sort(key=lambda each: each[:2])
        following = Turn(self.end, top, until, row) if row else Turn(top, top, None, 0)
        return [each for _, _, each in fresh], following


def _path(organisation: str, since: datetime, until: datetime, row: int) -> str:
    begin, end = (int(when.timestamp() * 1000) for when in (since, until))
    return (
        f"/rest/organizationalEntityNotifications?q=criteria&actions={ACTIONS}"
        f"&organizationalEntity={in_path(organisation)}&timeRange=(start:{begin},end:{end})"
        f"&count={COUNT}&start={row}"
    )
