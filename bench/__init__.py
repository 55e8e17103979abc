"""Measurements: `python -m bench` prints figures, one a line, `name value unit`.

Lines that begin with `#` name what was assumed. Nothing here is asserted, but by `tests/test_cold_start.py`
what does not depend on the machine.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement; `unit` is one word."""

    name: str
    value: float
    unit: str

    def __str__(self) -> str:
        return f"{self.name} {round(self.value, 4):.10g} {self.unit}"


@dataclass(frozen=True, slots=True)
class Note:
    """An assumption or a remark."""

    text: str

    def __str__(self) -> str:
        return f"# {self.text}"


Line = Figure | Note
