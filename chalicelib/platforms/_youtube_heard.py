"""What is said on YouTube, as it is asked for: the latest comments of a channel, and a search for videos."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.mention import Found
from chalicelib.errors import Rejected, Unauthorized
from chalicelib.platforms import _youtube as said
from chalicelib.platforms._http_json import count, moment, words
from chalicelib.platforms._latest import Latest, Reading
from chalicelib.platforms._youtube import YouTubeApi, given, items, listed, opening, snippet_of
from chalicelib.ports import Page

THREADS, HITS = 100, 50
"""The most that one page may hold."""
PAGES = 5
"""Pages of answers below one comment that are looked through."""
DEEPER = 20
"""Comments of which one look fetches the answers that do not come along."""
LATE = timedelta(hours=6)
"""So much later than newer ones a search may show a video."""


class Listening:
    """Listens of `ports.py`. `query` is "" for the comments of our channel."""

    def __init__(self, api: YouTubeApi, account: str, query: str) -> None:
        self._api = api
        self._account = account
        self._query = query

    def listen(self, cursor: str) -> Page:
        """The latest comments, oldest first, or word that none is new or changed; where a hundred were not
        enough, on from there to where the last reading began.

        The cursor is JSON: `etag` of the first page; `end`, the newest comment of the last reading; `counts`
        of the answers that did not come along; `page` and `top` while a reading is under way."""
        if self._query:
            return self._searched(cursor)
        known = _known(cursor)
        page = words(known.get("page"), 2000)
        value = self.threads_of(("allThreadsRelatedToChannelId", self._account), page)
        if value is None:  # a page that YouTube does not know any more
            return Page(found=(), cursor=_packed(known, page="", top=""))
        etag = words(value.get("etag"), 200)
        if not page and etag and etag == known.get("etag"):
            return Page(found=(), cursor=cursor, unchanged=True)
        threads = items(value)
        found, counts, whole = self._all_of(threads, given(known.get("counts")))
        times = [at for each in threads if (at := moment(snippet_of(opening(each)).get("publishedAt")))]
        newest = max(times, default=None)
        top = words(known.get("top"), 40) or (newest.isoformat() if newest else words(known.get("end"), 40))
        end, older = moment(known.get("end")), words(value.get("nextPageToken"), 2000)
        further = bool(end and older and times and min(times) > end)
        if page:
            counts = {**given(known.get("counts")), **counts}
        if further:
            left = _packed(known, counts=counts, page=older, top=top)
        else:
            left = _packed({}, counts=counts, end=top, etag=etag if whole and not page else "")
        return Page(found=tuple(found), cursor=left, more=further)

    def threads_of(self, of: tuple[str, str], page: str) -> Mapping[str, Any] | None:
        """None where `page` is refused."""
        asked = [("part", "snippet,replies"), of, ("order", "time"), ("maxResults", str(THREADS))]
        asked += [("textFormat", "plainText"), *((("pageToken", page),) if page else ())]
        try:
            return given(self._api.get("/commentThreads", asked))
        except Unauthorized:
            raise
        except Rejected:
            if page:
                return None
            raise

    def _all_of(
        self, threads: Sequence[Mapping[str, Any]], counts: Mapping[str, Any]
    ) -> tuple[list[Found], dict[str, int], bool]:
        """What was said in these, oldest first, with how many answers each has that did not come along;
        whether all of those were fetched."""
        found: list[Found] = []
        after: dict[str, int] = {}
        left = DEEPER
        for thread in threads:
            id, video = words(thread.get("id"), 200), words(snippet_of(thread).get("videoId"), 40)
            answers = listed(given(thread.get("replies")).get("comments"))
            total = count(snippet_of(thread).get("totalReplyCount")) or 0
            if total > len(answers) and counts.get(id) != total:
                if left <= 0:
                    continue
                left, answers = left - 1, self.answers(id)
            if total > len(listed(given(thread.get("replies")).get("comments"))):
                after[id] = total
            heard = (said.heard(each, video) for each in (opening(thread), *answers))
            found += [each for each in heard if each and each.author.id != self._account]
        found.sort(key=lambda each: each.posted_at or datetime.min.replace(tzinfo=UTC))
        return found, after, left > 0

    def answers(self, thread: str) -> list[Mapping[str, Any]]:
        """As many as are fetched."""
        return self.all_answers(thread)[0]

    def all_answers(self, thread: str) -> tuple[list[Mapping[str, Any]], bool]:
        """And whether those are all."""
        found: list[Mapping[str, Any]] = []
        page = ""
        for _ in range(PAGES):
            asked = [("part", "snippet"), ("parentId", thread), ("maxResults", "100")]
            asked += [("textFormat", "plainText"), *((("pageToken", page),) if page else ())]
            value = self._api.get("/comments", asked)
            found += items(value)
            if not (page := words(value.get("nextPageToken"), 2000)):
                break
        return found, not page

    def _searched(self, cursor: str) -> Page:
        hits, following = Reading.of(cursor).through(self._hits, LATE)
        found = (said.video(hit, lambda channel: channel == self._account) for hit in reversed(hits))
        return Page(
            found=tuple(each for each in found if each), cursor=str(following), more=bool(following.page)
        )

    def _hits(self, page: str) -> Latest:
        asked = [("part", "snippet"), ("type", "video"), ("order", "date"), ("q", self._query)]
        asked += [("maxResults", str(HITS)), *((("pageToken", page),) if page else ())]
        value = self._api.get("/search", asked)
        entries = [hit for each in items(value) if (hit := said.found_video(each))]
        return Latest(entries, words(value.get("nextPageToken"), 2000))


def _known(cursor: str) -> dict[str, Any]:
    try:
        known = json.loads(cursor) if cursor else {}
    except ValueError:
        known = {}
    return known if isinstance(known, dict) else {}


def _packed(known: Mapping[str, Any], **more: Any) -> str:
    kept = {name: value for name, value in {**known, **more}.items() if value}
    return json.dumps(kept, separators=(",", ":")) if kept else ""
