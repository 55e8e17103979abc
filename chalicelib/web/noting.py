"""Changes that are not of our table, in the log: the line first, so that none is made without one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from chalicelib.domain.audit import AuditLine
from chalicelib.web.desk import Desk
from chalicelib.web.visit import Visit


@contextmanager
def noted(desk: Desk, *lines: AuditLine) -> Iterator[None]:
    """What is done within is told by these lines; and by another, if it fails."""
    for line in lines:
        desk.audit.note(line)
    try:
        yield
    except Exception:
        for line in lines:
            desk.audit.note(replace(line, id=f"{line.id}.failed", what=f"{line.what}.failed"))
        raise


def calling(visit: Visit, line: AuditLine) -> Callable[[], None]:
    """Has the webhooks called whose turn it is, with its line."""

    def call() -> None:
        with noted(visit.desk, line):
            visit.desk.call_hooks()

    return call


def everywhere(visit: Visit, line: AuditLine) -> list[AuditLine]:
    """The line in every brand's log: it is about all of them."""
    return [replace(line, brand=brand.id) for brand in visit.desk.brands.all()]
