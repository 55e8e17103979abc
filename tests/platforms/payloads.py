"""What networks send and answer, as recorded: read by the platform modules as they would read it.

Files are named after their network (`discourse_post_created.json`). Ours are in `tests/data/`; those of a
folder of your own are read too: `WEBSPIN_PAYLOADS=folder`. Beside a file may lie `<its name>.expected.json`:
the messages that it becomes, each with those of its fields that are to be compared. What becomes of each file
of a folder is printed by `python -m tests.platforms.payloads FOLDER`.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path
from typing import Any

from chalicelib.domain.mention import Found
from chalicelib.platforms import connect, module
from chalicelib.ports import Answer, Kit
from tests.platforms.memory import MemoryShelf

DATA = Path(__file__).parent.parent / "data"
OURS = (DATA / "platforms", DATA / "feeds")
NOT_PAYLOADS = ("signature_vectors.json", "*_text*.json", "*.expected.json")
"""What lies there beside payloads."""

Read = Callable[[bytes], Sequence[Found]]


SIGNED_IN = {"did": "did:plc:brand", "handle": "brand.example", "accessJwt": "fake", "refreshJwt": "fake"}


class Recorded:
    """A network that has one answer, once one is signed in."""

    def __init__(self, body: bytes, kind: str) -> None:
        self._body, self._kind = body, kind

    def request(self, method: str, url: str, **_: Any) -> Answer:
        body = self._body if method == "GET" else json.dumps(SIGNED_IN).encode()
        return Answer(status=200, headers={"content-type": self._kind}, body=body, url=url)


def polled(
    name: str,
    settings: Mapping[str, str],
    secrets: Mapping[str, str] | None = None,
    kind: str = "application/json",
    cursor: str = "",
) -> Read:
    """Read as the answer to a poll of a source that is set up so."""

    def read(body: bytes) -> Sequence[Found]:
        kit = Kit(http=Recorded(body, kind), shelf=MemoryShelf())
        found: Sequence[Found] = connect(name, settings, secrets or {}, kit).listen(cursor).found
        return found

    return read


def called(name: str, headers: Mapping[str, str] | None = None) -> Read:
    """Read as a call that was verified."""

    def read(body: bytes) -> Sequence[Found]:
        found: Sequence[Found] = module(name).heard(headers or {}, json.loads(body))
        return found

    return read


def nothing(body: bytes) -> Sequence[Found]:
    """Of what brings no message: what we send, and answers to that."""
    return ()


FORUM = {"x-discourse-event": "post_created", "x-discourse-instance": "https://forum.example"}
BRAND = {"service": "https://bsky.example", "handle": "brand.example"}
READ: dict[str, Read] = {
    "bluesky_list_notifications*": polled("bluesky", BRAND, {"app_password": "plainly-fake"}),
    "bluesky_create_*": nothing,
    "bluesky_jetstream_*": nothing,  # we ask, and do not listen to the stream
    "discourse_post_*": called("discourse", FORUM),
    "discourse_create_*": nothing,
    "feed_*.json": polled("feed", {"url": "https://feed.example/feed"}, kind="application/feed+json"),
    "feed_*.xml": polled("feed", {"url": "https://feed.example/feed"}, kind="application/rss+xml"),
    "hackernews_*": polled("hackernews", {"kind": "search", "query": "brand"}),
    "mastodon_notification*": polled("mastodon", {"instance": "https://social.example"}),
    "mastodon_*timeline*": polled(
        "mastodon", {"instance": "https://social.example", "kind": "hashtag", "tag": "brand"}
    ),
    "mastodon_instance*": nothing,
    "mastodon_status_created*": nothing,
    "standard_webhook_*": nothing,
    "webmention_*": nothing,  # it names a page, which is then fetched
}
"""By the file's name. Files `peer_*.py` beside this one have further ones: `PAYLOADS`."""


def readers() -> dict[str, Read]:
    """All there are."""
    found = dict(READ)
    for file in sorted(Path(__file__).parent.glob("peer_*.py")):
        found |= getattr(import_module(f"tests.platforms.{file.stem}"), "PAYLOADS", {})
    return found


def reader(name: str) -> Read | None:
    """Who reads a file of that name: the longest pattern that fits."""
    fitting = [(len(pattern), read) for pattern, read in readers().items() if fnmatch(name, pattern)]
    return max(fitting, key=lambda each: each[0])[1] if fitting else None


def files(*folders: Path) -> list[Path]:
    """Those of the repository, and of `WEBSPIN_PAYLOADS`, unless told which."""
    told = os.environ.get("WEBSPIN_PAYLOADS", "")
    looked = folders or (*OURS, *([Path(told)] if told else ()))
    found = (
        file for folder in looked for file in sorted(folder.iterdir()) if file.suffix in (".json", ".xml")
    )
    return [file for file in found if not any(fnmatch(file.name, each) for each in NOT_PAYLOADS)]


def plainly(found: Found) -> dict[str, Any]:
    """As JSON has it, without what is empty."""
    fields = asdict(found)
    fields["author"] = {name: value for name, value in fields["author"].items() if value not in ("", None)}
    for name, value in fields.items():
        if isinstance(value, datetime):
            fields[name] = value.isoformat()
    return {name: value for name, value in fields.items() if value not in ("", None, (), False)}


def expected(file: Path) -> list[dict[str, Any]] | None:
    beside = file.with_name(f"{file.name}.expected.json")
    told: list[dict[str, Any]] | None = json.loads(beside.read_text("utf-8")) if beside.exists() else None
    return told


def lines(folders: Sequence[Path]) -> Iterator[str]:
    for file in files(*folders):
        read = reader(file.name)
        if read is None:
            yield f"{file.name}: nobody reads this"
            continue
        heard = [plainly(each) for each in read(file.read_bytes())]
        yield f"{file.name}: {json.dumps(heard, ensure_ascii=False, indent=2)}"


if __name__ == "__main__":
    print("\n".join(lines([Path(each) for each in sys.argv[1:]])))
