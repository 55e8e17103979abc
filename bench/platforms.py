"""What each platform module alone costs at import, in a process that has only what all of them share."""

from collections.abc import Iterator
from statistics import median

from bench import Figure, Line, Note, cold
from chalicelib.platforms import names

SHARED = "import chalicelib.platforms, chalicelib.http"
NEVER = (*cold.NEVER_AT_IMPORT, "chalice", "aws_lambda_powertools", "cryptography", "jwt", "lxml", "PIL")
"""Heavy kits and parsers: imported where they are first used, if at all."""


def alone(name: str) -> cold.Start:
    return cold.statement_start(f"{SHARED}, chalicelib.platforms.{name}")


def figures(rounds: int = cold.ROUNDS) -> Iterator[Line]:
    shared = [cold.statement_start(SHARED) for _ in range(rounds)]
    modules, ms = median(each.modules for each in shared), median(each.ms for each in shared)
    yield Note(f"platforms: each alone, beyond {modules:g} modules and {ms:.1f} ms that all of them share")
    for name in names():
        starts = [alone(name) for _ in range(rounds)]
        yield Figure(f"platform_{name}_modules", median(each.modules for each in starts) - modules, "modules")
        yield Figure(f"platform_{name}_ms", round(median(each.ms for each in starts) - ms, 1), "ms")
