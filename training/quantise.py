"""Learned weights as a table's bytes: eight bits each, one scale for all."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from chalicelib.judge.table import written
from training.learn import Floats

OUTLIERS = 0.9999
"""The share of weights that are kept as they are; the few beyond are cut off there."""


def packed(head: Mapping[str, Any], weights: Floats) -> bytes:
    """`weights` has a row a feature and a column a class."""
    most = float(np.quantile(np.abs(weights), OUTLIERS)) or 1.0
    scale = round(most / 127, 7)
    whole = np.clip(np.rint(weights / scale), -127, 127).astype(np.int16) + 128
    return written({**head, "scale": scale}, [column.astype(np.uint8).tobytes() for column in whole.T])
