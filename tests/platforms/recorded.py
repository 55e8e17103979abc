"""Recorded payloads of networks."""

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "data/platforms"


def payload(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text("utf-8"))
