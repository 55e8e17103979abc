"""Every attack on the list that touches the console or the webhooks' door has a test with its number."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parent.parent
NUMBERED = re.compile(r"s(\d+)(?=_)")


def test_no_number_is_left_out() -> None:
    names = [
        node.name
        for path in TESTS.rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_s")
    ]
    found = {int(number) for name in names for number in NUMBERED.findall(name)}
    assert found >= {*range(1, 9), *range(15, 30), 31, 34}
