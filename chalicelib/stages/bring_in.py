"""Mentions that somebody brought along in a file: kept as seen, judged, and counted on their own days.

The order of effects: keep every mention that is not there, then queue what has no verdict. A crash half way,
or the same file again, finds those that are kept and queues those that still wait. They open no cases, but
for what was posted since a moment that who brought them named. A month that is closed says what came with an
erratum (`amend.py`).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.brand import Brand
from chalicelib.domain.mention import Edit, Found, Mention
from chalicelib.domain.source import Source
from chalicelib.ports import Mentions, Tasks
from chalicelib.stages.listen import as_kept, mention_of
from chalicelib.tasks import Understand, packed

SOURCE = "import"
"""Stands in a mention where otherwise its source does."""


def run(
    brand: Brand,
    brought: Iterable[tuple[Found, Edit | None]],
    *,
    work_since: datetime,
    mentions: Mentions,
    tasks: Tasks,
    now: datetime,
) -> int:
    """Keep them; how many were queued to be judged. `platform` of each `Found` is its network. What was
    posted before `work_since` is history."""
    kept = (
        as_kept(replace(_mention(brand, found, work_since, now), edit=edit), mentions)
        for found, edit in brought
    )
    waiting = [mention for mention in kept if mention]
    tasks.send(Understand(run) for run in packed(waiting))
    return len(waiting)


def _mention(brand: Brand, found: Found, work_since: datetime, now: datetime) -> Mention:
    """With a channel of its network, and the watches that ask for it as they are now."""
    channel = next((each.id for each in brand.channels if each.platform == found.platform), "")
    source = Source(
        brand=brand.id,
        id=SOURCE,
        platform=found.platform,
        name="",
        connected_at=work_since,
        channel=channel,
        watched=False,
    )
    return mention_of(brand, source, found, first=False, now=now)
