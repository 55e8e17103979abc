"""Ports for platform modules that need no network: a shelf in a dictionary, and a door that is shut."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.audit import AuditLine
from chalicelib.ports import Answer


class MemoryShelf:
    """`ports.Shelf`. While `blind`, `all` shows nothing: a reader that lags. `ends` is until when each is
    kept, by its name."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], str] = {}
        self.ends: dict[str, datetime | None] = {}
        self.blind = False

    def put(self, account: str, name: str, document: str, *, until: datetime | None = None) -> bool:
        new = (account, name) not in self._kept
        self.ends.setdefault(name, until)
        self._kept.setdefault((account, name), document)
        return new

    def replace(
        self, account: str, name: str, document: str, *lines: AuditLine, until: datetime | None = None
    ) -> None:
        self._kept[account, name] = document
        self.ends[name] = until

    def get(self, account: str, name: str) -> str | None:
        return self._kept.get((account, name))

    def all(self, account: str) -> list[tuple[str, str]]:
        if self.blind:
            return []
        return sorted((name, kept) for (owner, name), kept in self._kept.items() if owner == account)


class NoHttp:
    """`ports.Http` for modules that must not open a connection."""

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        seconds: float = 10,
        max_bytes: int = 2_000_000,
        redirects: int = 3,
    ) -> Answer:
        raise AssertionError(f"{method} {url}")
