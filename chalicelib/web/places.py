"""Places in a list that an address carries on: only one that we gave ourselves is looked up."""

import re

from chalicelib.errors import BadInput

NOTICE = re.compile(r"\d{8}T\d{9}-[a-z0-9-]{1,40}(\.[a-z]{1,20}){1,2}(@[\w-]{1,128})?")
MONTH = re.compile(r"2[0-9]{3}-(?:0[1-9]|1[0-2])")
INDEXED = re.compile(r"[^\x00-\x1f#]{1,40}#[a-z][a-z0-9_]{0,29}#[^\x00-\x1f#]{1,80}")
"""Time, platform and id: of mentions and closed cases."""
LOGGED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,12}Z#[^\x00-\x1f]{1,300}")
"""Moment and id: of the log, and of the calls of webhooks."""


def sound(form: re.Pattern[str], place: str, field: str) -> str:
    """The place, or "" for the beginning. Raises BadInput."""
    if place and not form.fullmatch(place):
        raise BadInput(field, "a place that a page of ours gave")
    return place
