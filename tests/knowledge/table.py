"""The pages and messages of tests/data, written for this: the messages of the part `held` tuned nothing."""

from pathlib import Path
from typing import NamedTuple

from chalicelib.domain.knowledge import Page, faults

DATA = Path(__file__).parent.parent / "data"


class Asked(NamedTuple):
    """`wanted` is `page.n`, or `-` where no page has the answer."""

    part: str
    language: str
    wanted: str
    text: str


def pages() -> list[Page]:
    found = []
    for part in (DATA / "knowledge.md").read_text("utf-8").split("@page ")[1:]:
        head, _, text = part.partition("\n")
        id, language, title = head.split(" ", 2)
        found.append(Page(id=id, title=title, language=language, text=text.strip()))
        assert faults(found[-1], ("nl", "en"), ()) == []
    return found


def asked() -> list[Asked]:
    lines = (DATA / "knowledge.tsv").read_text("utf-8").splitlines()
    return [Asked(*line.split("\t")) for line in lines if not line.startswith("#")]
