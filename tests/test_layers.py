"""Who may import whom (docs/architecture.md). The rule is here so that it is kept."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

DOMAIN = {"chalicelib.domain"}
INNER = {"chalicelib.domain", "chalicelib.errors", "chalicelib.tasks", "chalicelib.ports"}
OUTSIDE = {"chalicelib.http"}
MAY_IMPORT = {
    "errors.py": set[str](),
    "domain": DOMAIN | {"chalicelib.errors"},
    "tasks.py": DOMAIN | {"chalicelib.errors"},
    "ports": DOMAIN | {"chalicelib.tasks", "chalicelib.ports"},
    "config.py": {"chalicelib.tasks"},
    "stages": INNER | {"chalicelib.stages"},
    "brandfile": INNER | {"chalicelib.brandfile", "chalicelib.querying", "pydantic", "pydantic_core", "yaml"},
    "brandfile/connected.py": {"chalicelib.platforms"},
    "querying": DOMAIN | {"chalicelib.querying", "lark"},
    "judge": INNER | OUTSIDE | {"chalicelib.judge", "regex"},
    "knowledge": INNER | {"chalicelib.knowledge"},
    "platforms": INNER
    | OUTSIDE
    | {"chalicelib.platforms", "dateutil.rrule", "feedparser", "icalendar", "regex"},
    "platforms/_public_keys.py": {"cryptography", "jwt"},
    "aws": INNER | OUTSIDE | {"chalicelib.aws", "botocore", "jwt"},
    "addresses.py": {"chalicelib.errors"},
    "http.py": {"chalicelib.errors", "chalicelib.ports", "chalicelib.addresses", "urllib3"},
    "web": INNER
    | {"chalicelib.stages", "chalicelib.brandfile", "chalicelib.web", "chalice", "jinja2", "markupsafe"},
    "web/routes": {"chalicelib.wiring"},
    "web/api": {"pydantic", "pydantic_core"},
    "web/posts_file.py": {"yaml"},
    "web/qr.py": {"segno"},
    "wiring.py": {"chalicelib"},
    "stores.py": {"chalicelib.config", "chalicelib.ports", "chalicelib.aws"},
    "console.py": {"chalicelib"},
}
"""By folder or file of chalicelib: what it may import besides the standard library, with all below it.
What a file may is added to what its folder may."""

CONNECTS = {"socket", "ssl", "http.client", "http.server", "urllib.request", "urllib3", "requests", "asyncio"}
CONNECTS |= {"ftplib", "smtplib", "subprocess"}

FILES = sorted((ROOT / "chalicelib").rglob("*.py"))
NAMES = [str(path.relative_to(ROOT / "chalicelib")) for path in FILES]
EACH = list(zip(NAMES, FILES, strict=True))


def imported(path: Path) -> Iterator[str]:
    """Modules by their full names, those inside functions too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            for alias in node.names:
                yield f"{node.module}.{alias.name}" if node.module == "chalicelib" else str(node.module)


def within(module: str, allowed: set[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in allowed)


def foreign(path: Path) -> set[str]:
    return {name for name in imported(path) if name.split(".")[0] not in sys.stdlib_module_names}


@pytest.mark.parametrize(("name", "path"), EACH, ids=NAMES)
def test_a_module_imports_only_inwards(name: str, path: Path) -> None:
    if name == "__init__.py":
        assert not foreign(path)
        return
    rules = [key for key in MAY_IMPORT if name == key or name.startswith((f"{key}/", f"{key}.py", f"{key}_"))]
    assert rules, f"{name} belongs to no layer"
    allowed = set().union(*(MAY_IMPORT[key] for key in rules))

    assert not {module for module in foreign(path) if not within(module, allowed)}


@pytest.mark.parametrize(("name", "path"), EACH, ids=NAMES)
def test_only_http_opens_connections(name: str, path: Path) -> None:
    if name == "http.py":
        assert within("urllib3", set(imported(path)))
        return

    assert not {module for module in imported(path) if within(module, CONNECTS)}


def test_the_triggers_import_only_what_they_trigger() -> None:
    allowed = {
        "chalicelib.wiring",
        "chalicelib.stages",
        "chalicelib.tasks",
        "chalicelib.web",
        "chalicelib.errors",
    }
    allowed |= {"chalicelib.aws.queues", "chalicelib.aws.log", "chalice"}

    assert not {module for module in foreign(ROOT / "app.py") if not within(module, allowed)}


def test_only_triggers_and_console_know_chalice() -> None:
    knowing = {name for name, path in EACH if any(within(m, {"chalice"}) for m in imported(path))}

    assert knowing
    assert all(name.startswith("web/") for name in knowing)
    assert any(within(module, {"chalice"}) for module in imported(ROOT / "app.py"))


def test_platforms_do_not_know_each_other() -> None:
    """What several share is in a file whose name begins with an underscore."""
    platforms = {path.stem: path for path in (ROOT / "chalicelib" / "platforms").glob("[a-z]*.py")}
    assert platforms
    for path in platforms.values():
        others = {f"chalicelib.platforms.{other}" for other in platforms}
        assert not {module for module in imported(path) if module in others}, path.name


def test_what_runs_in_aws_does_not_know_the_tools_around_it() -> None:
    for path in [ROOT / "app.py", *FILES]:
        assert not {
            module for module in imported(path) if within(module, {"infra", "tests", "bench", "boto3"})
        }
